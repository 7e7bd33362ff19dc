"""Asking: the form, what is there already while one types, and ending kindly when that answers it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.base.text import excerpt
from torvet.entries import queries as entries
from torvet.entries.forms import files_of
from torvet.entries.views import entry_or_404
from torvet.entries.views.files import upload_all
from torvet.forum import actions, keys, rules
from torvet.forum.actions.anonymous import FIRST_HOUR, LAST_HOUR, hours_ahead
from torvet.forum.forms import AskForm
from torvet.forum.parts import chosen_part
from torvet.forum.queries import questions
from torvet.people.viewer import viewer_of
from torvet.spaces import queries as spaces
from torvet.spaces.models import Space

READ_OF_TEXT = 2000  # characters of what is typed below the question that help to find what is like it


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        begun = {"title": request.GET.get("title", "")[:200], "body": request.GET.get("body", "")[:2000]}
        return _show(request, AskForm(initial=begun), _wanted(request.GET.get("space", ""), request))
    form, space = AskForm(request.POST), _wanted(request.POST.get("space", ""), request)
    if "found" in request.POST:
        return _found(request)
    if "look" in request.POST:
        return _show(request, AskForm(initial=request.POST.dict()), space, has_looked=True)
    if space is None:
        form.add_error("space", _("Choose who may see it."))
    if not form.is_valid() or space is None:
        return _show(request, form, space, status=422)
    try:
        return redirect(_ask(request, form.cleaned_data, space))
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _show(request, form, space, status=422)


def _ask(request: HttpRequest, typed: dict[str, Any], space: Space) -> str:
    """Ask, and where to go then."""
    said = {name: typed[name] for name in ("title", "body", "format", "topics")}
    said["sub_forum"] = chosen_part(space, typed["sub_forum"])
    viewer, (files, alts) = viewer_of(request), files_of(request.POST)
    if typed["unnamed"]:
        has_files = bool(files or any(request.FILES.getlist("uploads")))
        actions.ask_without_name(by=viewer, space=space, key=typed["key"], has_files=has_files, **said)
        # What stands after # is not sent to the server, nor to anybody who logs addresses on the way.
        return f"{request.path}?space={space.pk}#sent"
    found = actions.ask_question(by=viewer, space=space, files=files + upload_all(request), alts=alts, **said)
    return found.entry.url


def _wanted(given: str, request: HttpRequest) -> Space | None:
    """The space that the address or the form names, when the viewer may ask there."""
    if not given.isdecimal() or len(given) > 18:
        return None
    viewer = viewer_of(request)
    space = spaces.get_visible(viewer, int(given))
    may = space is not None and rules.can_ask(viewer, space, spaces.membership_of(viewer, space))
    return space if may else None


def _show(
    request: HttpRequest, form: AskForm, space: Space | None, status: int = 200, *, has_looked: bool = False
) -> HttpResponse:
    viewer = viewer_of(request)
    known = questions.spaces_to_ask_in(viewer)
    if space is not None and space not in known:
        known.insert(0, space)
    chosen = space or next(iter(known), None)
    files, alts = files_of(request.POST)
    waiting = entries.waiting_uploads(viewer, files) if files else []
    title, body = str(form["title"].value() or ""), str(form["body"].value() or "")
    return render(request, "forum/ask.html", {
        "form": form, "spaces": known, "space": chosen, "has_looked": has_looked,
        "alike": questions.alike(viewer, title, plain(body)) if has_looked or status != 200 else [],
        "uploads": [(row, alts[row.key]) for row in waiting], **_place(chosen, form),
    }, status=status)  # fmt: skip


def _place(space: Space | None, form: AskForm) -> dict[str, Any]:
    """Who reads there, the parts of a forum, and what asking without a name means there."""
    if space is None:
        return {}
    earliest, latest = hours_ahead(FIRST_HOUR, LAST_HOUR)
    key = str(form["key"].value() or "")
    return {
        "place": questions.place_at(space), "readers": entries.readers_of(space), "earliest": earliest,
        "latest": latest, "key": key if keys.is_key(key) else keys.new_key(),
    }  # fmt: skip


def plain(body: str) -> str:
    """What was typed as plain text, near enough for looking."""
    return excerpt(strip_tags(body), READ_OF_TEXT)


def _found(request: HttpRequest) -> HttpResponse:
    """What is there already answers it: nothing is sent, and the way to it is shown."""
    given = request.POST.get("found", "")
    if not given.isdecimal() or len(given) > 18:
        raise Http404
    return render(request, "forum/ask_found.html", {"entry": entry_or_404(request, int(given))})


@signed_in
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """What is like the question that is being typed. Sent as a form, so that no log of addresses has its words."""
    title, body = request.POST.get("title", "")[:200], request.POST.get("body", "")[:20_000]
    found = questions.alike(viewer_of(request), title, plain(body))
    return render(request, "forum/_ask_similar.html", {"alike": found, "title": title})


@signed_in
@require_POST
def place(request: HttpRequest) -> HttpResponse:
    """Who may see it, and what else goes with the space that was chosen; asked anew when the choice changes.

    Sent as a form: that somebody asks without a name stays chosen, their six words stay theirs, and no log of addresses
    holds either.
    """
    space = _wanted(request.POST.get("space", ""), request)
    if space is None:
        raise Http404
    form = AskForm(initial=request.POST.dict())
    return render(request, "forum/_ask_place.html", {"space": space, "form": form, **_place(space, form)})
