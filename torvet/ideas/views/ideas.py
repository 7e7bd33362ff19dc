"""One idea: its page, proposing one, and what is like it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.base.text import excerpt, to_markdown
from torvet.entries import cards, drawing, own
from torvet.entries import queries as entries
from torvet.entries import rules as entry_rules
from torvet.entries.drawing import Marks, row_of
from torvet.entries.models import Entry
from torvet.entries.views.threads import thread_parts
from torvet.ideas import actions, rules
from torvet.ideas.forms import IdeaForm, InputForm, SupportForm
from torvet.ideas.kinds import INPUT, SUPPORT
from torvet.ideas.models import IdeaRoom
from torvet.ideas.queries import one, rooms
from torvet.ideas.views.loading import idea_or_404, may_separate, number_in, source_in
from torvet.ideas.views.saying import drawn
from torvet.people.viewer import viewer_of

QUOTED = 600  # characters


@signed_in
@require_GET
def idea(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown, membership = idea_or_404(request, pk)
    entry, changes = shown.entry, one.changes_of(shown)
    parts = thread_parts(request, entry, membership)
    supports, said = (one.said(viewer, shown, kind, size=size) for kind, size in (
        (SUPPORT.key, one.SHOWN), (INPUT.key, one.INPUT_SHOWN),
    ))  # fmt: skip
    return render(request, "ideas/idea.html", {
        "idea": shown, "entry": entry, "room": shown.room, "changes": changes,
        "reason": one.reason_of(changes, shown.stage),
        "may": entry_rules.abilities(viewer, entry, membership, speaks=parts["speaks"]),
        "may_idea": rules.abilities(viewer, shown, membership), "is_supported": one.supports(viewer, shown),
        "supports": drawn(request, shown, supports.things, membership), "more_support": supports.next,
        "inputs": drawn(request, shown, said.things, membership), "more_input": said.next,
        "support_form": SupportForm(), "input_form": InputForm(),
        "has_said_why": one.has_said_why(viewer, shown), "merged": one.merged_in(viewer, shown),
        "source": one.source_of(viewer, shown),
        "is_away": shown.is_undecided and one.is_away(viewer, shown.decider),
        "may_merge": rules.can_merge(viewer, shown, shown, membership, membership),
        "goes_on_in": one.goes_on_in(viewer, shown) if shown.is_merged else None,
        "may_separate": may_separate(viewer, shown, membership),
        "acts": _acts(request, entry, entry.reply_count - one.number_apart(viewer, shown)),
        "readers": entries.readers_of(entry.space),
        "membership": membership, **parts,
    })  # fmt: skip


def _acts(request: HttpRequest, entry: Entry, comments: int) -> SafeString:
    """What stands under the idea; it counts comments alone, for support and input stand apart."""
    viewer, row = viewer_of(request), replace(row_of(entry), reply_count=comments)
    found = own.marks_on(viewer, [entry.pk])
    marks = Marks(viewer.id, found.reactions, found.bookmarks, may_write=viewer.can_write)
    return drawing.safe(cards.fill(request, drawing.counts(row) + drawing.actions(row, marks)))


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Propose an idea. `?room=` says where, `?from=` what it is captured from; `look` looks for others first."""
    viewer = viewer_of(request)
    choices = rooms.rooms_to_propose_in(viewer)
    if request.method == "GET":
        source = source_in(request, request.GET.get("from", ""))
        where = number_in(request.GET.get("room", ""))
        begun: dict[str, Any] = {"room": where or _likeliest(choices, source), "body": _quote(source)}
        return _show(request, IdeaForm(rooms=choices, initial=begun), choices, source)
    source = source_in(request, request.POST.get("source", ""))
    form = IdeaForm(request.POST, rooms=choices)
    if form.is_valid() and "look" in request.POST:
        return _show(request, form, choices, source, has_looked=True)
    if form.is_valid():
        said = dict(form.cleaned_data)
        wanted = said.pop("room")
        room = next(one for one in choices if one.pk == wanted)
        try:
            made = actions.propose_idea(by=viewer, room=room, source=source, **said)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Your idea is heard. You are told what becomes of it."))
            return redirect(made.url)
    return _show(request, form, choices, source, status=422)


def _likeliest(choices: list[IdeaRoom], source: Entry | None) -> int | None:
    """The room in which the source stands, or the only one there is."""
    if source is not None and source.space_id in {room.pk for room in choices}:
        return source.space_id
    return choices[0].pk if len(choices) == 1 else None


def _quote(source: Entry | None) -> str:
    """The words it is captured from, as a quote."""
    if source is None:
        return ""
    words = excerpt(source.text or source.title, QUOTED)
    return f"{to_markdown(f'<blockquote><p>{escape(words)}</p></blockquote>')}\n\n" if words else ""


def _show(
    request: HttpRequest,
    form: IdeaForm,
    choices: list[IdeaRoom],
    source: Entry | None,
    status: int = 200,
    *,
    has_looked: bool = False,
) -> HttpResponse:
    wanted = str(form["room"].value() or "")
    room = next((one for one in choices if str(one.pk) == wanted), None)
    alike = _alike(request, form) if has_looked or status != 200 else []
    return render(request, "ideas/new.html", {
        "form": form, "rooms": choices, "room": room, "source": source, "alike": alike, "has_looked": has_looked,
        "is_wider": source is not None and any(rules.is_wider(source.space, one.space) for one in choices),
        "is_wider_here": source is not None and room is not None and rules.is_wider(source.space, room.space),
        "readers": entries.readers_of(room.space) if room else None,
    }, status=status)  # fmt: skip


def _alike(request: HttpRequest, form: IdeaForm) -> list[Any]:
    return one.alike(viewer_of(request), str(form["title"].value() or ""), str(form["body"].value() or ""))


@signed_in
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """Ideas like what somebody types, as a part of the form. By POST: no log has what is only being typed."""
    title = request.POST.get("title", "")[:200]
    alike = one.alike(viewer_of(request), title) if len(title.strip()) > 3 else []
    return render(request, "ideas/_alike.html", {"alike": alike})


@signed_in
@require_GET
def readers(request: HttpRequest) -> HttpResponse:
    """Who reads a room, and whether words from elsewhere would come to more people there; as the room is chosen."""
    viewer, pk = viewer_of(request), number_in(request.GET.get("room", ""))
    room = rooms.get_visible(viewer, pk) if pk else None
    if room is None:
        raise Http404
    source = source_in(request, request.GET.get("source", ""))
    return render(request, "ideas/_room_readers.html", {
        "room": room, "readers": entries.readers_of(room.space), "source": source,
        "is_wider_here": source is not None and rules.is_wider(source.space, room.space),
    })  # fmt: skip
