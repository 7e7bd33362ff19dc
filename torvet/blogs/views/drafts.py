"""Drafts: writing, looking, asking for the nod, sending back, publishing now or later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.base.text import to_markdown
from torvet.blogs import actions, rules
from torvet.blogs import lead as leads
from torvet.blogs.actions import DraftConflict
from torvet.blogs.forms import ChangedForm, DraftForm, ReasonForm, ScheduleForm
from torvet.blogs.merging import merge_draft
from torvet.blogs.models import Blog, Draft
from torvet.blogs.queries import blogs, drafts
from torvet.blogs.views.covers import typed_words
from torvet.blogs.views.loading import Seat, draft_or_404, written_or_404, zone_of
from torvet.entries import queries as entries
from torvet.people.viewer import viewer_of


@signed_in
@require_GET
def drafts_of_blog(request: HttpRequest, pk: int) -> HttpResponse:
    seat = written_or_404(request, pk)
    try:
        page = drafts.of_blog(seat.viewer, seat.blog, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    return render(request, "blogs/drafts.html", {
        "blog": seat.blog, "drafts": page.things, "may": seat.may,
        "next_url": f"{request.path}?after={page.next}" if page.next else "",
    })  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    seat = written_or_404(request, pk)
    if request.method == "GET":
        return _edit(request, seat.blog, DraftForm(initial={"series": request.GET.get("series", "")[:80]}))
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _edit(request, seat.blog, form, status=422)
    try:
        draft = actions.write_draft(by=seat.viewer, blog=seat.blog, **typed_words(request, form))
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _edit(request, seat.blog, form, status=422)
    return redirect(draft.url)


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    draft, seat = draft_or_404(request, pk)
    if request.method == "GET":
        begun = {
            "title": draft.title, "lead": draft.lead, "body": to_markdown(draft.body), "version": draft.version,
            "cover": draft.cover.key if draft.cover else "", "alt": draft.cover.alt if draft.cover else "",
            "series": draft.series.name if draft.series else "",
        }  # fmt: skip
        return _edit(request, draft.blog, ChangedForm(initial=begun), draft=draft, html=draft.body)
    form = ChangedForm(request.POST)
    if not form.is_valid():
        return _edit(request, draft.blog, form, draft=draft, status=422)
    try:
        actions.change_draft(by=seat.viewer, draft=draft, **typed_words(request, form))
    except DraftConflict as conflict:
        return _merged(request, conflict.draft, form)
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _edit(request, draft.blog, form, draft=draft, status=422)
    return redirect(draft.url)


def _merged(request: HttpRequest, standing: Draft, form: ChangedForm) -> HttpResponse:
    """Nothing was saved: the box holds what both wrote, and saving again takes that."""
    typed = form.cleaned_data
    merged = merge_draft(
        by=viewer_of(request), standing=standing, began=typed["version"], title=typed["title"],
        body=typed["body"], format=typed["format"],
    )  # fmt: skip
    again = ChangedForm(merged.fill(dict(form.data.items())))
    again.is_valid()
    lead = leads.one_line(typed["lead"])
    return _edit(
        request, standing.blog, again, draft=standing, status=409, merged=merged,
        other_lead=standing.lead if standing.lead != lead else "",
    )  # fmt: skip


def _edit(
    request: HttpRequest, blog: Blog, form: DraftForm, status: int = 200, **context: Any
) -> HttpResponse:
    cover = drafts.cover_waiting(viewer_of(request), str(form["cover"].value() or ""))
    return render(request, "blogs/draft_edit.html", {
        "blog": blog, "form": form, "cover": cover, "all_series": blogs.series_of(blog),
        "readers": entries.readers_of(blog.space), "space": blog.space, **context,
    }, status=status)  # fmt: skip


@signed_in
@require_GET
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """As its readers will see it, and what may be done with it."""
    found, seat = draft_or_404(request, pk)
    return _show(request, found, seat)


def _show(request: HttpRequest, draft: Draft, seat: Seat, status: int = 200, **context: Any) -> HttpResponse:
    zone = zone_of(seat.viewer.member)
    soon = timezone.localtime(timezone=zone) + timedelta(days=1)
    begun = {"version": draft.version, "day": soon.date(), "hour": "08:00"}
    return render(request, "blogs/draft.html", {
        "draft": draft, "blog": draft.blog, "may": seat.may,
        "minutes": leads.minutes_to_read(f"{draft.lead} {leads.plain_of(draft.body)}"),
        "schedule": ScheduleForm(initial=begun), "zone": str(zone).replace("_", " "),
        "comes_out": in_zone(draft, zone), "readers": entries.readers_of(draft.blog.space), **context,
    }, status=status)  # fmt: skip


def in_zone(draft: Draft, zone: Any) -> str:
    """When it comes out, as the clock of the reader says it; empty for one that does not come out by itself."""
    if draft.publish_at is None:
        return ""
    return date_format(timezone.localtime(draft.publish_at, zone), "DATETIME_FORMAT")


def _act(request: HttpRequest, pk: int, allowed: str, act: Callable[[Draft, Seat, int], Any]) -> HttpResponse:
    """Do something with the version that was on the screen; what is refused is said on the draft's own page."""
    found, seat = draft_or_404(request, pk)
    if not seat.may[allowed]:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, found, seat, status=422, refusal=_("Please look at the draft once more."))
    try:
        answer = act(found, seat, form.cleaned_data["version"])
    except Refused as refused:
        again, seat = draft_or_404(request, pk) if drafts.get_visible(seat.viewer, pk) else (None, seat)
        if again is None:  # published or thrown away meanwhile
            messages.info(request, refused.reason)
            return redirect("blog_drafts", seat.blog.pk)
        return _show(
            request, again, seat, status=409, refusal=refused.reason, reason=request.POST.get("reason")
        )
    return redirect(answer.url if answer is not None else found.url)


@signed_in
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    def act(draft: Draft, seat: Seat, version: int) -> Draft:
        actions.submit_draft(by=seat.viewer, draft=draft, version=version)
        messages.success(request, _("Whoever keeps the blog has been told that it waits for them."))
        return draft

    return _act(request, pk, "write", act)


@signed_in
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    def act(draft: Draft, seat: Seat, version: int) -> Draft:
        reason = request.POST.get("reason", "")
        actions.send_back(by=seat.viewer, draft=draft, version=version, reason=reason)
        messages.success(request, _("The writer has been told what is missing."))
        return draft

    return _act(request, pk, "review", act)


@signed_in
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    def act(draft: Draft, seat: Seat, version: int) -> Any:
        article = actions.publish_draft(by=seat.viewer, draft=draft, version=version)
        messages.success(request, _("It is out."))
        return article

    return _act(request, pk, "publish", act)


@signed_in
@require_POST
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    found, seat = draft_or_404(request, pk)
    if not rules.can_publish(seat.viewer, seat.blog, seat.membership, seat.delegate):
        raise Http404
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return _show(request, found, seat, status=422, schedule=form)
    try:
        moment = form.moment(zone_of(seat.viewer.member))
        actions.schedule_draft(
            by=seat.viewer, draft=found, version=form.cleaned_data["version"], publish_at=moment
        )
    except Refused as refused:
        form.add_error("day", refused.reason)
        return _show(request, found, seat, status=422, schedule=form)
    messages.success(request, _("It comes out by itself when its time has come."))
    return redirect(found.url)


@signed_in
@require_POST
def unschedule(request: HttpRequest, pk: int) -> HttpResponse:
    found, seat = draft_or_404(request, pk)
    actions.unschedule_draft(by=seat.viewer, draft=found)
    return redirect(found.url)


@signed_in
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, then throws it away."""
    found, seat = draft_or_404(request, pk)
    if request.method == "GET":
        return render(request, "blogs/discard.html", {"draft": found, "blog": found.blog})
    actions.discard_draft(by=seat.viewer, draft=found)
    messages.success(request, _("The draft is gone."))
    return redirect("blog_drafts", found.blog_id)
