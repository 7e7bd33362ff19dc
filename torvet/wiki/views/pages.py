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
from torvet.entries.merging import merge_edit
from torvet.entries.views.files import upload_all
from torvet.entries.views.threads import drawn_actions, thread_parts
from torvet.people.viewer import viewer_of
from torvet.spaces.models import Membership, Space
from torvet.wiki import actions, queries, rules
from torvet.wiki.contents import with_anchors
from torvet.wiki.drafts import draft
from torvet.wiki.forms import EditPageForm, NewPageForm
from torvet.wiki.models import Page, Sort
from torvet.wiki.passages import with_section_links
from torvet.wiki.views.kept import kept_parts, words_shown
from torvet.wiki.views.loading import (
    in_space,
    own_membership,
    page_or_404,
    parent_named,
    readable_space_or_404,
)
from torvet.wiki.views.remarks import marked_body


@signed_in
@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown = page_or_404(request, pk)
    membership = own_membership(request, shown)
    may_write_page = rules.can_write_page(viewer, shown.entry.space, membership)
    kept = kept_parts(request, shown, membership)
    body, contents = with_anchors(words_shown(request, shown, kept, may_write=may_write_page))
    marked, remarks = marked_body(request, shown, body)
    if rules.can_comment_on(viewer, shown, membership):
        marked = with_section_links(marked, shown.url)
    # What the words show or link to at its place is not listed once more below them.
    attachments = [
        row
        for row in entries.attachments_of([shown.pk]).get(shown.pk, [])
        if f"/files/{row.key}/" not in body
    ]
    return render(request, "wiki/page.html", {
        "page": shown, "entry": shown.entry, "space": shown.space, "body": marked, "remarks": remarks,
        "suggested": queries.number_open(
            viewer, shown, only_own=not rules.can_see_suggestions(viewer, shown, membership)
        ),
        "contents": contents if len(contents) > 1 else [],
        "branches": queries.tree(viewer, shown.space, shown), "path": queries.path_to(viewer, shown),
        "below": queries.below(viewer, shown), "may": rules.abilities(viewer, shown, membership),
        "may_write_page": may_write_page, **kept,
        "pictures": [row for row in attachments if row.is_picture],
        "files": [row for row in attachments if not row.is_picture],
        "acts": drawn_actions(request, shown.entry),
        "readers": entries.readers_of(shown.entry.space), "membership": membership,
        "conversation": queries.conversation_of(viewer, shown),
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
    under = str(form["under"].value() or "")
    chosen = int(under) if under.isascii() and under.isdigit() and len(under) < 19 else None
    return render(request, "wiki/new.html", {
        "places": queries.possible_places(viewer, space, chosen=chosen),
        "form": form, "sorts": Sort.choices,
        # What the rich editor begins with, with a line to write on below each heading; without a script it is the
        # Markdown in the box.
        "html": read_markdown(form.initial.get("body", "")).html.replace("</h2>", "</h2><p></p>"),
        "readers": entries.readers_of(space), "waits": queries.wants_approval(space),
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
        words = queries.words_to_edit(shown)
        begun = {
            "title": words.title,
            "body": to_markdown(words.body),
            "version": words.version,
            "sort": shown.sort,
        }
        return _edit(request, shown, EditPageForm(initial=begun), html=words.body)
    form = EditPageForm(request.POST)
    if not form.is_valid():
        return _edit(request, shown, form, status=422)
    try:
        actions.edit_page(by=viewer, page=shown, **form.cleaned_data)
    except EditConflict as conflict:
        return _merged(request, shown, conflict, form)
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _edit(request, shown, form, status=422)
    return redirect("page_working", pk) if shown.working_version is not None else redirect(shown.url)


def _merged(request: HttpRequest, shown: Page, conflict: EditConflict, form: EditPageForm) -> HttpResponse:
    """Nothing was saved: the box holds what both wrote, and saving again takes that."""
    typed = form.cleaned_data
    merged = merge_edit(
        by=viewer_of(request), standing=conflict.entry, began=typed["version"],
        title=typed["title"], body=typed["body"], format=typed["format"],
        ancestor=queries.words_begun_with(shown, typed["version"]),
    )  # fmt: skip
    if merged.says_nothing_new and typed["sort"] == shown.sort:
        return redirect(shown.url)
    again = EditPageForm(merged.fill(dict(form.data.items())))
    again.is_valid()
    return _edit(request, shown, again, status=409, merged=merged)


def _edit(
    request: HttpRequest, shown: Page, form: EditPageForm, status: int = 200, **context: Any
) -> HttpResponse:
    return render(request, "wiki/edit.html", {
        "page": shown, "entry": shown.entry, "space": shown.space, "form": form, "sorts": Sort.choices,
        "readers": entries.readers_of(shown.entry.space), **context,
    }, status=status)  # fmt: skip
