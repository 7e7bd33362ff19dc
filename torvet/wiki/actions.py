"""Writing, moving and keeping pages true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import actions as entries
from torvet.people.models import Member, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import Page, Sort

DEEPEST = 40  # levels; a tree that nobody can find the bottom of helps nobody
DAYS_IN_MONTH = 30.44


@transaction.atomic
def write_page(
    *,
    by: Viewer,
    space: Space,
    title: str,
    body: str,
    parent: Page | None = None,
    sort: str = Sort.PLAIN,
    format: str = "markdown",
    files: Sequence[str] = (),
    alts: Mapping[str, str] | None = None,
) -> Page:
    """Write a new page, last among its siblings. Whoever writes it answers for it until they name somebody else.

    Raises Refused without a title, for a text that is too long, or a parent in another space.
    """
    require(rules.can_write_page(by, space, membership_of(by, space)))
    if not title.strip():
        raise Refused(_("A page needs a title, so that others find it."))
    _check_parent(space, parent)
    entry = entries.publish_thread(
        by=by, space=space, kind=PAGE.key, title=title, body=body, format=format, files=files, alts=alts
    )
    return Page.objects.create(
        entry=entry,
        space=space,
        parent=parent,
        trail=parent.own_trail if parent else ",",
        place=_last_place(space, parent),
        sort=sort,
        owner=entry.author,
        unit=entry.author.unit,
        confirmed_by=entry.author,
        confirmed_at=entry.published_at,
        confirmed_until=_next_look(12),
    )


@transaction.atomic
def edit_page(
    *, by: Viewer, page: Page, title: str, body: str, version: int, sort: str = "", format: str = "markdown"
) -> Page:
    """Replace the words of a page. Raises EditConflict when another edit came first, Refused without a title."""
    require(rules.can_edit_page(by, page, membership_of(by, page.entry.space)))
    if not title.strip():
        raise Refused(_("A page needs a title, so that others find it."))
    entries.edit_entry(by=by, entry=page.entry, title=title, body=body, version=version, format=format)
    if sort and sort != page.sort:
        page.sort = Sort(sort)
        page.save(update_fields=["sort"])
    return page


@transaction.atomic
def move_page(*, by: Viewer, page: Page, parent: Page | None, before: Page | None = None) -> Page:
    """Put a page, with all that is below it, under another or at the top; before a sibling, or last.

    Raises Refused for a place below itself, in another space, or too deep.
    """
    require(rules.can_move_page(by, page, membership_of(by, page.entry.space)))
    # One at a time in a space: two moves at once could make a circle that neither sees.
    Space.objects.select_for_update().get(pk=page.space_id)
    page = Page.objects.select_for_update(of=("self",)).select_related("entry__space").get(pk=page.pk)
    parent = Page.objects.get(pk=parent.pk) if parent else None
    _check_parent(page.entry.space, parent, page)
    old, new = page.own_trail, f"{parent.own_trail if parent else ','}{page.pk},"
    page.parent, page.trail = parent, parent.own_trail if parent else ","
    siblings = [
        row for row in Page.objects.filter(space=page.space_id, parent=parent).in_order() if row != page
    ]
    at = next((index for index, row in enumerate(siblings) if before and row.pk == before.pk), len(siblings))
    siblings.insert(at, page)
    for place, row in enumerate(siblings):
        row.place = place
    page.save(update_fields=["parent", "trail"])
    Page.objects.bulk_update(siblings, ["place"], batch_size=500)
    if old != new:
        Page.objects.filter(space=page.space_id, trail__startswith=old).update(
            trail=Replace(F("trail"), Value(old), Value(new))
        )
    record(verbs.MOVED_PAGE, by=by, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk)
    return page


def confirm_page(*, by: Viewer, page: Page) -> Page:
    """Say that it is still right: the next look is due after the page's own interval."""
    require(rules.can_answer_for(by, page, membership_of(by, page.entry.space)))
    with transaction.atomic():
        page.confirmed_by, page.confirmed_at = by.member, timezone.now()
        page.confirmed_until = _next_look(page.months)
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
        page.owner, page.deputy, page.unit, page.months = owner, deputy, unit, months
        page.confirmed_until = _next_look(months)
        page.save(update_fields=["owner", "deputy", "unit", "months", "confirmed_until"])
        record(
            verbs.NAMED_OWNER, by=by, about=owner, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk
        )
    return page


def _could_edit(member: Member, page: Page) -> bool:
    viewer = Viewer.of(member)
    return rules.can_edit_page(viewer, page, membership_of(viewer, page.entry.space))


def _check_parent(space: Space, parent: Page | None, page: Page | None = None) -> None:
    if parent is None:
        return
    if parent.space_id != space.pk:
        raise Refused(_("A page stands in the tree of its own space."))
    if page is not None and (parent.pk == page.pk or page.pk in parent.above):
        raise Refused(_("A page cannot stand below itself. Choose another place."))
    if len(parent.above) + 2 > DEEPEST:
        raise Refused(_("The tree would be too deep here. Choose a place further up."))


def _last_place(space: Space, parent: Page | None) -> int:
    last: int | None = Page.objects.filter(space=space, parent=parent).aggregate(last=Max("place"))["last"]
    return 0 if last is None else last + 1


def _next_look(months: int) -> date | None:
    return timezone.localdate() + timedelta(days=round(months * DAYS_IN_MONTH)) if months else None
