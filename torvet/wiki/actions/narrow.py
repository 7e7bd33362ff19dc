"""Who may read a page and who may change it: never more than in its space."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import actions as entries
from torvet.entries.queries import has_answers_of_others
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.actions.hold import hold_tree
from torvet.wiki.models import Editing, Page


@transaction.atomic
def keep_to_fewer(*, by: Viewer, page: Page, members: Iterable[Member]) -> Page:
    """Let only these read a page and all that stands below it, and whoever says so; or change who they are.

    Raises Refused when one of them cannot read the space, or the page above is kept to fewer already.
    """
    require(rules.can_change_access(by, page, membership_of(by, page.entry.space)))
    page = _held(by, page)
    readers = {
        member.pk: member for member in (*members, page.owner, *([page.deputy] if page.deputy else []))
    }
    if page.entry.space.is_inner:
        _must_be_the_top(page)
        spaces.change_readers(by=by, inner=page.entry.space, members=readers.values())
    else:
        branch = _branch(page)
        if any(row.entry.space_id != page.space_id for row in branch):
            raise Refused(_("Something below this page is already kept to fewer people. Open that first."))
        inner = spaces.open_inner(by=by, space=page.space, members=readers.values())
        for member in filter(None, (page.owner, page.deputy)):
            spaces.make_owner(by=by, inner=inner, member=member)
        _place(by, branch, inner)
        page.entry.space = inner
    record(verbs.KEPT_TO_FEWER, by=by, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk)
    return page


@transaction.atomic
def open_to_all(*, by: Viewer, page: Page) -> Page:
    """Let all readers of the space read it again, with what stands below it.

    Raises Refused when others have said something there, trusting that few read it.
    """
    require(rules.can_change_access(by, page, membership_of(by, page.entry.space)))
    page = _held(by, page)
    if not page.entry.space.is_inner:
        return page
    _must_be_the_top(page)
    branch = _branch(page)
    if has_answers_of_others(by, [row.pk for row in branch]):
        raise Refused(
            _(
                "Others have commented here, trusting that few read it. Copy the text to a new page instead, or add"
                " readers."
            )
        )
    _place(by, branch, page.space)
    page.entry.space = page.space
    record(verbs.OPENED_AGAIN, by=by, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk)
    return page


def change_editing(*, by: Viewer, page: Page, editing: str) -> Page:
    """Say who may change the page, among those who may write where it stands."""
    require(rules.can_change_access(by, page, membership_of(by, page.entry.space)))
    with transaction.atomic():
        page.editing = Editing(editing)
        page.save(update_fields=["editing"])
    return page


def take_along(*, by: Viewer, page: Page, parent: Page | None) -> None:
    """A page that is put below one that fewer read is read by those alone, with all below it.

    Raises Refused where that would show it to more people, or to others.
    """
    target = parent.entry.space if parent else page.space
    if page.entry.space_id == target.pk or (page.entry.space.is_inner and not _stands_in_its_own(page)):
        if page.entry.space_id != target.pk:
            raise Refused(
                _("This page is kept to fewer people together with the one above it. It stays there.")
            )
        return
    if page.entry.space.is_inner:
        if target.is_inner:
            raise Refused(
                _("Both are kept to fewer people, and not to the same ones. Open one of them first.")
            )
        return
    branch = _branch(page)
    if any(row.entry.space_id != page.space_id for row in branch):
        raise Refused(_("Something below this page is already kept to fewer people. Open that first."))
    _place(by, branch, target)
    page.entry.space = target


def _held(by: Viewer, page: Page) -> Page:
    """The page as it stands now; nobody writes below it, moves it or says who reads it meanwhile."""
    hold_tree(page.space)
    page = Page.objects.select_related("space", "entry__space", "owner", "deputy").get(pk=page.pk)
    require(rules.can_change_access(by, page, membership_of(by, page.entry.space)))
    return page


def _stands_in_its_own(page: Page) -> bool:
    """Whether it is the page for which its inner space was opened."""
    return (
        not page.above
        or not Page.objects.filter(pk__in=page.above, entry__space=page.entry.space_id).exists()
    )


def _must_be_the_top(page: Page) -> None:
    if not _stands_in_its_own(page):
        raise Refused(_("The page above is kept to fewer people, and this one with it. Change it there."))


def _branch(page: Page) -> list[Page]:
    below = Page.objects.filter(space=page.space_id, trail__startswith=page.own_trail).select_related("entry")
    return [page, *below]


def _place(by: Viewer, branch: list[Page], space: Space) -> None:
    entries.place_threads(by=by, threads=[row.pk for row in branch], space=space)
