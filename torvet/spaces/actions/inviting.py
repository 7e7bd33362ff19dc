"""Inviting: colleagues into a space, newcomers into the company, guests into one space and nowhere else."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.people.actions import make_member, open_account
from torvet.people.models import Member, Role
from torvet.people.names import normal_email
from torvet.people.queries import digest_of
from torvet.people.viewer import Viewer
from torvet.spaces import queries, rules
from torvet.spaces.actions.coming import add_member
from torvet.spaces.actions.opening import join_default_spaces
from torvet.spaces.models import Invitation, Membership, Space

INVITATION_LIVES = timedelta(days=14)


def still_stands(invitation: Invitation) -> bool:
    """Whether an invitation still lets somebody in: it has not ended, and its inviter may still invite."""
    inviter = Viewer.of(invitation.invited_by)
    membership = queries.membership_of(inviter, invitation.space) if invitation.space else None
    return rules.still_stands(invitation, inviter, membership)


def invitation_behind(key: str) -> Invitation | None:
    """The invitation of a link that still works; None for every other key, whatever is wrong with it."""
    found = queries.live_invitation(key)
    return found if found and not found.member_id and still_stands(found) else None


@transaction.atomic
def invite_member(*, by: Viewer, space: Space, member: Member) -> Invitation:
    """Ask a colleague, or a guest of the town, into a space. They choose; inviting twice changes nothing."""
    membership = queries.membership_of(by, space)
    is_guest = member.role == Role.GUEST
    allowed = rules.can_invite_guest if is_guest else rules.can_invite
    require(allowed(by, space, membership), _("Guests can only be invited where guests are welcome."))
    if Membership.objects.filter(space=space, member=member).exists():
        raise Refused(_("%(name)s is already here.") % {"name": member.name})
    invitation, is_new = Invitation.objects.get_or_create(
        space=space,
        member=member,
        accepted_at=None,
        defaults={
            "digest": digest_of(secrets.token_urlsafe(32)),
            "invited_by_id": by.id,
            "role": member.role,
            "expires_at": timezone.now() + INVITATION_LIVES,
        },
    )
    if not is_new and not still_stands(invitation):
        # It ended, or whoever sent it may no longer invite: it is this viewer's now.
        invitation.invited_by_id, invitation.role = by.id, member.role
        invitation.expires_at = timezone.now() + INVITATION_LIVES
        invitation.save(update_fields=["invited_by", "role", "expires_at"])
        is_new = True
    if is_new:
        record(verbs.INVITED, by=by, about=member, space_id=space.pk, invitation=invitation.pk)
    return invitation


@transaction.atomic
def invite_by_link(
    *, by: Viewer, role: str = Role.MEMBER, space: Space | None = None, email: str = ""
) -> tuple[Invitation, str]:
    """An invitation for somebody without an account. Gives the row and the key of its link, which is shown once.

    A guest's invitation always names a space. Only community managers invite to the company itself.
    """
    if role == Role.GUEST:
        if space is None:
            raise Refused(_("A guest is always invited to a space."))
        require(rules.can_invite_guest(by, space, queries.membership_of(by, space)))
    else:
        if role not in {Role.MEMBER, Role.LEADER}:
            raise Refused(_("Give this role after the person has joined."))
        require(rules.can_invite_to_company(by))
        if space is not None:
            require(rules.can_invite(by, space, queries.membership_of(by, space)))
    key = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        digest=digest_of(key),
        email=normal_email(email) if email else "",
        space=space,
        role=role,
        invited_by_id=by.id,
        expires_at=timezone.now() + INVITATION_LIVES,
    )
    record(verbs.INVITED, by=by, space_id=space.pk if space else None, invitation=invitation.pk)
    return invitation, key


def send_invitation(*, by: Viewer, invitation: Invitation, address: str, company: str) -> bool:
    """Mail the link to the invited address. False when no mail was sent; the link can always be passed on by hand."""
    require(invitation.invited_by_id == by.id and bool(invitation.email))
    assert by.member is not None  # the rule above said so
    subject = _("%(name)s invites you to %(company)s") % {"name": by.member.name, "company": company}
    text = _("Open this address to join. It works for 14 days:\n\n%(address)s\n") % {"address": address}
    return send_mail(subject, text, None, [invitation.email], fail_silently=True) == 1


@transaction.atomic
def sign_up(*, invitation: Invitation, email: str, name: str, password: str, language: str = "") -> Member:
    """Make the account that an invitation offers, and let it into the space that it names.

    Raises Refused when the invitation ended or is for another address, ValidationError for a weak password.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.member_id or not still_stands(invitation):
        raise Refused(_("This invitation has ended. Ask for a new one."))
    address = normal_email(email)
    if invitation.email and invitation.email != address:
        raise Refused(_("This invitation is for another e-mail address."))
    known = Member.objects.filter(email__iexact=address).first()
    if known is None:
        member = make_member(
            email=address, name=name, password=password, role=invitation.role, language=language
        )
    elif _is_waiting_for(invitation, known):
        member = open_account(member=known, name=name, password=password)
    else:
        raise Refused(_("This address cannot be used here. If you have an account, sign in first."))
    _use_up(invitation)
    if invitation.space:
        add_member(invitation.space, member)
    join_default_spaces(member)
    record(
        verbs.SIGNED_UP,
        by=Viewer.of(member),
        about=member,
        space_id=invitation.space_id,
        invitation=invitation.pk,
    )
    return member


@transaction.atomic
def accept_invitation(*, by: Viewer, invitation: Invitation) -> Space:
    """Come into the space one was invited to; for members who are already signed in.

    A link for guests also lets a colleague in, never the other way round.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).select_related("space").get(pk=invitation.pk)
    )
    assert by.member is not None  # routes that lead here are for signed-in members
    for_somebody_else = (invitation.member_id and invitation.member_id != by.id) or (
        invitation.email and invitation.email != normal_email(by.member.email)
    )
    space = invitation.space
    require(by.can_write and still_stands(invitation) and not for_somebody_else and space is not None)
    assert space is not None  # the line above
    require(not space.is_archived and (not by.is_guest or invitation.role == Role.GUEST))
    add_member(space, by.member)
    _use_up(invitation)
    record(verbs.JOINED, by=by, about=by.member, space_id=space.pk, invitation=invitation.pk)
    return space


@transaction.atomic
def decline_invitation(*, by: Viewer, invitation: Invitation) -> None:
    """Say no; nobody is told."""
    require(by.can_write and invitation.member_id == by.id)
    invitation.delete()


@transaction.atomic
def withdraw_invitation(*, by: Viewer, invitation: Invitation) -> None:
    """Take an invitation back; its link stops working."""
    space = invitation.space
    runs = space is not None and rules.can_run(by, space, queries.membership_of(by, space))
    require(
        by.can_write and (invitation.invited_by_id == by.id or runs or (space is None and by.is_community))
    )
    invitation.delete()


def _is_waiting_for(invitation: Invitation, known: Member) -> bool:
    """Somebody from an import, invited by those who look after accounts, may choose a first password.

    Bound to their address and never for an administrator: whoever holds the link would be that person.
    """
    return (
        bool(invitation.email)
        and invitation.role != Role.GUEST
        and known.role not in {Role.ADMINISTRATOR, Role.COMMUNITY_MANAGER}
        and known.is_active
        and not known.has_usable_password()
    )


def _use_up(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now(), uses=F("uses") + 1)
