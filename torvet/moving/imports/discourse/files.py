"""What was saved of a Discourse forum: which file holds which topic, and which holds more of its posts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from torvet.base.archives import ArchiveRefused
from torvet.base.json_lists import NotJson, parse
from torvet.moving.imports.talk.loose_json import Json, part_in, parts_of
from torvet.moving.imports.wiki.shelf import Shelf
from torvet.moving.report import BadInput

LARGEST = 64 * 1024 * 1024  # bytes of one file
_TOPIC = re.compile(r"(?:^|/)t/(?:[^/]+/)?(\d{1,12})\.json$")
_MORE = re.compile(r"(?:^|/)t/(?:[^/]+/)?(\d{1,12})[/_.-].*\.json$")
_LISTS = re.compile(r"(?:^|/)(?:latest|top|new|c/[^/]+)[^/]*\.json$")
_SITE = re.compile(r"(?:^|/)(?:site|categories)\.json$")


class SavedForum:
    """A zip or folder of topics, with what lies beside them."""

    def __init__(self, path: Path) -> None:
        """Raises BadInput when it holds no topics."""
        if path.name.endswith((".tar.gz", ".sql.gz", ".tgz")):
            raise BadInput(
                f"{path.name} is a backup of the whole site. Bring topics as JSON instead: a zip or folder of site.json"
                " and t/<id>.json."
            )
        self._path = path
        self._shelf = Shelf(path)
        names = self._shelf.names()
        # Where nothing but topics was saved, their own folder is the one around everything.
        self._around = "t/" if self._shelf.wrapper == "t" else ""
        self.topics = {match[1]: name for name in names if (match := _TOPIC.search(self._around + name))}
        self._more: dict[str, list[str]] = {}
        for name in names:
            if name not in self.topics.values() and (match := _MORE.search(self._around + name)):
                self._more.setdefault(match[1], []).append(name)
        if not self.topics:
            self.close()
            raise BadInput(f"{path.name} holds no topics of Discourse: there is no t/<id>.json in it.")
        # Path of an upload over there -> its name here.
        self.uploads = {
            name[name.index("uploads/") :]: name
            for name in names
            if name.startswith("uploads/") or "/uploads/" in name
        }

    @property
    def name(self) -> str:
        """What the folder or file is called."""
        return (self._shelf.wrapper if not self._around else "") or self._path.stem

    def where(self, topic: str) -> str:
        return self._around + self.topics[topic]

    def topic(self, id: str) -> Json:
        return self._object(self.topics[id])

    def posts(self, id: str, topic: Json) -> dict[int, Json]:
        """The posts of a topic by their ids, from its own file and from those beside it."""
        found: dict[int, Json] = {}
        for part in (topic, *(self._object(name) for name in self._more.get(id, []))):
            for post in parts_of(part_in(part, "post_stream").get("posts")):
                if isinstance(post.get("id"), int):
                    found.setdefault(post["id"], post)
        return found

    def about_the_site(self) -> Iterator[Json]:
        """What tells of its categories."""
        for name in self._shelf.names():
            if _SITE.search(name):
                yield self._object(name)

    def listed(self) -> dict[str, str]:
        """Topics that a list names and that were not saved themselves -> the list."""
        found: dict[str, str] = {}
        for name in self._shelf.names():
            if _LISTS.search(name):
                topics = parts_of(part_in(self._object(name), "topic_list").get("topics"))
                found.update({str(topic.get("id")): name for topic in topics})
        return {id: name for id, name in found.items() if id not in self.topics}

    def others(self) -> list[str]:
        """Files of which nothing is known here."""
        known = {*self.topics.values(), *self.uploads.values()}
        known.update(name for some in self._more.values() for name in some)
        return [
            name
            for name in self._shelf.names()
            if name not in known and not _SITE.search(name) and not _LISTS.search(name)
        ]

    def _object(self, name: str) -> Json:
        where = f"{self._path.name}, {self._around}{name}"
        try:
            with self._shelf.open(name) as source:
                raw = source.read(LARGEST + 1)
        except (ArchiveRefused, OSError) as refused:
            raise BadInput(f"{refused}.") from refused
        if len(raw) > LARGEST:
            raise BadInput(f"{where} is larger than {LARGEST // 1024 // 1024} MB.")
        try:
            found = parse(raw)
        except NotJson as error:
            raise BadInput(f"{where} is not JSON as expected ({error}).") from error
        if not isinstance(found, dict):
            raise BadInput(f"{where} is not what Discourse has there.")
        return found

    def open_file(self, name: str) -> IO[bytes] | None:
        return self._shelf.open(name) if name in self._shelf else None

    def close(self) -> None:
        self._shelf.close()
