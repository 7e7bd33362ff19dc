"""What needs care: pages that wait, links that lead nowhere, pages nobody finds, pages nobody answers for."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from torvet.base.pages import BadCursor
from torvet.base.policies import colleague, signed_in
from torvet.people.viewer import viewer_of
from torvet.wiki import links, queries, rules
from torvet.wiki.views.loading import in_space, page_or_404, readable_space_or_404

LISTS = {"links": queries.broken_links, "orphans": queries.orphans, "unanswered": queries.unanswered}


@colleague
@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """Pages that wait to be looked through: of all, of a unit, or one's own."""
    viewer = viewer_of(request)
    given = request.GET.get("unit", "")
    unit = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
    is_own = bool(request.GET.get("mine"))
    try:
        part = queries.overdue(viewer, request.GET.get("after") or None, unit=unit, is_own=is_own)
    except BadCursor as error:
        raise Http404 from error
    pages = part.things
    return render(request, "wiki/to_confirm.html", {
        "pages": pages, "next": part.next, "units": queries.overdue_by_unit(viewer), "unit": unit, "is_own": is_own,
        "asked": queries.asked_of(viewer, [page.pk for page in pages]) if pages else (),
        "kept": "mine=1&" if is_own else f"unit={unit}&" if unit is not None else "",
    })  # fmt: skip


@signed_in
@require_GET
def care(request: HttpRequest, pk: int) -> HttpResponse:
    """The lists of one space, for those who may mend it."""
    space, membership = readable_space_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_look_after(viewer, space, membership):
        raise Http404
    what = request.GET.get("what", "links")
    read: Any = LISTS.get(what)
    try:
        part = read(viewer, space, request.GET.get("after") or None) if read else None
    except BadCursor as error:
        raise Http404 from error
    if part is None:
        raise Http404
    return render(request, "wiki/care.html", {
        "what": what, "things": part.things, "next": part.next, "write_it": links.write_it(space.pk, ""),
        "wants_approval": queries.wants_approval(space),
        "may_want_approval": rules.can_want_approval_in(viewer, space, membership),
        **in_space(request, space, membership),
    })  # fmt: skip


@signed_in
@require_GET
def linked(request: HttpRequest, pk: int) -> HttpResponse:
    """All pages that speak of a page."""
    shown = page_or_404(request, pk)
    try:
        part = queries.linked_from(viewer_of(request), shown, request.GET.get("after") or None, size=40)
    except BadCursor as error:
        raise Http404 from error
    return render(
        request,
        "wiki/linked.html",
        {"page": shown, "entry": shown.entry, "pages": part.things, "next": part.next},
    )
