"""Opening, changing and closing a space."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.people.models import Member
from torvet.people.names import normal_name
from torvet.people.viewer import Viewer
from torvet.spaces import queries, rules
from torvet.spaces.actions.coming import add_member
from torvet.spaces.actions.inner import follow_outer
from torvet.spaces.models import Access, Membership, Space, Standing

CHANGEABLE = frozenset({
    "name", "purpose", "audience", "responsible", "access", "has_guests", "is_default", "question", "language",
})  # fmt: skip
SHOWN_ON_CARDS = frozenset({"name", "access", "has_guests"})
OPENNESS = {Access.SECRET: 0, Access.CLOSED: 1, Access.OPEN: 2}


@transaction.atomic
def open_space(
    *,
    by: Viewer,
    name: str,
    purpose: str,
    audience: str,
    responsible: Member,
    access: str = Access.OPEN,
    has_guests: bool = False,
    question: str = "",
    language: str = "",
) -> Space:
    """A new space. Raises Refused when it is not said why, for whom, and who is responsible."""
    require(rules.can_open_space(by))
    if not (purpose.strip() and audience.strip()):
        raise Refused(_("Say why the space is there and for whom. People see it where they write."))
    if not rules.can_be_responsible(responsible):
        raise Refused(_("The responsible person must be a colleague with an open account."))
    assert by.member is not None  # can_open_space said so
    space = Space.objects.create(
        name=normal_name(name),
        purpose=purpose.strip(),
        audience=audience.strip(),
        responsible=responsible,
        access=Access(access),
        has_guests=has_guests,
        question=question.strip(),
        language=language,
        opened_by=by.member,
    )
    add_member(space, by.member, Standing.OWNER)
    if responsible.pk != by.id:
        add_member(space, responsible, Standing.OWNER)
    record(verbs.OPENED_SPACE, by=by, space_id=space.pk)
    return space


@transaction.atomic
def change_space(*, by: Viewer, space: Space, changes: Mapping[str, Any]) -> Space:
    """Change what a space says of itself.

    Raises Refused when it would open what was said in confidence: a closed or secret space that holds entries never
    becomes more open, and guests are not let into what colleagues wrote among themselves.
    """
    require(rules.can_change_space(by, space, queries.membership_of(by, space)))
    changed = {
        field: value
        for field, value in changes.items()
        if field in CHANGEABLE and getattr(space, field) != value
    }
    if not changed:
        return space
    _never_widen(space, changed)
    if changed.get("is_default") and not rules.can_make_default(by, space):
        raise Refused(
            _("Only a community manager can make an open space one that newcomers join by themselves.")
        )
    for field, value in changed.items():
        setattr(space, field, normal_name(value) if field == "name" else value)
    if not space.is_open:
        space.is_default = False
    bumped = {"version": F("version") + 1} if SHOWN_ON_CARDS & changed.keys() else {}
    Space.objects.filter(pk=space.pk).update(
        **{field: getattr(space, field) for field in CHANGEABLE}, epoch=F("epoch") + 1, **bumped
    )
    space.refresh_from_db()
    follow_outer(space)
    record(verbs.CHANGED_SPACE, by=by, space_id=space.pk, fields=sorted(changed))
    return space


def _never_widen(space: Space, changed: Mapping[str, Any]) -> None:
    if space.last_published_at is None:
        return
    wanted = Access(changed.get("access", space.access))
    if OPENNESS[wanted] > OPENNESS[Access(space.access)]:
        raise Refused(
            _(
                "People have written here trusting that it stays inside. Open a new space instead, and say so here."
            )
        )
    if changed.get("has_guests") and not space.has_guests:
        raise Refused(
            _("Colleagues have written here among themselves. Open a new space for guests instead.")
        )


@transaction.atomic
def archive_space(*, by: Viewer, space: Space) -> Space:
    """Close a space for writing; it stays readable to those who could read it."""
    require(rules.can_change_space(by, space, queries.membership_of(by, space)))
    space.archived_at = timezone.now()
    Space.objects.filter(pk=space.pk).update(archived_at=space.archived_at, is_default=False)
    follow_outer(space)
    record(verbs.ARCHIVED_SPACE, by=by, space_id=space.pk)
    return space


@transaction.atomic
def reopen_space(*, by: Viewer, space: Space) -> Space:
    require(rules.can_change_space(by, space, queries.membership_of(by, space)))
    space.archived_at = None
    Space.objects.filter(pk=space.pk).update(archived_at=None)
    follow_outer(space)
    record(verbs.REOPENED_SPACE, by=by, space_id=space.pk)
    return space


def join_default_spaces(member: Member) -> None:
    """Put a newcomer into the spaces that newcomers join by themselves. Guests get none."""
    if member.role == "guest":
        return
    spaces = Space.objects.living().filter(is_default=True, access=Access.OPEN)
    for space in spaces.exclude(pk__in=Membership.objects.filter(member=member).values("space_id")):
        add_member(space, member, Standing.MEMBER)
