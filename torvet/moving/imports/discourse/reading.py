"""Reading topics of a Discourse forum, each a JSON file as `/t/<id>.json` gives it, and what else was saved of them.

A topic's file holds its first twenty posts; of the others it names the numbers (`stream`). Files from
`/t/<id>/posts.json?post_ids[]=…` bring them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from torvet.base.text.characters import clean_line
from torvet.entries.kinds import COMMENT
from torvet.forum.kinds import ANSWER, DISCUSSION, QUESTION
from torvet.moving.imports.discourse.categories import Categories
from torvet.moving.imports.discourse.cooked import Cooked
from torvet.moving.imports.discourse.files import SavedForum
from torvet.moving.imports.talk.accounts import person
from torvet.moving.imports.talk.loose_json import Json, list_of, number_of, part_in, parts_of, words_in
from torvet.moving.imports.talk.places import parts_in_order
from torvet.moving.imports.talk.shapes import Credit, Person, Said, Seen
from torvet.moving.imports.wiki.times import moment
from torvet.moving.report import BadInput, Report

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
        self._path = path
        self._address = _site_address(address)
        self._saved = SavedForum(path)
        self._categories = Categories(with_restricted=with_restricted)
        self._people: dict[str, Person] = {}
        self._by_name: dict[str, str] = {}  # name over there, casefolded -> id
        self._is_restricted = False

    # Reading

    def said(self, report: Report) -> Iterator[Said]:
        self._categories.read(self._saved)
        self._look_ahead()
        for id in sorted(self._saved.topics, key=int):
            yield from self._topic(id, self._saved.topic(id), report)
        self._count_others(report)

    def _look_ahead(self) -> None:
        """Who writes, and where answers are accepted: a category in which one was is one for questions."""
        for id in self._saved.topics:
            topic = self._saved.topic(id)
            if _accepted(topic):
                self._categories.accepts_answers(topic.get("category_id"))
            for post in self._saved.posts(id, topic).values():
                self._note_person(post)

    def _note_person(self, post: Json) -> str:
        username = clean_line(words_in(post, "username"))
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
                words_in(post, "name")
                or words_in(post, "display_username")
                or username
                or _("Somebody who left")
            )
            self._people[id] = person(id, name, handle=username or name, is_bot=id in ("-1", "-2"))
            self._by_name.setdefault(username.casefold(), id)
        return id

    # One topic

    def _topic(self, id: str, topic: Json, report: Report) -> Iterator[Said]:
        where, posts = self._saved.where(id), self._saved.posts(id, topic)
        stream = [one for one in list_of(part_in(topic, "post_stream").get("stream")) if isinstance(one, int)]
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
        self._is_restricted |= self._categories.is_restricted(topic.get("category_id"))
        in_order = sorted(posts.values(), key=lambda post: (number_of(post.get("post_number")), post["id"]))
        if not in_order:
            report.find("topics")
            report.skip("topics", where, "none of its posts is in the export")
            return
        if number_of(in_order[0].get("post_number")) != 1:
            yield self._stub(id, topic, in_order[0], where)
        for post in in_order:
            said = self._said(id, topic, post, where, report)
            if said is not None:
                yield said

    def _why_not(self, topic: Json) -> str:
        if words_in(topic, "archetype") == "private_message":
            return PRIVATE
        if self._categories.is_left_out(topic.get("category_id")):
            return RESTRICTED
        if topic.get("deleted_at"):
            return "it was deleted over there"
        return UNLISTED if topic.get("visible") is False else ""

    def _stub(self, id: str, topic: Json, first: Json, where: str) -> Said:
        """In place of an opener that the export does not hold."""
        post = {"username": first.get("username"), "user_id": first.get("user_id")}
        at = moment(words_in(topic, "created_at")) or moment(words_in(first, "created_at"))
        if at is None:
            raise BadInput(f"{self._path.name}, {where} has no time at which it can have been written.")
        said = Said(
            key=_key(id, 1), author=self._note_person(post), at=at, html=self._lost_beginning(), where=where,
            lines=("topics", "missing_openers"),
        )  # fmt: skip
        return self._as_opener(said, id, topic)

    @staticmethod
    def _lost_beginning() -> str:
        return f"<p><em>{_('The beginning of this conversation was not in the export.')}</em></p>"

    def _said(self, id: str, topic: Json, post: Json, where: str, report: Report) -> Said | None:
        number = number_of(post.get("post_number"))
        where = f"{where}, post {number}"
        is_first = number == 1
        problem = NO_POST.get(number_of(post.get("post_type")), "")
        if not problem and number_of(post.get("post_type")) not in (0, 1):
            problem = "a post of a kind that nobody knows here"
        if not problem and post.get("hidden") is True:
            problem = HIDDEN
        if problem and not is_first:
            report.find("posts")
            report.skip("posts", where, problem)
            return None
        at = moment(words_in(post, "created_at"))
        if at is None:
            raise BadInput(f"{self._path.name}, {where} has no time at which it can have been written.")
        reader = Cooked(where, people=self._by_name, files=self._saved.uploads, address=self._address)
        # Its thread needs an opener; what was kept from the readers over there is kept from those here.
        html = self._lost_beginning() if problem else reader.read(words_in(post, "cooked"))
        accepted = _accepted(topic)
        above = number_of(post.get("reply_to_post_number"))
        asks = self._is_question(topic)
        # An answer stands right below its question; what answers an answer is a comment.
        answers_it = asks and (above in (0, 1) or number == accepted)
        said = Said(
            key=_key(id, number),
            author=self._note_person(post),
            at=at,
            html=html,
            where=where,
            lines=("posts",)
            if not is_first
            else ("posts", "topics", *(["missing_openers"] if problem else [])),
            answers_as=ANSWER.key if answers_it else COMMENT.key,
            answers=()
            if is_first
            else (_key(id, 1),)
            if answers_it or not above
            else (_key(id, above), _key(id, 1)),
            credit=self._credit(id, post, number),
            edited_at=moment(words_in(post, "updated_at")) if number_of(post.get("version")) > 1 else None,
            files=tuple(reader.used),
            score=_given(post),
            is_gone=bool(post.get("deleted_at")) or post.get("user_deleted") is True,
        )
        return self._as_opener(said, id, topic) if is_first else said

    def _as_opener(self, said: Said, id: str, topic: Json) -> Said:
        asks, accepted = self._is_question(topic), _accepted(topic)
        said.opens_as = QUESTION.key if asks else DISCUSSION.key
        said.title = clean_line(words_in(topic, "title")) or _("A topic without a title")
        said.part = str(topic.get("category_id") or "")
        said.topics = tuple(filter(None, map(_tag_name, list_of(topic.get("tags")))))
        said.is_pinned = topic.get("pinned") is True or topic.get("pinned_globally") is True
        if topic.get("closed") is True or topic.get("archived") is True:
            said.closed_at = moment(words_in(topic, "last_posted_at")) or said.at
            said.closed_why = _("It was closed where it came from.")
        if asks and accepted:
            said.accepted = _key(id, accepted)
            posts = self._saved.posts(id, topic).values()
            found = next((one for one in posts if one.get("post_number") == accepted), {})
            at = moment(words_in(part_in(topic, "accepted_answer"), "accepted_at"))
            # When it was accepted is seldom told: then the time of the answer, the earliest it can have been.
            said.accepted_at = at or moment(words_in(found, "created_at")) or said.at
        return said

    def _is_question(self, topic: Json) -> bool:
        asked_for = words_in(topic, "subtype") == "question_answer" or topic.get("is_post_voting") is True
        return (
            asked_for or bool(_accepted(topic)) or self._categories.is_for_questions(topic.get("category_id"))
        )

    def _credit(self, id: str, post: Json, number: int) -> Credit | None:
        if not self._address:
            return None
        username = clean_line(words_in(post, "username"))
        return Credit(
            place=self._address.partition("://")[2].rstrip("/"),
            address=f"{self._address}t/{id}/{number}",
            name=clean_line(words_in(post, "name")) or username or _("somebody"),
            name_address=f"{self._address}u/{username}" if re.fullmatch(r"[\w.-]{1,60}", username) else "",
        )

    # What else is there

    def _count_others(self, report: Report) -> None:
        for name in self._saved.others():
            report.find("other_files")
            report.skip("other_files", name, "not part of what is imported")
        for id, name in self._saved.listed().items():
            report.find("topics")
            report.skip("topics", f"{name}, topic {id}", NO_TOPIC)

    def seen(self) -> Seen:
        name = self._address.partition("://")[2].rstrip("/") or self._saved.name
        return Seen(
            instance=name,
            title=name,
            people=list(self._people.values()),
            parts=parts_in_order(self._categories.parts()),
            is_restricted=self._is_restricted,
        )

    def open_file(self, name: str) -> IO[bytes] | None:
        return self._saved.open_file(name)

    def close(self) -> None:
        self._saved.close()


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
    return number_of(part_in(topic, "accepted_answer").get("post_number"))


def _given(post: Json) -> int:
    """How many liked it. Whose they are the export does not say, so they count as votes from before."""
    return sum(
        number_of(one.get("count")) for one in parts_of(post.get("actions_summary")) if one.get("id") == 2
    )


def _tag_name(tag: Any) -> str:
    """Newer exports give tags as objects."""
    return tag if isinstance(tag, str) else words_in(tag, "name") if isinstance(tag, dict) else ""
