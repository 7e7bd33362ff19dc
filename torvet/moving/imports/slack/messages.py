"""From a line of a day file to a staged message: who said it, where it belongs, and whether it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torvet.moving.imports.slack.shapes import (
    SLACKBOT,
    Json,
    Person,
    a_name,
    micros_of,
    part,
    parts,
    some_id,
    words,
)
from torvet.moving.imports.slack.staging import EVENT, GONE, SAID, STUB, Staged, Staging
from torvet.moving.origins import digest_of
from torvet.moving.report import BadInput

JOINS = "somebody joined or left; who is in the space is kept"
CHANGES = "the channel was renamed, described or archived; the space shows it"
APPS = "an app, a reminder or a call, not somebody's words"
EVENTS = {
    "channel_join": JOINS, "channel_leave": JOINS, "group_join": JOINS, "group_leave": JOINS,
    "channel_topic": CHANGES, "channel_purpose": CHANGES, "channel_name": CHANGES, "channel_archive": CHANGES,
    "channel_unarchive": CHANGES, "group_topic": CHANGES, "group_purpose": CHANGES, "group_name": CHANGES,
    "group_archive": CHANGES, "group_unarchive": CHANGES, "channel_convert_to_private": CHANGES,
    "channel_posting_permissions": CHANGES, "channel_canvas_updated": CHANGES,
    "pinned_item": "a notice that something was pinned; the pin itself is kept",
    "unpinned_item": "a notice that something was unpinned",
    "bot_add": APPS, "bot_remove": APPS, "bot_enable": APPS, "bot_disable": APPS, "app_conversation_join": APPS,
    "app_conversation_leave": APPS, "huddle_thread": APPS, "sh_room_created": APPS, "sh_room_shared": APPS,
    "reminder_add": APPS, "reminder_delete": APPS, "joiner_notification": APPS, "assistant_app_thread": APPS,
}  # fmt: skip
NO_MESSAGE = "not a message"
KEPT_PARTS = ("text", "blocks", "subtype", "comment", "edited", "thread_ts")
KEPT_OF_FILES = ("id", "name", "title", "mode", "is_external")
KEPT_OF_CARDS = (
    "pretext",
    "title",
    "title_link",
    "text",
    "fields",
    "footer",
    "fallback",
    "author_name",
    "is_share",
)


class Reader:
    """Reads messages of one export. Notes authors who are not among its people in the staging file."""

    def __init__(self, people: Mapping[str, Person], files: Mapping[str, str], staging: Staging) -> None:
        self._people = people
        self._files = files
        self._staging = staging
        self._bots = {person.bot_id: person.id for person in people.values() if person.bot_id}
        # Handles are unique in a workspace, unlike names; bots often sign with theirs.
        self._bot_handles = {p.handle.casefold(): p.id for p in people.values() if p.is_bot and p.handle}

    def read(self, message: Json, where: str, *, room: int, day: str) -> Staged:
        """Raises BadInput when the message has no time stamp that Slack could have given it."""
        ts = message.get("ts")
        micros = micros_of(ts)
        if micros is None or not isinstance(ts, str):
            shown = repr(ts)[:40] if ts is not None else "nothing"
            raise BadInput(f"{where}: {shown} is not the time of a message (ts).")
        thread = message.get("thread_ts")
        if thread is not None and micros_of(thread) is None:
            raise BadInput(f"{where}: {repr(thread)[:40]} is not the time of a message (thread_ts).")
        said = _kept(message)
        for file in parts(said, "files"):
            if words(file, "id") in self._files:
                file["lies_here"] = True  # type: ignore[index]  # our own copy
        author = self._author(message)
        thread_ts = str(thread or "")
        return Staged(
            room=room,
            ts=ts,
            micros=micros,
            thread=thread_ts,
            kind=_kind(message),
            author=author,
            digest=digest_of(author, said),
            day=day,
            said=said,
        )

    def stub(self, room: int, ts: str, day: str) -> Staged:
        """In place of an opener that the export does not hold."""
        self._staging.note_stranger(SLACKBOT, "Slackbot", True)
        return Staged(room, ts, micros_of(ts) or 0, "", STUB, SLACKBOT, digest_of("stub"), day, {})

    def _author(self, message: Json) -> str:
        subtype = words(message, "subtype")
        who = message.get("user")
        if subtype == "file_comment":
            who = part(message, "comment").get("user") or who
        elif subtype == "file_share":
            who = who or part(message, "file").get("user")
        id = some_id(who)
        if id in self._people:
            return id
        bot_id, handle = some_id(message.get("bot_id")), a_name(words(message, "username"))
        if id and id != SLACKBOT:
            profile = part(message, "user_profile")
            name = words(profile, "display_name") or words(profile, "real_name") or words(profile, "name")
            self._staging.note_stranger(id, a_name(name)[:120] or id, False)
            return id
        known = self._bots.get(bot_id) or self._bot_handles.get(handle.casefold())
        if known:
            return known
        if bot_id or handle:
            key = bot_id or f"bot-{digest_of(handle.casefold())}"
            self._staging.note_stranger(key, handle[:120] or key, True)
            return key
        self._staging.note_stranger(SLACKBOT, "Slackbot", True)
        return SLACKBOT


def why_left_out(staged: Staged) -> str:
    """The reason why a message is not brought over."""
    return EVENTS.get(words(staged.said, "subtype"), NO_MESSAGE)


def _kind(message: Json) -> str:
    subtype = words(message, "subtype")
    if words(message, "type") not in {"", "message"} or subtype in EVENTS:
        return EVENT
    if subtype == "tombstone":
        return GONE
    return SAID


def _kept(message: Json) -> dict[str, Any]:
    """What of a message shows here or tells a changed one: never keys, previews or what Slack keeps for itself."""
    said: dict[str, Any] = {name: message[name] for name in KEPT_PARTS if message.get(name)}
    files = parts(message, "files")
    if isinstance(message.get("file"), dict) and message["file"].get("id"):
        files = [message["file"], *files]  # one file, in exports of 2016
    if files:
        said["files"] = [_file(file) for file in files]
    # Previews of links are not the author's words; cards of bots and shared messages are all that there is.
    cards = [card for card in parts(message, "attachments") if _is_card(card, message)]
    if cards:
        said["cards"] = [_some(card, KEPT_OF_CARDS) for card in cards]
    if message.get("reactions"):
        said["reactions"] = [_some(one, ("name", "users", "count")) for one in parts(message, "reactions")]
    return said


def _file(file: Json) -> dict[str, Any]:
    kept = _some(file, KEPT_OF_FILES)
    if kept.get("is_external") is True or kept.get("mode") == "external":
        # Slack's own addresses carry a key that changes with every export, and lead nowhere without it.
        kept["url_private"] = words(file, "url_private")
    return kept


def _is_card(card: Json, message: Json) -> bool:
    if card.get("from_url") or card.get("original_url") or card.get("image_url"):
        return False
    return card.get("is_msg_unfurl") is not True or (
        card.get("is_share") is True and not words(message, "text")
    )


def _some(thing: Json, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: thing[name] for name in names if thing.get(name)}
