"""The answers to a question as HTML, for its page and for every refresh of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from torvet.base.pages import BadCursor
from torvet.entries import cards, own
from torvet.entries import queries as entries
from torvet.entries import rules as entry_rules
from torvet.entries.drawing import Marks
from torvet.entries.models import Entry
from torvet.forum import drawing, rules
from torvet.forum.drawing import May
from torvet.forum.models import Thread
from torvet.forum.queries import questions
from torvet.forum.queries.being_asked import asked_among
from torvet.forum.queries.questions import Said
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership


def parts(request: HttpRequest, entry: Entry, membership: Membership | None) -> dict[str, Any]:
    """What the core asks of a kind that lists its replies itself (`Kind.replied_by`)."""
    question = questions.get_visible(viewer_of(request), entry.pk)
    if question is None:
        raise Http404
    return shown(request, question, membership)


def shown(request: HttpRequest, question: Thread, membership: Membership | None) -> dict[str, Any]:
    """A page of answers with their comments, drawn; as many statements however many there are."""
    viewer, entry = viewer_of(request), question.entry
    after = request.GET.get("after") or None
    at = request.GET.get("at", "")
    if after is None and at.isdecimal() and len(at) < 19:
        after = questions.page_of(viewer, question, int(at))
    try:
        page = questions.answers(viewer, question, after=after, before=request.GET.get("before") or None)
    except BadCursor as error:
        raise Http404 from error
    watch = entries.own_watch(viewer, entry.pk)
    said = [*page.things, *page.comments]
    standing = [one for one in said if not one.removed_at]
    card = cards.cards_for((one.id, one.revision) for one in standing)
    ids = [one.id for one in standing]
    read_at = watch.read_at if watch else None
    marks = Marks(
        viewer_id=viewer.id,
        reactions=own.marks_on(viewer, ids).reactions,
        fresh={
            one.id for one in said
            if read_at and one.published_at > read_at and one.author_id != viewer.id
        },
        may_write=entry_rules.can_react(viewer, entry, membership),
        may_answer=entry_rules.can_comment(viewer, entry, membership),
    )  # fmt: skip
    may = what_one_may(viewer, question, membership, [one.id for one in page.things])
    branches = _branches(page, entry.pk)
    drawn = "".join(
        drawing.answer(
            one, card.get(one.id, ""), question, may, marks,
            drawing.comments(branches.get(one.id, ()), card, marks, may),
        )
        for one in page.things
    )  # fmt: skip
    drawn += "".join(
        drawing.removed_answer(one, drawing.comments(branches.get(one.id, ()), card, marks, may), may)
        for one in page.removed
        if branches.get(one.id) or may.undo(one)
    )
    on_question = drawing.comments(branches.get(entry.pk, ()), card, marks, may)
    return {
        "list_template": "forum/_answers.html",
        "question": question,
        "entry": entry,
        "answers": drawing.whole(cards.fill(request, drawn)),
        "on_question": drawing.whole(cards.fill(request, on_question)),
        "number": len(page.things),
        "next": page.next,
        "after": after,
        "earlier": page.earlier,
        "may_comment": marks.may_answer,
        "may_close": entry_rules.can_close(viewer, entry, membership),
        "speaks": False,
        "watch": watch,
    }


def what_one_may(
    viewer: Viewer, question: Thread, membership: Membership | None, shown_ids: list[int]
) -> May:
    entry = question.entry
    runs = space_rules.can_run(viewer, entry.space, membership)
    # Whose field it is may confirm too: that takes a search, so it stands in the menu of an answer.
    knows = not runs and bool(asked_among(viewer, [question.pk]))
    return May(
        accept=rules.can_accept(viewer, entry, membership),
        confirm=rules.can_confirm(viewer, entry, membership, knows=knows),
        vote=entry_rules.can_comment(viewer, entry, membership),
        undo=lambda one: one.removed_by_id == viewer.id or runs,
        voted=questions.own_votes(viewer, shown_ids),
    )


def _branches(page: questions.Answers, question: int) -> dict[int, list[Said]]:
    """Comments by the answer, or the question, that their branch began under; what began elsewhere is left out."""
    loaded = {one.id: one for one in page.comments}
    tops = {one.id for one in (*page.things, *page.removed)} | {question}
    found: dict[int, list[Said]] = {}
    for one in page.comments:
        above = one.reply_to_id
        while above and above not in tops and above in loaded:
            above = loaded[above].reply_to_id
        if above in tops:
            found.setdefault(above or question, []).append(one)
    return found
