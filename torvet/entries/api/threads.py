"""Entries over the API: read, post, answer, edit, remove, react, keep."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router, Status
from pydantic import Field

from torvet.base.api import Asked, Id, Name, Part, answers, found, writing
from torvet.base.policies import signed_in
from torvet.base.problems import problem
from torvet.entries import actions, queries, shapes
from torvet.entries.api.answers import NEWEST, created, part_of
from torvet.entries.api.words import Format, NewComment, Title, Words
from torvet.entries.models import Entry
from torvet.entries.models.marks import REACTIONS
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces import queries as space_queries
from torvet.spaces.models import Space

router = Router(tags=["Entries"])
PathEmoji = Annotated[Name, Field(max_length=64, description="One of " + " ".join(REACTIONS))]
ORDERS = {"newest": NEWEST, "active": ("-active_at", "-id")}


class Ordered(Part):
    order: Annotated[Literal["newest", "active"], Field(description="By publication or by last activity")] = (
        "newest"
    )


class NewEntry(NewComment):
    """A post that opens a thread."""

    title: Title = ""


class Change(Asked):
    """New words for an entry. `version` is the one they were written against; what is left out stays as it is."""

    version: Id
    title: Title | None = None
    body: Words | None = None
    format: Format = "markdown"


def noticed(viewer: Viewer, pk: int) -> Entry:
    """The entry, or the notice of a removed one; else 404."""
    entry: Entry = found(queries.get_noticed(viewer, pk))
    return entry


def visible(viewer: Viewer, pk: int) -> Entry:
    entry: Entry = found(queries.get_visible(viewer, pk))
    return entry


@router.get(
    "/spaces/{int:id}/entries",
    response=answers(shapes.EntryList),
    operation_id="space_entries",
    summary="What was opened in a space",
)
@signed_in
def space_entries(request: HttpRequest, id: Id, asked: Annotated[Ordered, Query()]) -> shapes.EntryList:
    """Posts and other openers of threads. Answers are under each entry's comments."""
    viewer = viewer_of(request)
    space: Space = found(Space.objects.readable_by(viewer).listed().filter(pk=id).first())
    page = part_of(queries.visible(viewer).filter(root=None, space=space), asked, ORDERS[asked.order])
    return shapes.EntryList(items=shapes.entry_shapes(viewer, page.things), next=page.next)


@router.post(
    "/spaces/{int:id}/entries",
    response=writing(shapes.Entry, status=201),
    operation_id="post",
    summary="Post in a space",
)
@signed_in
def post(
    request: HttpRequest, response: HttpResponse, id: Id, sent: Annotated[NewEntry, Body()]
) -> Status[shapes.Entry]:
    """Publish a post. Everybody who can read the space reads it at once."""
    viewer = viewer_of(request)
    space = found(space_queries.get_visible(viewer, id))
    entry = actions.publish_post(
        by=viewer, space=space, body=sent.body, title=sent.title, format=sent.format, files=sent.attachments
    )
    return created(request, response, entry)


@router.get("/entries/{int:id}", response=answers(shapes.Entry), operation_id="entry", summary="One entry")
@signed_in
def entry(request: HttpRequest, id: Id) -> shapes.Entry:
    """An entry as HTML, plain text and Markdown. Of a removed one only the notice is left."""
    viewer = viewer_of(request)
    return shapes.entry_shape(viewer, noticed(viewer, id))


@router.patch(
    "/entries/{int:id}",
    response=writing(shapes.Entry) | {409: shapes.Conflict},
    operation_id="edit",
    summary="Edit an entry",
)
@signed_in
def edit(request: HttpRequest, id: Id, sent: Annotated[Change, Body()]) -> shapes.Entry | HttpResponse:
    """Replace one's own words; the earlier ones stay in its history.

    409 when another edit came first: `current` holds what stands now. Merge, and send again with its `version`.
    """
    viewer = viewer_of(request)
    entry = visible(viewer, id)
    # What was not sent is written back as it stands; stored HTML is read to the very same HTML.
    body, written_as = (entry.body, "html") if sent.body is None else (sent.body, sent.format)
    title = entry.title if sent.title is None else sent.title
    try:
        edited = actions.edit_entry(
            by=viewer, entry=entry, body=body, version=sent.version, title=title, format=written_as
        )
    except actions.EditConflict as conflict:
        standing = shapes.entry_shape(viewer, visible(viewer, conflict.entry.pk))
        return problem(409, str(conflict), current=standing.model_dump(mode="json"))
    return shapes.entry_shape(viewer, edited)


@router.delete(
    "/entries/{int:id}", response=answers(None, status=204), operation_id="remove", summary="Remove an entry"
)
@signed_in
def remove(request: HttpRequest, id: Id) -> Status[None]:
    """Take an entry away from everybody's eyes; a notice stands in its place, and the page can undo it."""
    viewer = viewer_of(request)
    actions.remove_entry(by=viewer, entry=visible(viewer, id))
    return Status(204, None)


@router.get(
    "/entries/{int:id}/comments",
    response=answers(shapes.EntryList),
    operation_id="comments",
    summary="Answers to an entry",
)
@signed_in
def comments(request: HttpRequest, id: Id, asked: Annotated[Part, Query()]) -> shapes.EntryList:
    """Of an opener: the whole thread, oldest first. Of a comment: the direct answers to it."""
    viewer = viewer_of(request)
    on = noticed(viewer, id)
    given = queries.replies_of(viewer, on.root or on)
    if on.is_reply:
        given = given.filter(reply_to=on)
    page = part_of(given, asked, ("published_at", "id"))
    return shapes.EntryList(items=shapes.entry_shapes(viewer, page.things), next=page.next)


@router.post(
    "/entries/{int:id}/comments",
    response=writing(shapes.Entry, status=201),
    operation_id="comment",
    summary="Answer an entry",
)
@signed_in
def comment(
    request: HttpRequest, response: HttpResponse, id: Id, sent: Annotated[NewComment, Body()]
) -> Status[shapes.Entry]:
    """Answer the opener of a thread or any comment in it."""
    viewer = viewer_of(request)
    entry = actions.add_comment(
        by=viewer, on=visible(viewer, id), body=sent.body, format=sent.format, files=sent.attachments
    )
    return created(request, response, entry)


@router.put(
    "/entries/{int:id}/reactions/{emoji}",
    response=answers(shapes.Entry),
    operation_id="react",
    summary="React",
)
@signed_in
def react(request: HttpRequest, id: Id, emoji: PathEmoji) -> shapes.Entry:
    """Give one of the six reactions, or one that already stands on the entry. Twice changes nothing."""
    viewer = viewer_of(request)
    actions.react(by=viewer, entry=visible(viewer, id), emoji=offered(emoji))
    return shapes.entry_shape(viewer, visible(viewer, id))


@router.delete(
    "/entries/{int:id}/reactions/{emoji}",
    response=answers(None, status=204),
    operation_id="take_back_reaction",
    summary="Take a reaction back",
)
@signed_in
def take_back_reaction(request: HttpRequest, id: Id, emoji: PathEmoji) -> Status[None]:
    viewer = viewer_of(request)
    actions.take_back_reaction(by=viewer, entry=visible(viewer, id), emoji=offered(emoji))
    return Status(204, None)


def offered(emoji: str) -> str:
    """The reaction as it is stored: programs often leave out the invisible sign that makes ❤ colourful."""
    return next((known for known in REACTIONS if known.strip("\ufe0f") == emoji.strip("\ufe0f")), emoji)


@router.put(
    "/entries/{int:id}/bookmark",
    response=answers(None, status=204),
    operation_id="keep",
    summary="Bookmark an entry",
)
@signed_in
def keep(request: HttpRequest, id: Id) -> Status[None]:
    """Keep an entry for oneself; nobody else is told."""
    viewer = viewer_of(request)
    actions.bookmark(by=viewer, entry=visible(viewer, id))
    return Status(204, None)


@router.delete(
    "/entries/{int:id}/bookmark",
    response=answers(None, status=204),
    operation_id="remove_bookmark",
    summary="Remove a bookmark",
)
@signed_in
def remove_bookmark(request: HttpRequest, id: Id) -> Status[None]:
    viewer = viewer_of(request)
    actions.remove_bookmark(by=viewer, entry=visible(viewer, id))
    return Status(204, None)
