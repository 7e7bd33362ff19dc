"""How moods are judged: said openly, and tried by anybody on a sentence of their own. Nothing is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from torvet.agreement import queries as agreement
from torvet.base.language import detect
from torvet.base.policies import signed_in
from torvet.blogs.mood.word_list import WordList
from torvet.blogs.queries import figures

LONGEST = 300


@signed_in
@require_http_methods(["GET", "POST"])
def mood(request: HttpRequest) -> HttpResponse:
    """The word list answers here at once; the other way of judging runs in the worker alone.

    Sent as a form and not in the address: addresses stand in logs.
    """
    sentence = request.POST.get("sentence", "").strip()[:LONGEST]
    judged = WordList().judge(sentence, detect(sentence)) if sentence else None
    return render(request, "blogs/mood.html", {
        "sentence": sentence, "judged": judged, "least": agreement.smallest_group(),
        "is_mood_read": figures.is_mood_read(),
    })  # fmt: skip
