"""Spaces over the API: find them, see who is in them, come and go."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Body, Query, Router, Status
from pydantic import Field

from torvet.agreement.queries import state_of
from torvet.agreement.register import State
from torvet.base.api import Asked, Id, Line, Part, Prose, answers, found, writing
from torvet.base.pages import paginate
from torvet.base.policies import signed_in
from torvet.base.rules import require
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces import actions, queries, rules, shapes
from torvet.spaces.models import Membership, Space, Standing

router = Router(tags=["Spaces"])


class Answer(Asked):
    """What somebody says who asks to be let in."""

    answer: Annotated[Prose, Field(max_length=500)] = ""


class Wanted(Part):
    q: Annotated[Line, Field(max_length=100, description="Words of a name or a purpose")] = ""
    joined: Annotated[bool, Field(description="Only those the viewer is in")] = False
    archived: Annotated[bool, Field(description="The archived ones instead of the living")] = False


@router.get("/spaces", response=answers(shapes.SpaceList), operation_id="spaces", summary="Spaces")
@signed_in
def spaces(request: HttpRequest, asked: Annotated[Wanted, Query()]) -> shapes.SpaceList:
    """The spaces that the viewer may know of, by name."""
    viewer = viewer_of(request)
    known = Space.objects.visible_to(viewer).listed().select_related("responsible")
    known = known.exclude(archived_at=None) if asked.archived else known.living()
    if asked.joined:
        known = known.joined_by(viewer)
    for word in asked.q.split()[:8]:
        known = known.filter(Q(name__icontains=word) | Q(purpose__icontains=word))
    page = paginate(known, order=("name", "id"), after=asked.after, size=asked.limit)
    return shapes.SpaceList(items=shapes.space_shapes(viewer, page.things), next=page.next)


@router.get("/spaces/{int:id}", response=answers(shapes.Space), operation_id="space", summary="One space")
@signed_in
def space(request: HttpRequest, id: Id) -> shapes.Space:
    """A space with its purpose, and what the viewer may do there. `abilities.read` tells whether it opens to them."""
    viewer = viewer_of(request)
    return shapes.space_shapes(viewer, [found(queries.get_visible(viewer, id))])[0]


@router.get(
    "/spaces/{int:id}/memberships",
    response=answers(shapes.MembershipList),
    operation_id="memberships",
    summary="Who is in a space",
)
@signed_in
def memberships(request: HttpRequest, id: Id, asked: Annotated[Part, Query()]) -> shapes.MembershipList:
    """The members of a space that the viewer may read, in the order in which they came.

    Where the agreement does not show who has joined, only those who run the space are listed, and the viewer.
    """
    viewer = viewer_of(request)
    here = readable(viewer, id)
    inside = (
        Membership.objects.visible_to(viewer)
        .filter(space=here, member__is_active=True)
        .select_related("member")
    )
    if state_of("member_counts") != State.ON:
        inside = inside.filter(~Q(standing=Standing.MEMBER) | Q(member_id=viewer.id))
    page = paginate(inside, order=("id",), after=asked.after, size=asked.limit)
    shown = [shapes.membership_shape(viewer, membership) for membership in page.things]
    return shapes.MembershipList(items=shown, next=page.next)


def readable(viewer: Viewer, pk: int) -> Space:
    """The space, when the viewer may read what is written there; else the 404 of what does not exist."""
    shown: Space = found(Space.objects.readable_by(viewer).listed().filter(pk=pk).first())
    return shown


@router.post(
    "/spaces/{int:id}/membership",
    response=writing(shapes.Coming) | {201: shapes.Coming, 202: shapes.Coming},
    operation_id="join",
    summary="Join a space, or ask to",
)
@signed_in
def join(
    request: HttpRequest, id: Id, sent: Annotated[Answer | None, Body()] = None
) -> Status[shapes.Coming]:
    """201: the viewer is in an open space now. 202: those who run a closed space were asked. 200: already in."""
    viewer = viewer_of(request)
    here: Space = found(queries.get_visible(viewer, id))
    own = queries.membership_of(viewer, here)
    if own:
        return Status(200, _came(viewer, own))
    if here.is_open:
        return Status(201, _came(viewer, actions.join(by=viewer, space=here)))
    actions.ask_to_join(by=viewer, space=here, answer=sent.answer if sent else "")
    return Status(202, shapes.Coming(state="asked", membership=None))


def _came(viewer: Viewer, membership: Membership) -> shapes.Coming:
    return shapes.Coming(state="member", membership=shapes.membership_shape(viewer, membership))


@router.delete(
    "/spaces/{int:id}/membership",
    response=answers(None, status=204),
    operation_id="leave",
    summary="Leave a space",
)
@signed_in
def leave(request: HttpRequest, id: Id) -> Status[None]:
    """The last owner of a space names another first. Who is not in it gets 403."""
    viewer = viewer_of(request)
    here: Space = found(queries.get_visible(viewer, id))
    require(rules.can_leave(viewer, queries.membership_of(viewer, here)), _("You are not in this space."))
    actions.leave(by=viewer, space=here)
    return Status(204, None)
