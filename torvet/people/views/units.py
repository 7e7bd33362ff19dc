"""How the company is built: the tree of units, and one unit."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from torvet.base.pages import BadCursor
from torvet.base.policies import colleague
from torvet.people import queries
from torvet.people.models import Unit
from torvet.people.queries import Wanted
from torvet.people.viewer import viewer_of
from torvet.people.views.directory import way_on


@colleague
def units(request: HttpRequest) -> HttpResponse:
    return render(request, "people/units.html", {"branches": queries.unit_tree()})


@colleague
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit: where it stands, who leads it, what is below it, and everybody in it."""
    viewer = viewer_of(request)
    shown = get_object_or_404(Unit.objects.select_related("leader", "parent"), pk=pk)
    try:
        page = queries.directory(viewer, Wanted(unit=shown), after=request.GET.get("after"))
    except BadCursor:
        raise Http404 from None
    followed = queries.followed_among(viewer, page.things)
    context = {"unit": shown, "page": page, "followed": followed, "next_url": way_on(request, page.next)}
    if request.headers.get("HX-Request") and "after" in request.GET:
        return render(request, "people/_people.html", context)
    branch, above = queries.branch_of(shown)
    return render(request, "people/unit.html", context | {"branch": branch, "above": above})
