"""How calls about entries answer: what was written and where it stands, and a part of a list."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Status

from torvet.base.api import Part, absolute
from torvet.base.pages import Page, paginate
from torvet.entries import shapes
from torvet.entries.models import Entry
from torvet.people.viewer import viewer_of

NEWEST = ("-published_at", "-id")


def locate(response: HttpResponse, entry: Entry) -> None:
    """Say where what was just written is read."""
    response.headers["Location"] = absolute(f"/api/v1/entries/{entry.pk}")


def created(request: HttpRequest, response: HttpResponse, entry: Entry) -> Status[shapes.Entry]:
    locate(response, entry)
    return Status(201, shapes.entry_shape(viewer_of(request), entry))


def part_of(rows: QuerySet[Any], asked: Part, order: tuple[str, ...] = NEWEST) -> Page[Entry]:
    """The part of these entries that is asked for, with all that their shapes name."""
    whole = rows.select_related("author", "space", "written_by")
    return paginate(whole, order=order, after=asked.after, size=asked.limit)
