"""Something wrong with this page? Said by readers, answered by those who may mend it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from torvet.base.back import says_why
from torvet.base.policies import signed_in
from torvet.people.viewer import viewer_of
from torvet.wiki import actions, queries, rules
from torvet.wiki.views.loading import own_membership, page_or_404


@signed_in
@require_POST
@says_why
def report(request: HttpRequest, pk: int) -> HttpResponse:
    shown = page_or_404(request, pk)
    actions.report_page(
        by=viewer_of(request),
        page=shown,
        what=request.POST.get("what", ""),
        words=request.POST.get("words", ""),
    )
    messages.success(request, _("Thank you. Those who answer for the page have been told."))
    return redirect(shown.url)


@signed_in
@require_POST
@says_why
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    shown = page_or_404(request, pk)
    actions.take_back_report(by=viewer_of(request), page=shown)
    return redirect(shown.url)


@signed_in
@require_POST
@says_why
def answer(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """Done, or a sentence in return."""
    shown = page_or_404(request, pk)
    if not rules.can_answer_reports(viewer_of(request), shown, own_membership(request, shown)):
        raise Http404
    found = queries.report_to_answer(shown, report)
    if found is not None:
        # One that a colleague has just answered is no mistake of whoever comes second.
        actions.answer_report(
            by=viewer_of(request), page=shown, report=found, answer=request.POST.get("answer", "")
        )
        messages.success(request, _("The reader has been told."))
    return redirect(f"{shown.url}#reports")
