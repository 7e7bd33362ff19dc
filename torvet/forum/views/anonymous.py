"""What the asker of a question without a name wants done with it, told by the six words that they kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from torvet.base.pages import LARGEST_ID
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.forum import actions
from torvet.forum.forms import KeyForm
from torvet.forum.queries import questions
from torvet.forum.views.questions import question_or_404, show
from torvet.people.viewer import viewer_of


@signed_in
@require_POST
def with_key(request: HttpRequest, pk: int) -> HttpResponse:
    found = question_or_404(request, pk)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return show(request, found, status=422, key_form=form)
    typed, viewer = form.cleaned_data, viewer_of(request)
    number = typed["answer"] or 0
    try:
        actions.ask_later_with_key(
            by=viewer, question=found, key=typed["key"], what=typed["what"], body=typed["body"],
            answer=questions.answer_to(viewer, found, number) if 0 < number < LARGEST_ID else None,
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, refused.reason)
        return show(request, found, status=422, key_form=form)
    return redirect(f"{found.entry.url}#wished")
