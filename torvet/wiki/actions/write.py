"""Writing a page, and changing its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.base.rules import Refused, require
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.entries.words import clean_title
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.actions.approval import save_working
from torvet.wiki.actions.hold import hold_tree
from torvet.wiki.actions.keep import next_look
from torvet.wiki.actions.link import keep_links, read_titles
from torvet.wiki.actions.move import check_parent, last_place
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import Page, Sort
from torvet.wiki.queries.approval import wants_approval


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

    Where new pages need approval, others read its title and that it is being written, and nothing of its words.
    Raises Refused without a title, for a text that is too long, or a parent in another space.
    """
    require(rules.can_write_page(by, space, membership_of(by, space)))
    if parent is not None:
        hold_tree(space)
        parent = Page.objects.visible_to(by).select_related("entry__space").filter(pk=parent.pk).first()
        if parent is None:
            raise Refused(_("The page it should stand under is not there any more. Choose another place."))
    # Below a page that fewer read, the new one is read by those alone.
    audience = parent.entry.space if parent else space
    if not clean_title(title):
        raise Refused(_("A page needs a title, so that others find it."))
    check_parent(space, parent)
    waits = wants_approval(space)
    if waits and files:
        # Files of an entry are read by all who read it: they cannot wait.
        raise Refused(_("Here pages are approved before they are read. Add pictures and files after that."))
    body, format = read_titles(by=by, space=space, body=body, format=format)
    entry = entries.publish_thread(
        by=by,
        space=audience,
        kind=PAGE.key,
        title=title,
        body="" if waits else body,
        format=format,
        files=files,
        alts=alts,
    )
    entries.attach_named(by=by, entry=entry)
    page = Page.objects.create(
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
        needs_approval=waits,
    )
    if waits:
        save_working(by=by, page=page, title=title, body=body, version=entry.version, format=format)
    keep_links(page)
    return page


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
    """Change the words of a page: those that all read, or the working text of a page that needs approval.

    `version` is that of `queries.words_to_edit`. Raises EditConflict when another edit came first, Refused without a
    title.

    `goes_on`: one sitting saves as it types, see `entries.replace_words`.
    """
    require(rules.can_edit_page(by, page, membership_of(by, page.entry.space)))
    if not clean_title(title):
        raise Refused(_("A page needs a title, so that others find it."))
    body, format = read_titles(by=by, space=page.space, body=body, format=format)
    # Locked: were approval switched on in this moment, the words would go past it.
    locked = Page.objects.select_for_update(of=("self",)).get(pk=page.pk)
    page.needs_approval, page.working_version = locked.needs_approval, locked.working_version
    if page.needs_approval:
        save_working(by=by, page=page, title=title, body=body, version=version, format=format)
    else:
        entries.replace_words(
            by=by, entry=page.entry, title=title, body=body, version=version, format=format, goes_on=goes_on
        )
        entries.attach_named(by=by, entry=page.entry)
        keep_links(page)
    if sort and sort != page.sort:
        page.sort = Sort(sort)
        page.save(update_fields=["sort"])
    return page


def edit_entry_of_page(
    *, by: Viewer, entry: Entry, title: str, body: str, version: int, format: str = "markdown"
) -> Entry:
    """As `edit_page`, for those who hold the entry: the API, and whatever else knows entries only."""
    page = Page.objects.select_related("entry__space").get(pk=entry.pk)
    require(rules.can_edit_page(by, page, membership_of(by, page.entry.space)))
    if page.working_version is not None:
        raise Refused(_("This page has a newer working text. Change that on the page itself."))
    return edit_page(by=by, page=page, title=title, body=body, version=version, format=format).entry
