"""Who answers for a page, and until when it counts as right."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.people.models import Member, Unit
from torvet.people.viewer import Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.models import Page

DAYS_IN_MONTH = 30.44


def confirm_page(*, by: Viewer, page: Page) -> Page:
    """Say that it is still right: the next look is due after the page's own interval."""
    require(rules.can_answer_for(by, page, membership_of(by, page.entry.space)))
    with transaction.atomic():
        page.confirmed_by, page.confirmed_at = by.member, timezone.now()
        page.confirmed_until = next_look(page.months)
        page.save(update_fields=["confirmed_by", "confirmed_at", "confirmed_until"])
        record(verbs.CONFIRMED_PAGE, by=by, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk)
    return page


def name_owner(
    *, by: Viewer, page: Page, owner: Member, deputy: Member | None, unit: Unit | None, months: int
) -> Page:
    """Say who answers for a page, for which unit, and how often it is looked through (0: never).

    Raises Refused when owner or deputy could not edit it, so that nobody answers for what they cannot mend.
    """
    require(rules.can_change_owner(by, page, membership_of(by, page.entry.space)))
    for member in (owner, deputy):
        if member is not None and not _could_edit(member, page):
            raise Refused(
                _("%(name)s cannot write in this space, and so cannot answer for the page.")
                % {"name": member.name}
            )
    with transaction.atomic():
        if page.entry.space.is_inner:
            for member in filter(None, (owner, deputy)):
                spaces.make_owner(by=by, inner=page.entry.space, member=member)
        # Another owner has not looked it through yet: what waits for that goes on waiting.
        if months != page.months or page.confirmed_until is None:
            page.confirmed_until = next_look(months, since=page.confirmed_at)
        page.owner, page.deputy, page.unit, page.months = owner, deputy, unit, months
        page.save(update_fields=["owner", "deputy", "unit", "months", "confirmed_until"])
        record(
            verbs.NAMED_OWNER, by=by, about=owner, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk
        )
    return page


def _could_edit(member: Member, page: Page) -> bool:
    viewer = Viewer.of(member)
    return rules.can_write_where_it_stands(viewer, page, membership_of(viewer, page.entry.space))


def next_look(months: int, since: datetime | None = None) -> date | None:
    """When it is to be looked through again, counted from its last look or from today."""
    return timezone.localdate(since) + timedelta(days=round(months * DAYS_IN_MONTH)) if months else None
