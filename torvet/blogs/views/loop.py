"""The leader's view: what waits for an answer, how articles landed, and one small act after a quiet week."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from torvet.agreement import queries as agreement
from torvet.base.back import says_why
from torvet.base.pages import BadCursor
from torvet.base.policies import colleague
from torvet.base.rules import Refused
from torvet.blogs import actions, rules
from torvet.blogs.models import Listening, Question
from torvet.blogs.queries import figures, quiet
from torvet.blogs.queries import unanswered as waiting
from torvet.blogs.queries.promise import promise_of
from torvet.blogs.views.loading import Seat, blog_or_404
from torvet.entries import queries as entries
from torvet.entries import rules as entry_rules
from torvet.entries.forms import CommentForm


def heard_or_404(request: HttpRequest, pk: int) -> Seat:
    """The blog, for its leader and those named to answer for it. To others the page is not there."""
    seat = blog_or_404(request, pk)
    if not rules.can_see_loop(seat.viewer, seat.blog, seat.membership, seat.delegate):
        raise Http404
    return seat


def question_or_404(request: HttpRequest, pk: int, comment: int) -> tuple[Seat, Question]:
    seat = heard_or_404(request, pk)
    found = waiting.get_question(seat.viewer, seat.blog, comment)
    if found is None:
        raise Http404
    return seat, found


def is_part(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


@colleague
@require_GET
def loop(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits for an answer, the oldest first."""
    seat = heard_or_404(request, pk)
    try:
        page = waiting.unanswered(seat.viewer, seat.blog, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    next_url = f"?after={page.next}" if page.next else ""
    context = {"blog": seat.blog, "questions": page.things, "next_url": next_url}
    if is_part(request) and "after" in request.GET:
        return render(request, "blogs/_loop_questions.html", context)
    listening = Listening.objects.filter(blog=seat.blog).first()
    is_quiet = quiet.is_quiet(seat.blog)
    return render(request, "blogs/loop.html", {
        **context, "number": waiting.number_unanswered(seat.viewer, seat.blog),
        "most": waiting.COUNTED_TO, "promise": promise_of(seat.blog), "is_quiet": is_quiet,
        "act": quiet.act_for(seat.viewer, seat.blog) if is_quiet else None,
        "set_aside": waiting.set_aside(seat.viewer, seat.blog),
        "is_reminded": not (listening and listening.is_quiet), "form": CommentForm(),
        "may_answer": entry_rules.can_post(seat.viewer, seat.blog.space, seat.membership),
        "readers": entries.readers_of(seat.blog.space),
    })  # fmt: skip


@colleague
@require_GET
def landing(request: HttpRequest, pk: int) -> HttpResponse:
    """How articles landed: by unit, by topic, and, where the agreement says so, the mood."""
    seat = heard_or_404(request, pk)
    try:
        page = figures.landed(seat.viewer, seat.blog, request.GET.get("after") or None)
    except BadCursor as error:
        raise Http404 from error
    context = {
        "blog": seat.blog, "landed": page.things, "next_url": f"?after={page.next}" if page.next else "",
        "least": agreement.smallest_group(), "is_mood_read": figures.is_mood_read(),
        "is_counted": figures.is_counted(),
    }  # fmt: skip
    if is_part(request) and "after" in request.GET:
        return render(request, "blogs/_loop_landed.html", context)
    return render(request, "blogs/loop_landing.html", {
        **context, "by_unit": figures.by_unit(seat.viewer, seat.blog),
        "by_topic": figures.by_topic(seat.viewer, seat.blog),
    })  # fmt: skip


@colleague
@require_POST
def answer(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """Answer from the list. Without script the list comes back; a refusal keeps what was typed."""
    seat, question = question_or_404(request, pk, comment)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            actions.answer_question(
                by=seat.viewer,
                question=question,
                body=form.cleaned_data["body"],
                format=form.cleaned_data["format"],
            )
        except Refused as refused:
            form.add_error("body", refused.reason)
        else:
            if is_part(request):
                return render(request, "blogs/_loop_answered.html", {"question": question, "blog": seat.blog})
            messages.success(request, _("Answered. It stands under the article, for everybody to read."))
            return redirect("blog_loop", seat.blog.pk)
    template = "blogs/_loop_question.html" if is_part(request) else "blogs/loop_answer.html"
    return render(request, template, {
        "blog": seat.blog, "question": question, "form": form, "may_answer": True, "is_opened": True,
        "readers": entries.readers_of(seat.blog.space),
    }, status=422)  # fmt: skip


@colleague
@require_POST
@says_why
def set_aside(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """It needs no answer."""
    seat, question = question_or_404(request, pk, comment)
    actions.set_question_aside(by=seat.viewer, question=question)
    if is_part(request):
        return render(
            request, "blogs/_loop_answered.html",
            {"question": question, "blog": seat.blog, "is_set_aside": True},
        )  # fmt: skip
    messages.success(request, _("Set aside. You find it at the end of the list."))
    return redirect("blog_loop", seat.blog.pk)


@colleague
@require_POST
@says_why
def take_up(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """It needs an answer after all."""
    seat, question = question_or_404(request, pk, comment)
    actions.take_up_question(by=seat.viewer, question=question)
    return redirect("blog_loop", seat.blog.pk)


@colleague
@require_POST
@says_why
def reminder(request: HttpRequest, pk: int) -> HttpResponse:
    """Be reminded after a quiet week, or not."""
    seat = heard_or_404(request, pk)
    wanted = request.POST.get("reminder") == "yes"
    actions.change_reminder(by=seat.viewer, blog=seat.blog, is_quiet=not wanted)
    messages.success(
        request,
        _("You will be reminded after a quiet week.") if wanted else _("You will not be reminded any more."),
    )
    return redirect("blog_loop", seat.blog.pk)
