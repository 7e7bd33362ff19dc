"""Reading topics of a Discourse forum, each a JSON file as `/t/<id>.json` gives it, and what else was saved of them.

A topic's file holds its first twenty posts; of the others it names the numbers (`stream`). Files from
`/t/<id>/posts.json?post_ids[]=…` bring them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from torvet.base.archives import ArchiveRefused
from torvet.base.json_lists import NotJson, parse
from torvet.base.text.characters import clean_line
from torvet.entries.kinds import COMMENT
from torvet.forum.kinds import ANSWER, DISCUSSION, QUESTION
from torvet.moving.imports.discourse.cooked import Cooked
from torvet.moving.imports.talk.accounts import person
from torvet.moving.imports.talk.places import parts_in_order
from torvet.moving.imports.talk.shapes import Credit, Part, Person, Said, Seen
from torvet.moving.imports.wiki.shelf import Shelf
from torvet.moving.imports.wiki.times import moment
from torvet.moving.report import BadInput, Report

LARGEST = 64 * 1024 * 1024  # bytes of one file
NOT_SAVED = (
    "only its number is in the export; save /t/<topic>/posts.json?post_ids[]=… beside it and import again"
)
PRIVATE = "a private message; those stay private"
RESTRICTED = "its category was not for everybody over there; --with-restricted brings it in"
UNLISTED = "it was unlisted over there"
NO_POST = {
    2: "a note of a moderator's act, not somebody's words", 3: "a note that the topic was changed",
    4: "a whisper among moderators",
}  # fmt: skip
HIDDEN = "it was hidden over there"
NO_TOPIC = "only listed; the topic itself is not in the export"
_TOPIC = re.compile(r"(?:^|/)t/(?:[^/]+/)?(\d{1,12})\.json$")
_MORE = re.compile(r"(?:^|/)t/(?:[^/]+/)?(\d{1,12})[/_.-].*\.json$")
_LISTS = re.compile(r"(?:^|/)(?:latest|top|new|c/[^/]+)[^/]*\.json$")
_SITE = re.compile(r"(?:^|/)(?:site|categories)\.json$")
Json = Mapping[str, Any]


class DiscourseSource:
    name = "discourse"
    lines: tuple[str, ...] = (
        "members",
        "spaces",
        "sub_fora",
        "topics",
        "posts",
        "accepted",
        "reply_loops",
        "files",
        "other_files",
    )
    is_forum = True

    def __init__(self, path: Path, *, address: str = "", with_restricted: bool = False) -> None:
        if path.name.endswith((".tar.gz", ".sql.gz", ".tgz")):
            raise BadInput(
                f"{path.name} is a backup of the whole site. Bring topics as JSON instead: a zip or folder of site.json"
                " and t/<id>.json."
            )
        self._path = path
        self._with_restricted = with_restricted
        self._address = _site_address(address)
        self._shelf = Shelf(path)
        names = self._shelf.names()
        # Where nothing but topics was saved, their own folder is the one around everything.
        self._around = "t/" if self._shelf.wrapper == "t" else ""
        self._topics = {match[1]: name for name in names if (match := _TOPIC.search(self._around + name))}
        self._more: dict[str, list[str]] = {}
        for name in names:
            if name not in self._topics.values() and (match := _MORE.search(self._around + name)):
                self._more.setdefault(match[1], []).append(name)
        if not self._topics:
            self.close()
            raise BadInput(f"{path.name} holds no topics of Discourse: there is no t/<id>.json in it.")
        self._files = {
            name[name.index("uploads/") :]: name
            for name in names
            if name.startswith("uploads/") or "/uploads/" in name
        }
        self._people: dict[str, Person] = {}
        self._by_name: dict[str, str] = {}  # name over there, casefolded -> id
        self._categories: dict[int, Json] = {}
        self._asks: set[int] = set()  # categories in which answers are accepted
        self._used_categories: set[int] = set()

    # Reading

    def said(self, report: Report) -> Iterator[Said]:
        self._read_categories()
        self._look_ahead()
        for id in sorted(self._topics, key=int):
            yield from self._topic(id, self._object(self._topics[id]), report)
        self._count_others(report)

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

    def _read_categories(self) -> None:
        for name in self._shelf.names():
            if _SITE.search(name):
                found = self._object(name)
                listed = found.get("categories") or _part(found, "category_list").get("categories")
                for category in _parts(listed):
                    self._note_category(category)

    def _note_category(self, category: Json) -> None:
        id = category.get("id")
        if isinstance(id, int):
            self._categories.setdefault(id, category)
            own = _part(category, "custom_fields").get("enable_accepted_answers")
            if own in (True, "true", "t") or category.get("create_as_post_voting_default") is True:
                self._asks.add(id)
        for below in _parts(category.get("subcategory_list")):
            self._note_category(below)

    def _look_ahead(self) -> None:
        """Who writes, and where answers are accepted: a category in which one was is one for questions."""
        for id in self._topics:
            topic = self._object(self._topics[id])
            category = topic.get("category_id")
            if isinstance(category, int) and _accepted(topic):
                self._asks.add(category)
            for post in self._posts(id, topic).values():
                self._note_person(post)

    def _note_person(self, post: Json) -> str:
        username = clean_line(_words(post, "username"))
        number = post.get("user_id")
        id = (
            str(number)
            if isinstance(number, int) and not isinstance(number, bool)
            else f"@{username.casefold()}"
        )
        if id == "@":
            id = "@deleted"
        if id not in self._people:
            name = (
                _words(post, "name") or _words(post, "display_username") or username or _("Somebody who left")
            )
            self._people[id] = person(id, name, handle=username or name, is_bot=id in ("-1", "-2"))
            self._by_name.setdefault(username.casefold(), id)
        return id

    def _posts(self, id: str, topic: Json) -> dict[int, Json]:
        """The posts of a topic by their ids, from its own file and from those beside it."""
        found: dict[int, Json] = {}
        for part in (topic, *(self._object(name) for name in self._more.get(id, []))):
            for post in _parts(_part(part, "post_stream").get("posts")):
                if isinstance(post.get("id"), int):
                    found.setdefault(post["id"], post)
        return found

    # One topic

    def _topic(self, id: str, topic: Json, report: Report) -> Iterator[Said]:
        where = self._around + self._topics[id]
        posts = self._posts(id, topic)
        stream = [one for one in _list(_part(topic, "post_stream").get("stream")) if isinstance(one, int)]
        lacking = [one for one in stream if one not in posts]
        problem = self._why_not(topic)
        if problem:
            report.find("topics")
            report.skip("topics", where, problem)
            number = len(posts) + len(lacking)
            report.find("posts", number)
            report.skip("posts", where, problem, number)
            return
        report.find("posts", len(lacking))
        report.skip("posts", where, NOT_SAVED, len(lacking))
        category = topic.get("category_id")
        if isinstance(category, int):
            self._used_categories.add(category)
        in_order = sorted(posts.values(), key=lambda post: (_number(post.get("post_number")), post["id"]))
        if not in_order:
            report.find("topics")
            report.skip("topics", where, "none of its posts is in the export")
            return
        if _number(in_order[0].get("post_number")) != 1:
            yield self._stub(id, topic, in_order[0], where)
        for post in in_order:
            said = self._said(id, topic, post, where, report)
            if said is not None:
                yield said

    def _why_not(self, topic: Json) -> str:
        if _words(topic, "archetype") == "private_message":
            return PRIVATE
        category = self._categories.get(topic.get("category_id") or 0, {})
        if self._is_restricted(category) and not self._with_restricted:
            return RESTRICTED
        if topic.get("deleted_at"):
            return "it was deleted over there"
        return UNLISTED if topic.get("visible") is False else ""

    def _is_restricted(self, category: Json) -> bool:
        """Neither it nor the category around it was for everybody."""
        above = self._categories.get(category.get("parent_category_id") or 0, {})
        return category.get("read_restricted") is True or above.get("read_restricted") is True

    def _stub(self, id: str, topic: Json, first: Json, where: str) -> Said:
        """In place of an opener that the export does not hold."""
        post = {"username": first.get("username"), "user_id": first.get("user_id")}
        at = moment(_words(topic, "created_at")) or moment(_words(first, "created_at"))
        if at is None:
            raise BadInput(f"{self._path.name}, {where} has no time at which it can have been written.")
        html = f"<p><em>{_('The beginning of this conversation was not in the export.')}</em></p>"
        said = Said(
            key=_key(id, 1), author=self._note_person(post), at=at, html=html, where=where,
            lines=("topics", "missing_openers"),
        )  # fmt: skip
        return self._as_opener(said, id, topic)

    def _said(self, id: str, topic: Json, post: Json, where: str, report: Report) -> Said | None:
        number = _number(post.get("post_number"))
        where = f"{where}, post {number}"
        is_first = number == 1
        problem = NO_POST.get(_number(post.get("post_type")), "")
        if not problem and _number(post.get("post_type")) not in (0, 1):
            problem = "a post of a kind that nobody knows here"
        if not problem and post.get("hidden") is True and not is_first:
            problem = HIDDEN
        if problem and not is_first:
            report.find("posts")
            report.skip("posts", where, problem)
            return None
        at = moment(_words(post, "created_at"))
        if at is None:
            raise BadInput(f"{self._path.name}, {where} has no time at which it can have been written.")
        reader = Cooked(where, people=self._by_name, files=self._files, address=self._address)
        html = reader.read(_words(post, "cooked"))
        accepted = _accepted(topic)
        above = _number(post.get("reply_to_post_number"))
        asks = self._is_question(topic)
        # An answer stands right below its question; what answers an answer is a comment.
        answers_it = asks and (above in (0, 1) or number == accepted)
        said = Said(
            key=_key(id, number),
            author=self._note_person(post),
            at=at,
            html=html,
            where=where,
            lines=("posts", "topics") if is_first else ("posts",),
            answers_as=ANSWER.key if answers_it else COMMENT.key,
            answers=()
            if is_first
            else (_key(id, 1),)
            if answers_it or not above
            else (_key(id, above), _key(id, 1)),
            credit=self._credit(id, post, number),
            edited_at=moment(_words(post, "updated_at")) if _number(post.get("version")) > 1 else None,
            files=tuple(reader.used),
            score=_given(post),
            is_gone=bool(post.get("deleted_at")) or post.get("user_deleted") is True,
        )
        return self._as_opener(said, id, topic) if is_first else said

    def _as_opener(self, said: Said, id: str, topic: Json) -> Said:
        asks, accepted = self._is_question(topic), _accepted(topic)
        said.opens_as = QUESTION.key if asks else DISCUSSION.key
        said.title = clean_line(_words(topic, "title")) or _("A topic without a title")
        said.part = str(topic.get("category_id") or "")
        said.topics = tuple(filter(None, map(_tag_name, _list(topic.get("tags")))))
        said.is_pinned = topic.get("pinned") is True or topic.get("pinned_globally") is True
        if topic.get("closed") is True or topic.get("archived") is True:
            said.closed_at = moment(_words(topic, "last_posted_at")) or said.at
            said.closed_why = _("It was closed where it came from.")
        if asks and accepted:
            said.accepted = _key(id, accepted)
            found = next((p for p in self._posts(id, topic).values() if p.get("post_number") == accepted), {})
            at = moment(_words(_part(topic, "accepted_answer"), "accepted_at"))
            # When it was accepted is seldom told: then the time of the answer, the earliest it can have been.
            said.accepted_at = at or moment(_words(found, "created_at")) or said.at
        return said

    def _is_question(self, topic: Json) -> bool:
        asked_for = _words(topic, "subtype") == "question_answer" or topic.get("is_post_voting") is True
        return asked_for or bool(_accepted(topic)) or topic.get("category_id") in self._asks

    def _credit(self, id: str, post: Json, number: int) -> Credit | None:
        if not self._address:
            return None
        username = clean_line(_words(post, "username"))
        return Credit(
            place=self._address.partition("://")[2].rstrip("/"),
            address=f"{self._address}t/{id}/{number}",
            name=clean_line(_words(post, "name")) or username or _("somebody"),
            name_address=f"{self._address}u/{username}" if re.fullmatch(r"[\w.-]{1,60}", username) else "",
        )

    # What else is there

    def _count_others(self, report: Report) -> None:
        listed: dict[str, str] = {}
        known = {
            *self._topics.values(),
            *(one for some in self._more.values() for one in some),
            *self._files.values(),
        }
        for name in self._shelf.names():
            if _LISTS.search(name):
                topics = _parts(_part(self._object(name), "topic_list").get("topics"))
                listed.update({str(topic.get("id")): name for topic in topics})
            elif name not in known and not _SITE.search(name):
                report.find("other_files")
                report.skip("other_files", name, "not part of what is imported")
        for id, name in listed.items():
            if id not in self._topics:
                report.find("topics")
                report.skip("topics", f"{name}, topic {id}", NO_TOPIC)

    def seen(self) -> Seen:
        site = self._address.partition("://")[2].rstrip("/")
        name = (self._shelf.wrapper if not self._around else "") or self._path.stem
        kept = [
            id
            for id, category in self._categories.items()
            if self._with_restricted or not self._is_restricted(category)
        ]
        # Numbers of categories that nobody describes are no sub-fora: their threads stand in the forum itself.
        parts = [Part(str(id), self._name(id), _plain(self._categories[id])) for id in kept]
        restricted = any(self._is_restricted(self._categories.get(id, {})) for id in self._used_categories)
        return Seen(
            instance=site or name,
            title=site or name,
            people=list(self._people.values()),
            parts=parts_in_order(parts),
            is_restricted=restricted,
        )

    def _name(self, id: int) -> str:
        """A category's name; within another one it carries that one's too, for sub-fora do not nest."""
        category = self._categories[id]
        above = self._categories.get(category.get("parent_category_id") or 0)
        name = clean_line(_words(category, "name")) or str(id)
        return f"{clean_line(_words(above, 'name'))} – {name}" if above else name

    def open_file(self, name: str) -> IO[bytes] | None:
        return self._shelf.open(name) if name in self._shelf else None

    def close(self) -> None:
        self._shelf.close()


def _key(topic: str, number: int) -> str:
    # The number in the topic, not the post's own: a topic names its accepted answer and replies by it.
    return f"topic:{topic}:{number}"


def _site_address(told: str) -> str:
    """With a slash at its end; "" when nobody said. Raises BadInput for what is no address of a site."""
    if not told:
        return ""
    whole = told if "://" in told else f"https://{told}"
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[\w./-]*)?", whole):
        raise BadInput(f"{told} is not the address of a site, such as https://forum.example.org.")
    return whole.rstrip("/") + "/"


def _accepted(topic: Json) -> int:
    """The number of the accepted answer, 0 when there is none."""
    return _number(_part(topic, "accepted_answer").get("post_number"))


def _given(post: Json) -> int:
    """How many liked it. Whose they are the export does not say, so they count as votes from before."""
    return sum(_number(one.get("count")) for one in _parts(post.get("actions_summary")) if one.get("id") == 2)


def _plain(category: Json) -> str:
    said = _words(category, "description_text") or re.sub(r"<[^>]*>", "", _words(category, "description"))
    return clean_line(said)[:300]


def _tag_name(tag: Any) -> str:
    """Newer exports give tags as objects."""
    return tag if isinstance(tag, str) else _words(tag, "name") if isinstance(tag, dict) else ""


def _number(found: Any) -> int:
    return (
        found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 1_000_000_000 else 0
    )


def _words(thing: Json, name: str) -> str:
    found = thing.get(name)
    return found if isinstance(found, str) else ""


def _part(thing: Json, name: str) -> Json:
    found = thing.get(name)
    return found if isinstance(found, dict) else {}


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _parts(found: Any) -> list[Json]:
    return [one for one in _list(found) if isinstance(one, dict)]
