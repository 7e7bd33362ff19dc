"""Comments on passages of a page: writing one, the list, and what is dealt with."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Forbidden, Refused
from torvet.entries import queries as entries
from torvet.entries.forms import files_of
from torvet.entries.views.files import upload_all
from torvet.people.viewer import viewer_of
from torvet.wiki import actions, queries, rules
from torvet.wiki.contents import with_anchors
from torvet.wiki.forms import RemarkForm
from torvet.wiki.models import Page, Remark
from torvet.wiki.passages import CONTEXT, Marked, Passage, find, flatten, with_marks
from torvet.wiki.views.loading import own_membership, page_or_404


def marked_body(request: HttpRequest, page: Page, html: str) -> tuple[str, list[Remark]]:
    """The page's words with the passages marked that comments point at, and those remarks, each with `is_found`."""
    found = queries.open_remarks(viewer_of(request), page)
    if not found:
        return html, []
    marked, places = with_marks(html, [
        Marked(row.pk, passage_of(row), _("Comment by %(name)s") % {"name": row.comment.author.name}) for row in found
    ])  # fmt: skip
    for row in found:
        row.is_found = row.pk in places  # type: ignore[attr-defined]  # for this one page
    return marked, found


def passage_of(remark: Remark) -> Passage:
    return Passage(remark.quote, remark.before, remark.after, remark.heading)


@signed_in
@require_GET
def remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """All comments on passages, with what is dealt with and what has changed since."""
    shown = page_or_404(request, pk)
    viewer = viewer_of(request)
    try:
        part = queries.remarks_of(viewer, shown, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    membership = own_membership(request, shown)
    flat = flatten(shown.entry.body)
    lines = [
        (row, find(flat, passage_of(row)) is not None, rules.can_deal_with(viewer, row, membership))
        for row in part.things
    ]
    return render(request, "wiki/remarks.html", {"page": shown, "lines": lines, "next": part.next})


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one. Words that were pointed at on the page are posted here first, without a body."""
    shown = page_or_404(request, pk)
    viewer = viewer_of(request)
    if not rules.can_comment_on(viewer, shown, own_membership(request, shown)):
        raise Http404
    if request.method == "GET":
        return _write(request, shown, RemarkForm(initial=_section(shown, request.GET.get("section", ""))))
    if "body" not in request.POST:
        begun = {key: request.POST.get(key, "")[:2000] for key in ("quote", "before", "after", "version")}
        return _write(request, shown, RemarkForm(initial=begun))
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _write(request, shown, form, status=422)
    typed = form.cleaned_data
    files, alts = files_of(request.POST)
    try:
        made = actions.comment_on_passage(
            by=viewer, page=shown, version=typed["version"], body=typed["body"], format=typed["format"],
            passage=Passage(typed["quote"], typed["before"].strip(), typed["after"].strip(), typed["heading"]),
            files=files + upload_all(request), alts=alts,
        )  # fmt: skip
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _write(request, shown, form, status=422)
    return redirect(f"{shown.url}#c{made.pk}")


def _section(shown: Page, anchor: str) -> dict[str, object]:
    """A part of the page, by its heading. Raises Http404 for one that is not there."""
    body, lines = with_anchors(shown.entry.body)
    words = next((line.words for line in lines if line.anchor == anchor), None)
    if words is None:
        raise Http404
    flat = flatten(body)
    number = [line.anchor for line in lines if line.words == words].index(anchor)
    places = [place for place, heading in flat.headings if heading == words]
    start = places[min(number, len(places) - 1)] if places else 0
    return {
        "quote": words,
        "heading": words,
        "before": " ".join(flat.text[max(0, start - CONTEXT) : start].split()),
        "after": " ".join(flat.text[start + len(words) :][:CONTEXT].split()),
        "version": shown.entry.version,
    }


def _write(request: HttpRequest, shown: Page, form: RemarkForm, status: int = 200) -> HttpResponse:
    context = {"page": shown, "entry": shown.entry, "space": shown.space, "form": form,
               "readers": entries.readers_of(shown.entry.space)}  # fmt: skip
    return render(request, "wiki/remark.html", context, status=status)


@signed_in
@require_POST
def deal_with(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    try:
        actions.deal_with(by=viewer_of(request), remark=_remark_or_404(request, pk, remark))
    except Forbidden as error:
        raise Http404 from error
    return redirect("remarks", pk)


@signed_in
@require_POST
def open_again(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    try:
        actions.open_again(by=viewer_of(request), remark=_remark_or_404(request, pk, remark))
    except Forbidden as error:
        raise Http404 from error
    return redirect("remarks", pk)


def _remark_or_404(request: HttpRequest, pk: int, number: int) -> Remark:
    found = queries.get_remark(viewer_of(request), page_or_404(request, pk), number)
    if found is None:
        raise Http404
    return found
