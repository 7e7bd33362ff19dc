"""One page: reading, writing, changing, and how it came to be."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.base.text import read_markdown, to_markdown
from torvet.entries import queries as entries
from torvet.entries.actions import EditConflict
from torvet.entries.forms import files_of
from torvet.entries.views.files import upload_all
from torvet.entries.views.threads import drawn_actions, thread_parts
from torvet.people.viewer import viewer_of
from torvet.spaces.models import Membership, Space
from torvet.wiki import actions, queries, rules
from torvet.wiki.contents import with_anchors
from torvet.wiki.drafts import draft
from torvet.wiki.forms import EditPageForm, NewPageForm
from torvet.wiki.models import Page, Sort
from torvet.wiki.views.loading import (
    in_space,
    own_membership,
    page_or_404,
    parent_named,
    readable_space_or_404,
)


@signed_in
@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown = page_or_404(request, pk)
    membership = own_membership(request, shown)
    body, contents = with_anchors(shown.entry.body)
    # What the words show or link to at its place is not listed once more below them.
    attachments = [
        row
        for row in entries.attachments_of([shown.pk]).get(shown.pk, [])
        if f"/files/{row.key}/" not in shown.entry.body
    ]
    return render(request, "wiki/page.html", {
        "page": shown, "entry": shown.entry, "space": shown.entry.space, "body": body,
        "contents": contents if len(contents) > 1 else [],
        "branches": queries.tree(viewer, shown.entry.space, shown), "path": queries.path_to(viewer, shown),
        "below": queries.below(viewer, shown), "may": rules.abilities(viewer, shown, membership),
        "may_write_page": rules.can_write_page(viewer, shown.entry.space, membership),
        "pictures": [row for row in attachments if row.is_picture],
        "files": [row for row in attachments if not row.is_picture],
        "acts": drawn_actions(request, shown.entry),
        "readers": entries.readers_of(shown.entry.space), "membership": membership,
        **thread_parts(request, shown.entry, membership),
    })  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    space, membership = readable_space_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_write_page(viewer, space, membership):
        raise Http404
    if request.method == "GET":
        sort = request.GET.get("sort", "")
        begun = {
            "sort": sort if sort in Sort.values else Sort.PLAIN,
            "body": draft(sort),
            "under": request.GET.get("under", ""),
            "title": request.GET.get("title", "")[:200],
        }
        return _write(request, space, membership, NewPageForm(initial=begun))
    form = NewPageForm(request.POST)
    if not form.is_valid():
        return _write(request, space, membership, form, status=422)
    files, alts = files_of(request.POST)
    try:
        written = actions.write_page(
            by=viewer,
            space=space,
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            format=form.cleaned_data["format"],
            sort=form.cleaned_data["sort"],
            parent=parent_named(request, form.cleaned_data["under"]),
            files=files + upload_all(request),
            alts=alts,
        )
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _write(request, space, membership, form, status=422)
    return redirect(written.url)


def _write(
    request: HttpRequest, space: Space, membership: Membership | None, form: NewPageForm, status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    keys, alts = files_of(request.POST)
    return render(request, "wiki/new.html", {
        "form": form, "parents": queries.possible_parents(viewer, space), "sorts": Sort.choices,
        # What the rich editor begins with; without a script it is the Markdown in the box.
        "html": read_markdown(form.initial.get("body", "")).html,
        "readers": entries.readers_of(space),
        "uploads": [(row, alts[row.key]) for row in entries.waiting_uploads(viewer, keys)] if keys else [],
        **in_space(request, space, membership),
    }, status=status)  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = page_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_edit_page(viewer, shown, own_membership(request, shown)):
        raise Http404
    if request.method == "GET":
        begun = {
            "title": shown.entry.title,
            "body": to_markdown(shown.entry.body),
            "version": shown.entry.version,
            "sort": shown.sort,
        }
        return _edit(request, shown, EditPageForm(initial=begun))
    form = EditPageForm(request.POST)
    if not form.is_valid():
        return _edit(request, shown, form, status=422)
    try:
        actions.edit_page(by=viewer, page=shown, **form.cleaned_data)
    except EditConflict as conflict:
        data = dict(form.data.items()) | {"version": str(conflict.entry.version)}
        again = EditPageForm(data)
        again.is_valid()
        return _edit(request, shown, again, status=409, standing=conflict.entry)
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _edit(request, shown, form, status=422)
    return redirect(shown.url)


def _edit(
    request: HttpRequest, shown: Page, form: EditPageForm, status: int = 200, **context: Any
) -> HttpResponse:
    return render(request, "wiki/edit.html", {
        "page": shown, "entry": shown.entry, "space": shown.entry.space, "form": form, "sorts": Sort.choices,
        "html": shown.entry.body, "readers": entries.readers_of(shown.entry.space), **context,
    }, status=status)  # fmt: skip


@signed_in
@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = page_or_404(request, pk)
    revisions = entries.revisions_of(shown.entry)
    return render(
        request, "entries/history.html", {"entry": shown.entry, "revisions": revisions, "page": shown}
    )
