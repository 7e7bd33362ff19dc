"""Reads about must-reads that shape a page."""

from __future__ import annotations

from torvet.base.pages import Page, paginate
from torvet.entries.models import Entry
from torvet.notices.models import Notice
from torvet.notices.queries.waiting import number_to_confirm, to_confirm
from torvet.notices.wording import checksum
from torvet.people.viewer import Viewer

__all__ = [
    "get_visible",
    "has_changed",
    "number_to_confirm",
    "open_notice_of",
    "sent",
    "to_confirm",
    "wording_of",
]


def get_visible(viewer: Viewer, pk: int) -> Notice | None:
    """The notice, when the viewer may read what it is about; else None, the same as when there is none."""
    rows = Notice.objects.visible_to(viewer).select_related("entry__space", "entry__author", "asked_by")
    return rows.filter(pk=pk).first()


def open_notice_of(viewer: Viewer, entry: Entry) -> Notice | None:
    """The open notice on an entry that the viewer may read."""
    rows = (
        Notice.objects.visible_to(viewer).open().select_related("entry__space", "entry__author", "asked_by")
    )
    return rows.filter(entry=entry).first()


def sent(viewer: Viewer, after: str | None = None, size: int = 30, *, is_own: bool = False) -> Page[Notice]:
    """Those that the viewer answers for, the newest first; only their own, or all they may see. Raises BadCursor."""
    rows = Notice.objects.kept_by(viewer).select_related("entry__space", "asked_by", "roll")
    if is_own:
        rows = rows.filter(asked_by=viewer.id)
    return paginate(rows, order=("-id",), after=after, size=size)


def wording_of(entry: Entry) -> str:
    """The checksum of the words as they stand."""
    return checksum(entry.title, entry.text)


def has_changed(notice: Notice) -> bool:
    """Whether the words changed since somebody last said what that means for those who confirmed."""
    entry = notice.entry
    return (
        notice.is_open
        and entry.version != notice.judged_version
        and not entry.is_removed
        and wording_of(entry) != notice.judged_checksum
    )
