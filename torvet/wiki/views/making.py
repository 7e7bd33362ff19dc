"""A conversation becomes a page: choosing its words, where it stands and who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.base.text import to_markdown
from torvet.entries import queries as entries
from torvet.entries.extras import Act
from torvet.entries.models import Entry
from torvet.entries.views import entry_or_404
from torvet.entries.worth import worth_keeping
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces.models import Space
from torvet.spaces.queries import memberships_of
from torvet.wiki import actions, queries, rules
from torvet.wiki.actions.make import MONTHS
from torvet.wiki.conversation import compose, title_of
from torvet.wiki.forms import MakePageForm
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import Sort
from torvet.wiki.views.loading import parent_named


def possible_spaces(viewer: Viewer, thread: Entry) -> list[Space]:
    """Where a page of this thread may stand, its own space first, then by name."""
    spaces = [
        row.space for row in memberships_of(viewer)
        if not row.space.is_inner and rules.can_make_page(viewer, thread, row.space, row)
    ]  # fmt: skip
    return sorted(spaces, key=lambda space: (space.pk != thread.space_id, space.name.casefold()))


def offer_page(viewer: Viewer, entry: Entry) -> Act | None:
    """In the menu of what was said, outside pages."""
    entries.load_openers([entry])
    thread = entry.root or entry
    if entry.is_removed or thread.kind == PAGE.key or not possible_spaces(viewer, thread):
        return None
    return Act(_("Make it a page"), reverse("make_page", args=[entry.pk]), "book-open")


def became_page(request: HttpRequest, entry: Entry) -> SafeString:
    """Above a thread of which a page was made that the viewer may read."""
    if entry.is_reply or entry.kind == PAGE.key:
        return SafeString("")
    pages = queries.pages_made_of(viewer_of(request), entry)
    return render_to_string("wiki/_became_page.html", {"pages": pages}, request) if pages else SafeString("")


@signed_in
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, pk: int) -> HttpResponse:
    entry, viewer = entry_or_404(request, pk), viewer_of(request)
    thread = entry_or_404(request, entry.thread_id) if entry.is_reply else entry
    spaces = possible_spaces(viewer, thread)
    if not spaces or thread.kind == PAGE.key:
        raise Http404
    parts = queries.parts_of(viewer, thread, _ids(request.POST, "parts") | {entry.pk})
    known = [part.pk for part in parts]
    if request.method == "GET":
        chosen = _first_chosen(viewer, thread, entry)
        html = _composed([part for part in parts if part.pk in chosen])
        begun = {
            "title": title_of(thread), "body": to_markdown(html), "parts": sorted(chosen), "sort": Sort.PLAIN,
            "space": spaces[0].pk, "owner": viewer.member, "months": MONTHS,
        }  # fmt: skip
        form = MakePageForm(initial=begun, viewer=viewer, spaces=spaces, parts=known)
        return _form(request, entry, parts, spaces, form, used=chosen, html=html)
    used = _ids(request.POST, "used") & set(known)
    added = [part for part in parts if part.pk in _ids(request.POST, "parts") - used]
    typed = _with_words_of(request.POST, added)
    used |= {part.pk for part in added}
    form = MakePageForm(typed, viewer=viewer, spaces=spaces, parts=known)
    is_sent = request.POST.get("to") == "page"
    if is_sent and form.is_valid() and not added:
        try:
            page = actions.make_page(by=viewer, thread=thread, **_as_typed(request, form, spaces))
        except Refused as refused:
            form.add_error("body", refused.reason)
        else:
            messages.success(request, _("The page is written."))
            return redirect(page.url)
    elif is_sent and form.is_valid():
        form.add_error(
            "body", _("The words you chose stand at the end now. Look the text over, then publish it.")
        )
    shown = form if is_sent else MakePageForm(typed, viewer=viewer, spaces=spaces, parts=known)
    return _form(request, entry, parts, spaces, shown, used=used, status=422 if is_sent else 200)


def _ids(typed: QueryDict, name: str) -> set[int]:
    values = typed.getlist(name)[:500]
    return {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19}


def _first_chosen(viewer: Viewer, thread: Entry, entry: Entry) -> set[int]:
    """The opener, with the reply that was pointed at, or else those that its feature says are worth keeping."""
    return {thread.pk, entry.pk} if entry.is_reply else {thread.pk, *worth_keeping(viewer, thread)}


def _composed(parts: Sequence[Entry]) -> str:
    return compose(parts, entries.attachments_of([part.pk for part in parts]))


def _with_words_of(typed: QueryDict, added: Sequence[Entry]) -> QueryDict:
    """What was typed, with the words of more entries at its end; nothing of it is taken away."""
    changed = typed.copy()
    if added:
        html = _composed(added)
        more = html if changed.get("format") == "html" else f"\n\n{to_markdown(html)}"
        changed["body"] = changed.get("body", "") + more
    return changed


def _as_typed(request: HttpRequest, form: MakePageForm, spaces: Sequence[Space]) -> dict[str, Any]:
    typed = dict(form.cleaned_data)
    typed["space"] = next(space for space in spaces if space.pk == typed["space"])
    typed["parent"] = parent_named(request, typed.pop("under"))
    return typed


def _form(
    request: HttpRequest, entry: Entry, parts: Sequence[Entry], spaces: Sequence[Space], form: MakePageForm,
    *, used: set[int], html: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    viewer, thread = viewer_of(request), entry.root or entry
    chosen = str(form["space"].value() or "")
    space = next((one for one in spaces if str(one.pk) == chosen), spaces[0])
    under = str(form["under"].value() or "")
    parent = int(under) if under.isascii() and under.isdigit() and len(under) < 19 else None
    ticked = {str(value) for value in form["parts"].value() or ()}
    return render(request, "wiki/make.html", {
        "entry": entry, "thread": thread, "form": form, "html": html, "used": sorted(used), "spaces": spaces,
        "parts": [(part, str(part.pk) in ticked, part.pk in used) for part in parts],
        "space": space, "places": queries.possible_places(viewer, space, chosen=parent),
        "readers": entries.readers_of(space), "waits": queries.wants_approval(space),
        "stays": not thread.space.is_open,
    }, status=status)  # fmt: skip
