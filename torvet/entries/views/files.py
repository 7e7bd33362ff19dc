"""Files: uploading them, and giving them only to those who may read what they belong to."""

from __future__ import annotations

import contextlib
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from torvet.base import files as base_files
from torvet.base.pages import BadCursor, paginate
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.entries import actions, queries
from torvet.entries.models import Attachment
from torvet.entries.views import viewer_of
from torvet.people.middleware import problem
from torvet.spaces import queries as space_queries
from torvet.spaces import rules as space_rules

FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
KEPT_FOR = 3600  # seconds in the reader's own browser


@signed_in
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Takes one file and answers with its key; the entry that carries it comes later."""
    source = request.FILES.get("file")
    if source is None:
        return problem(422, "No file", "Send the file in the field “file”.")
    try:
        made = actions.upload(
            by=viewer_of(request), source=source, name=source.name or "", alt=request.POST.get("alt", "")
        )
    except Refused as refused:
        return problem(422, refused.reason)
    return JsonResponse({
        "key": made.key, "name": made.name, "url": made.url, "thumb": made.thumb, "size": made.size,
        "is_picture": made.is_picture, "width": made.width, "height": made.height,
    }, status=201)  # fmt: skip


def upload_all(request: HttpRequest) -> list[str]:
    """Files that came with the form itself (no JavaScript), as keys. Raises Refused."""
    viewer = viewer_of(request)
    return [
        actions.upload(by=viewer, source=source, name=source.name or "").key
        for source in request.FILES.getlist("uploads")
        if source
    ]


def _attachment_or_404(request: HttpRequest, key: str) -> Attachment:
    found = Attachment.objects.visible_to(viewer_of(request)).filter(key=key).first()
    if found is None:
        raise Http404
    return found


@signed_in
@require_GET
def file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    found = _attachment_or_404(request, key)
    return _give(found.path, found.mime, found.name, is_inline=base_files.is_inline(found.mime))


@signed_in
@require_GET
def thumb(request: HttpRequest, key: str) -> HttpResponseBase:
    found = _attachment_or_404(request, key)
    if not found.thumb_path:
        raise Http404
    return _give(found.thumb_path, "image/webp", found.name, is_inline=True)


def _give(path: str, mime: str, name: str, *, is_inline: bool) -> HttpResponseBase:
    with contextlib.suppress(FileNotFoundError):
        answer = FileResponse(
            (Path(settings.MEDIA_ROOT) / path).open("rb"),
            as_attachment=not is_inline,
            filename=name,
            content_type=mime if is_inline else "application/octet-stream",
        )
        answer.headers["Content-Security-Policy"] = FILE_POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        answer.headers["Cache-Control"] = f"private, max-age={KEPT_FOR}"
        return answer
    raise Http404


@signed_in
@require_GET
def in_space(request: HttpRequest, pk: int) -> HttpResponse:
    """Pictures and files of a space."""
    viewer = viewer_of(request)
    space = space_queries.get_visible(viewer, pk)
    if space is None:
        raise Http404
    membership = space_queries.membership_of(viewer, space)
    try:
        page = paginate(
            queries.files_in_space(viewer, space),
            order=("-created_at", "-id"),
            after=request.GET.get("after"),
            size=40,
        )
    except BadCursor as error:
        raise Http404 from error
    next_url = f"{request.path}?after={page.next}" if page.next else ""
    part = "after" in request.GET and request.headers.get("HX-Request")
    return render(request, "entries/_space_files.html" if part else "entries/space_files.html", {
        "space": space, "membership": membership, "may": space_rules.abilities(viewer, space, membership),
        "files": page.things, "next_url": next_url,
    })  # fmt: skip
