"""For people without a desk: a notice to hang up, a list to sign, and writing down who has signed."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from torvet.base.api import absolute
from torvet.base.pages import BadCursor, Page
from torvet.base.policies import colleague
from torvet.base.rules import Forbidden, Refused
from torvet.notices import actions, rules
from torvet.notices.forms import PaperForm
from torvet.notices.models import Notice
from torvet.notices.queries import wording_of
from torvet.notices.queries.audience import are_names_agreed
from torvet.notices.queries.names import sheet as names_on_sheet
from torvet.notices.queries.names import units_led
from torvet.notices.views.loading import notice_or_404
from torvet.people.models import Member, Site, Unit
from torvet.people.viewer import viewer_of

QUIET = 4  # modules of white around the code, as its standard asks


def _usable_or_404(request: HttpRequest, pk: int) -> tuple[Notice, set[int] | None]:
    """The notice, and the units whose people this viewer may list: None for all."""
    viewer, found = viewer_of(request), notice_or_404(request, pk)
    led = units_led(viewer)
    if not rules.can_use_paper(viewer, found, leads_somebody=bool(led)) or found.entry.is_removed:
        raise Http404
    return found, None if rules.can_see_notice(viewer, found) else led


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _people(request: HttpRequest, notice: Notice, units: set[int] | None) -> Page[Member]:
    try:
        return names_on_sheet(
            viewer_of(request), notice, units=units, unit=_number(request, "unit"), site=_number(request, "site"),
            after=request.GET.get("after") or None,
        )  # fmt: skip
    except BadCursor as error:
        raise Http404 from error


def _context(request: HttpRequest, notice: Notice, units: set[int] | None) -> dict[str, Any]:
    where = Unit.objects.all() if units is None else Unit.objects.filter(pk__in=units)
    page = _people(request, notice, units) if are_names_agreed() else Page([], None)
    return {
        "notice": notice, "entry": notice.entry, "page": page,
        "units": list(where[:500]), "sites": list(Site.objects.all()[:500]) if units is None else [],
        "unit": _number(request, "unit"), "site": _number(request, "site"),
    }  # fmt: skip


@colleague
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Made for A4: title, code and date; then the list to sign, which tells nothing of who has confirmed already."""
    shown, units = _usable_or_404(request, pk)
    address = absolute(shown.entry.url)
    size, path = code(address)
    return render(request, "notices/print.html", {
        **_context(request, shown, units), "address": address, "size": size, "path": path,
        "checksum": wording_of(shown.entry),
    })  # fmt: skip


def code(address: str) -> tuple[int, str]:
    """A QR code as the width of its square and the path of its dark modules."""
    found = segno.make(address, micro=False, error="m")
    rows = list(found.matrix)
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return len(rows) + 2 * QUIET, path


@colleague
@require_http_methods(["GET", "POST"])
def signed(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who has signed."""
    shown, units = _usable_or_404(request, pk)
    form = PaperForm(
        request.POST if request.method == "POST" else None, initial={"version": shown.entry.version}
    )
    chosen = {
        int(one)
        for one in request.POST.getlist("signed")
        if one.isascii() and one.isdigit() and len(one) < 19
    }
    if request.method == "POST" and form.is_valid():
        members = list(Member.objects.visible_to(viewer_of(request)).filter(pk__in=chosen))
        try:
            actions.record_paper(by=viewer_of(request), notice=shown, members=members, **form.cleaned_data)
            # Whoever had confirmed before is not told apart.
            messages.success(request, _("Written down: %(number)s.") % {"number": len(members)})
            return redirect(request.get_full_path())
        except Forbidden as forbidden:
            raise Http404 from forbidden
        except Refused as refused:
            form.add_error(None, refused.reason)
    context = {**_context(request, shown, units), "form": form, "chosen": chosen}
    return render(request, "notices/paper.html", context, status=422 if form.errors else 200)
