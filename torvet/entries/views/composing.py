"""Writing a post: as a page, or as a part that opens where the reader stands."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.entries import actions, queries, rules
from torvet.entries.forms import PostForm, files_of
from torvet.entries.views import viewer_of
from torvet.entries.views.files import upload_all
from torvet.spaces import queries as space_queries
from torvet.spaces.models import Space


@signed_in
@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if request.method == "GET":
        return _show(
            request, PostForm(initial={"space": request.GET.get("space", "")}), _wanted(request, "GET")
        )
    form = PostForm(request.POST)
    space = _wanted(request, "POST")
    if space is None:
        form.add_error("space", _("Choose the space to write in."))
    if not form.is_valid() or space is None:
        return _show(request, form, space, status=422)
    try:
        files, alts = files_of(request.POST)
        entry = actions.publish_post(
            by=viewer,
            space=space,
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            format=form.cleaned_data["format"],
            files=files + upload_all(request),
            alts=alts,
        )
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _show(request, form, space, status=422)
    return redirect(f"{space.url}#e{entry.pk}")


def _wanted(request: HttpRequest, method: str) -> Space | None:
    """The space that the address or the form names, when the viewer may write there."""
    given = getattr(request, method).get("space", "")
    if not given.isdigit() or len(given) > 18:
        return None
    viewer = viewer_of(request)
    space = space_queries.get_visible(viewer, int(given))
    if space is None or not rules.can_post(viewer, space, space_queries.membership_of(viewer, space)):
        return None
    return space


def _show(request: HttpRequest, form: PostForm, space: Space | None, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    spaces = queries.spaces_to_write_in(viewer)
    if space is not None and space not in spaces:
        spaces.insert(0, space)
    chosen = space or queries.likeliest_space(viewer, spaces)
    keys, alts = files_of(request.POST)
    is_part = "part" in request.GET and request.headers.get("HX-Request")
    return render(request, "entries/_composer.html" if is_part else "entries/compose.html", {
        "form": form, "spaces": spaces, "space": chosen,
        "readers": queries.readers_of(chosen) if chosen else None, "is_opened": is_part,
        "uploads": [(row, alts[row.key]) for row in queries.waiting_uploads(viewer, keys)] if keys else [],
    }, status=status)  # fmt: skip


@signed_in
@require_GET
def readers(request: HttpRequest) -> HttpResponse:
    """Who can read what is written in the chosen space, and what it is for; asked anew when the choice changes."""
    space = _wanted(request, "GET")
    if space is None:
        raise Http404
    return render(request, "entries/_readers.html", {"space": space, "readers": queries.readers_of(space)})
