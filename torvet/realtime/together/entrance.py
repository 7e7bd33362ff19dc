"""Who may write a page together: the session and the rule of the page's own form, asked again and again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from torvet.base.limits import Limit, spend
from torvet.people.viewer import Viewer
from torvet.realtime.door import (
    LONGEST_NUMBER,
    Refusal,
    from_our_own_pages,
    key_of,
    knock,
    member_of,
    request_of,
)
from torvet.spaces.queries import membership_of
from torvet.wiki import queries, rules
from torvet.wiki.models import Page

ADDRESS = re.compile(rf"/live/pages/([1-9][0-9]{{0,{LONGEST_NUMBER - 1}}})/")
RETURNS = Limit("together-member", 120, 60)  # by member


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody wants to join in writing a page, with this session."""

    key: str
    page: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who they are to the others, and what their right hangs on."""

    member: int
    name: str
    hue: int
    space: int
    mark: int


def asked_by(scope: dict[str, Any]) -> Asked:
    """Read the handshake, without the database. Raises Refusal, as for live updates; 404 for another address."""
    request = request_of(scope | {"method": "GET"})
    if "HTTP_ORIGIN" not in request.META:
        # Every browser names it when it opens a socket; unlike a form, a socket has no other protection.
        raise Refusal(403)
    from_our_own_pages(request)
    knock(request)
    found = ADDRESS.fullmatch(scope["path"])
    if not found:
        raise Refusal(404)
    return Asked(key_of(request), int(found[1]))


def admit(asked: Asked, *, is_new: bool = True) -> tuple[Admitted, Viewer, Page]:
    """Raises Refusal: 401 nobody is signed in, 404 no such page for them, whether it is there or not, 429 too often."""
    member, mark = member_of(asked.key)
    if is_new and settings.RATE_LIMITS and spend(RETURNS, f"m{member.pk}").refused:
        raise Refusal(429)
    viewer = Viewer.of(member)
    page = queries.get_visible(viewer, asked.page)
    if page is None or not rules.can_edit_page(viewer, page, membership_of(viewer, page.entry.space)):
        raise Refusal(404)
    return Admitted(member.pk, member.name, member.hue, page.entry.space_id, mark), viewer, page
