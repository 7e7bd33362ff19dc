"""Must-reads over the API: what waits for the viewer, and confirming it. Asking others is done in a browser."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Router
from pydantic import Field

from torvet.base.api import Asked, Id, answers, found, writing
from torvet.base.policies import signed_in
from torvet.base.problems import problem
from torvet.base.rules import Forbidden
from torvet.notices import actions, queries, shapes
from torvet.people import queries as people
from torvet.people.viewer import viewer_of

router = Router(tags=["To confirm"])


class Read(Asked):
    """Which version was read, and in whose place."""

    version: Id  # that was read
    in_place_of: Annotated[
        Id | None, Field(description="The member who is away, for whom the viewer stands in")
    ] = None


@router.get(
    "/to-confirm",
    response=answers(shapes.ToConfirmList),
    operation_id="to_confirm",
    summary="What the viewer is asked to confirm",
)
@signed_in
def to_confirm(request: HttpRequest) -> shapes.ToConfirmList:
    """The soonest first. The list is short and comes whole."""
    viewer = viewer_of(request)
    shown = [shapes.waiting(viewer, line) for line in queries.to_confirm(viewer)]
    return shapes.ToConfirmList(items=shown, next=None)


@router.post(
    "/notices/{int:id}/confirmation",
    response=writing(shapes.Confirmation, 409),
    operation_id="confirm_reading",
    summary="Confirm that one has read it",
)
@signed_in
def confirm(
    request: HttpRequest, id: Id, read: Annotated[Read, Body()]
) -> shapes.Confirmation | HttpResponse:
    """A second time changes nothing. 409: the words have changed since; read them and send the new `version`."""
    viewer = viewer_of(request)
    notice = found(queries.get_visible(viewer, id))
    absent = found(people.get_visible(viewer, read.in_place_of)) if read.in_place_of else None
    try:
        made = actions.confirm(by=viewer, notice=notice, version=read.version, in_place_of=absent)
    except actions.OtherWords as other:
        return problem(409, _("The text has changed"), other.reason)
    except Forbidden as forbidden:
        # Who is not asked learns no more than that there is nothing for them.
        raise Http404 from forbidden
    return shapes.confirmation(made)
