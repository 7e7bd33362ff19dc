"""Who could take a thing over: a few people, each with the reason they are named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from torvet.entries.models import Revision
from torvet.people.models import LeavingDate, Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space, Standing
from torvet.wiki.queries.handover import Thing

SHOWN = 6
LOOKED_AT = 40


@dataclass(frozen=True)
class Suggestion:
    """`membership` is theirs of the space, or None."""

    member: Member
    reason: str | Promise
    membership: Membership | None


def suggestions(viewer: Viewer, leaver: Member, thing: Thing) -> list[Suggestion]:
    """People who stand near a thing, the nearest first; six statements. Ask `rules.can_take` of each."""
    reasons: dict[int, str | Promise] = {}
    page = thing.page
    if page is not None:
        for named, reason in ((page.owner_id, _("owns it")), (page.deputy_id, _("is its deputy"))):
            if named:
                reasons.setdefault(named, reason)
        edits = Revision.objects.filter(entry=page.pk).values("replaced_by").annotate(number=Count("pk"))
        for row in edits.order_by("-number", "replaced_by")[:SHOWN]:
            if row["replaced_by"]:
                reasons.setdefault(row["replaced_by"], _("has edited it most"))
        if page.unit and page.unit.leader_id:
            reasons.setdefault(page.unit.leader_id, _("leads the unit it belongs to"))
    runs = Membership.objects.visible_to(viewer).filter(space=thing.space).exclude(standing=Standing.MEMBER)
    for pk in runs.order_by("joined_at", "id").values_list("member_id", flat=True)[:SHOWN]:
        reasons.setdefault(pk, _("helps to run the space"))
    if leaver.unit_id:
        near = Membership.objects.visible_to(viewer).filter(space=thing.space, member__unit=leaver.unit_id)
        for pk in near.order_by("joined_at", "id").values_list("member_id", flat=True)[:LOOKED_AT]:
            reasons.setdefault(pk, _("works in the same unit"))
    reasons.pop(leaver.pk, None)
    return _known(viewer, thing, reasons)


def _known(viewer: Viewer, thing: Thing, reasons: dict[int, str | Promise]) -> list[Suggestion]:
    """Those with an open account, in the given order. Who is known to leave too is no help; a secret day stays one."""
    people = Member.objects.visible_to(viewer).active().select_related("unit").in_bulk(reasons)
    inside = memberships_in(thing.space, reasons)
    leaving = set(
        LeavingDate.objects.visible_to(viewer).filter(member__in=reasons).values_list("member_id", flat=True)
    )
    return [
        Suggestion(people[pk], reason, inside.get(pk))
        for pk, reason in reasons.items()
        if pk in people and pk not in leaving
    ]


def memberships_in(space: Space, members: Iterable[int]) -> dict[int, Membership]:
    """member id -> their membership of the space."""
    return {row.member_id: row for row in Membership.objects.filter(space=space, member__in=members)}
