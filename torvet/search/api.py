"""Finding over the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from torvet.base.api import Id, Line, Part, Shown, absolute, answers
from torvet.base.policies import signed_in
from torvet.entries import shapes as entry_shapes
from torvet.people.shapes import MemberLine, member_line
from torvet.people.viewer import Viewer, viewer_of
from torvet.search import found, queries
from torvet.search.asking import LONGEST_QUERY
from torvet.spaces.shapes import SpaceLine, own_memberships, space_line

router = Router(tags=["Search"])
Kind = Literal[
    "post", "question", "discussion", "idea", "article", "page", "comment", "person", "space", "topic"
]


class Hit(Shown):
    """Something that was found. Posts and comments carry who wrote them and where; ask /entries/{id} for the whole."""

    kind: Kind
    id: int
    url: str
    title: str
    snippet: str
    at: datetime | None
    author: MemberLine | None
    written_by: MemberLine | None
    space: SpaceLine | None
    abilities: dict[str, bool]


class HitList(Shown):
    """Posts and comments, or the one kind that was asked for; the first page also brings the best few others."""

    items: list[Hit]
    next: str | None
    number: int = Field(description="How many match; counted no further than to 100")
    is_more: bool
    people: list[Hit]
    spaces: list[Hit]
    topics: list[Hit]


class Sought(Part):
    q: Annotated[Line, Field(max_length=LONGEST_QUERY, description="Words, from:handle, in:space, #topic")]
    kind: Annotated[Kind | None, Field(description="Only these")] = None
    space: Annotated[Id | None, Field(description="Only in this space")] = None
    member: Annotated[Id | None, Field(description="Only what this member wrote")] = None
    order: Annotated[Literal["newest", "best"], Field(description="By time or by how well it fits")] = (
        "newest"
    )


@router.get("/search", response=answers(HitList), operation_id="search", summary="Search")
@signed_in
def search(request: HttpRequest, asked: Annotated[Sought, Query()]) -> HitList:
    """Posts, comments, people, spaces and topics that the viewer may see."""
    viewer = viewer_of(request)
    page = queries.search(
        viewer,
        asked.q,
        kind=asked.kind,
        space=asked.space,
        person=asked.member,
        order=asked.order,
        after=asked.after,
        size=asked.limit,
    )
    whole = {entry.id: entry for entry in _entries(viewer, page.hits)}
    return HitList(
        items=_shapes(viewer, page.hits, whole),
        next=page.next,
        number=page.number,
        is_more=page.is_more,
        people=_shapes(viewer, page.people, {}),
        spaces=_shapes(viewer, page.spaces, {}),
        topics=_shapes(viewer, page.topics, {}),
    )


def _entries(viewer: Viewer, hits: Sequence[found.Hit]) -> list[entry_shapes.Entry]:
    return entry_shapes.shapes_in_order(viewer, [hit.id for hit in hits if hit.kind in found.ENTRY_KINDS])


def _shapes(viewer: Viewer, hits: Sequence[found.Hit], whole: Mapping[int, entry_shapes.Entry]) -> list[Hit]:
    mine = own_memberships(viewer, (hit.id for hit in hits if hit.kind == found.SPACE))
    shown = []
    for hit in hits:
        author = written_by = space = None
        abilities: dict[str, bool] = {}
        if hit.kind in found.ENTRY_KINDS:
            entry = whole.get(hit.id)
            if entry is None:
                continue  # removed between the two looks
            author, space, abilities = entry.author, entry.space, entry.abilities
            written_by = entry.written_by
        elif hit.kind == found.PERSON:
            abilities = member_line(viewer, hit.thing).abilities
        elif hit.kind == found.SPACE:
            abilities = space_line(viewer, hit.thing, mine.get(hit.id)).abilities
        shown.append(
            Hit(
                kind=hit.kind,  # type: ignore[arg-type]  # one of KINDS, as Kind says
                id=hit.id,
                url=absolute(hit.url),
                title=hit.title,
                # A person's snippet names unit and site, which guests are not told.
                snippet="" if viewer.is_guest and hit.kind == found.PERSON else hit.snippet,
                at=hit.at,
                author=author,
                written_by=written_by,
                space=space,
                abilities=abilities,
            )
        )
    return shown
