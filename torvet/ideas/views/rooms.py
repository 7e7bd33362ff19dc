"""The overview, one room as a board or a list, and looking after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.pages import BadCursor
from torvet.base.policies import colleague, signed_in
from torvet.base.rules import Refused
from torvet.base.sheets import sheet
from torvet.entries.views import is_part
from torvet.ideas import actions
from torvet.ideas.forms import NEW, NewRoomForm, RoomForm
from torvet.ideas.models import IdeaRoom, Stage
from torvet.ideas.queries import board, outcomes, rooms
from torvet.ideas.starting import TEMPLATES
from torvet.ideas.views.export import rows_of
from torvet.ideas.views.loading import kept_room_or_404, number_in, room_or_404
from torvet.people.viewer import viewer_of
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Space


@signed_in
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """All rooms that the viewer reads, what was decided lately, and what became of ideas."""
    viewer = viewer_of(request)
    try:
        page = rooms.rooms(viewer, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    context: dict[str, Any] = {"rooms": page.things, "next_url": f"?after={page.next}" if page.next else ""}
    if "after" in request.GET and is_part(request):
        return render(request, "ideas/_rooms.html", context)
    return render(request, "ideas/overview.html", {
        **context,
        "decided": outcomes.lately(viewer, outcomes.DECIDED),
        "carried_out": outcomes.lately(viewer, outcomes.CARRIED_OUT),
        "overdue": board.number_overdue(viewer), "to_decide": board.number_to_decide(viewer),
        "may_open": space_rules.can_open_space(viewer), "may_propose": rooms.may_propose_somewhere(viewer),
    })  # fmt: skip


@signed_in
@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """What should have been decided by now, in all rooms that the viewer reads."""
    viewer, is_own = viewer_of(request), "mine" in request.GET
    try:
        page = board.overdue(viewer, is_own=is_own, after=request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    further = "&mine=1" if is_own else ""
    context = {
        "lines": page.things, "is_own": is_own, "names_room": True,
        "next_url": f"?after={page.next}{further}" if page.next else "",
    }  # fmt: skip
    if "after" in request.GET and is_part(request):
        return render(request, "ideas/_lines.html", context)
    return render(request, "ideas/overdue.html", context)


@signed_in
@require_GET
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """The ideas of a room: a board by stage, or a list."""
    seat = room_or_404(request, pk)
    wanted = board.Wanted.read(request.GET)
    is_list = request.GET.get("view") == "list" or bool(wanted.stage or "after" in request.GET)
    context: dict[str, Any] = {
        **seat.head, "wanted": wanted, "is_list": is_list, "stages": Stage, "shows": _shows(), "orders": _orders(),
        "overdue": board.number_overdue(seat.viewer, seat.room),
    }  # fmt: skip
    if not is_list:
        columns = board.board(seat.viewer, seat.room, wanted)
        shown = {"columns": columns, "number": sum(column.number for column in columns)}
        return render(request, "ideas/room.html", context | shown)
    try:
        page = board.in_list(seat.viewer, seat.room, wanted, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    next_url = f"?view=list{wanted.address}&after={page.next}" if page.next else ""
    context |= {"lines": page.things, "next_url": next_url, "number": len(page.things)}
    part = "after" in request.GET and is_part(request)
    return render(request, "ideas/_lines.html" if part else "ideas/room.html", context)


def _shows() -> list[tuple[str, str]]:
    return [
        ("", _("All ideas")),
        ("mine", _("That I proposed")),
        ("supported", _("That I support")),
        ("deciding", _("That I decide about")),
        ("overdue", _("With a decision overdue")),
    ]


def _orders() -> list[tuple[str, str]]:
    return [
        ("votes", _("Most supported first")),
        ("newest", _("Newest first")),
        ("soonest", _("Soonest decision first")),
    ]


@colleague
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a room: in a space that the viewer runs, or together with a new one. `?template=` fills in a question."""
    viewer = viewer_of(request)
    if not space_rules.can_open_space(viewer):
        raise Http404
    free = rooms.spaces_without_room(viewer)
    if request.method == "GET":
        return _show_new(request, NewRoomForm(viewer=viewer, spaces=free, initial=_begun(request, free)))
    form = NewRoomForm(request.POST, viewer=viewer, spaces=free)
    if form.is_valid():
        try:
            made = _open(request, form, free)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("The room is open. Propose the first idea, or tell others about it."))
            return redirect(made.url)
    return _show_new(request, form, status=422)


def _begun(request: HttpRequest, free: list[Space]) -> dict[str, Any]:
    template = TEMPLATES.get(request.GET.get("template", ""))
    where = number_in(request.GET.get("space", ""))
    begun: dict[str, Any] = {"where": str(where) if where in {space.pk for space in free} else NEW}
    if template is not None:
        begun |= {"question": template.question, "about": template.about, "name": template.name}
        begun |= {"audience": _("Everybody with an idea")}
    return begun


def _open(request: HttpRequest, form: NewRoomForm, free: list[Space]) -> IdeaRoom:
    said = {
        name: form.cleaned_data[name]
        for name in ("question", "about", "decider", "days_to_decide", "ends_on")
    }
    where = form.cleaned_data["where"]
    if where == NEW:
        names = ("name", "audience", "access")
        space = {name: form.cleaned_data[name] for name in names}
        space["access"] = space["access"] or "open"
        return actions.open_room_with_space(by=viewer_of(request), **space, **said)
    return actions.open_room(
        by=viewer_of(request), space=next(one for one in free if str(one.pk) == where), **said
    )


def _show_new(request: HttpRequest, form: NewRoomForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "templates": TEMPLATES, "chosen": request.GET.get("template", "")}
    return render(request, "ideas/new_room.html", context, status=status)


@colleague
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    seat = kept_room_or_404(request, pk)
    room = seat.room
    if request.method == "GET":
        names = ("question", "about", "decider", "days_to_decide", "ends_on")
        begun = {name: getattr(room, name) for name in names}
        return _settings(request, room, RoomForm(viewer=seat.viewer, initial=begun))
    form = RoomForm(request.POST, viewer=seat.viewer)
    if form.is_valid():
        try:
            actions.change_room(by=seat.viewer, room=room, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(room.url)
    return _settings(request, kept_room_or_404(request, pk).room, form, status=422)


def _settings(request: HttpRequest, room: IdeaRoom, form: RoomForm, status: int = 200) -> HttpResponse:
    return render(request, "ideas/settings.html", {"room": room, "form": form}, status=status)


@colleague
@require_POST
@says_why
def close(request: HttpRequest, pk: int) -> HttpResponse:
    seat = kept_room_or_404(request, pk)
    actions.close_room(by=seat.viewer, room=seat.room)
    messages.success(request, _("Closed. Its ideas stay, and are decided."))
    return redirect(seat.room.url)


@colleague
@require_POST
@says_why
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    seat = kept_room_or_404(request, pk)
    actions.reopen_room(by=seat.viewer, room=seat.room)
    messages.success(request, _("Open again."))
    return redirect(seat.room.url)


@colleague
@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The ideas of a room as a table. Who voted stands in none of it."""
    seat = kept_room_or_404(request, pk)
    actions.note_export(by=seat.viewer, room=seat.room)
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()

    def lines() -> Iterator[Sequence[object]]:
        # Written after the view has answered, when the reader's language and zone are switched off again.
        with translation.override(language), timezone.override(zone):
            yield from rows_of(seat.viewer, seat.room)

    answer = StreamingHttpResponse(sheet(lines()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="ideas-{seat.room.pk}.csv"'
    return answer
