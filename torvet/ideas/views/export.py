"""The ideas of a room as rows of a table, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from torvet.base.api import absolute
from torvet.ideas.models import Idea, IdeaRoom
from torvet.ideas.queries import board, outcomes
from torvet.people.viewer import Viewer

AT_ONCE = 500


def rows_of(viewer: Viewer, room: IdeaRoom) -> Iterator[Sequence[object]]:
    """A head, then a row for each idea, merged ones too; some at a time."""
    yield (
        _("Idea"), pgettext("a column", "Proposed by"), pgettext("a column", "Proposed on"),
        pgettext("a column", "Stage"), pgettext("a column", "Supporters"), pgettext("a column", "Input"),
        pgettext("a column", "Comments and more"), pgettext("a column", "Is about"), pgettext("a column", "Decides"),
        pgettext("a column", "Decide by"), pgettext("a column", "At this stage since"),
        pgettext("a column", "Reason"), pgettext("a column", "Goes on in"), pgettext("a column", "Address"),
    )  # fmt: skip
    ideas = list(board.of_room(viewer, room).values_list("pk", flat=True))
    for start in range(0, len(ideas), AT_ONCE):
        some = list(board.of_room(viewer, room).filter(pk__in=ideas[start : start + AT_ONCE]))
        why = outcomes.reasons([(idea.pk, idea.stage) for idea in some])
        into = board.titles(viewer, {idea.merge.into_id for idea in some if idea.is_merged})
        for line in board.lines_of(viewer, some, room):
            goes_on_in = into.get(line.idea.merge.into_id, "") if line.idea.is_merged else ""
            yield _row(line, why.get((line.idea.pk, line.idea.stage), ""), goes_on_in)


def _row(line: board.IdeaLine, reason: str, goes_on_in: str) -> tuple[object, ...]:
    idea: Idea = line.idea
    entry = idea.entry
    return (
        entry.title, entry.author.name, timezone.localdate(entry.published_at).isoformat(), idea.get_stage_display(),
        entry.votes, line.input, entry.reply_count, idea.get_concern_display() if idea.concern else "",
        idea.decider.name if idea.decider else "", idea.decide_by.isoformat(),
        timezone.localdate(idea.stage_at).isoformat(), reason,
        goes_on_in, absolute(idea.url),
    )  # fmt: skip
