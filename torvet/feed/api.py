"""Lists of entries over the API: the viewer's home, the company, a topic, a member, what was kept."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from torvet.base.api import Id, Part, answers, found
from torvet.base.pages import Page
from torvet.base.policies import signed_in
from torvet.entries import shapes
from torvet.entries.api import Ordered, PathTopic, topic_seen
from torvet.entries.drawing import Row
from torvet.feed import queries
from torvet.people import queries as people_queries
from torvet.people.models import Member
from torvet.people.viewer import Viewer, viewer_of

router = Router(tags=["Feed"])


class Wanted(Ordered):
    view: Annotated[
        Literal["home", "company"], Field(description="What the viewer follows, or all they may read")
    ] = "home"


def shown(viewer: Viewer, page: Page[Row]) -> shapes.EntryList:
    """A page of a list as entries, in its order; asked again under `visible_to`, so that nothing else gets out."""
    return shapes.EntryList(
        items=shapes.shapes_in_order(viewer, [row.id for row in page.things]), next=page.next
    )


@router.get("/feed", response=answers(shapes.EntryList), operation_id="feed", summary="The feed")
@signed_in
def feed(request: HttpRequest, asked: Annotated[Wanted, Query()]) -> shapes.EntryList:
    """Openers of threads: those of the viewer's spaces, people and topics, or everything they may read."""
    viewer = viewer_of(request)
    if asked.view == "company":
        return shown(viewer, queries.company(viewer, order=asked.order, after=asked.after, size=asked.limit))
    return shown(viewer, queries.home(viewer, order=asked.order, after=asked.after, size=asked.limit).page)


@router.get(
    "/topics/{name}/entries",
    response=answers(shapes.EntryList),
    operation_id="topic_entries",
    summary="Threads on a topic",
)
@signed_in
def topic_entries(
    request: HttpRequest, name: PathTopic, asked: Annotated[Ordered, Query()]
) -> shapes.EntryList:
    viewer = viewer_of(request)
    page = queries.on_topic(
        viewer, topic_seen(viewer, name), order=asked.order, after=asked.after, size=asked.limit
    )
    return shown(viewer, page)


@router.get(
    "/members/{int:id}/entries",
    response=answers(shapes.EntryList),
    operation_id="member_entries",
    summary="What a member opened",
)
@signed_in
def member_entries(request: HttpRequest, id: Id, asked: Annotated[Part, Query()]) -> shapes.EntryList:
    """Only what the viewer may read."""
    viewer = viewer_of(request)
    member: Member = found(people_queries.get_visible(viewer, id))
    return shown(viewer, queries.by_member(viewer, member, after=asked.after, size=asked.limit))


@router.get(
    "/bookmarks", response=answers(shapes.EntryList), operation_id="bookmarks", summary="What the viewer kept"
)
@signed_in
def bookmarks(request: HttpRequest, asked: Annotated[Part, Query()]) -> shapes.EntryList:
    """The viewer's own bookmarks, newest first; comments too."""
    viewer = viewer_of(request)
    return shown(viewer, queries.bookmarked(viewer, after=asked.after, size=asked.limit))
