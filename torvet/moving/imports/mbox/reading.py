"""Reading the archive of a mailing list, one mail at a time."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from hashlib import blake2b
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from torvet.forum.kinds import DISCUSSION
from torvet.moving.imports.mbox import body, headers
from torvet.moving.imports.mbox.file import LARGEST, MailFile, Slot
from torvet.moving.imports.talk.accounts import person
from torvet.moving.imports.talk.shapes import Credit, Person, Said, Seen
from torvet.moving.origins import digest_of
from torvet.moving.report import Report

TOO_LARGE = f"larger than {LARGEST // 1024 // 1024} MB"
NOT_TO_BE_KEPT = "its writer asked not to be archived (X-No-Archive)"
SIGNATURE = "a digital signature, which proves nothing without its mail"
MOST_WAITING = 100  # mails without a time that wait for one behind them
NOBODY = "nobody"
_LIST_ID = re.compile(r"<([^<>\s]{1,200})>\s*$")
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
_ADDRESS = re.compile(r"https?://\S{1,400}")


class MboxSource:
    name = "mbox"
    lines: tuple[str, ...] = (
        "members", "spaces", "messages", "replies", "threads", "missing_openers", "reply_loops", "files", "signatures",
    )  # fmt: skip
    is_forum = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = MailFile(path)
        self._people: dict[str, Person] = {}
        self._lists: Counter[str] = Counter()
        self._named: Counter[str] = Counter()  # addresses that mails went to
        self._keys: dict[int, str] = {}
        self._names: set[str] = set()  # what the list is called in front of subjects
        self._places: dict[
            str, tuple[int, int]
        ] = {}  # digest of a mail with files -> where it begins, how long it is
        self._opened: tuple[str, Message] = ("", Message())  # the last one of which a file was asked for

    # Reading

    def said(self, report: Report) -> Iterator[Said]:
        waiting: list[Said] = []
        last: datetime | None = None
        for slot in self._file.slots():
            said, at = self._read(slot, report)
            if said is None:
                continue
            if at is None:
                waiting.append(said)
                if len(waiting) < MOST_WAITING:
                    continue
            else:
                said.at = at
            yield from _between(waiting, last, at)
            waiting = []
            if at is not None:
                last = at
                yield said
        yield from _between(waiting, last, None)

    def _read(self, slot: Slot, report: Report) -> tuple[Said | None, datetime | None]:
        """A mail, and when it was written; its own `at` is only a guess until its neighbours are known."""
        where = f"message {slot.number}"
        problem, raw, mail = "", b"", Message()
        if slot.is_too_large:
            problem = TOO_LARGE
        else:
            raw = self._file.read(slot)
            mail = body.parse(raw)
            if (
                headers.header(mail, "X-No-Archive").casefold() == "yes"
                or headers.header(mail, "Archive") == "no"
            ):
                problem = NOT_TO_BE_KEPT
        if problem:
            report.find("messages")
            report.skip("messages", where, problem)
            return None, None
        self._note_list(mail)
        return self._mail(mail, raw, slot, where, report), headers.written_at(mail)

    def _mail(self, mail: Message, raw: bytes, slot: Slot, where: str, report: Report) -> Said:
        # Not by where it lies: a newer archive may have it elsewhere, and then its files would all be new ones.
        digest = blake2b(_HEAD_ENDS.split(raw, 1)[-1], digest_size=12).hexdigest()
        found = body.read(mail, lambda number, name: f"{digest}:{number}/{name}")
        if found.files:
            self._places.setdefault(digest, (slot.start, slot.length))
        report.find("signatures", found.signatures)
        report.skip("signatures", where, SIGNATURE, found.signatures)
        subject, answers = headers.header(mail, "Subject"), headers.answered(mail)
        author, title = self._author(mail), headers.title(subject, self._names)
        is_reply = bool(answers) or headers.says_it_answers(subject, self._names)
        return Said(
            key=self._key(mail, digest_of(author, subject, found.html)),
            author=author,
            at=headers.time_of_separator(slot.separator) or datetime.fromtimestamp(self._changed_at(), UTC),
            html=found.html,
            where=where,
            lines=("messages", "replies") if is_reply else ("messages",),
            opens_as=DISCUSSION.key,
            answers=tuple(f"mail:{id}" for id in answers),
            is_reply=is_reply,
            subject=title.casefold(),
            title=title or _("Without a subject"),
            credit=self._credit(mail, author),
            files=tuple(found.files.values()),
        )

    def _changed_at(self) -> float:
        return self._path.stat().st_mtime

    def _key(self, mail: Message, digest: str) -> str:
        """Its Message-ID. Where it has none, or another's, what it says stands for one."""
        id = headers.message_id(mail)
        if not id:
            return f"mail:{digest}"
        first = self._keys.setdefault(hash(id), digest)
        return f"mail:{id}" if first == digest else f"mail:{id}~{digest}"

    # People and the list

    def _author(self, mail: Message) -> str:
        names = ("From", "Sender") if mail.get("From") else ("Sender", "Reply-To")
        name, address = next(headers.people(mail, *names), ("", ""))
        if address in self._named and (mail.get("X-Original-From") or mail.get("Reply-To")):
            # Lists that write in the name of others ("Anna via Drift") tell who it was.
            own = next(headers.people(mail, "X-Original-From", "Reply-To"), ("", ""))
            name, address = own if own[1] and own[1] != address else (name, address)
        id = address or (f"name:{name.casefold()}" if name else NOBODY)
        self._note(id, name, address)
        for name, address in headers.people(mail, "To", "Cc"):
            if name and address and not self._is_list(address):
                self._note(address, name, address)
        return id

    def _note(self, id: str, name: str, address: str) -> None:
        standing = self._people.get(id)
        if standing is None or (name and standing.name == address.partition("@")[0]):
            shown = name or address.partition("@")[0] or _("Somebody unknown")
            self._people[id] = person(id, shown, email=address)

    def _is_list(self, address: str) -> bool:
        return address.replace("@", ".") in self._lists

    def _note_list(self, mail: Message) -> None:
        if match := _LIST_ID.search(headers.header(mail, "List-Id")):
            self._lists[match[1].casefold()] += 1
            self._names.add(match[1].casefold().partition(".")[0])
        for _name, address in headers.people(mail, "To", "Cc", "List-Post"):
            self._named[address] += 1
            self._names.add(address.partition("@")[0])

    def _credit(self, mail: Message, author: str) -> Credit | None:
        """Where the list's own archive has it, when the mail says so."""
        match = _ADDRESS.search(headers.header(mail, "Archived-At"))
        if not match:
            return None
        address = match[0].rstrip(">")
        place = re.sub(r"^https?://", "", address).partition("/")[0]
        return Credit(place=place, address=address, name=self._people[author].name)

    def seen(self) -> Seen:
        named = self._named.most_common(1)
        to = named[0][0].replace("@", ".") if named else ""
        # A list is told by its id, which is made of its address: mails without one tell the same.
        instance = self._lists.most_common(1)[0][0] if self._lists else to
        return Seen(
            instance=instance or self._path.stem,
            title=instance.partition(".")[0] or self._path.stem,
            people=list(self._people.values()),
            line_of_openers="threads",
        )

    # Files

    def open_file(self, name: str) -> IO[bytes] | None:
        digest, _colon, part = name.partition(":")
        # One mail may carry a thousand files, and reading it takes as long each time.
        if self._opened[0] != digest:
            self._opened = digest, body.parse(self._file.read(Slot(0, *self._places[digest], "")))
        found = body.part_of(self._opened[1], int(part.partition("/")[0]))
        return io.BytesIO(found) if found is not None else None

    def close(self) -> None:
        self._file.close()


def _between(waiting: list[Said], before: datetime | None, behind: datetime | None) -> Iterator[Said]:
    """Mails without a time, between the times of their neighbours; without those at that of their delivery."""
    for number, said in enumerate(waiting, 1):
        if before is not None and behind is not None and behind > before:
            said.at = before + (behind - before) * number / (len(waiting) + 1)
        elif before is not None:
            said.at = before + timedelta(seconds=number)
        elif behind is not None:
            said.at = behind - timedelta(seconds=len(waiting) + 1 - number)
        yield said
