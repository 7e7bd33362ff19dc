"""All fora, the lists of the whole company, and one forum."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from torvet.base.pages import BadCursor, Page
from torvet.base.policies import signed_in
from torvet.forum import rules
from torvet.forum.models import Thread
from torvet.forum.queries import answers, fora, threads
from torvet.forum.queries.threads import ACTIVE, NEW, UNANSWERED, Subject
from torvet.forum.views.loading import forum_or_404, is_more, number, way_on
from torvet.people.viewer import viewer_of
from torvet.spaces import rules as space_rules

WHICH = {
    ACTIVE: pgettext_lazy("discussions", "Active"),
    NEW: pgettext_lazy("discussions", "New"),
    UNANSWERED: _("Unanswered"),
}
AT_THE_TOP = 6  # threads in the overview


@signed_in
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Professional and social fora, and what was said last in all of them."""
    viewer = viewer_of(request)
    try:
        page = fora.shelves(viewer, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    shown: dict[str, Any] = {"shelves": page.things, "next_url": way_on(request, page.next)}
    if is_more(request):
        return render(request, "forum/_shelves.html", shown)
    newest = threads.listed(viewer, ACTIVE, Subject(), size=AT_THE_TOP)
    return render(request, "forum/overview.html", {
        **shown, "threads": newest.things, "is_more": bool(newest.next), "lists": WHICH, "which": "fora",
        "may_open": space_rules.can_open_space(viewer),
    })  # fmt: skip


@signed_in
@require_GET
def everywhere(request: HttpRequest) -> HttpResponse:
    """One list of the whole company, narrowed by forum and topic."""
    viewer = viewer_of(request)
    which = _which(request)
    forum = fora.get_visible(viewer, number(request.GET.get("space")))
    subject = Subject(
        space=forum.space if forum else None, topic=threads.topic_named(viewer, request.GET.get("topic", ""))
    )
    page = _listed(request, which, subject)
    shown = {
        "threads": page.things, "next_url": way_on(request, page.next), "which": which, "shows_space": True,
        "subject": subject,
    }  # fmt: skip
    if is_more(request):
        return render(request, "forum/_threads.html", shown)
    return render(request, "forum/everywhere.html", {
        **shown, "lists": WHICH, "fora": fora.readable_fora(viewer),
        "topics": threads.recent_topics(viewer, subject),
    })  # fmt: skip


@signed_in
@require_GET
def forum(request: HttpRequest, pk: int) -> HttpResponse:
    """One forum, or a part of it."""
    here, found = forum_or_404(request, pk)
    which = _which(request)
    part = fora.sub_forum_of(found.pk, number(request.GET.get("sub")))
    if request.GET.get("sub") and part is None:
        raise Http404
    subject = Subject(here.space, part, threads.topic_named(here.viewer, request.GET.get("topic", "")))
    tops = which != UNANSWERED and part is None and subject.topic is None
    page = _listed(request, which, subject, without_pinned=tops)
    shown = {"threads": page.things, "next_url": way_on(request, page.next), "which": which, "part": part}
    if is_more(request):
        return render(request, "forum/_threads.html", shown)
    may_keep = rules.can_keep_forum(here.viewer, here.space, here.membership)
    return render(request, "forum/forum.html", here.context("forum") | {
        **shown, "forum": found, "lists": WHICH, "parts": fora.sub_fora(found), "subject": subject,
        "pinned": threads.pinned_in(here.viewer, here.space) if tops and "after" not in request.GET else [],
        "topics": threads.recent_topics(here.viewer, subject), "may_keep": may_keep,
        "may_write": rules.can_discuss(here.viewer, here.space, here.membership),
    })  # fmt: skip


@signed_in
@require_GET
def answering(request: HttpRequest) -> HttpResponse:
    """What waits for an answer is in the lists; here is how long questions waited, by subject."""
    return render(request, "forum/answers.html", {
        "figures": answers.figures(viewer_of(request)), "days": answers.SINCE.days, "fewest": answers.FEWEST,
    })  # fmt: skip


def _which(request: HttpRequest) -> str:
    which = request.GET.get("list", ACTIVE)
    if which not in WHICH:
        raise Http404
    return which


def _listed(request: HttpRequest, which: str, subject: Subject, **how: Any) -> Page[Thread]:
    try:
        return threads.listed(viewer_of(request), which, subject, request.GET.get("after") or None, **how)
    except BadCursor as error:
        raise Http404 from error
