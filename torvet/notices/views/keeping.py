"""What whoever asked sees and does: how far it has come, more time, reminders, the end, and what a change means."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from torvet.base.back import back, says_why
from torvet.base.pages import BadCursor
from torvet.base.policies import colleague
from torvet.notices import actions, queries, rules
from torvet.notices.forms import DateForm
from torvet.notices.models import Notice
from torvet.notices.queries.audience import is_agreed, parts_in_words, reach_of
from torvet.notices.queries.audit import wordings
from torvet.notices.queries.figures import are_names_told, figures_of, standing_of
from torvet.notices.queries.names import not_yet, units_led
from torvet.notices.views.loading import kept_notice_or_404, notice_or_404
from torvet.people.viewer import viewer_of
from torvet.spaces.queries import membership_of

PARTS_SHOWN = 8


@colleague
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Must-reads that the viewer answers for: their own, or all for those who run the community."""
    viewer, is_own = viewer_of(request), "mine" in request.GET
    if not (reach_of(viewer) or viewer.is_community):
        raise Http404
    try:
        page = queries.sent(viewer, request.GET.get("after") or None, is_own=is_own)
    except BadCursor as error:
        raise Http404 from error
    return render(request, "notices/notices.html", {"page": page, "is_own": is_own})


@colleague
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    return _notice(request, kept_notice_or_404(request, pk))


def _notice(request: HttpRequest, shown: Notice, form: DateForm | None = None) -> HttpResponse:
    viewer = viewer_of(request)
    names, standing = None, standing_of(shown)
    if are_names_told(shown):
        try:
            names = not_yet(viewer, shown, standing, request.GET.get("after") or None)
        except BadCursor as error:
            raise Http404 from error
    parts = parts_in_words(viewer, shown)
    context: dict[str, Any] = {
        "notice": shown, "entry": shown.entry, "figures": figures_of(shown, standing), "names": names,
        "parts": parts[:PARTS_SHOWN], "further": max(0, len(parts) - PARTS_SHOWN), "wordings": wordings(shown),
        "may_keep": rules.can_keep(viewer, shown),
        "may_judge": queries.has_changed(shown) and rules.can_keep(viewer, shown),
        "may_export": rules.can_export(viewer, shown) and are_names_told(shown),
        "may_use_paper": rules.can_use_paper(viewer, shown, leads_somebody=bool(units_led(viewer))),
        "form": form or DateForm(), "is_agreed": is_agreed(),
    }  # fmt: skip
    return render(request, "notices/notice.html", context, status=422 if form and form.errors else 200)


@colleague
@require_POST
@says_why
def more_time(request: HttpRequest, pk: int) -> HttpResponse:
    shown, form = kept_notice_or_404(request, pk), DateForm(request.POST)
    if not form.is_valid():
        return _notice(request, shown, form)
    actions.give_more_time(by=viewer_of(request), notice=shown, due_on=form.cleaned_data["due_on"])
    messages.success(request, _("Saved."))
    return redirect(shown.url)


@colleague
@require_POST
@says_why
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    shown = kept_notice_or_404(request, pk)
    actions.remind_now(by=viewer_of(request), notice=shown)
    messages.success(request, _("Those who have not confirmed are reminded."))
    return redirect(shown.url)


@colleague
@require_POST
@says_why
def close(request: HttpRequest, pk: int) -> HttpResponse:
    shown = kept_notice_or_404(request, pk)
    actions.close(by=viewer_of(request), notice=shown)
    messages.success(request, _("Closed. Nobody is asked any more, and what was confirmed is kept."))
    return redirect(shown.url)


@colleague
@require_POST
@says_why
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a change is significant (`meaning=significant`) or small."""
    viewer, shown = viewer_of(request), notice_or_404(request, pk)
    if not rules.can_judge(viewer, shown, membership_of(viewer, shown.entry.space)):
        raise Http404
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Http404
    if request.POST.get("meaning") == "significant":
        actions.ask_again(by=viewer, notice=shown, version=int(version))
        messages.success(request, _("Everybody is asked to confirm the new text."))
    else:
        actions.call_small(by=viewer, notice=shown, version=int(version))
        messages.success(request, _("A small change: what was confirmed stands."))
    return back(request, shown.entry.url)
