"""Reading a data dump: Posts.xml, and Users.xml, Comments.xml and Votes.xml where they lie beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from torvet.base.text.characters import clean_line
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.moving.imports.talk.accounts import person
from torvet.moving.imports.talk.markdown import to_html
from torvet.moving.imports.talk.shapes import Credit, Person, Said, Seen
from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.shelf import Shelf
from torvet.moving.imports.wiki.times import moment
from torvet.moving.report import BadInput, Report
from torvet.moving.xml_reading import elements

QUESTION_POST, ANSWER_POST = "1", "2"
OTHERS = {
    "3": "a page of its wiki", "4": "what a tag is about", "5": "what a tag is about", "6": "a candidate's words",
    "7": "a note of the site itself", "8": "a test of the site itself",
}  # fmt: skip
ACCEPTED_VOTE = "1"
LEFT = "deleted"  # stands for everybody whose account was deleted over there
LICENCE = "CC BY-SA"
_RAISED = re.compile(r"<(sup|sub)>([^<]*)</\1>")
_ID = re.compile(r"-?[0-9]{1,12}")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_TAG = re.compile(r"[<|]([^<>|]+)")
_READ = {"Posts.xml", "Users.xml", "Comments.xml", "Votes.xml"}
Row = Mapping[str, str]


class StackExchangeSource:
    """One community's dump, in a zip or a folder."""

    name = "stackexchange"
    lines: tuple[str, ...] = (
        "members",
        "spaces",
        "questions",
        "answers",
        "comments",
        "accepted",
        "other_posts",
        "other_files",
    )
    is_forum = True

    def __init__(self, path: Path, *, address: str = "") -> None:
        if path.suffix.lower() == ".7z":
            raise BadInput(f"{path.name} is packed as 7z. Unpack it, and import the folder.")
        self._shelf = Shelf(path)
        self._path = path
        self._files = {name.rpartition("/")[2]: name for name in self._shelf.names()}
        if "Posts.xml" not in self._files:
            self.close()
            raise BadInput(f"{path.name} is no dump of Stack Exchange: there is no Posts.xml in it.")
        self._host = self._find_host(address)
        self._wrote: dict[str, str] = {}  # id of a person -> their name, "" while it is not known
        self._accepted_at: dict[str, datetime] = {}

    def _find_host(self, address: str) -> str:
        """Where the community lived: as told, or as the folder or file is called."""
        told = address.removeprefix("https://").removeprefix("http://").strip("/").casefold()
        if told and not _HOST.fullmatch(told):
            self.close()
            raise BadInput(f"{address} is not the address of a site, such as cooking.stackexchange.com.")
        folders = (self._files["Posts.xml"].rpartition("/")[0].rpartition("/")[2], self._shelf.wrapper)
        stem = self._path.name.casefold().removesuffix(".zip")
        for name in (told, *(folder.casefold() for folder in folders), stem):
            if _HOST.fullmatch(name):
                return name
        return ""

    # Reading

    def said(self, report: Report) -> Iterator[Said]:
        for name in self._shelf.names():
            if name.rpartition("/")[2] not in _READ:
                report.find("other_files")
                report.skip("other_files", name, "not part of what is imported")
        self._look_ahead()
        for number, row in enumerate(self._rows("Posts.xml"), 1):
            where = f"Posts.xml, row {number}"
            kind = row.get("PostTypeId", "")
            if kind in (QUESTION_POST, ANSWER_POST):
                yield self._post(row, where)
            else:
                report.find("other_posts")
                report.skip("other_posts", where, OTHERS.get(kind, "a post of a kind that nobody knows here"))
        yield from self._comments()

    def _rows(self, file: str) -> Iterator[Row]:
        if file not in self._files:
            return
        with self._shelf.open(self._files[file]) as source:
            for element in elements(source, ("row",), f"{self._path.name}, {file}"):
                yield dict(element.attrib)

    def _look_ahead(self) -> None:
        """Who wrote, what they are called, and when answers were accepted: it stands behind what needs it."""
        chosen: set[str] = set()
        for row in self._rows("Posts.xml"):
            self._note(row.get("OwnerUserId"), row.get("OwnerDisplayName", ""))
            chosen.add(row.get("AcceptedAnswerId", ""))
        for row in self._rows("Comments.xml"):
            self._note(row.get("UserId"), row.get("UserDisplayName", ""))
        for row in self._rows("Users.xml"):
            if row.get("Id") in self._wrote:
                self._wrote[row["Id"]] = clean_line(row.get("DisplayName", ""))
        # Without Votes.xml it is the time of the answer, the earliest it can have been. A vote has a day and no hour.
        # Read once more for it: answers may come before their question, and there are millions of them.
        found = {
            row["Id"]: moment(row.get("CreationDate"))
            for row in self._rows("Posts.xml")
            if row.get("PostTypeId") == ANSWER_POST and row.get("Id") in chosen
        }
        for row in self._rows("Votes.xml"):
            at, answer = moment(row.get("CreationDate")), row.get("PostId", "")
            if row.get("VoteTypeId") == ACCEPTED_VOTE and at and (since := found.get(answer)):
                found[answer] = max(at, since)
        self._accepted_at = {id: at for id, at in found.items() if at}

    def _post(self, row: Row, where: str) -> Said:
        id, at = self._id_and_time(row, where)
        is_question = row["PostTypeId"] == QUESTION_POST
        accepted = row.get("AcceptedAnswerId", "") if is_question else ""
        said = Said(
            key=f"post:{id}",
            author=self._note(row.get("OwnerUserId"), row.get("OwnerDisplayName", "")),
            at=at,
            html=_shown(row.get("Body", "")),
            where=where,
            lines=("questions",) if is_question else ("answers",),
            opens_as=QUESTION.key if is_question else "",
            answers_as=ANSWER.key,
            answers=() if is_question else (f"post:{self._some_id(row.get('ParentId'))}",),
            title=clean_line(row.get("Title", ""))
            or (_("A question without a title") if is_question else ""),
            topics=tuple(_TAG.findall(row.get("Tags", ""))),
            credit=self._credit(row, id, is_question=is_question),
            edited_at=moment(row.get("LastEditDate")),
            score=_number(row.get("Score")),
            accepted=f"post:{accepted}" if accepted else "",
            accepted_at=max(self._accepted_at.get(accepted, at), at) if accepted else None,
        )
        if is_question and (closed_at := moment(row.get("ClosedDate"))):
            said.closed_at, said.closed_why = closed_at, _("It was closed where it came from.")
        return said

    def _comments(self) -> Iterator[Said]:
        for number, row in enumerate(self._rows("Comments.xml"), 1):
            where = f"Comments.xml, row {number}"
            id, at = self._id_and_time(row, where)
            yield Said(
                key=f"comment:{id}",
                author=self._note(row.get("UserId"), row.get("UserDisplayName", "")),
                at=at,
                html=to_html(row.get("Text", "")),
                where=where,
                lines=("comments",),
                answers=(f"post:{self._some_id(row.get('PostId'))}",),
                score=_number(row.get("Score")),
            )

    def _id_and_time(self, row: Row, where: str) -> tuple[str, datetime]:
        id, at = row.get("Id", ""), moment(row.get("CreationDate"))
        if not _ID.fullmatch(id):
            raise BadInput(f"{self._path.name}, {where} has an Id that is no number.")
        if at is None:
            raise BadInput(f"{self._path.name}, {where} has no time at which it can have been written.")
        return id, at

    @staticmethod
    def _some_id(found: str | None) -> str:
        return found if found and _ID.fullmatch(found) else "?"

    # People

    def _note(self, id: str | None, name: str) -> str:
        """Remember an author; one account stands for all who deleted theirs."""
        key = id if id and _ID.fullmatch(id) else LEFT
        if key != LEFT:
            self._wrote.setdefault(key, clean_line(name))
        else:
            self._wrote.setdefault(LEFT, "")
        return key

    def _person(self, id: str, name: str) -> Person:
        if id == LEFT:
            return person(id, _("Somebody who left"), handle="left")
        # As the site itself calls who has no name.
        return person(id, name or f"user{id}", handle=name or f"user{id}", is_bot=id == "-1")

    def seen(self) -> Seen:
        return Seen(
            instance=self._host or self._shelf.wrapper,
            title=self._host or self._shelf.wrapper or self._path.stem,
            people=[self._person(id, name) for id, name in self._wrote.items()],
        )

    def _credit(self, row: Row, id: str, *, is_question: bool) -> Credit | None:
        """Its licence asks for the place, the author's name and links to both."""
        if not self._host:
            return None
        owner = row.get("OwnerUserId", "")
        name = self._wrote.get(owner, "") or clean_line(row.get("OwnerDisplayName", ""))
        name = name or (f"user{owner}" if owner else _("somebody"))
        return Credit(
            place=self._host,
            address=f"https://{self._host}/{'q' if is_question else 'a'}/{id}",
            name=name,
            name_address=f"https://{self._host}/users/{owner}" if _ID.fullmatch(owner) else "",
            licence=clean_line(row.get("ContentLicense", ""))[:40] or LICENCE,
        )

    def open_file(self, name: str) -> IO[bytes] | None:
        return None

    def close(self) -> None:
        self._shelf.close()


def _number(found: str | None) -> int:
    """A score; 0 for what is none. No site ever had a million votes on anything."""
    text = (found or "").strip()
    return max(-1_000_000, min(1_000_000, int(text))) if re.fullmatch(r"-?[0-9]{1,9}", text) else 0


def _shown(html: str) -> str:
    """Raised and lowered signs as letters of their own, and no picture called by the example of the site's form."""
    html = _RAISED.sub(
        lambda found: rewriting.raised(found[2]) if found[1] == "sup" else rewriting.lowered(found[2]), html
    )
    return html.replace('alt="enter image description here"', 'alt=""')
