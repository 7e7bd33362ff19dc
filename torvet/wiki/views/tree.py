"""The tree of a space, and where a page stands in it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.base.text.characters import clean_line
from torvet.people.viewer import viewer_of
from torvet.spaces.models import Membership, Space
from torvet.wiki import actions, queries, rules
from torvet.wiki.forms import PlaceForm
from torvet.wiki.views.loading import (
    in_space,
    own_membership,
    page_or_404,
    parent_named,
    readable_space_or_404,
)


@signed_in
@require_GET
def tree(request: HttpRequest, pk: int) -> HttpResponse:
    """All pages of a space, opened level by level; in a small space two levels at once."""
    space, membership = readable_space_or_404(request, pk)
    if "under" in request.GET:
        return _level(request, space, membership)
    branches = queries.overview(viewer_of(request), space)
    return render(request, "wiki/tree.html", {"branches": branches, **in_space(request, space, membership)})


def _level(request: HttpRequest, space: Space, membership: Membership | None) -> HttpResponse:
    """All of one level, part by part."""
    viewer = viewer_of(request)
    given = request.GET["under"]
    parent = (
        page_or_404(request, int(given)) if given.isascii() and given.isdigit() and len(given) < 19 else None
    )
    if (given and parent is None) or (parent is not None and parent.space_id != space.pk):
        raise Http404
    try:
        part = queries.level(viewer, space, parent, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    return render(request, "wiki/level.html", {
        "parent": parent, "path": queries.path_to(viewer, parent) if parent else [], "part": part,
        **in_space(request, space, membership),
    })  # fmt: skip


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
                parent = parent_named(request, under)
                actions.move_page(
                    by=viewer,
                    page=shown,
                    parent=parent,
                    before=parent_named(request, before) if before else None,
                )
                messages.success(request, _("The page has been moved."))
                return redirect(shown.url)
        except Refused as refused:
            refusal = refused.reason
    words = clean_line(request.GET.get("q", "")[:100])
    places = queries.possible_places(viewer, shown.space, shown, words=words, chosen=shown.parent_id)
    return render(request, "wiki/place.html", {
        "page": shown, "space": shown.space, "places": places, "refusal": refusal, "q": words,
        "siblings": [row for row in queries.siblings(viewer, shown) if row.pk != shown.pk],
    }, status=422 if refusal else 200)  # fmt: skip
