"""What ideas show with entries that are not theirs, and with spaces."""

from __future__ import annotations

from django.utils.translation import gettext as _

from torvet.entries.became import Became
from torvet.entries.extras import Act
from torvet.entries.models import Entry
from torvet.ideas.kinds import IDEA
from torvet.ideas.models import IdeaRoom, Stage
from torvet.ideas.queries import outcomes
from torvet.ideas.queries.rooms import may_propose_somewhere
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.tabs import Tab


def keep_as_idea(viewer: Viewer, entry: Entry) -> Act | None:
    """In the menu of whatever somebody may read, while there is a room to propose in."""
    if entry.kind == IDEA.key or not may_propose_somewhere(viewer):
        return None
    return Act(_("Keep as an idea"), f"/ideas/new/?from={entry.pk}", "lightbulb")


def ideas_tab(viewer: Viewer, space: Space) -> Tab | None:
    """For those who read the space, where it asks something."""
    if not IdeaRoom.objects.visible_to(viewer).filter(pk=space.pk).exists():
        return None
    return Tab("ideas", _("Ideas"), f"/spaces/{space.pk}/ideas/")


def carried_out(viewer: Viewer, space: Space | None, limit: int) -> list[Became]:
    """Ideas that are done, for the page that tells what became of what people said."""
    return [
        Became(
            change.idea.entry, change.get_to_stage_display(), change.reason, change.moved_by, change.moved_at
        )
        for change in outcomes.lately(viewer, (Stage.DONE,), limit, space=space)
    ]
