"""Handing over while somebody is still there: they ask a successor, who takes it or declines; or it needs none."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.actions.passing import make_owner
from torvet.spaces.models import Membership
from torvet.wiki import rules
from torvet.wiki.models import HandedLine, HandedState, HandOver, Page, Share
from torvet.wiki.queries.handover import Thing


class NotInside(Refused):
    """The successor could not read what they would look after."""


@transaction.atomic
def ask_successor(*, by: Viewer, hand_over: HandOver, thing: Thing, successor: Member) -> HandedLine:
    """Ask somebody to take a thing over, in place of whoever was asked before. Whoever names themselves has it at once.

    Raises NotInside for somebody who cannot read it, Refused for the one who leaves.
    """
    require(rules.can_arrange(by, hand_over))
    if successor.pk == hand_over.member_id:
        raise Refused(_("That is the person who leaves. Choose somebody who stays."))
    membership = Membership.objects.filter(space=thing.space, member=successor).first()
    if not rules.can_take(successor, thing.space, membership, is_page=thing.page is not None):
        raise NotInside(
            _(
                "%(name)s is not in %(space)s and cannot look after it. Invite them first, or choose somebody else."
            )
            % {"name": successor.name, "space": thing.space.name}
        )
    line = _decided(
        hand_over, thing, state=HandedState.ASKED, successor=successor, asked_by=by.member, why=""
    )
    if successor.pk == by.id:
        return take_over(by=by, line=line)
    entry_id = thing.page.pk if thing.page else None
    record(
        verbs.ASKED_TO_TAKE_OVER, by=by, about=successor, space_id=thing.space.pk, entry_id=entry_id,
        thread_id=entry_id, leaver=hand_over.member_id,
    )  # fmt: skip
    return line


@transaction.atomic
def take_over(*, by: Viewer, line: HandedLine) -> HandedLine:
    """Say yes: the thing is theirs from now on. Raises Refused when it went another way meanwhile."""
    line = _locked(line)
    require(rules.can_answer_line(by, line))
    assert (
        by.member is not None and line.space is not None
    )  # can_answer_line said so; the space goes with the line
    membership = Membership.objects.filter(space=line.space, member=by.member).first()
    if not rules.can_take(by.member, line.space, membership, is_page=line.page_id is not None):
        raise Refused(_("You cannot read it any more. Please tell the one who asked you."))
    if membership is None:
        spaces.join(by=by, space=line.space)
    leaver_id = line.hand_over.member_id
    if line.page_id is None:
        make_owner(by=by, space=line.space, member=by.member, instead_of=[leaver_id])
    else:
        _take_page(by, line, leaver_id)
    _answered(line, HandedState.ACCEPTED)
    _tell_who_asked(verbs.TOOK_OVER, by, line)
    return line


def _take_page(by: Viewer, line: HandedLine, leaver_id: int) -> None:
    page = Page.objects.select_for_update().get(pk=line.page_id)
    if getattr(page, f"{line.share}_id") != leaver_id:
        raise Refused(_("Somebody else looks after this page meanwhile. Thank you all the same."))
    setattr(page, line.share, by.member)
    if line.share == Share.OWNER and page.deputy_id in {by.id, leaver_id}:
        page.deputy = None  # nobody stands in for themselves
    page.save(update_fields=["owner", "deputy"])
    record(
        verbs.NAMED_OWNER, by=by, about=by.member, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk
    )


@transaction.atomic
def decline(*, by: Viewer, line: HandedLine) -> HandedLine:
    """Say no; the one who asked is told and asks somebody else."""
    line = _locked(line)
    require(rules.can_answer_line(by, line))
    _answered(line, HandedState.DECLINED)
    _tell_who_asked(verbs.DECLINED_TO_TAKE_OVER, by, line)
    return line


@transaction.atomic
def drop(*, by: Viewer, hand_over: HandOver, thing: Thing) -> None:
    """Say that nobody need be asked: it falls where it falls when the account is closed."""
    require(rules.can_arrange(by, hand_over))
    _decided(hand_over, thing, state=HandedState.DROPPED, successor=None, asked_by=by.member)


@transaction.atomic
def show_hand_over(*, by: Viewer, hand_over: HandOver) -> None:
    """Let one's manager and administrators see the list before its day has come."""
    require(rules.can_tell(by, hand_over))
    if hand_over.shared_at is None:
        hand_over.shared_at = timezone.now()
        hand_over.save(update_fields=["shared_at"])
        record(verbs.SHOWED_HAND_OVER, by=by, about=hand_over.member.manager)


@transaction.atomic
def keep_quiet(*, by: Viewer, hand_over: HandOver, is_quiet: bool) -> None:
    """Ask the one who leaves nothing more, or ask again. What they own is passed on all the same."""
    require(rules.can_tell(by, hand_over))
    hand_over.is_quiet = is_quiet
    hand_over.save(update_fields=["is_quiet"])


def _decided(hand_over: HandOver, thing: Thing, **columns: Any) -> HandedLine:
    """The one line of this thing, saying this. A page may have been kept to fewer people since it was written."""
    known = {"page": thing.page} if thing.page is not None else {"page": None, "space": thing.space}
    line, _is_new = HandedLine.objects.update_or_create(
        hand_over=hand_over, share=thing.share, **known,
        defaults={"space": thing.space, "changed_at": timezone.now(), **columns},
    )  # fmt: skip
    return line


def _locked(line: HandedLine) -> HandedLine:
    rows = HandedLine.objects.select_for_update(of=("self",))
    line = rows.select_related("hand_over__member", "space", "page__entry__space").get(pk=line.pk)
    if line.page is not None:
        line.space = line.page.entry.space  # which may be another than when it was asked
    return line


def _answered(line: HandedLine, state: HandedState) -> None:
    line.state, line.changed_at = state, timezone.now()
    line.save(update_fields=["state", "changed_at"])


def _tell_who_asked(verb: str, by: Viewer, line: HandedLine) -> None:
    record(
        verb, by=by, about=line.asked_by, space_id=line.space_id, entry_id=line.page_id, thread_id=line.page_id,
        leaver=line.hand_over.member_id,
    )  # fmt: skip
