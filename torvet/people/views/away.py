"""When somebody is away: said by themselves, by their manager, or by an administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from torvet.base.back import back
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.people import away, queries, rules
from torvet.people.forms import AwayForm
from torvet.people.models import Member
from torvet.people.viewer import viewer_of
from torvet.people.views.profile import member_or_404
from torvet.people.views.settings import member_of


@signed_in
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    return _days(request, member_of(request), "people/settings/away.html")


@signed_in
@require_http_methods(["GET", "POST"])
def of_member(request: HttpRequest, pk: int) -> HttpResponse:
    return _days(request, _member_or_404(request, pk), "people/away.html")


def _days(request: HttpRequest, member: Member, template: str) -> HttpResponse:
    viewer = viewer_of(request)
    form = AwayForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        try:
            away.set_away(by=viewer, member=member, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(request.path)
        except Refused as refused:
            form.add_error(None, refused.reason)
    return render(request, template, {
        "tab": "away", "form": form, "member": member, "absences": queries.absences_of(viewer, member),
        "is_me": viewer.id == member.pk,
    }, status=422 if form.errors else 200)  # fmt: skip


@signed_in
@require_POST
def end(request: HttpRequest, pk: int, absence: int) -> HttpResponse:
    member = _member_or_404(request, pk)
    found = next((one for one in queries.absences_of(viewer_of(request), member) if one.pk == absence), None)
    if found is None:
        raise Http404
    away.end_away(by=viewer_of(request), absence=found)
    messages.success(request, _("Saved."))
    return back(request, f"/people/{pk}/away/")


def _member_or_404(request: HttpRequest, pk: int) -> Member:
    member = member_or_404(viewer_of(request), pk)
    if not rules.can_set_away(viewer_of(request), member):
        raise Http404
    return member
