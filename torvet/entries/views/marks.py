"""Marks on an entry: bookmark, watch, mute, pin. Each is a POST that creates or deletes one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from torvet.base.back import back
from torvet.base.policies import signed_in
from torvet.base.rules import Forbidden
from torvet.entries import actions
from torvet.entries.views import entry_or_404, is_part, viewer_of
from torvet.entries.views.reactions import acts


def _mark(request: HttpRequest, pk: int, act: Callable[..., Any]) -> HttpResponse:
    entry = entry_or_404(request, pk)
    try:
        act(by=viewer_of(request), entry=entry)
    except Forbidden as error:
        raise Http404 from error
    return acts(request, entry) if is_part(request) else back(request, f"/e/{entry.thread_id}/")


@signed_in
@require_POST
def bookmark(request: HttpRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, actions.bookmark)


@signed_in
@require_POST
def remove_bookmark(request: HttpRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, actions.remove_bookmark)


@signed_in
@require_POST
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, actions.watch)


@signed_in
@require_POST
def stop_watching(request: HttpRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, actions.stop_watching)


@signed_in
@require_POST
def mute(request: HttpRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, actions.mute)


@signed_in
@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, actions.pin)


@signed_in
@require_POST
def unpin(request: HttpRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, actions.unpin)
