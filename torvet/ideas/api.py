"""Idea rooms over the API: read, propose, support, say what one knows, decide. Rooms are kept in a browser."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router, Status
from pydantic import Field, StringConstraints

from torvet.base.api import Asked, Id, Part, Prose, absolute, answers, found, writing
from torvet.base.policies import signed_in
from torvet.entries import queries as entries
from torvet.entries import shapes as entry_shapes
from torvet.entries.api.answers import created, locate
from torvet.entries.api.words import Format, Title, Words
from torvet.ideas import actions, models, shapes
from torvet.ideas.kinds import INPUT, SUPPORT
from torvet.ideas.queries import board, one, rooms
from torvet.people.viewer import Viewer, viewer_of

router = Router(tags=["Ideas"])


class WantedIdeas(Part):
    """Which ideas of a room, and in which order."""

    stage: Annotated[shapes.Stage | None, Field(description="Only those at this stage")] = None
    show: Annotated[
        Literal["mine", "supported", "deciding", "overdue"] | None,
        Field(description="One's own, those one supports, those one is to decide about, or overdue ones"),
    ] = None
    order: Annotated[
        Literal["votes", "newest", "soonest"],
        Field(description="`soonest` gives undecided ones, by their date"),
    ] = "votes"


class NewIdea(Asked):
    """An idea: a title, and more words when they help."""

    title: Title
    body: Words = ""
    format: Format = "markdown"
    concern: shapes.Concern = ""


class Why(Asked):
    """A sentence of support."""

    body: Words
    format: Format = "markdown"


class NewInput(Why):
    """What one knows of an idea."""

    sort: shapes.InputSort


class Decision(Asked):
    """Where an idea goes, and why. To decline, `reason` is needed. `seen` is the stage that it had when one decided."""

    stage: shapes.Stage
    reason: Annotated[Prose, StringConstraints(max_length=1000)] = ""
    seen: shapes.Stage | None = None


def visible(viewer: Viewer, pk: int) -> models.Idea:
    idea: models.Idea = found(one.get_visible(viewer, pk))
    return idea


def shown(viewer: Viewer, pk: int) -> shapes.Idea:
    """The idea as it stands now."""
    return shapes.idea_shapes(viewer, board.lines_of(viewer, [visible(viewer, pk)]))[0]


def room_line(viewer: Viewer, pk: int) -> rooms.RoomLine:
    room = found(rooms.get_visible(viewer, pk))
    return rooms.RoomLine(room, *rooms.counts(viewer, [room.pk]).get(room.pk, (0, 0)))


@router.get(
    "/idea-rooms", response=answers(shapes.IdeaRoomList), operation_id="idea_rooms", summary="Idea rooms"
)
@signed_in
def idea_rooms(request: HttpRequest, asked: Annotated[Part, Query()]) -> shapes.IdeaRoomList:
    """Those whose space the viewer may read, the newest first."""
    viewer = viewer_of(request)
    page = rooms.rooms(viewer, asked.after, asked.limit)
    return shapes.IdeaRoomList(items=shapes.room_shapes(viewer, page.things), next=page.next)


@router.get(
    "/idea-rooms/{int:id}",
    response=answers(shapes.IdeaRoom),
    operation_id="idea_room",
    summary="One idea room",
)
@signed_in
def idea_room(request: HttpRequest, id: Id) -> shapes.IdeaRoom:
    viewer = viewer_of(request)
    return shapes.room_shapes(viewer, [room_line(viewer, id)])[0]


@router.get(
    "/idea-rooms/{int:id}/ideas",
    response=answers(shapes.IdeaList),
    operation_id="ideas",
    summary="The ideas of a room",
)
@signed_in
def ideas(request: HttpRequest, id: Id, asked: Annotated[WantedIdeas, Query()]) -> shapes.IdeaList:
    """Ideas that were merged into another are not in the list; each has its page."""
    viewer = viewer_of(request)
    wanted = board.Wanted(asked.stage or "", asked.show or "", asked.order)
    room = room_line(viewer, id).room
    page = board.in_list(viewer, room, wanted, asked.after, asked.limit, with_words=True)
    return shapes.IdeaList(items=shapes.idea_shapes(viewer, page.things), next=page.next)


@router.post(
    "/idea-rooms/{int:id}/ideas",
    response=writing(shapes.Idea, status=201),
    operation_id="propose_idea",
    summary="Propose an idea",
)
@signed_in
def propose(
    request: HttpRequest, response: HttpResponse, id: Id, sent: Annotated[NewIdea, Body()]
) -> Status[shapes.Idea]:
    viewer = viewer_of(request)
    made = actions.propose_idea(
        by=viewer, room=room_line(viewer, id).room, title=sent.title, body=sent.body, format=sent.format,
        concern=sent.concern,
    )  # fmt: skip
    response.headers["Location"] = absolute(f"/api/v1/ideas/{made.pk}")
    return Status(201, shown(viewer, made.pk))


@router.get("/ideas/{int:id}", response=answers(shapes.Idea), operation_id="idea", summary="One idea")
@signed_in
def idea(request: HttpRequest, id: Id) -> shapes.Idea:
    """Comments, support and input are all under /entries with the same id too."""
    return shown(viewer_of(request), id)


@router.put(
    "/ideas/{int:id}/vote", response=answers(shapes.Idea), operation_id="support_idea", summary="Support"
)
@signed_in
def support(request: HttpRequest, id: Id) -> shapes.Idea:
    """Say yes to somebody else's idea. Twice changes nothing. Who voted is told to nobody."""
    viewer = viewer_of(request)
    actions.support(by=viewer, idea=visible(viewer, id))
    return shown(viewer, id)


@router.delete(
    "/ideas/{int:id}/vote",
    response=answers(None, status=204),
    operation_id="take_back_support",
    summary="Take support back",
)
@signed_in
def take_back(request: HttpRequest, id: Id) -> Status[None]:
    """A sentence that came with it stays, as a comment."""
    viewer = viewer_of(request)
    actions.take_back_support(by=viewer, idea=visible(viewer, id))
    return Status(204, None)


@router.get(
    "/ideas/{int:id}/support",
    response=answers(entry_shapes.EntryList),
    operation_id="idea_support",
    summary="Why people support an idea",
)
@signed_in
def supports(request: HttpRequest, id: Id, asked: Annotated[Part, Query()]) -> entry_shapes.EntryList:
    """The newest first; those who voted without words are only counted."""
    viewer = viewer_of(request)
    page = one.said(viewer, visible(viewer, id), SUPPORT.key, asked.after, asked.limit)
    return entry_shapes.EntryList(items=entry_shapes.entry_shapes(viewer, page.things), next=page.next)


@router.post(
    "/ideas/{int:id}/support",
    response=writing(entry_shapes.Entry, status=201),
    operation_id="say_why",
    summary="Support an idea and say why",
)
@signed_in
def say_why(
    request: HttpRequest, response: HttpResponse, id: Id, sent: Annotated[Why, Body()]
) -> Status[entry_shapes.Entry]:
    """Gives the vote too; once for each member."""
    viewer = viewer_of(request)
    said = actions.say_why(by=viewer, idea=visible(viewer, id), body=sent.body, format=sent.format)
    return created(request, response, found(entries.get_visible(viewer, said.pk)))


@router.get(
    "/ideas/{int:id}/input",
    response=answers(shapes.InputList),
    operation_id="idea_input",
    summary="What people know of an idea",
)
@signed_in
def inputs(request: HttpRequest, id: Id, asked: Annotated[Part, Query()]) -> shapes.InputList:
    """The newest first."""
    viewer = viewer_of(request)
    page = one.said(viewer, visible(viewer, id), INPUT.key, asked.after, asked.limit)
    sorts = one.sorts_of(entry.pk for entry in page.things)
    whole = entry_shapes.entry_shapes(viewer, page.things)
    shown = [
        shapes.Input(sort=sorts[entry.id].value, entry=entry)  # type: ignore[arg-type]  # one of its choices
        for entry in whole
        if entry.id in sorts
    ]
    return shapes.InputList(items=shown, next=page.next)


@router.post(
    "/ideas/{int:id}/input",
    response=writing(shapes.Input, status=201),
    operation_id="give_input",
    summary="Say what one knows of an idea",
)
@signed_in
def give_input(
    request: HttpRequest, response: HttpResponse, id: Id, sent: Annotated[NewInput, Body()]
) -> Status[shapes.Input]:
    viewer = viewer_of(request)
    said = actions.give_input(
        by=viewer, idea=visible(viewer, id), sort=sent.sort, body=sent.body, format=sent.format
    )
    locate(response, said)
    entry = entry_shapes.entry_shape(viewer, found(entries.get_visible(viewer, said.pk)))
    return Status(201, shapes.Input(sort=sent.sort, entry=entry))


@router.post(
    "/ideas/{int:id}/stage",
    response=writing(shapes.Idea),
    operation_id="move_idea",
    summary="Decide about an idea",
)
@signed_in
def move(request: HttpRequest, id: Id, sent: Annotated[Decision, Body()]) -> shapes.Idea:
    """The decider, and who runs the space. Everybody who wrote or supported is told what was decided, and why."""
    viewer = viewer_of(request)
    actions.move_idea(
        by=viewer, idea=visible(viewer, id), stage=sent.stage, reason=sent.reason, seen=sent.seen or ""
    )
    return shown(viewer, id)
