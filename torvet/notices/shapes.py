"""Must-reads as other programs see them: what waits for the member who asks, and nothing about anybody else."""

from __future__ import annotations

from datetime import date, datetime

from torvet.base.api import Shown, absolute
from torvet.notices import models
from torvet.notices.queries.waiting import ToConfirm as Waiting
from torvet.people.shapes import MemberLine, member_line
from torvet.people.viewer import Viewer


class ToConfirm(Shown):
    """Something that the viewer is asked to confirm. `version` is the one to confirm, once it has been read."""

    notice_id: int
    entry_id: int
    url: str
    title: str
    version: int
    due_on: date
    note: str
    asked_by: MemberLine
    in_place_of: MemberLine | None


class ToConfirmList(Shown):
    items: list[ToConfirm]
    next: str | None


class Confirmation(Shown):
    """That the viewer has confirmed."""

    notice_id: int
    version: int
    checksum: str
    confirmed_at: datetime


def waiting(viewer: Viewer, line: Waiting) -> ToConfirm:
    notice = line.notice
    return ToConfirm(
        notice_id=notice.pk,
        entry_id=notice.entry_id,
        url=absolute(notice.entry.url),
        title=notice.title,
        version=notice.entry.version,
        due_on=line.due_on,
        note=notice.note,
        asked_by=member_line(viewer, notice.asked_by),
        in_place_of=member_line(viewer, line.absent) if line.absent else None,
    )


def confirmation(row: models.Confirmation) -> Confirmation:
    return Confirmation(
        notice_id=row.notice_id, version=row.version, checksum=row.checksum, confirmed_at=row.confirmed_at
    )
