"""Reading a bulk export: teams, channels, people, and posts with their replies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from torvet.base.text.characters import clean_line
from torvet.entries.kinds import POST
from torvet.moving.emoji import reaction_of, sign_of
from torvet.moving.imports.mattermost.archive import BulkArchive
from torvet.moving.imports.mattermost.saying import Speech, plain_words
from torvet.moving.imports.talk.accounts import person
from torvet.moving.imports.talk.loose_json import Json, parts_of, words_in
from torvet.moving.imports.talk.shapes import Person, Room, Said, Seen
from torvet.moving.origins import digest_of
from torvet.moving.report import BadInput, Report

EARLIEST = 631_152_000_000  # 1990, in milliseconds
A_DAY = 86_400_000
KINDS_OF_WORDS = {"", "slack_attachment", "me"}
EVENTS = {
    "join": "somebody joined or left; who is in the space is kept",
    "leave": "somebody joined or left; who is in the space is kept",
    "add": "somebody joined or left; who is in the space is kept",
    "remove": "somebody joined or left; who is in the space is kept",
    "header": "the channel was renamed, described or archived; the space shows it",
    "purpose": "the channel was renamed, described or archived; the space shows it",
    "displayname": "the channel was renamed, described or archived; the space shows it",
    "channel": "the channel was renamed, described or archived; the space shows it",
}
SYSTEM = "a notice of the server, not somebody's words"
APP = "of an app, in a shape that only the app knows"
PRIVATE = "a direct message; those stay private"
SETTINGS = {
    "version",
    "role",
    "scheme",
    "emoji",
    "team",
    "channel",
    "user",
    "bot",
    "post",
    "direct_channel",
    "direct_post",
}


@dataclass(frozen=True, slots=True)
class _Listed:
    id: str
    name: str
    purpose: str
    is_private: bool
    is_archived: bool
    team: str


class MattermostSource:
    name = "mattermost"
    lines: tuple[str, ...] = (
        "members", "unlisted_members", "spaces", "memberships", "posts", "replies", "reactions", "files", "pins",
        "emoji", "direct_conversations", "direct_messages", "other_lines", "other_files",
    )  # fmt: skip
    is_forum = False

    def __init__(self, path: Path) -> None:
        self._archive = BulkArchive(path)
        self._path = path
        self._teams: dict[str, Json] = {}
        self._channels: dict[str, _Listed] = {}
        self._people: dict[str, Person] = {}
        self._members: dict[str, list[str]] = {}  # channel -> usernames
        self._of_team: dict[str, set[str]] = {}
        self._used: set[str] = set()
        self._keys: dict[int, str] = {}

    # Reading

    def said(self, report: Report) -> Iterator[Said]:
        self._look_ahead()
        shown = {id: one.name for id, one in self._people.items()}
        rooms: dict[str, dict[str, str]] = {}
        for channel in self._channels.values():
            if channel.is_private:
                continue  # what it is called is known to those inside
            rooms.setdefault(channel.team, {})[channel.id.partition(":")[2]] = channel.name
        speech = Speech(shown, rooms)
        for kind, thing, number in self._archive.objects():
            where = f"line {number}"
            if kind == "post":
                yield from self._post(thing, where, speech, report)
            elif kind == "emoji":
                self._count_emoji(thing, where, report)
            elif kind == "direct_channel":
                report.find("direct_conversations")
                report.skip("direct_conversations", where, "direct messages stay private")
            elif kind == "direct_post":
                messages = 1 + len(parts_of(thing.get("replies")))
                report.find("direct_messages", messages)
                report.skip("direct_messages", where, PRIVATE, messages)
            elif kind not in SETTINGS:
                report.find("other_lines")
                report.skip("other_lines", where, "a kind of line that is not known here")
        for name in self._archive.others():
            if name not in self._used:
                report.find("other_files")
                report.skip("other_files", name, "no message carries it")

    def _look_ahead(self) -> None:
        """Teams, channels and people: posts name them, wherever they stand."""
        for kind, thing, number in self._archive.objects():
            where = f"{self._archive.where}, line {number}"
            if kind == "team":
                self._teams[_a_name(thing, where)] = thing
            elif kind == "channel":
                self._note_channel(thing, where)
            elif kind == "user":
                self._note_person(thing, where)
            elif kind == "bot":
                username = _a_name(thing, where, "username")
                name = words_in(thing, "display_name") or username
                self._people[username] = person(
                    username,
                    name,
                    handle=username,
                    is_bot=True,
                    is_deleted=bool(_millis(thing.get("delete_at"))),
                )

    def _note_channel(self, thing: Json, where: str) -> None:
        name, team = _a_name(thing, where), words_in(thing, "team").casefold()
        id = f"{team}:{name}"
        said = plain_words(words_in(thing, "purpose")) or plain_words(words_in(thing, "header"))
        self._channels[id] = _Listed(
            id=id,
            name=clean_line(words_in(thing, "display_name"))[:80] or name,
            purpose=said[:300],
            # What is not said to be open is not.
            is_private=words_in(thing, "type") != "O",
            is_archived=bool(_millis(thing.get("deleted_at")) or _millis(thing.get("delete_at"))),
            team=team,
        )

    def _note_person(self, thing: Json, where: str) -> None:
        username = _a_name(thing, where, "username")
        whole = f"{words_in(thing, 'first_name')} {words_in(thing, 'last_name')}".strip()
        roles = words_in(thing, "roles").split()
        self._people[username] = person(
            username,
            whole or words_in(thing, "nickname") or username,
            email=words_in(thing, "email"),
            handle=username,
            title=words_in(thing, "position")[:160],
            time_zone=_time_zone(thing),
            is_guest="system_guest" in roles,
            is_deleted=bool(_millis(thing.get("delete_at"))),
        )
        for team in parts_of(thing.get("teams")):
            name = words_in(team, "name").casefold()
            self._of_team.setdefault(name, set()).add(username)
            for channel in parts_of(team.get("channels")):
                self._members.setdefault(f"{name}:{words_in(channel, 'name').casefold()}", []).append(
                    username
                )

    def _count_emoji(self, thing: Json, where: str, report: Report) -> None:
        self._used.add(_inside(words_in(thing, "image")))
        report.find("emoji")
        why = "a picture of one's own cannot be a reaction here; its name stays"
        report.skip(
            "emoji", where, "the same as one that is here" if sign_of(words_in(thing, "name")) else why
        )

    # Posts

    def _post(self, post: Json, where: str, speech: Speech, report: Report) -> Iterator[Said]:
        team = words_in(post, "team").casefold()
        room = f"{team}:{words_in(post, 'channel').casefold()}"
        replies = parts_of(post.get("replies"))
        if room not in self._channels:
            why = "the export does not say which channel this is"
            report.find("posts")
            report.skip("posts", where, why)
            report.find("replies", len(replies))
            report.skip("replies", where, why, len(replies))
            return
        worded = [one for one in replies if words_in(one, "type") in KINDS_OF_WORDS]
        why = _why_left_out(post)
        if why and not worded:
            report.find("posts")
            report.skip("posts", where, why)
            report.find("replies", len(replies))
            report.skip("replies", where, why, len(replies))
            return
        opener = self._said(post, where, room, "", speech, team)
        opener.opens_as, opener.lines = POST.key, ("posts",)
        yield opener
        # Replies come in any order, newest first in some versions.
        for number, reply in enumerate(replies, 1):
            place = f"{where}, reply {number}"
            if why := _why_left_out(reply):
                report.find("replies")
                report.skip("replies", place, why)
                continue
            yield self._said(reply, place, room, opener.key, speech, team)

    def _said(self, post: Json, where: str, room: str, opener: str, speech: Speech, team: str) -> Said:
        at = _millis(post.get("create_at"))
        if at is None:
            raise BadInput(
                f"{self._archive.where}, {where} has no time at which it can have been written (create_at)."
            )
        who = words_in(post, "user").casefold() or "unknown"
        files, missing = self._files(post)
        edited = _millis(post.get("edit_at"))
        return Said(
            key=self._key(opener or room, who, at, post),
            author=who,
            at=_time(at),
            html=speech.html(post, team, missing),
            where=where,
            lines=("replies",),
            answers=(opener,) if opener else (),
            room=room,
            edited_at=_time(edited) if edited else None,
            files=files,
            reactions=tuple(
                (words_in(one, "user").casefold(), reaction_of(words_in(one, "emoji_name")))
                for one in parts_of(post.get("reactions"))
                if words_in(one, "emoji_name") and words_in(one, "user").casefold() in self._people
            ),
            is_pinned=post.get("is_pinned") is True,
            is_gone=bool(_millis(post.get("delete_at")) or _millis(post.get("deleted_at"))),
        )

    def _key(self, place: str, who: str, at: int, post: Json) -> str:
        """Messages have no ids: place, author and moment stand for one, and a number where that names two.

        The words are no part of it, or an edited message would be a second one. Of two at the same moment the same
        words are the same message, told twice.
        """
        key, said = f"{place}/{who}:{at}", digest_of(words_in(post, "message"))[:12]
        first = self._keys.setdefault(hash(key), said)
        return key if first == said else f"{key}:{said}"

    def _files(self, post: Json) -> tuple[tuple[str, ...], list[str]]:
        """The files in the export, and the names of those that are not."""
        found: dict[str, None] = {}
        missing: list[str] = []
        for file in parts_of(post.get("attachments")):
            path = _inside(words_in(file, "path"))
            if path in self._archive:
                found[path] = None
                self._used.add(path)
            elif path:
                missing.append(clean_line(path.rpartition("/")[2])[:200])
        return tuple(found), missing

    # What else is told

    def seen(self) -> Seen:
        return Seen(
            instance="-".join(sorted(self._teams))[:64] or self._path.stem,
            title=self._path.stem,
            people=list(self._people.values()),
            rooms=[self._room(channel) for channel in self._channels.values()],
            brings_everybody=True,
        )

    def _room(self, channel: _Listed) -> Room:
        members = tuple(dict.fromkeys(self._members.get(channel.id, ())))
        twins = [one for one in self._channels.values() if one.name.casefold() == channel.name.casefold()]
        team = clean_line(words_in(self._teams.get(channel.team, {}), "display_name")) or channel.team
        return Room(
            id=channel.id,
            name=channel.name if len(twins) == 1 else f"{channel.name[:50]} ({team[:26]})",
            folder=channel.id.replace(":", "/"),
            purpose=channel.purpose,
            is_private=channel.is_private or not self._is_for_everybody(channel.team),
            is_confidential=channel.is_private,
            is_archived=channel.is_archived,
            members=members,
        )

    def _is_for_everybody(self, team: str) -> bool:
        """Whether everybody could read the open channels of a team: it is open, or everybody is in it anyway."""
        if (
            words_in(self._teams.get(team, {}), "type") == "O"
            and self._teams[team].get("allow_open_invite") is not False
        ):
            return True
        everybody = {
            id for id, one in self._people.items() if not (one.is_bot or one.is_deleted or one.is_guest)
        }
        return everybody <= self._of_team.get(team, set())

    def open_file(self, name: str) -> IO[bytes] | None:
        return self._archive.open(name) if name in self._archive else None

    def close(self) -> None:
        self._archive.close()


def _inside(path: str) -> str:
    """A path in the export: attachments are told without the folder they lie in."""
    return path if path.startswith("data/") or not path else f"data/{path}"


def _why_left_out(post: Json) -> str:
    kind = words_in(post, "type")
    if kind in KINDS_OF_WORDS:
        return ""
    if kind.startswith("system_"):
        return next((why for sign, why in EVENTS.items() if sign in kind.removeprefix("system_")), SYSTEM)
    return APP


def _a_name(thing: Json, where: str, field: str = "name") -> str:
    name = words_in(thing, field).casefold()
    if not name or len(name) > 128 or not name.isprintable():
        raise BadInput(f"{where} has no {field} that can be one.")
    return name


def _time_zone(thing: Json) -> str:
    zone = thing.get("timezone")
    if isinstance(zone, dict):
        return words_in(zone, "manualTimezone") or words_in(zone, "automaticTimezone")
    return ""


def _millis(found: Any) -> int | None:
    """A time in milliseconds, or None when it is none that can be."""
    if not isinstance(found, int) or isinstance(found, bool):
        return None
    latest = int(datetime.now(UTC).timestamp() * 1000) + A_DAY
    return found if EARLIEST <= found <= latest else None


def _time(millis: int) -> datetime:
    return datetime.fromtimestamp(millis // 1000, UTC).replace(microsecond=millis % 1000 * 1000)
