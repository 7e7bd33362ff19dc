"""One thread: its opener, its comments, and the menu of an entry."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET, require_POST

from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.entries import actions, cards, drawing, own, queries, reasons, rules
from torvet.entries.drawing import Marks, row_of
from torvet.entries.kinds import kind_of
from torvet.entries.models import Entry
from torvet.entries.threading import replies
from torvet.entries.views import entry_or_404, is_part, viewer_of
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership


@signed_in
@require_GET
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The thread page. The address of a comment leads to its place in the thread."""
    viewer = viewer_of(request)
    entry = queries.get_noticed(viewer, pk)
    if entry is None:
        raise Http404
    if entry.is_reply:
        return redirect(entry.stands_at)
    if entry.url != request.path and not entry.is_removed:
        query = request.META["QUERY_STRING"]
        return redirect(f"{entry.url}?{query}" if query else entry.url)
    membership = queries.membership_for(viewer, entry)
    if entry.is_removed:
        may_restore = rules.can_restore(viewer, entry, membership)
        return render(
            request, "entries/removed.html", {"entry": entry, "may_restore": may_restore}, status=410
        )
    return render(request, "entries/thread.html", {
        "entry": entry, "opener": _opener(request, entry),
        "readers": queries.readers_of(entry.space), "membership": membership,
        **thread_parts(request, entry, membership),
    })  # fmt: skip


def thread_parts(request: HttpRequest, entry: Entry, membership: Membership | None) -> dict[str, Any]:
    """The list of comments, as its page and its refresh show it; in the way of its kind."""
    replied_by = kind_of(entry.kind).replied_by
    if replied_by:
        parts: dict[str, Any] = import_string(replied_by)(request, entry, membership)
        return parts
    viewer = viewer_of(request)
    watch = queries.own_watch(viewer, entry.pk)
    may_comment = rules.can_comment(viewer, entry, membership)
    try:
        shown = replies(
            request,
            viewer,
            entry,
            before=request.GET.get("before"),
            may_write=rules.can_react(viewer, entry, membership),
            may_answer=may_comment,
            runs_space=space_rules.can_run(viewer, entry.space, membership),
            read_at=watch.read_at if watch else None,
        )
    except BadCursor as error:
        raise Http404 from error
    speaks = queries.speaks_for(viewer, entry)
    may_close = rules.can_close(viewer, entry, membership, speaks=speaks)
    return {
        "list_template": "entries/_comments.html",
        "replies": shown,
        "may_comment": may_comment,
        "may_close": may_close,
        "speaks": speaks,
        "watch": watch,
    }


def _opener(request: HttpRequest, entry: Entry) -> str:
    row = row_of(entry)
    return drawing.safe(
        cards.fill(request, cards.cards_for([row.key])[row.id]) + drawn_actions(request, entry)
    )


def drawn_actions(request: HttpRequest, entry: Entry) -> str:
    """What stands under an opener: how many reacted and answered, and the buttons to do so."""
    viewer = viewer_of(request)
    row = row_of(entry)
    found = own.marks_on(viewer, [entry.pk])
    marks = Marks(viewer.id, found.reactions, found.bookmarks, may_write=viewer.can_write)
    return drawing.safe(cards.fill(request, drawing.counts(row) + drawing.actions(row, marks)))


@signed_in
@require_GET
def menu(request: HttpRequest, pk: int) -> HttpResponse:
    """What this viewer may do with an entry, and why they see it; fetched when the menu opens."""
    entry = entry_or_404(request, pk)
    viewer = viewer_of(request)
    membership = queries.membership_for(viewer, entry)
    speaks = queries.speaks_for(viewer, entry)
    return render(request, "entries/_menu.html", {
        "entry": entry, "may": rules.abilities(viewer, entry, membership, speaks=speaks),
        "watch": queries.own_watch(viewer, entry.thread_id), "reasons": reasons.why(viewer, entry, membership),
    })  # fmt: skip


@signed_in
@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader has seen the newest comments of a thread."""
    entry = entry_or_404(request, pk)
    actions.mark_thread_read(by=viewer_of(request), thread=entry, read_at=timezone.now())
    return HttpResponse(status=204) if is_part(request) else redirect(entry.url)
