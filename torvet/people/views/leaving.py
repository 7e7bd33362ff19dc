"""The last day of somebody who leaves: set by themselves, by their manager, or by an administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.people import leaving, queries, rules
from torvet.people.forms import LeavingForm
from torvet.people.models import Member
from torvet.people.viewer import viewer_of
from torvet.people.views.profile import member_or_404
from torvet.people.views.settings import member_of


@signed_in
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    return _day(request, member_of(request), "settings")


@signed_in
@require_http_methods(["GET", "POST"])
def of_member(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown = member_or_404(viewer, pk)
    if not rules.can_set_leaving(viewer, shown):
        raise Http404
    return _day(request, shown, "manage")


def _day(request: HttpRequest, member: Member, place: str) -> HttpResponse:
    viewer = viewer_of(request)
    known = queries.leaving_of(viewer, member)
    begun = {"leaves_on": known.leaves_on, "is_public": known.is_public} if known else None
    form = LeavingForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["leaves_on"]:
                leaving.set_leaving(by=viewer, member=member, **form.cleaned_data)
                messages.success(request, _("Saved."))
            else:
                leaving.withdraw_leaving(by=viewer, member=member)
                messages.success(request, _("No last day is set."))
            return redirect(request.path)
        except Refused as refused:
            form.add_error("leaves_on", refused.reason)
    context = {
        "tab": "leaving",
        "form": form,
        "member": member,
        "leaving": known,
        "is_me": viewer.id == member.pk,
    }
    status = 422 if form.errors else 200
    template = "settings/leaving.html" if place == "settings" else "leaving.html"
    return render(request, f"people/{template}", context, status=status)
