"""Where a page stands in the tree of its space."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.actions.hold import hold_tree
from torvet.wiki.actions.narrow import take_along
from torvet.wiki.models import Page

DEEPEST = 40  # levels; a tree that nobody can find the bottom of helps nobody


@transaction.atomic
def move_page(*, by: Viewer, page: Page, parent: Page | None, before: Page | None = None) -> Page:
    """Put a page, with all that is below it, under another or at the top; before a sibling, or last.

    Raises Refused for a place below itself, in another space, or too deep.
    """
    require(rules.can_move_page(by, page, membership_of(by, page.entry.space)))
    hold_tree(page.space)
    page = (
        Page.objects.select_for_update(of=("self",)).select_related("entry__space", "space").get(pk=page.pk)
    )
    parent = Page.objects.select_related("entry__space").get(pk=parent.pk) if parent else None
    check_parent(page.space, parent, page)
    take_along(by=by, page=page, parent=parent)
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


def check_parent(space: Space, parent: Page | None, page: Page | None = None) -> None:
    if parent is None:
        return
    if parent.space_id != space.pk:
        raise Refused(_("A page stands in the tree of its own space."))
    if page is not None and (parent.pk == page.pk or page.pk in parent.above):
        raise Refused(_("A page cannot stand below itself. Choose another place."))
    if len(parent.above) + 2 + (_levels_below(page) if page is not None else 0) > DEEPEST:
        raise Refused(_("The tree would be too deep here. Choose a place further up."))


def _levels_below(page: Page) -> int:
    rows = Page.objects.filter(space=page.space_id, trail__startswith=page.own_trail)
    deepest = max((trail.count(",") for trail in rows.values_list("trail", flat=True)), default=0)
    return max(0, deepest - page.trail.count(","))


def last_place(space: Space, parent: Page | None) -> int:
    last: int | None = Page.objects.filter(space=space, parent=parent).aggregate(last=Max("place"))["last"]
    return 0 if last is None else last + 1
