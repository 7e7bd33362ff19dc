"""The company's name, colour and first language."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from torvet.base.policies import administrator
from torvet.people import actions, queries
from torvet.people.forms import CompanyForm
from torvet.people.viewer import viewer_of
from torvet.people.views.manage.places import saved

# Colours that suit a company; any other may be written in.
SWATCHES = (
    "#0b7a4b", "#0f6e84", "#1d4ed8", "#4f46e5", "#7e22ce", "#be185d", "#b42318", "#b45309", "#4d7c0f", "#334155",
)  # fmt: skip


@administrator
def company(request: HttpRequest) -> HttpResponse:
    found = queries.company()
    if found is None:
        raise Http404
    initial = {"name": found.name, "brand": found.brand, "language": found.language}
    form = CompanyForm(request.POST or None, initial=initial)
    if saved(request, form, lambda: actions.change_company(by=viewer_of(request), **form.cleaned_data)):
        return redirect("manage_company")
    context = {"tab": "company", "form": form, "swatches": SWATCHES}
    return render(request, "people/manage/company.html", context, status=422 if form.errors else 200)
