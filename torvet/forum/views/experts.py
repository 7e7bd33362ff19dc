"""Who may know: choosing whom to ask, and being asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from torvet.base.back import back
from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.entries.models import Entry
from torvet.forum import rules
from torvet.forum.actions import route
from torvet.forum.kinds import QUESTION
from torvet.forum.models import Thread
from torvet.forum.queries import being_asked, experts
from torvet.forum.queries.being_asked import AskedLine
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces.queries import membership_of

NOTHING = SafeString("")
NUMBERS = {"min_value": 1, "max_value": 2**62}


class ChoiceForm(forms.Form):
    """Whom to ask: ids of people."""

    members = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, shown: list[experts.Suggestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = self.fields["members"]
        assert isinstance(members, forms.TypedMultipleChoiceField)
        members.choices = [(str(one.member.pk), one.member.name) for one in shown]
        members.error_messages["invalid_choice"] = gettext_lazy(
            "One of them cannot be asked just now. Look at the list once more."
        )


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The suggested people, with the reason, and asking those who are chosen. Nobody is chosen beforehand."""
    viewer, thread = viewer_of(request), experts.get_question(viewer_of(request), pk)
    if thread is None or not _may_ask(viewer, thread):
        raise Http404
    shown = experts.candidates(viewer, thread)
    form = ChoiceForm(request.POST if "ask" in request.POST else None, shown=shown)
    if form.is_bound and form.is_valid():
        try:
            route.ask_experts(by=viewer, thread=thread, members=form.cleaned_data["members"])
        except Refused as refused:
            form.add_error("members", refused.reason)
        else:
            messages.success(request, _("They have been told that you ask, and why them."))
            return redirect(thread.entry.url)
    context = _choices(viewer, thread, shown) | {"form": form, "chosen": _chosen(request)}
    return render(request, "forum/experts.html", context, status=422 if form.errors else 200)


def _may_ask(viewer: Viewer, thread: Thread) -> bool:
    return rules.can_ask_experts(viewer, thread, membership_of(viewer, thread.entry.space))


def _chosen(request: HttpRequest) -> set[int]:
    """What was ticked, for the form that comes back."""
    typed = request.POST.getlist("members")[:50]
    return {int(value) for value in typed if value.isascii() and value.isdigit() and len(value) < 19}


def _choices(viewer: Viewer, thread: Thread, shown: list[experts.Suggestion]) -> dict[str, Any]:
    number = being_asked.number_asked(thread)
    left = max(experts.MOST_ASKED - number, 0)
    return {
        "thread": thread, "entry": thread.entry, "asked": being_asked.asked_for(viewer, thread) if number else [],
        "suggestions": shown[: experts.MOST_SHOWN] if left else [], "left": left,
    }  # fmt: skip


def who_may_know(request: HttpRequest, entry: Entry) -> SafeString:
    """Below a question, for whoever may ask; empty for everybody else and for all other entries, at no cost."""
    viewer = viewer_of(request)
    is_mine = bool(viewer.id) and (entry.author_id == viewer.id or entry.author.is_nobodys)
    if entry.kind != QUESTION.key or not is_mine:
        return NOTHING
    thread = experts.get_question(viewer, entry.pk)
    if thread is None or not _may_ask(viewer, thread):
        return NOTHING
    # Whoever has an answer already may want to ask further, but is not searched for on every look.
    is_waiting = thread.entry.reply_count == 0
    context = _choices(viewer, thread, experts.suggestions(viewer, thread) if is_waiting else [])
    if is_waiting and not context["suggestions"] and not context["asked"]:
        return NOTHING
    return render_to_string("forum/_expert_choice.html", context | {"is_waiting": is_waiting}, request)


def you_are_asked(request: HttpRequest, entry: Entry) -> SafeString:
    """Above a question, for the one who is asked and has not answered yet."""
    viewer = viewer_of(request)
    if entry.kind != QUESTION.key or entry.author_id == viewer.id:
        return NOTHING
    line = being_asked.own_asked(viewer, entry.pk)
    if line is None:
        return NOTHING
    return render_to_string("forum/_expert_asked.html", {"line": line, "entry": entry}, request)


@signed_in
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    """What the viewer is asked: what waits for them, and what was."""
    is_waiting = request.GET.get("which") != "earlier"
    try:
        part = being_asked.asked_of(
            viewer_of(request), is_waiting=is_waiting, after=request.GET.get("after") or None
        )
    except BadCursor as error:
        raise Http404 from error
    return render(request, "forum/expert_list.html", {"part": part, "is_waiting": is_waiting})


def _asked_or_404(request: HttpRequest, pk: int) -> AskedLine:
    line = being_asked.get_asked(viewer_of(request), pk)
    if line is None or not rules.can_answer_for_themselves(viewer_of(request), line.asked):
        raise Http404
    return line


@signed_in
@require_POST
def not_now(request: HttpRequest, pk: int) -> HttpResponse:
    line = _asked_or_404(request, pk)
    route.answer_not_now(by=viewer_of(request), asked=line.asked)
    messages.success(request, _("Thank you for saying so. Nobody waits for you."))
    return back(request, "/questions/asked/")


class FieldForm(forms.Form):
    """What it is no longer their field because of."""

    entries = forms.TypedMultipleChoiceField(coerce=int, required=False)
    topics = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, entries: list[int], topics: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, ids in (("entries", entries), ("topics", topics)):
            field = self.fields[name]
            assert isinstance(field, forms.TypedMultipleChoiceField)
            field.choices = [(str(pk), str(pk)) for pk in ids]
            field.error_messages["invalid_choice"] = gettext_lazy(
                "One of these is not there any more. Choose again."
            )


@signed_in
@require_http_methods(["GET", "POST"])
def not_my_field(request: HttpRequest, pk: int) -> HttpResponse:
    """For good: what somebody will not be asked because of again. All of it is chosen, and may be taken out."""
    line, viewer = _asked_or_404(request, pk), viewer_of(request)
    # What they may no longer read is left too, without being named.
    topics = being_asked.topics_of(line.asked.question)
    form = FieldForm(
        request.POST if request.method == "POST" else None,
        entries=[one.entry.pk for one in line.because],
        topics=[topic.pk for topic in topics],
    )
    if form.is_bound and form.is_valid():
        try:
            route.leave_field(by=viewer, asked=line.asked, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("You will not be asked about this any more."))
            return redirect("asked_of_me")
    context = {"line": line, "entry": line.asked.question.entry, "topics": topics, "form": form}
    return render(request, "forum/expert_field.html", context, status=422 if form.errors else 200)


@signed_in
@require_GET
def own_fields(request: HttpRequest) -> HttpResponse:
    """Fields in which one is no longer asked, among one's own settings."""
    context = {"fields": being_asked.fields_left(viewer_of(request)), "tab": "fields"}
    return render(request, "forum/expert_fields.html", context)


@signed_in
@require_POST
def return_to_field(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    field = being_asked.own_field(viewer, pk)
    if field is None or not rules.can_change_field(viewer, field):
        raise Http404
    route.return_to_field(by=viewer, field=field)
    messages.success(request, _("You may be asked about it again."))
    return redirect("own_fields")
