"""Making a page of what was said in a thread."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import actions as entries
from torvet.entries import queries as entry_queries
from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.actions.keep import name_owner
from torvet.wiki.actions.write import write_page
from torvet.wiki.conversation import files_named, with_files
from torvet.wiki.models import Page, PageSource, Sort
from torvet.wiki.queries.sources import standing_parts

MONTHS = 12  # between two looks, unless somebody says otherwise


def make_page(
    *,
    by: Viewer,
    thread: Entry,
    parts: Sequence[int],
    space: Space,
    title: str,
    body: str,
    format: str = "markdown",
    parent: Page | None = None,
    sort: str = Sort.PLAIN,
    owner: Member | None = None,
    months: int = MONTHS,
) -> Page:
    """Write a page with words of a thread, and credit those who said them. `parts` are the entries they come from.

    Their pictures and files that the text shows or links to come along as the page's own. Raises Refused without a
    part, when one has been removed, and for what `write_page` and `name_owner` refuse.
    """
    require(rules.can_make_page(by, thread, space, membership_of(by, space)))
    sources = _standing(by, thread, parts)
    # As uploads of their own, before the transaction: it must not stay open while files are copied.
    body = with_files(body, _copies(by, sources, files_named(body)))
    with transaction.atomic():
        _standing(by, thread, parts, is_held=True)
        page = write_page(by=by, space=space, title=title, body=body, parent=parent, sort=sort, format=format)
        owner = owner or page.owner
        if owner.pk != page.owner_id or months != MONTHS:
            page = name_owner(by=by, page=page, owner=owner, deputy=None, unit=owner.unit, months=months)
        PageSource.objects.bulk_create(
            [PageSource(page=page, entry=part, made_by_id=by.id) for part in sources]
        )
        record(verbs.MADE_PAGE, by=by, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk)
    return page


def _standing(by: Viewer, thread: Entry, parts: Sequence[int], *, is_held: bool = False) -> list[Entry]:
    """The parts as they are now; held, nobody removes one until the page is written. Raises Refused."""
    wanted = set(parts)
    if not wanted:
        raise Refused(_("Choose whose words the page holds."))
    if is_held:
        rows = entry_queries.visible(by).filter(pk__in=wanted)
        list(rows.select_for_update(of=("self",)).values_list("pk"))
    found = standing_parts(by, thread, wanted)
    if len(found) != len(wanted):
        raise Refused(
            _(
                "Something you chose has been removed meanwhile. Take its words out of the text, and choose again."
            )
        )
    if any(part.space_id != thread.space_id for part in found):
        raise Refused(_("This was moved to where other people read it. Look at it again first."))
    return found


def _copies(by: Viewer, sources: Sequence[Entry], named: Sequence[str]) -> dict[str, str]:
    """Old key -> the key of a copy that `by` has uploaded, for the files of these entries that a text names."""
    carried = entry_queries.attachments_of([source.pk for source in sources])
    rows = {row.key: row for some in carried.values() for row in some}
    return {key: entries.copy_file(by=by, attachment=rows[key]).key for key in named if key in rows}
