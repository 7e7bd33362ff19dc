"""The HTML of answers: cards, and what belongs to the question and to one reader around them.

Plain string building, as in entries/drawing.py: everything that goes in is a number, a word of ours, or escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from torvet.entries.drawing import CSRF, Marks, Row, comment, comment_acts, icon, removed, safe
from torvet.forum.models import Thread
from torvet.forum.queries.questions import Said


@dataclass(frozen=True)
class May:
    """What one reader may do with the answers of a question."""

    accept: bool = False
    confirm: bool = False
    vote: bool = False
    undo: Callable[[Said], bool] = lambda entry: False
    voted: set[int] = field(default_factory=set)


def answer(entry: Said, card: str, question: Thread, may: May, marks: Marks, comments: str) -> str:
    """One answer: what was said of it, its words, what one may do with it, and the comments on it."""
    is_accepted = question.solved_at is not None and question.accepted_id == entry.id
    is_confirmed = question.confirmed_id == entry.id
    looks = "answer" + (" accepted" if is_accepted else "") + (" fresh" if entry.id in marks.fresh else "")
    said = ""
    if is_accepted:
        said += f'<p class="answer-mark solved">{icon("circle-check")}{escape(_("This solved it, says the asker"))}</p>'
    if is_confirmed and question.confirmed_by is not None:
        name = escape(question.confirmed_by.name)
        words = escape(_("Confirmed by %(name)s")) % {
            "name": f'<a href="{question.confirmed_by.url}">{name}</a>'
        }
        said += f'<p class="answer-mark">{icon("shield-check")}<span>{words}</span></p>'
    listed = f'<ol class="comments">{comments}</ol>' if comments else ""
    judged = vote(entry, may, marks.viewer_id) + _judging(entry, question, may, marks.viewer_id)
    return (
        f'<li class="{looks}" id="c{entry.id}" data-id="{entry.id}">{said}<div class="comment answer-card">{card}'
        f'<div class="answer-acts">{judged}</div>'
        f"{_acts(entry, marks)}"
        f'<div class="answer-place" id="answer-{entry.id}" hx-morph-skip></div></div>{listed}</div></li>'
    )


def _acts(row: Row, marks: Marks) -> str:
    """The line of the core under what was said: react, comment, more."""
    if marks.may_write:
        return comment_acts(row, marks)
    whole = comment(row, "", marks, "")
    start = whole.index('<div class="comment-acts"')
    return whole[start : whole.index('<div class="answer-place"')]


def vote(entry: Said, may: May, viewer_id: int) -> str:
    """Whether it helped: a button, or for its author and where nobody votes any more the number alone."""
    number = ngettext("%(number)s person was helped", "%(number)s people were helped", entry.votes) % {
        "number": entry.votes
    }
    if not may.vote or entry.author_id == viewer_id:
        shown = f"{icon('thumbs-up')}<span>{escape(number)}</span>" if entry.votes else ""
        return f'<span class="vote mut sm" id="vote-{entry.id}">{shown}</span>'
    is_given = entry.id in may.voted
    address = f"/answers/{entry.id}/vote/" + ("delete/" if is_given else "")
    word = escape(pgettext("a vote for an answer", "Helpful"))
    return (
        f'<form class="vote" id="vote-{entry.id}" method="post" action="{address}" hx-post="{address}" hx-target="this"'
        f' hx-swap="outerHTML">{CSRF}<button class="ds-button" data-variant="secondary" data-size="sm"'
        f' aria-pressed="{"true" if is_given else "false"}">{icon("thumbs-up")}{word}'
        + (f'<span class="num"> {entry.votes}</span>' if entry.votes else "")
        + "</button></form>"
    )


def _judging(entry: Said, question: Thread, may: May, viewer_id: int) -> str:
    parts = ""
    is_accepted = question.solved_at is not None and question.accepted_id == entry.id
    if may.accept:
        word = _("Not solved after all") if is_accepted else _("This solved it")
        parts += _button(
            f"/questions/{question.pk}/acceptance/", entry, word, "circle-check", is_given=is_accepted
        )
    if may.confirm and entry.author_id != viewer_id:
        is_confirmed = question.confirmed_id == entry.id
        word = _("Take the confirmation back") if is_confirmed else _("Confirm that it is right")
        parts += _button(
            f"/questions/{question.pk}/confirmation/", entry, word, "shield-check", is_given=is_confirmed
        )
    return parts


def _button(address: str, entry: Said, word: str, mark: str, *, is_given: bool) -> str:
    address += "delete/" if is_given else ""
    return (
        f'<form method="post" action="{address}">{CSRF}<input type="hidden" name="answer" value="{entry.id}">'
        f'<button class="ds-button" data-variant="tertiary" data-size="sm">{icon(mark)}{escape(word)}</button></form>'
    )


def comments(rows: Sequence[Said], card: Mapping[int, str], marks: Marks, may: May) -> str:
    """Comments on one answer or on the question, in order, one level."""
    return "".join(
        comment(entry, card.get(entry.id, ""), marks, "", bool(entry.removed_at) and may.undo(entry))
        for entry in rows
    )


def removed_answer(entry: Said, comments: str, may: May) -> str:
    """The notice where an answer stood, with what was said to it."""
    listed = f'<ol class="comments">{comments}</ol>' if comments else ""
    return (
        f'<li class="answer" id="c{entry.id}" data-id="{entry.id}"><div class="comment answer-card"><span></span>'
        f"<div>{removed(entry, may.undo(entry))}{listed}</div></div></li>"
    )


def whole(html: str) -> SafeString:
    return safe(html)
