"""One article: reading it, changing it, and how it came to be."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.base.text import to_markdown
from torvet.blogs import actions
from torvet.blogs import lead as leads
from torvet.blogs.forms import ChangedForm
from torvet.blogs.kinds import ARTICLE
from torvet.blogs.models import Article
from torvet.blogs.queries import articles, blogs, drafts
from torvet.blogs.views.covers import typed_words
from torvet.blogs.views.loading import article_or_404
from torvet.entries import queries as entries
from torvet.entries import rules as entry_rules
from torvet.entries import versions
from torvet.entries.actions import EditConflict
from torvet.entries.merging import merge_edit
from torvet.entries.views.changes import compared
from torvet.entries.views.threads import drawn_actions, thread_parts
from torvet.entries.words import read
from torvet.people.viewer import viewer_of


@signed_in
@require_GET
def article(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown = article_or_404(request, pk)
    entry = shown.entry
    membership = entries.membership_for(viewer, entry)
    parted = leads.apart(entry.body, has_lead=bool(shown.lead))
    parts = thread_parts(request, entry, membership)
    return render(request, "blogs/article.html", {
        "article": shown, "entry": entry, "blog": shown.blog, "parted": parted,
        "place": articles.place_in_series(viewer, shown), "related": articles.related(viewer, shown),
        "may": entry_rules.abilities(viewer, entry, membership, speaks=parts["speaks"]),
        "acts": drawn_actions(request, entry), "readers": entries.readers_of(entry.space),
        "membership": membership, **parts,
    })  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = article_or_404(request, pk)
    viewer = viewer_of(request)
    speaks = entries.speaks_for(viewer, shown.entry)
    membership = entries.membership_for(viewer, shown.entry)
    if not entry_rules.can_edit(viewer, shown.entry, membership, speaks=speaks):
        raise Http404
    if request.method == "GET":
        parted = leads.apart(shown.entry.body, has_lead=bool(shown.lead))
        begun = {
            "title": shown.entry.title, "lead": parted.lead, "body": to_markdown(parted.body),
            "version": shown.entry.version, "cover": shown.cover.key if shown.cover else "",
            "alt": shown.cover.alt if shown.cover else "", "series": shown.series.name if shown.series else "",
        }  # fmt: skip
        return _edit(request, shown, ChangedForm(initial=begun), html=parted.body)
    form = ChangedForm(request.POST)
    if not form.is_valid():
        return _edit(request, shown, form, status=422)
    try:
        actions.edit_article(by=viewer, article=shown, **typed_words(request, form))
    except EditConflict as conflict:
        return _merged(request, shown, conflict, form)
    except Refused as refused:
        form.add_error("body", refused.reason)
        return _edit(request, article_or_404(request, pk), form, status=422)
    return redirect(shown.url)


def _merged(request: HttpRequest, shown: Article, conflict: EditConflict, form: ChangedForm) -> HttpResponse:
    """Nothing was saved: the box holds what both wrote, lead and text, and saving again takes that."""
    typed = form.cleaned_data
    words = read(typed["body"], by=viewer_of(request), format=typed["format"], longest=ARTICLE.longest)
    merged = merge_edit(
        by=viewer_of(request), standing=conflict.entry, began=typed["version"], title=typed["title"],
        body=leads.together(leads.one_line(typed["lead"]), words.body), format="html",
    )  # fmt: skip
    if merged.says_nothing_new:
        return redirect(shown.url)
    parted = leads.apart(merged.html, has_lead=bool(shown.lead or typed["lead"]))
    filled = merged.fill(dict(form.data.items()))
    filled["lead"] = parted.lead
    filled["body"] = parted.body if typed["format"] == "html" else to_markdown(parted.body)
    again = ChangedForm(filled)
    again.is_valid()
    return _edit(request, article_or_404(request, shown.pk), again, status=409, merged=merged)


def _edit(
    request: HttpRequest, shown: Article, form: ChangedForm, status: int = 200, **context: Any
) -> HttpResponse:
    cover = drafts.cover_waiting(viewer_of(request), str(form["cover"].value() or ""))
    return render(request, "blogs/article_edit.html", {
        "article": shown, "entry": shown.entry, "blog": shown.blog, "form": form, "cover": cover,
        "all_series": blogs.series_of(shown.blog), "readers": entries.readers_of(shown.entry.space),
        "space": shown.entry.space, **context,
    }, status=status)  # fmt: skip


@signed_in
@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = article_or_404(request, pk)
    try:
        part = versions.versions(shown.entry, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    return render(request, "entries/history.html", {"entry": shown.entry, "part": part})


@signed_in
@require_GET
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    shown = article_or_404(request, pk)
    found = versions.version_of(shown.entry, number)
    if found is None:
        raise Http404
    return render(
        request,
        "entries/version.html",
        {"entry": shown.entry, **compared(shown.entry, found, request.GET.get("with", ""))},
    )
