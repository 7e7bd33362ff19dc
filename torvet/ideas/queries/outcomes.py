"""What was decided lately, and what became of ideas."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef

from torvet.entries import queries as entries
from torvet.ideas.models import Stage, StageChange
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

SHOWN = 6
DECIDED = (Stage.CHOSEN, Stage.DECLINED)
CARRIED_OUT = (Stage.TRIED, Stage.DONE)


def lately(
    viewer: Viewer, stages: Sequence[Stage], size: int = SHOWN, *, space: Space | None = None
) -> list[StageChange]:
    """The newest changes to one of these stages that still hold, of ideas that the viewer may read."""
    seen = Exists(entries.visible(viewer).filter(pk=OuterRef("idea_id")))
    rows = StageChange.objects.filter(seen, to_stage__in=stages, idea__stage=F("to_stage"), idea__merge=None)
    if space is not None:
        rows = rows.filter(idea__room=space.pk)
    rows = rows.select_related(
        "idea__entry__author", "idea__entry__space", "idea__room", "moved_by"
    ).order_by("-moved_at", "-id")
    newest: dict[int, StageChange] = {}
    for row in rows[: size * 2]:
        newest.setdefault(row.idea_id, row)
    return list(newest.values())[:size]


def reasons(pairs: Sequence[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """(idea, stage) -> why it came to this stage the last time; for ideas that their reader may read."""
    if not pairs:
        return {}
    rows = StageChange.objects.filter(idea__in={idea for idea, _stage in pairs}).order_by("moved_at", "id")
    found = {
        (idea, stage): reason for idea, stage, reason in rows.values_list("idea_id", "to_stage", "reason")
    }
    return {pair: found[pair] for pair in pairs if pair in found}
