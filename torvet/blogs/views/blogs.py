"""All blogs, the leaders, one blog, and keeping it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Forbidden, Refused
from torvet.blogs import actions, rules
from torvet.blogs.forms import BlogForm, DelegateForm, NewBlogForm
from torvet.blogs.models import Series
from torvet.blogs.queries import articles, blogs, drafts, voice
from torvet.blogs.queries.feed import own_key
from torvet.blogs.queries.promise import promise_of
from torvet.blogs.queries.unanswered import number_unanswered
from torvet.blogs.views.loading import Seat, blog_or_404, kept_or_404
from torvet.people.queries import units_led_by
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces import queries as space_queries
from torvet.spaces.models import Space


@signed_in
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    try:
        page = blogs.shelves(viewer, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    template = "blogs/_shelves.html" if _is_more(request) else "blogs/blogs.html"
    return render(request, template, {
        "shelves": page.things, "next_url": _next(request, page.next), "may_open": _may_open(viewer),
        "own": [] if _is_more(request) else blogs.written_in(viewer),
    })  # fmt: skip


@signed_in
@require_GET
def leaders(request: HttpRequest) -> HttpResponse:
    """Who leads what, where they speak, and what they promise."""
    viewer, is_more = viewer_of(request), _is_more(request)
    try:
        page = blogs.other_leaders(viewer, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    return render(request, "blogs/_leaders.html" if is_more else "blogs/leaders.html", {
        "lines": page.things, "next_url": _next(request, page.next),
        "speakers": [] if is_more else blogs.speakers(viewer),
    })  # fmt: skip


def _is_more(request: HttpRequest) -> bool:
    return "after" in request.GET and bool(request.headers.get("HX-Request"))


def _next(request: HttpRequest, cursor: str | None) -> str:
    if not cursor:
        return ""
    kept = request.GET.copy()
    kept["after"] = cursor
    return f"{request.path}?{kept.urlencode()}"


def _may_open(viewer: Viewer) -> bool:
    if viewer.member is None or not viewer.is_colleague or not viewer.can_write:
        return False
    is_leader = viewer.member.is_leader or bool(units_led_by(viewer.member))
    return is_leader or viewer.is_community or blogs.runs_a_space(viewer)


@signed_in
@require_GET
def blog(request: HttpRequest, pk: int) -> HttpResponse:
    seat = blog_or_404(request, pk)
    series = _series(seat, request.GET.get("series", ""))
    try:
        page = articles.of_blog(seat.viewer, seat.blog, series, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    shown = {"articles": page.things, "next_url": _next(request, page.next)}
    if _is_more(request):
        return render(request, "blogs/_articles.html", shown)
    may = seat.may
    number, waiting = drafts.number_of(seat.viewer, seat.blog) if may["write"] else (0, 0)
    return render(request, "blogs/blog.html", {
        **shown, "blog": seat.blog, "may": may, "series": series, "all_series": blogs.series_of(seat.blog),
        "delegates": voice.delegates_of(seat.blog), "drafts": number, "waiting": waiting,
        "feed": own_key(seat.viewer, pk), "promise": promise_of(seat.blog),
        "unanswered": number_unanswered(seat.viewer, seat.blog) if may["see_loop"] else 0,
    })  # fmt: skip


def _series(seat: Seat, given: str) -> Series | None:
    if not given:
        return None
    known = {str(series.pk): series for series in blogs.series_of(seat.blog)}
    if given not in known:
        raise Http404
    return known[given]


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if not _may_open(viewer):
        raise Http404
    spaces = blogs.spaces_to_open_in(viewer)
    if request.method == "GET":
        is_leader = viewer.member is not None and viewer.member.is_leader
        begun = {"leader": viewer.member if is_leader else None, "space": request.GET.get("space", "")}
        return _new(request, NewBlogForm(initial=begun, viewer=viewer, spaces=spaces), spaces)
    form = NewBlogForm(request.POST, viewer=viewer, spaces=spaces)
    if not form.is_valid():
        return _new(request, form, spaces, status=422)
    typed = dict(form.cleaned_data)
    space = space_queries.get_visible(viewer, int(typed.pop("space")))
    if space is None:
        raise Http404
    try:
        made = actions.open_blog(by=viewer, space=space, **typed)
    except Forbidden:
        form.add_error(
            "space", _("There only those who run the space open a blog, and leaders for themselves.")
        )
        return _new(request, form, spaces, status=422)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _new(request, form, spaces, status=422)
    return redirect(made.url)


def _new(request: HttpRequest, form: NewBlogForm, spaces: list[Space], status: int = 200) -> HttpResponse:
    return render(request, "blogs/new.html", {"form": form, "spaces": spaces}, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    seat = kept_or_404(request, pk)
    shown = seat.blog
    is_led = shown.leader is not None and shown.leader.is_active
    if request.method == "GET":
        begun: dict[str, Any] = {
            "name": shown.name, "about": shown.about, "unit": shown.unit_id or "", "subject": shown.subject,
            "promise_days": shown.promise_days, "wants_review": shown.wants_review,
        }  # fmt: skip
        return _settings(request, seat, BlogForm(initial=begun, viewer=seat.viewer, is_led=is_led))
    form = BlogForm(request.POST, viewer=seat.viewer, is_led=is_led)
    if form.is_valid():
        try:
            actions.change_blog(by=seat.viewer, blog=shown, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(shown.url)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return _settings(request, seat, form, status=422)


def _settings(request: HttpRequest, seat: Seat, form: BlogForm, status: int = 200) -> HttpResponse:
    return render(request, "blogs/settings.html", {"blog": seat.blog, "form": form}, status=status)


@signed_in
@require_POST
@says_why
def close(request: HttpRequest, pk: int) -> HttpResponse:
    seat = kept_or_404(request, pk)
    actions.close_blog(by=seat.viewer, blog=seat.blog)
    return redirect("blog_settings", pk)


@signed_in
@require_POST
@says_why
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    seat = kept_or_404(request, pk)
    actions.reopen_blog(by=seat.viewer, blog=seat.blog)
    return redirect("blog_settings", pk)


@signed_in
@require_http_methods(["GET", "POST"])
def delegates(request: HttpRequest, pk: int) -> HttpResponse:
    """Who writes in it, and naming one more."""
    seat = kept_or_404(request, pk)
    form = DelegateForm(viewer=seat.viewer)
    if request.method == "POST":
        form = DelegateForm(request.POST, viewer=seat.viewer)
        if form.is_valid():
            try:
                named = actions.name_delegate(by=seat.viewer, blog=seat.blog, **form.cleaned_data)
                messages.success(request, _("%(name)s may write here now.") % {"name": named.member.name})
                return redirect("blog_delegates", pk)
            except Refused as refused:
                form.add_error("member", refused.reason)
    return render(request, "blogs/delegates.html", {
        "blog": seat.blog, "delegates": voice.delegates_of(seat.blog), "form": form,
    }, status=422 if form.errors else 200)  # fmt: skip


@signed_in
@require_POST
@says_why
def end_delegate(request: HttpRequest, pk: int, delegate: int) -> HttpResponse:
    """By those who keep the blog, or by the delegate themselves."""
    seat = blog_or_404(request, pk)
    found = voice.get_delegate(seat.blog, delegate)
    is_own = found is not None and found.member_id == seat.viewer.id
    may_keep = rules.can_keep(seat.viewer, seat.blog, seat.membership)
    if found is None or not (is_own or may_keep):
        raise Http404
    actions.end_delegate(by=seat.viewer, delegate=found)
    return redirect("blog_delegates", pk) if may_keep else redirect(seat.blog.url)
