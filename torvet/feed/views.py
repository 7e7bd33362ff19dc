"""The lists of entries: home, the whole company, a space, a topic, a member, one's own bookmarks."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from torvet.agreement import queries as agreement
from torvet.base.back import back
from torvet.base.pages import BadCursor, Page
from torvet.base.policies import colleague, signed_in
from torvet.entries import queries as entries
from torvet.entries.drawing import Row
from torvet.feed import actions, queries
from torvet.feed.sheets import Sheet, sheet
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces import queries as spaces
from torvet.spaces import rules as space_rules
from torvet.spaces.actions import mark_space_read


def viewer_of(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def order_of(request: HttpRequest) -> str:
    """The order asked for, else the reader's own choice."""
    member = viewer_of(request).member
    wanted = request.GET.get("order") or (member.feed_order if member else "newest")
    return wanted if wanted in queries.ORDERS else "newest"


def after_of(request: HttpRequest) -> str | None:
    return request.GET.get("after") or None


def answer(request: HttpRequest, template: str, shown: Sheet, **context: Any) -> HttpResponse:
    """The whole page, or only the next part of its list when htmx asks for more."""
    address = request.GET.copy()
    address["after"] = shown.next or ""
    next_url = f"{request.path}?{address.urlencode()}" if shown.next else ""
    is_part = "after" in request.GET and request.headers.get("HX-Request")
    return render(request, "feed/_more.html" if is_part else template, {
        "sheet": shown, "next_url": next_url, "is_first": "after" not in request.GET, **context,
    })  # fmt: skip


def page_or_404(page: Any) -> Any:
    """Run a query for a page; a cursor that is not ours is a page that does not exist."""
    try:
        return page()
    except BadCursor as error:
        raise Http404 from error


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    viewer, order = viewer_of(request), order_of(request)
    seen_at = queries.home_seen_at(viewer)
    if "resume" in request.GET and seen_at:
        found = queries.Home(Page(queries.resume(viewer, seen_at), None), frozenset())
    else:
        found = page_or_404(lambda: queries.home(viewer, order=order, after=after_of(request)))
    because = dict.fromkeys(found.from_follows, _("From somebody or a topic you follow"))
    shown = sheet(
        request,
        viewer,
        found.page,
        order=order,
        seen_at=seen_at,
        caught_up=partial(_caught_up, request),
        because=because,
    )
    is_far_behind = bool(
        seen_at and shown.next and found.page.things[-1].published_at > seen_at and "after" not in request.GET
    )
    return answer(request, "feed/home.html", shown, order=order, is_far_behind=is_far_behind)


def _caught_up(request: HttpRequest) -> str:
    return str(render(request, "_caught_up.html").content.decode())


@signed_in
@require_GET
def new_posts(request: HttpRequest) -> HttpResponse:
    """The pill "3 new posts": counted since the newest that the page shows."""
    since = moment(request.GET.get("since", ""))
    number = queries.count_newer(viewer_of(request), since) if since else 0
    return render(request, "feed/_new_posts.html", {"number": number, "since": request.GET.get("since", "")})


@signed_in
@require_GET
def rail(request: HttpRequest) -> HttpResponse:
    """What stands beside the home page; fetched after it."""
    viewer = viewer_of(request)
    return render(request, "feed/_rail.html", {
        "topics": entries.busiest_topics(viewer, 8), "change": agreement.newest_change(),
        "invitations": spaces.invitations_for(viewer), "suggested": queries.spaces_to_join(viewer),
    })  # fmt: skip


@signed_in
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """The reader has come to the end of what was new."""
    at = moment(request.POST.get("at", "")) or timezone.now()
    actions.mark_home_seen(by=viewer_of(request), seen_at=at)
    return HttpResponse(status=204) if request.headers.get("HX-Request") else redirect("home")


def moment(text: str) -> datetime | None:
    """A time with a zone from an address or a form; None for anything else."""
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found and found.tzinfo else None


@colleague
@require_GET
def company(request: HttpRequest) -> HttpResponse:
    viewer, order = viewer_of(request), order_of(request)
    page = page_or_404(lambda: queries.company(viewer, order=order, after=after_of(request)))
    return answer(request, "feed/company.html", sheet(request, viewer, page, order=order), order=order)


@signed_in
@require_GET
def space(request: HttpRequest, pk: int) -> HttpResponse:
    viewer, order = viewer_of(request), order_of(request)
    found = spaces.get_visible(viewer, pk)
    if found is None:
        raise Http404
    membership = spaces.membership_of(viewer, found)
    may = space_rules.abilities(viewer, found, membership)
    page = page_or_404(lambda: queries.in_space(viewer, found, order=order, after=after_of(request)))
    first = "after" not in request.GET
    pins: list[Row] = queries.pinned(viewer, found) if first else []
    on_top = {row.id for row in pins}
    page = Page([*pins, *(row for row in page.things if row.id not in on_top)], page.next)
    shown = sheet(request, viewer, page, order=order, may_write=may["write"])
    asked = spaces.asked_by(viewer, found) if may["ask"] else None
    return answer(
        request,
        "feed/space.html",
        shown,
        space=found,
        membership=membership,
        may=may,
        asked=asked,
        order=order,
    )


@signed_in
@require_POST
def space_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader has looked at a space: its unread mark goes out, for them."""
    viewer = viewer_of(request)
    found = spaces.get_visible(viewer, pk)
    if found is None:
        raise Http404
    at = moment(request.POST.get("at", "")) or timezone.now()
    mark_space_read(by=viewer, space=found, read_at=min(at, timezone.now()))
    return HttpResponse(status=204) if request.headers.get("HX-Request") else back(request, found.url)


@signed_in
@require_GET
def member_posts(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    member = Member.objects.visible_to(viewer).select_related("unit", "site").filter(pk=pk).first()
    if member is None:
        raise Http404
    page = page_or_404(lambda: queries.by_member(viewer, member, after=after_of(request)))
    template = "feed/_more.html" if request.headers.get("HX-Request") else "feed/member.html"
    return answer(request, template, sheet(request, viewer, page), member=member)


@signed_in
@require_GET
def topic(request: HttpRequest, name: str) -> HttpResponse:
    viewer, order = viewer_of(request), order_of(request)
    found = entries.topics_visible_to(viewer).filter(name=name.casefold()).first()
    if found is None:
        raise Http404
    page = page_or_404(lambda: queries.on_topic(viewer, found, order=order, after=after_of(request)))
    follows = entries.follows_topic(viewer, found)
    shown = sheet(request, viewer, page, order=order)
    return answer(request, "feed/topic.html", shown, topic=found, follows=follows, order=order)


@signed_in
@require_GET
def bookmarks(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    page = page_or_404(lambda: queries.bookmarked(viewer, after=after_of(request)))
    return answer(request, "feed/bookmarks.html", sheet(request, viewer, page))
