"""Coming and going: join, ask, be let in, leave, be removed; and how much one wants to hear."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces import queries, rules
from torvet.spaces.models import Involvement, JoinRequest, Membership, Space, Standing


def add_member(space: Space, member: Member, standing: str = Standing.MEMBER) -> Membership:
    """The row itself, with the counts and epochs that hang on it; shared by every way in."""
    if space.within is not None:
        _must_read(member, space.within)
    membership, is_new = Membership.objects.get_or_create(
        space=space, member=member, defaults={"standing": standing}
    )
    if is_new:
        Space.objects.filter(pk=space.pk).update(member_count=F("member_count") + 1, epoch=F("epoch") + 1)
        Member.objects.filter(pk=member.pk).update(epoch=F("epoch") + 1)
        JoinRequest.objects.filter(space=space, member=member).delete()
    return membership


def drop_member(membership: Membership) -> None:
    """The way out: what hangs on the row goes with it, and open pages of the member are re-checked."""
    Space.objects.filter(pk=membership.space_id).update(
        member_count=F("member_count") - 1, epoch=F("epoch") + 1
    )
    Member.objects.filter(pk=membership.member_id).update(epoch=F("epoch") + 1)
    membership.delete()
    inner = Membership.objects.filter(space__within=membership.space_id, member=membership.member_id)
    for one in inner.select_related("space"):
        drop_member(one)
        keep_an_owner(one.space)


def keep_an_owner(inner: Space) -> None:
    """What is kept to fewer people never falls to nobody: to who is in it longest, else to those who run the space."""
    if Membership.objects.filter(space=inner, standing=Standing.OWNER, member__is_active=True).exists():
        return
    inside = Membership.objects.filter(space=inner, member__is_active=True).order_by("joined_at", "id")
    longest = inside.exclude(member__role="guest").first()
    if longest is not None:
        Membership.objects.filter(pk=longest.pk).update(standing=Standing.OWNER)
        return
    running = Membership.objects.filter(
        space=inner.within_id, standing=Standing.OWNER, member__is_active=True
    )
    for row in running.select_related("member"):
        add_member(inner, row.member, Standing.OWNER)


def _must_read(member: Member, space: Space) -> None:
    viewer = Viewer.of(member)
    if not rules.can_read(viewer, space, queries.membership_of(viewer, space)):
        raise Refused(
            _("%(name)s cannot read %(space)s, and so nothing in it.")
            % {"name": member.name, "space": space.name}
        )


@transaction.atomic
def join(*, by: Viewer, space: Space) -> Membership:
    """Join an open space."""
    require(rules.can_join(by, space, queries.membership_of(by, space)))
    assert by.member is not None  # can_join said so
    membership = add_member(space, by.member)
    record(verbs.JOINED, by=by, about=by.member, space_id=space.pk)
    return membership


@transaction.atomic
def ask_to_join(*, by: Viewer, space: Space, answer: str = "") -> JoinRequest:
    """Ask those who run a closed space to be let in; asking again changes the answer."""
    require(rules.can_ask_to_join(by, space, queries.membership_of(by, space)))
    if space.question and not answer.strip():
        raise Refused(_("Please answer the question of the space."))
    asked, is_new = JoinRequest.objects.update_or_create(
        space=space, member_id=by.id, defaults={"answer": answer.strip()[:500]}
    )
    if is_new:
        record(verbs.ASKED_TO_JOIN, by=by, about=by.member, space_id=space.pk)
    return asked


@transaction.atomic
def withdraw_request(*, by: Viewer, space: Space) -> None:
    """Ask no longer; not recorded, for nothing came of it."""
    require(by.can_write)
    JoinRequest.objects.filter(space=space, member_id=by.id).delete()


@transaction.atomic
def answer_request(*, by: Viewer, asked: JoinRequest, is_let_in: bool) -> None:
    """Let somebody in, or turn them down."""
    space = asked.space
    require(rules.can_run(by, space, queries.membership_of(by, space)))
    member = asked.member
    asked.delete()
    if is_let_in and member.is_active:
        add_member(space, member)
    record(verbs.LET_IN if is_let_in else verbs.TURNED_DOWN, by=by, about=member, space_id=space.pk)


@transaction.atomic
def leave(*, by: Viewer, space: Space) -> None:
    """Leave a space. Its last owner names another first."""
    membership = queries.membership_of(by, space)
    require(rules.can_leave(by, membership))
    assert membership is not None  # can_leave said so
    _keep_one_owner(membership)
    drop_member(membership)
    record(verbs.LEFT, by=by, about=by.member, space_id=space.pk)


@transaction.atomic
def remove_member(*, by: Viewer, membership: Membership) -> None:
    """Take somebody out of a space; they see it no more, in open pages too."""
    space, member = membership.space, membership.member
    require(rules.can_remove_member(by, space, queries.membership_of(by, space), membership))
    _keep_one_owner(membership)
    drop_member(membership)
    record(verbs.REMOVED_MEMBER, by=by, about=member, space_id=space.pk)


@transaction.atomic
def change_standing(*, by: Viewer, membership: Membership, standing: str) -> Membership:
    """Make a member owner or moderator, or an ordinary member again."""
    space = membership.space
    require(rules.can_change_standing(by, space, queries.membership_of(by, space), membership))
    if membership.member.role == "guest" and standing != Standing.MEMBER:
        raise Refused(_("A guest cannot run a space."))
    if standing != Standing.OWNER:
        _keep_one_owner(membership)
    membership.standing = Standing(standing)
    membership.save(update_fields=["standing"])
    record(verbs.CHANGED_STANDING, by=by, about=membership.member, space_id=space.pk, standing=standing)
    return membership


def _keep_one_owner(membership: Membership) -> None:
    if membership.standing != Standing.OWNER:
        return
    others = Membership.objects.filter(
        space_id=membership.space_id, standing=Standing.OWNER, member__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise Refused(_("Somebody must own the space. Make another member its owner first, or archive it."))


@transaction.atomic
def change_involvement(*, by: Viewer, space: Space, involvement: str) -> Membership:
    """How much the viewer wants to hear from a space."""
    membership = queries.membership_of(by, space)
    require(rules.can_leave(by, membership))
    assert membership is not None  # can_leave said so
    membership.involvement = Involvement(involvement)
    membership.save(update_fields=["involvement"])
    record(verbs.CHANGED_INVOLVEMENT, by=by, about=by.member, space_id=space.pk)
    return membership


def keep_read_up(*, by: Viewer, space: Space, read_at: datetime) -> None:
    """Whoever had read all of a space has still read all of it when they post there themselves.

    To be called before the space's newest time moves on.
    """
    up_to_date = Q(space__last_published_at=None) | Q(read_at__gte=F("space__last_published_at"))
    Membership.objects.filter(up_to_date, space=space, member_id=by.id).update(read_at=read_at)


def mark_space_read(*, by: Viewer, space: Space, read_at: datetime) -> None:
    """Move the viewer's own read position forward; never back. Not recorded: nobody asks who has read what."""
    require(by.can_read)
    Membership.objects.filter(space=space, member_id=by.id, read_at__lt=read_at).update(read_at=read_at)
