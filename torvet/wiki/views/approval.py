"""The working text of a page that needs approval: seen by its editors, approved by those who answer for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.differences import difference, line_difference
from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.people.viewer import viewer_of
from torvet.spaces.models import Membership
from torvet.wiki import actions, queries, rules
from torvet.wiki.contents import with_anchors
from torvet.wiki.models import Page
from torvet.wiki.views.loading import own_membership, page_or_404, readable_space_or_404


def number_of(request: HttpRequest, name: str) -> int:
    """A whole number from the form; 0 for anything else, which no version has."""
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


@signed_in
@require_GET
def working(request: HttpRequest, pk: int) -> HttpResponse:
    """The newer text, and what is different in it."""
    shown, membership = _edited(request, pk)
    return _working(request, shown, membership)


def _edited(request: HttpRequest, pk: int) -> tuple[Page, Membership | None]:
    """The page, for those who may see its working text."""
    shown = page_or_404(request, pk)
    membership = own_membership(request, shown)
    if not rules.can_see_working(viewer_of(request), shown, membership):
        raise Http404
    return shown, membership


def _working(
    request: HttpRequest, shown: Page, membership: Membership | None, status: int = 200, **context: Any
) -> HttpResponse:
    viewer = viewer_of(request)
    newest = queries.working_text(shown)
    try:
        earlier = queries.earlier_working(viewer, shown, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    body = queries.drawn_words(viewer, shown, newest.body, may_write=True) if newest else ""
    return render(request, "wiki/working.html", {
        "page": shown, "entry": shown.entry, "space": shown.space, "working": newest,
        "title_change": line_difference(shown.entry.title, newest.title) if newest else "",
        "body": with_anchors(body)[0],
        "change": difference(shown.entry.body, newest.body) if newest else "",
        "earlier": earlier, "may": rules.abilities(viewer, shown, membership), **context,
    }, status=status)  # fmt: skip


@signed_in
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """One click: everybody reads the text that was on the screen."""
    shown, membership = _edited(request, pk)
    if not rules.can_approve(viewer_of(request), shown, membership):
        raise Http404
    try:
        actions.approve_page(by=viewer_of(request), page=shown, version=number_of(request, "version"))
    except Refused as refused:
        shown.refresh_from_db()
        return _working(request, shown, membership, status=409, refusal=refused.reason)
    messages.success(request, _("Approved. Everybody reads the new text now."))
    return redirect(shown.url)


@signed_in
@require_POST
def not_yet(request: HttpRequest, pk: int) -> HttpResponse:
    shown, membership = _edited(request, pk)
    if not rules.can_approve(viewer_of(request), shown, membership):
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        actions.answer_not_yet(
            by=viewer_of(request), page=shown, version=number_of(request, "version"), reason=reason
        )
    except Refused as refused:
        shown.refresh_from_db()
        return _working(request, shown, membership, status=422, refusal=refused.reason, reason=reason)
    messages.success(request, _("The writer has been told what is missing."))
    return redirect("page_working", pk)


@signed_in
@require_http_methods(["GET", "POST"])
def setting(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether changes wait for approval; switched off, which of two texts stands is asked and never guessed."""
    viewer = viewer_of(request)
    shown = page_or_404(request, pk)
    if not rules.can_change_approval(viewer, shown, own_membership(request, shown)):
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            if request.POST.get("approval") == "on":
                actions.want_approval(by=viewer, page=shown)
            else:
                actions.lift_approval(
                    by=viewer,
                    page=shown,
                    stands=request.POST.get("stands", ""),
                    version=number_of(request, "version"),
                )
            return redirect(shown.url)
        except Refused as refused:
            refusal = refused.reason
            shown.refresh_from_db()
    newest = queries.working_text(shown)
    return render(request, "wiki/approval.html", {
        "page": shown, "entry": shown.entry, "working": newest, "refusal": refusal,
        "change": difference(shown.entry.body, newest.body) if newest else "",
    }, status=422 if refusal else 200)  # fmt: skip


@signed_in
@require_POST
@says_why
def in_space(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether new pages of a space need approval from the start."""
    space, membership = readable_space_or_404(request, pk)
    if not rules.can_want_approval_in(viewer_of(request), space, membership):
        raise Http404
    is_wanted = request.POST.get("approval") == "on"
    actions.want_approval_in(by=viewer_of(request), space=space, is_wanted=is_wanted)
    messages.success(
        request,
        _("New pages here are approved before others read them.")
        if is_wanted
        else _("New pages here are read at once."),
    )
    return redirect("pages_care", pk)
