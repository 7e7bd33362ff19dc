"""Who is here: the directory, and whom a writer may mean."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.people import queries
from torvet.people.forms import DirectoryForm
from torvet.people.models import Member, Unit
from torvet.people.queries import Wanted
from torvet.people.viewer import Viewer, viewer_of

PICKED = 8


def wanted_of(viewer: Viewer, form: DirectoryForm) -> Wanted:
    """What is filtered by; guests filter by words only, for units and sites are not theirs to know."""
    form.is_valid()
    typed = form.cleaned_data
    if viewer.is_guest:
        return Wanted(words=typed.get("q", ""))
    return Wanted(typed.get("q", ""), typed.get("unit"), typed.get("site"), typed.get("role", ""))


@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """The directory, a page at a time; htmx gets the next cards alone."""
    viewer = viewer_of(request)
    form = DirectoryForm(request.GET)
    wanted = wanted_of(viewer, form)
    try:
        page = queries.directory(viewer, wanted, after=request.GET.get("after"))
    except BadCursor:
        raise Http404 from None
    followed = queries.followed_among(viewer, page.things)
    context = {
        "form": form, "wanted": wanted, "page": page, "next_url": way_on(request, page.next), "followed": followed,
    }  # fmt: skip
    is_more = bool(request.headers.get("HX-Request")) and "after" in request.GET
    return render(request, "people/_people.html" if is_more else "people/people.html", context)


def way_on(request: HttpRequest, cursor: str | None) -> str:
    """The address of the next page with the same filters; empty at the end."""
    if not cursor:
        return ""
    asked = request.GET.copy()
    asked["after"] = cursor
    return f"{request.path}?{asked.urlencode()}"


@signed_in
def pick(request: HttpRequest) -> HttpResponse:
    """Suggestions while somebody types a name: members first, then units."""
    viewer = viewer_of(request)
    words = request.GET.get("q", "")[:120]
    space = request.GET.get("space", "")
    # Two places are kept for units, so that many people of a name do not hide the unit of that name.
    units = queries.pick_units(viewer, words, 8) if words.strip() and request.GET.get("units") != "no" else []
    found = queries.pick_members(viewer, words, as_id(space), PICKED - min(2, len(units)))
    units = units[: PICKED - len(found)]
    return JsonResponse(
        {"items": [*(as_pick(viewer, member) for member in found), *(unit_as_pick(unit) for unit in units)]}
    )


def as_id(text: str) -> int | None:
    """A row's number out of an address; None for anything that cannot be one."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def as_pick(viewer: Viewer, member: Member) -> dict[str, Any]:
    # Where somebody works is for colleagues.
    place = [member.title] if viewer.is_guest else [
        member.title or (member.unit.name if member.unit else ""), member.site.name if member.site else ""
    ]  # fmt: skip
    return {
        "id": f"member-{member.pk}",
        "label": member.name,
        "detail": ", ".join(part for part in place if part),
        "hue": member.hue,
        "initials": member.initials,
        "photo": member.photo_url or None,
        "handle": member.handle,
    }


def unit_as_pick(unit: Unit) -> dict[str, Any]:
    return {
        "id": f"unit-{unit.pk}", "label": unit.name, "detail": "", "hue": (unit.pk * 7) % 24,
        "initials": unit.name[:2].upper(), "photo": None, "handle": "",
    }  # fmt: skip
