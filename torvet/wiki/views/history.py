"""How a page came to be: its versions, what each changed, and taking earlier words back."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.entries import versions
from torvet.entries.actions import EditConflict
from torvet.entries.versions import Version
from torvet.entries.views.changes import compared
from torvet.people.models import Member
from torvet.people.viewer import viewer_of
from torvet.wiki import actions, queries, rules
from torvet.wiki.models import Page
from torvet.wiki.views.loading import own_membership, page_or_404


@signed_in
@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = page_or_404(request, pk)
    try:
        part = versions.versions(shown.entry, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    part = replace(part, things=_with_writers(shown, part.things))
    return render(request, "entries/history.html", {"entry": shown.entry, "part": part, "page": shown})


@signed_in
@require_GET
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return _version(request, page_or_404(request, pk), number)


def _version(
    request: HttpRequest, shown: Page, number: int, refusal: str = "", status: int = 200
) -> HttpResponse:
    found = versions.version_of(shown.entry, number)
    if found is None:
        raise Http404
    may_edit = rules.can_edit_page(viewer_of(request), shown, own_membership(request, shown))
    return render(request, "entries/version.html", {
        "entry": shown.entry, "page": shown, "refusal": refusal,
        "may_restore": may_edit and not found.is_standing,
        "newest_version": queries.words_to_edit(shown).version if may_edit else 0,
        "restore_url": reverse("restore_page_version", args=[shown.pk, number]),
        **compared(shown.entry, _with_writers(shown, [found])[0], request.GET.get("with", "")),
    }, status=status)  # fmt: skip


def _with_writers(page: Page, shown: list[Version]) -> list[Version]:
    """The words of a version are those of who wrote them, not of who accepted the suggestion or approved the text."""
    numbers = [one.number for one in shown]
    approved = queries.approved_in(page, numbers)
    let_in = {number: (text.written_by, text.answered_by) for number, text in approved.items()}
    accepted = queries.accepted_in(page, numbers)
    let_in |= {number: (suggestion.by, suggestion.answered_by) for number, suggestion in accepted.items()}
    return [_written_by(one, *let_in[one.number]) if one.number in let_in else one for one in shown]


def _written_by(version: Version, writer: Member, accepter: Member | None) -> Version:
    return replace(version, author=writer, accepted_by=accepter if accepter != writer else None)


@signed_in
@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take earlier words back: a new version, unless somebody saved since the reader looked."""
    shown = page_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_edit_page(viewer, shown, own_membership(request, shown)):
        raise Http404
    found = versions.version_of(shown.entry, number)
    if found is None:
        raise Http404
    seen = request.POST.get("version", "")
    try:
        actions.edit_page(
            by=viewer, page=shown, title=found.title, body=found.body, format="html",
            version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
        )  # fmt: skip
    except EditConflict:
        said = _("Somebody saved a change since you opened this. Look at what stands now, then try again.")
        return _version(request, page_or_404(request, pk), number, said, status=409)
    except Refused as refused:
        return _version(request, shown, number, refused.reason, status=422)
    messages.success(request, _("The earlier words are back."))
    return redirect(shown.url)
