"""Editing, its history, removing, and undoing that."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from torvet.base.differences import difference, line_difference
from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Forbidden, Refused
from torvet.base.text import to_markdown
from torvet.entries import actions, queries, rules, versions
from torvet.entries.actions import EditConflict
from torvet.entries.forms import EditForm
from torvet.entries.kinds import kind_of
from torvet.entries.merging import merge_edit
from torvet.entries.models import Entry
from torvet.entries.versions import Version
from torvet.entries.views import entry_or_404, viewer_of


def place_of(entry: Entry) -> str:
    """Where an entry stands on its thread's page."""
    return entry.stands_at if entry.is_reply else f"/e/{entry.pk}/"


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_or_404(request, pk)
    viewer = viewer_of(request)
    speaks = queries.speaks_for(viewer, entry)
    if not rules.can_edit(viewer, entry, queries.membership_for(viewer, entry), speaks=speaks):
        raise Http404
    if kind_of(entry.kind).changed_by:
        return redirect(f"{entry.url}edit/")
    if request.method == "GET":
        form = EditForm(
            initial={"body": to_markdown(entry.body), "title": entry.title, "version": entry.version}
        )
        return render(request, "entries/edit.html", {"entry": entry, "form": form})
    form = EditForm(request.POST)
    if not form.is_valid():
        return render(request, "entries/edit.html", {"entry": entry, "form": form}, status=422)
    try:
        actions.edit_entry(by=viewer, entry=entry, **form.cleaned_data)
    except EditConflict as conflict:
        return _merged(request, entry, conflict, form)
    except Refused as refused:
        form.add_error("body", refused.reason)
        return render(request, "entries/edit.html", {"entry": entry, "form": form}, status=422)
    return redirect(place_of(entry))


def _merged(request: HttpRequest, entry: Entry, conflict: EditConflict, form: EditForm) -> HttpResponse:
    """Nothing was saved: the box holds what both wrote, and saving again takes that."""
    typed = form.cleaned_data
    merged = merge_edit(
        by=viewer_of(request), standing=conflict.entry, began=typed["version"],
        title=typed["title"], body=typed["body"], format=typed["format"],
    )  # fmt: skip
    if merged.says_nothing_new:
        return redirect(place_of(entry))
    again = EditForm(merged.fill(dict(form.data.items())))
    again.is_valid()
    return render(
        request, "entries/edit.html", {"entry": conflict.entry, "form": again, "merged": merged}, status=409
    )


@signed_in
@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_or_404(request, pk)
    if entry.url != f"/e/{pk}/":  # its feature has a history of its own
        return redirect(f"{entry.url}history/")
    try:
        part = versions.versions(entry, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    return render(request, "entries/history.html", {"entry": entry, "part": part})


@signed_in
@require_GET
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version, and what it changed."""
    entry = entry_or_404(request, pk)
    if entry.url != f"/e/{pk}/":
        return redirect(f"{entry.url}history/{number}/")
    shown = versions.version_of(entry, number)
    if shown is None:
        raise Http404
    return render(
        request,
        "entries/version.html",
        {"entry": entry, **compared(entry, shown, request.GET.get("with", ""))},
    )


def compared(entry: Entry, shown: Version, wanted: str) -> dict[str, object]:
    """What the page of a version shows: it beside the one before ("", where there is one), the one that stands ("now"),
    or its words alone ("nothing")."""
    before = versions.version_before(entry, shown.number)
    if wanted == "now" and not shown.is_standing:
        old, new, against = shown, versions.standing(entry), "now"
    elif wanted != "nothing" and before is not None:
        old, new, against = before, shown, "before"
    else:
        return {"shown": shown, "against": "nothing", "before": before}
    return {
        "shown": shown,
        "against": against,
        "before": before,
        "title_change": line_difference(old.title, new.title) if old.title != new.title else "",
        "change": difference(old.body, new.body),
    }


@signed_in
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, then removes."""
    entry = entry_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_remove(viewer, entry, queries.membership_for(viewer, entry)):
        raise Http404
    if request.method == "GET":
        return render(request, "entries/remove.html", {"entry": entry})
    actions.remove_entry(by=viewer, entry=entry)
    return redirect(place_of(entry))


@signed_in
@require_http_methods(["POST"])
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    entry = queries.get_noticed(viewer, pk)
    if entry is None:
        raise Http404
    try:
        actions.restore_entry(by=viewer, entry=entry)
    except Forbidden as error:
        raise Http404(_("You cannot undo this.")) from error
    return redirect(place_of(entry))
