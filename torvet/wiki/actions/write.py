"""Writing a page, and changing its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.base.rules import Refused, require
from torvet.entries import actions as entries
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.actions.keep import next_look
from torvet.wiki.actions.move import check_parent, last_place
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import Page, Sort


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
    check_parent(space, parent)
    entry = entries.publish_thread(
        by=by, space=space, kind=PAGE.key, title=title, body=body, format=format, files=files, alts=alts
    )
    entries.attach_named(by=by, entry=entry)
    return Page.objects.create(
        entry=entry,
        space=space,
        parent=parent,
        trail=parent.own_trail if parent else ",",
        place=last_place(space, parent),
        sort=sort,
        owner=entry.author,
        unit=entry.author.unit,
        confirmed_by=entry.author,
        confirmed_at=entry.published_at,
        confirmed_until=next_look(12),
    )


@transaction.atomic
def edit_page(
    *,
    by: Viewer,
    page: Page,
    title: str,
    body: str,
    version: int,
    sort: str = "",
    format: str = "markdown",
    goes_on: bool = False,
) -> Page:
    """Replace the words of a page. Raises EditConflict when another edit came first, Refused without a title.

    `goes_on`: one sitting saves as it types, see `edit_entry`.
    """
    require(rules.can_edit_page(by, page, membership_of(by, page.entry.space)))
    if not title.strip():
        raise Refused(_("A page needs a title, so that others find it."))
    entries.edit_entry(
        by=by, entry=page.entry, title=title, body=body, version=version, format=format, goes_on=goes_on
    )
    entries.attach_named(by=by, entry=page.entry)
    if sort and sort != page.sort:
        page.sort = Sort(sort)
        page.save(update_fields=["sort"])
    return page
