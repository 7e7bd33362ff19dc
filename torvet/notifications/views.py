"""The list of what one was told, its badge, and marking it as read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from torvet.base.back import back
from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.notifications import actions, queries
from torvet.notifications.preview import would_be_told
from torvet.people.viewer import Viewer


@signed_in
@require_GET
def told(request: HttpRequest) -> HttpResponse:
    """The list, or its next part for htmx."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    after = request.GET.get("after") or None
    try:
        page = queries.told(viewer, after)
    except BadCursor as error:
        raise Http404 from error
    part = "_lines" if after else "_list"
    template = f"notifications/{part if request.headers.get('HX-Request') else 'told'}.html"
    return render(request, template, {"page": page, "after": after, "count": queries.told_count(viewer)})


@signed_in
@require_GET
def badge(request: HttpRequest) -> HttpResponse:
    """A number, "99+" or nothing: scripts put it into every [data-told]."""
    return _badge(request.viewer)  # type: ignore[attr-defined]


def _badge(viewer: Viewer) -> HttpResponse:
    return HttpResponse(queries.in_badge(queries.told_count(viewer)), content_type="text/plain")


@signed_in
@require_GET
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """On to what a row speaks of. Marks the row as read: its reader's own mark, set as often as one likes."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = queries.get_visible(viewer, pk)
    if row is None:
        raise Http404
    actions.read_one(by=viewer, notification=row)
    return HttpResponseRedirect(queries.target_of(row))


@signed_in
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark as read: one row (`id`), all of a thread (`thread`), or everything."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    thread, pk = _number(request, "thread"), _number(request, "id")
    if thread is not None:
        actions.read_thread(by=viewer, thread_id=thread)
    elif pk is not None:
        row = queries.get_visible(viewer, pk)
        if row is None:
            raise Http404
        actions.read_one(by=viewer, notification=row)
    else:
        actions.read_all(by=viewer)
    if request.headers.get("HX-Request"):
        return _badge(viewer)
    return back(request, "/told/")


@signed_in
@require_POST
def who(request: HttpRequest) -> HttpResponse:
    """Who will be told, for a text that is being written: shown beside the box before it is posted."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    preview = would_be_told(
        viewer,
        body=request.POST.get("body", ""),
        form=request.POST.get("format", "markdown"),
        space_id=_number(request, "space"),
        on_id=_number(request, "on"),
    )
    if preview is None:
        raise Http404
    return render(request, "notifications/_who.html", {"preview": preview})


def _number(request: HttpRequest, name: str) -> int | None:
    """A whole number from the form; None when it is not there. What is no id is the same 404 as an absent one."""
    given = request.POST.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Http404
    return int(given)
