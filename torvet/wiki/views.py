"""Pages: the tree of a space, one page, writing, moving, and keeping it true."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.pages import BadCursor
from torvet.base.policies import colleague, signed_in
from torvet.base.rules import Refused
from torvet.base.text import read_markdown, to_markdown
from torvet.entries import queries as entries
from torvet.entries.actions import EditConflict
from torvet.entries.forms import files_of
from torvet.entries.views.files import upload_all
from torvet.entries.views.threads import drawn_actions, thread_parts
from torvet.people import queries as people
from torvet.people.models import Member
from torvet.people.viewer import viewer_of
from torvet.spaces import queries as spaces
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership, Space
from torvet.wiki import actions, queries, rules
from torvet.wiki.contents import with_anchors
from torvet.wiki.drafts import draft
from torvet.wiki.forms import EditPageForm, NewPageForm, OwnerForm, PlaceForm
from torvet.wiki.models import Page, Sort


def page_or_404(request: HttpRequest, pk: int) -> Page:
    """The page, when this viewer may read it. What they may not see and what is not there answer alike."""
    found = queries.get_visible(viewer_of(request), pk)
    if found is None:
        raise Http404
    return found


def own_membership(request: HttpRequest, page: Page) -> Membership | None:
    return spaces.membership_of(viewer_of(request), page.entry.space)


def readable_space_or_404(request: HttpRequest, pk: int) -> tuple[Space, Membership | None]:
    viewer = viewer_of(request)
    found = spaces.get_visible(viewer, pk)
    membership = spaces.membership_of(viewer, found) if found else None
    if found is None or not space_rules.can_read(viewer, found, membership):
        raise Http404
    return found, membership


def in_space(request: HttpRequest, space: Space, membership: Membership | None) -> dict[str, Any]:
    """What the head of a space needs."""
    return {
        "space": space,
        "membership": membership,
        "may": space_rules.abilities(viewer_of(request), space, membership),
        "may_write_page": rules.can_write_page(viewer_of(request), space, membership),
    }


@signed_in
@require_GET
def tree(request: HttpRequest, pk: int) -> HttpResponse:
    """All pages of a space, opened level by level."""
    space, membership = readable_space_or_404(request, pk)
    branches = queries.tree(viewer_of(request), space)
    return render(request, "wiki/tree.html", {"branches": branches, **in_space(request, space, membership)})


@signed_in
@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown = page_or_404(request, pk)
    membership = own_membership(request, shown)
    body, contents = with_anchors(shown.entry.body)
    attachments = entries.attachments_of([shown.pk]).get(shown.pk, [])
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
            parent=_parent(request, form.cleaned_data["under"]),
            files=files + upload_all(request),
            alts=alts,
        )
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _write(request, space, membership, form, status=422)
    return redirect(written.url)


def _parent(request: HttpRequest, under: int | None) -> Page | None:
    """The page to stand under; None for the top. Raises Refused for one that is not there any more."""
    if not under:
        return None
    found = queries.get_visible(viewer_of(request), under)
    if found is None:
        raise Refused(_("The page it should stand under is not there any more. Choose another place."))
    return found


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


@signed_in
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a page stands: chosen from a list, so that it works with the keyboard and without a script."""
    viewer = viewer_of(request)
    shown = page_or_404(request, pk)
    if not rules.can_move_page(viewer, shown, own_membership(request, shown)):
        raise Http404
    refusal = ""
    if request.method == "POST":
        form = PlaceForm(request.POST)
        try:
            if form.is_valid():
                under, before = form.cleaned_data["under"], form.cleaned_data["before"]
                parent = _parent(request, under)
                actions.move_page(
                    by=viewer, page=shown, parent=parent, before=_parent(request, before) if before else None
                )
                messages.success(request, _("The page has been moved."))
                return redirect(shown.url)
        except Refused as refused:
            refusal = refused.reason
    parents = queries.possible_parents(viewer, shown.entry.space, shown)
    return render(request, "wiki/place.html", {
        "page": shown, "space": shown.entry.space, "parents": parents, "refusal": refusal,
        "siblings": [row for row in queries.siblings(viewer, shown) if row.pk != shown.pk],
    }, status=422 if refusal else 200)  # fmt: skip


@signed_in
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Still right? Yes."""
    shown = page_or_404(request, pk)
    if not rules.can_answer_for(viewer_of(request), shown, own_membership(request, shown)):
        raise Http404
    actions.confirm_page(by=viewer_of(request), page=shown)
    messages.success(request, _("Thank you. The page counts as right until its next look."))
    return redirect(shown.url)


@signed_in
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown = page_or_404(request, pk)
    if not rules.can_change_owner(viewer, shown, own_membership(request, shown)):
        raise Http404
    begun = {
        "owner": shown.owner.handle,
        "deputy": shown.deputy.handle if shown.deputy else "",
        "months": shown.months,
    }
    form = OwnerForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            named = _named(request, form.cleaned_data["owner"])
            deputy = _named(request, form.cleaned_data["deputy"]) if form.cleaned_data["deputy"] else None
            actions.name_owner(
                by=viewer, page=shown, owner=named, deputy=deputy, unit=named.unit,
                months=form.cleaned_data["months"],
            )  # fmt: skip
            return redirect(shown.url)
        except Refused as refused:
            form.add_error("owner", refused.reason)
    return render(
        request, "wiki/owner.html", {"page": shown, "form": form}, status=422 if form.errors else 200
    )


def _named(request: HttpRequest, words: str) -> Member:
    """The colleague with this handle, address or full name. Raises Refused when there is none or more than one."""
    found = people.colleague_named(viewer_of(request), words)
    if found is None:
        raise Refused(
            _("Nobody here is called %(name)s. Write their handle, like anna.berg.") % {"name": words}
        )
    return found


@colleague
@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """Pages that wait to be looked through."""
    try:
        part = queries.overdue(viewer_of(request), request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    return render(request, "wiki/to_confirm.html", {"pages": part.things, "next": part.next})
