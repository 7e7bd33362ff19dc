"""Editing, its history, removing, and undoing that."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from torvet.base.policies import signed_in
from torvet.base.rules import Forbidden, Refused
from torvet.base.text import to_markdown
from torvet.entries import actions, queries, rules
from torvet.entries.actions import EditConflict
from torvet.entries.forms import EditForm
from torvet.entries.kinds import kind_of
from torvet.entries.models import Entry
from torvet.entries.views import entry_or_404, viewer_of


def place_of(entry: Entry) -> str:
    """Where an entry stands on its thread's page."""
    return f"/e/{entry.thread_id}/#c{entry.pk}" if entry.is_reply else f"/e/{entry.pk}/"


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_edit(viewer, entry, queries.membership_for(viewer, entry)):
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
        return _both_texts(request, conflict, form)
    except Refused as refused:
        form.add_error("body", refused.reason)
        return render(request, "entries/edit.html", {"entry": entry, "form": form}, status=422)
    return redirect(place_of(entry))


def _both_texts(request: HttpRequest, conflict: EditConflict, form: EditForm) -> HttpResponse:
    """Nothing was saved: both texts stand side by side, and saving again takes the typed one."""
    standing = conflict.entry
    data = dict(form.data.items())
    data["version"] = str(standing.version)
    again = EditForm(data)
    again.is_valid()
    again.add_error(None, str(conflict))
    return render(
        request, "entries/edit.html", {"entry": standing, "form": again, "standing": standing}, status=409
    )


@signed_in
@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_or_404(request, pk)
    return render(request, "entries/history.html", {"entry": entry, "revisions": queries.revisions_of(entry)})


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
