"""The audit: as a file for a spreadsheet, and as pages to print. Only after the date, and noted in the log."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from torvet.base.policies import colleague
from torvet.base.sheets import sheet
from torvet.notices import actions, rules
from torvet.notices.models import Notice
from torvet.notices.queries.audience import parts_in_words
from torvet.notices.queries.audit import people, wordings
from torvet.notices.queries.figures import are_names_told, figures_of
from torvet.notices.showing import heads, rows
from torvet.notices.views.loading import kept_notice_or_404
from torvet.people.viewer import viewer_of

PAGE = 200  # people on a page to print


def _exportable_or_404(request: HttpRequest, pk: int) -> Notice:
    found = kept_notice_or_404(request, pk)
    if not (rules.can_export(viewer_of(request), found) and are_names_told(found)):
        raise Http404
    return found


def _titles(notice: Notice) -> dict[int, str]:
    return {} if notice.entry.is_removed else {row.version: row.title for row in wordings(notice)}


@colleague
@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    shown = _exportable_or_404(request, pk)
    actions.note_export(by=viewer_of(request), notice=shown, form="csv")
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()

    def lines() -> Iterator[tuple[str, ...]]:
        # Written after the view has answered, when the reader's language and zone are switched off again.
        with translation.override(language), timezone.override(zone):
            yield heads()
            yield from (row.cells for row in rows(shown, people(shown), _titles(shown)))

    answer = StreamingHttpResponse(sheet(lines()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="confirmations-{shown.pk}.csv"'
    return answer


@colleague
@require_GET
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    viewer, shown = viewer_of(request), _exportable_or_404(request, pk)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 else 0
    if number < 1:
        raise Http404
    actions.note_export(by=viewer, notice=shown, form="page")
    found = list(people(shown, (number - 1) * PAGE, PAGE + 1))
    return render(request, "notices/audit.html", {
        "notice": shown, "entry": shown.entry, "figures": figures_of(shown), "wordings": wordings(shown),
        "parts": parts_in_words(viewer, shown), "rows": list(rows(shown, found[:PAGE], _titles(shown))),
        "number": number, "next": number + 1 if len(found) > PAGE else None, "now": timezone.now(),
    })  # fmt: skip
