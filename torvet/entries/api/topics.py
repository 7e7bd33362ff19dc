"""Topics over the API."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from torvet.base.api import Line, Name, Part, answers, found
from torvet.base.pages import paginate
from torvet.base.policies import signed_in
from torvet.entries import queries, shapes
from torvet.entries.models import Topic
from torvet.people.viewer import Viewer, viewer_of

router = Router(tags=["Topics"])
PathTopic = Annotated[Name, Field(max_length=64, description="The #word without the #")]


class Begun(Part):
    q: Annotated[Line, Field(max_length=64, description="How the name begins")] = ""


@router.get("/topics", response=answers(shapes.TopicList), operation_id="topics", summary="Topics")
@signed_in
def topics(request: HttpRequest, asked: Annotated[Begun, Query()]) -> shapes.TopicList:
    """#words in threads that the viewer may read, by name."""
    viewer = viewer_of(request)
    known = queries.topics_visible_to(viewer)
    if asked.q:
        known = known.filter(name__startswith=asked.q.removeprefix("#").casefold())
    page = paginate(known, order=("name", "id"), after=asked.after, size=asked.limit)
    return shapes.TopicList(items=shapes.topic_shapes(viewer, page.things), next=page.next)


def topic_seen(viewer: Viewer, name: str) -> Topic:
    """The topic, when it stands in a thread that the viewer may read; else 404."""
    shown: Topic = found(queries.topics_visible_to(viewer).filter(name=name.casefold()).first())
    return shown


@router.get(
    "/topics/{name}",
    response=answers(shapes.Topic),
    operation_id="topic",
    summary="One topic",
)
@signed_in
def topic(request: HttpRequest, name: PathTopic) -> shapes.Topic:
    viewer = viewer_of(request)
    return shapes.topic_shapes(viewer, [topic_seen(viewer, name)])[0]
