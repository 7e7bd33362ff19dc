"""Keeping pages true: still right, and who answers for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from torvet.base.back import back
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.people.viewer import viewer_of
from torvet.wiki import actions, rules
from torvet.wiki.forms import OwnerForm
from torvet.wiki.views.loading import own_membership, page_or_404


@signed_in
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Still right? Yes."""
    shown = page_or_404(request, pk)
    if not rules.can_answer_for(viewer_of(request), shown, own_membership(request, shown)):
        raise Http404
    actions.confirm_page(by=viewer_of(request), page=shown)
    messages.success(request, _("Thank you. The page counts as right until its next look."))
    return back(request, shown.url)


@signed_in
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown = page_or_404(request, pk)
    if not rules.can_change_owner(viewer, shown, own_membership(request, shown)):
        raise Http404
    begun = {"owner": shown.owner, "deputy": shown.deputy, "months": shown.months}
    form = OwnerForm(request.POST if request.method == "POST" else None, initial=begun, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        named = form.cleaned_data["owner"]
        try:
            actions.name_owner(
                by=viewer, page=shown, owner=named, deputy=form.cleaned_data["deputy"], unit=named.unit,
                months=form.cleaned_data["months"],
            )  # fmt: skip
            return redirect(shown.url)
        except Refused as refused:
            form.add_error("owner", refused.reason)
    return render(
        request, "wiki/owner.html", {"page": shown, "form": form}, status=422 if form.errors else 200
    )
