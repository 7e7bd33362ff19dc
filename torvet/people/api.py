"""People over the API: who asks, the directory, the units. Accounts, roles and tokens are changed in a browser only."""

from __future__ import annotations

from typing import Annotated

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from torvet.base.api import Id, Line, Part, answers, found
from torvet.base.pages import paginate
from torvet.base.policies import colleague, signed_in
from torvet.people import queries, shapes
from torvet.people.models import Member, Site, Unit
from torvet.people.viewer import viewer_of

router = Router(tags=["People"])


class Wanted(Part):
    q: Annotated[Line, Field(max_length=100, description="Words of a name, a handle or a title")] = ""
    unit: Annotated[Id | None, Field(description="Everybody in this unit and below it")] = None
    site: Annotated[Id | None, Field(description="Everybody at this site")] = None


@router.get("/me", response=answers(shapes.Me), operation_id="me", summary="Who asks")
@signed_in
def me(request: HttpRequest) -> shapes.Me:
    """The member whose session or token this is, with the scopes of the token."""
    viewer = viewer_of(request)
    company = queries.company()
    return shapes.me_shape(
        viewer, found(queries.get_visible(viewer, viewer.id)), company.name if company else ""
    )


@router.get("/members", response=answers(shapes.MemberList), operation_id="members", summary="The directory")
@signed_in
def members(request: HttpRequest, asked: Annotated[Wanted, Query()]) -> shapes.MemberList:
    """People with an open account, by name. A guest sees the people of the spaces they are in."""
    viewer = viewer_of(request)
    wanted = queries.Wanted(words=asked.q)
    # A guest asking by unit or site would learn who works where.
    if asked.unit or asked.site:
        found(viewer.is_colleague or None)
        wanted = queries.Wanted(
            words=asked.q,
            unit=found(Unit.objects.filter(pk=asked.unit).first()) if asked.unit else None,
            site=found(Site.objects.filter(pk=asked.site).first()) if asked.site else None,
        )
    page = queries.directory(viewer, wanted, after=asked.after, size=asked.limit)
    prefetch_related_objects(page.things, "manager")
    followed = queries.followed_among(viewer, page.things)
    return shapes.MemberList(items=shapes.member_shapes(viewer, page.things, followed), next=page.next)


@router.get("/members/{int:id}", response=answers(shapes.Member), operation_id="member", summary="One member")
@signed_in
def member(request: HttpRequest, id: Id) -> shapes.Member:
    """A member, also when the account is closed: what they wrote stands under their name."""
    viewer = viewer_of(request)
    shown: Member = found(queries.get_visible(viewer, id))
    return shapes.member_shape(viewer, shown, is_followed=queries.is_following(viewer, shown))


@router.get("/units", response=answers(shapes.UnitList), operation_id="units", summary="Units of the company")
@colleague
def units(request: HttpRequest, asked: Annotated[Part, Query()]) -> shapes.UnitList:
    """Departments and teams by name; `parent_id` makes the tree. Not shown to guests."""
    viewer = viewer_of(request)
    known = Unit.objects.select_related("leader") if viewer.can_read else Unit.objects.none()
    page = paginate(known, order=("name", "id"), after=asked.after, size=asked.limit)
    return shapes.UnitList(items=[shapes.unit_shape(viewer, unit) for unit in page.things], next=page.next)
