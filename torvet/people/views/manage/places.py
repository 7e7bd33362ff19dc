"""Where people work: the tree of units, and the sites."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from torvet.base.back import says_why
from torvet.base.policies import administrator
from torvet.base.rules import Refused
from torvet.people import actions, queries
from torvet.people.forms import SiteForm, UnitForm
from torvet.people.models import Site, Unit
from torvet.people.viewer import viewer_of


def saved(request: HttpRequest, form: Any, save: Callable[[], object]) -> bool:
    """Whether the form was sent and its action went through; what was refused stands at the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save()
    except Refused as refused:
        form.add_error(None, refused.reason)
        return False
    messages.success(request, _("Saved."))
    return True


@administrator
def units(request: HttpRequest) -> HttpResponse:
    """The tree, and a form for one more unit."""
    viewer = viewer_of(request)
    form = UnitForm(request.POST or None, viewer=viewer)
    if saved(request, form, lambda: actions.save_unit(by=viewer, **form.cleaned_data)):
        return redirect("manage_units")
    context = {"tab": "units", "form": form, "branches": queries.unit_tree()}
    return render(request, "people/manage/units.html", context, status=422 if form.errors else 200)


@administrator
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown = get_object_or_404(Unit.objects.select_related("parent", "leader"), pk=pk)
    initial = {"name": shown.name, "parent": shown.parent, "leader": shown.leader}
    form = UnitForm(request.POST or None, viewer=viewer, unit=shown, initial=initial)
    if saved(request, form, lambda: actions.save_unit(by=viewer, unit=shown, **form.cleaned_data)):
        return redirect("manage_units")
    context = {"tab": "units", "form": form, "unit": shown}
    return render(request, "people/manage/unit.html", context, status=422 if form.errors else 200)


@administrator
@require_POST
@says_why
def remove_unit(request: HttpRequest, pk: int) -> HttpResponse:
    actions.remove_unit(by=viewer_of(request), unit=get_object_or_404(Unit, pk=pk))
    messages.success(request, _("The unit is gone."))
    return redirect("manage_units")


@administrator
def sites(request: HttpRequest) -> HttpResponse:
    """The list, and a form for one more site."""
    viewer = viewer_of(request)
    form = SiteForm(request.POST or None)
    if saved(request, form, lambda: actions.save_site(by=viewer, **form.cleaned_data)):
        return redirect("manage_sites")
    context = {"tab": "sites", "form": form, "sites": queries.sites_with_numbers()}
    return render(request, "people/manage/sites.html", context, status=422 if form.errors else 200)


@administrator
def site(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown = get_object_or_404(Site, pk=pk)
    initial = {"name": shown.name, "country": shown.country, "time_zone": shown.time_zone}
    form = SiteForm(request.POST or None, initial=initial)
    if saved(request, form, lambda: actions.save_site(by=viewer, site=shown, **form.cleaned_data)):
        return redirect("manage_sites")
    context = {"tab": "sites", "form": form, "site": shown}
    return render(request, "people/manage/site.html", context, status=422 if form.errors else 200)


@administrator
@require_POST
@says_why
def remove_site(request: HttpRequest, pk: int) -> HttpResponse:
    actions.remove_site(by=viewer_of(request), site=get_object_or_404(Site, pk=pk))
    messages.success(request, _("The site is gone."))
    return redirect("manage_sites")
