"""What views of pages begin with: the page or the space, when this viewer may read it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from torvet.base.rules import Refused
from torvet.people.viewer import viewer_of
from torvet.spaces import queries as spaces
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership, Space
from torvet.wiki import queries, rules
from torvet.wiki.models import Page


def page_or_404(request: HttpRequest, pk: int) -> Page:
    """The page, when this viewer may read it. What they may not see and what is not there answer alike."""
    found = queries.get_visible(viewer_of(request), pk)
    if found is None:
        raise Http404
    return found


def own_membership(request: HttpRequest, page: Page) -> Membership | None:
    return spaces.membership_of(viewer_of(request), page.entry.space)


def readable_space_or_404(request: HttpRequest, pk: int) -> tuple[Space, Membership | None]:
    viewer = viewer_of(request)
    found = spaces.get_visible(viewer, pk)
    membership = spaces.membership_of(viewer, found) if found else None
    if found is None or not space_rules.can_read(viewer, found, membership):
        raise Http404
    return found, membership


def in_space(request: HttpRequest, space: Space, membership: Membership | None) -> dict[str, Any]:
    """What the head of a space needs."""
    return {
        "space": space,
        "membership": membership,
        "may": space_rules.abilities(viewer_of(request), space, membership),
        "may_write_page": rules.can_write_page(viewer_of(request), space, membership),
    }


def parent_named(request: HttpRequest, under: int | None) -> Page | None:
    """The page to stand under; None for the top. Raises Refused for one that is not there any more."""
    if not under:
        return None
    found = queries.get_visible(viewer_of(request), under)
    if found is None:
        raise Refused(_("The page it should stand under is not there any more. Choose another place."))
    return found
