"""What a viewer may do with must-reads. Pure: on loaded attributes, with reach and membership given."""

from __future__ import annotations

from torvet.entries import rules as entry_rules
from torvet.entries.models import Entry
from torvet.notices.models import Notice
from torvet.notices.queries.audience import Reach
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces.models import Membership


def can_ask(viewer: Viewer, entry: Entry, reach: Reach) -> bool:
    """Ask people to confirm an entry that the viewer reads: whoever may ask anybody at all. In a browser only."""
    return (
        viewer.can_write
        and viewer.via != Via.TOKEN
        and viewer.is_colleague
        and bool(reach)
        and not entry.is_reply
        and not entry.is_removed
        and not entry.space.is_archived
    )


def can_see_notice(viewer: Viewer, notice: Notice) -> bool:
    """Its numbers, and what follows from them: who asked, community managers and administrators who read the text."""
    return viewer.is_colleague and (viewer.id == notice.asked_by_id or viewer.is_community)


def can_keep(viewer: Viewer, notice: Notice) -> bool:
    """Remind, give more time, close."""
    return can_see_notice(viewer, notice) and viewer.can_write and viewer.via != Via.TOKEN and notice.is_open


def can_judge(viewer: Viewer, notice: Notice, membership: Membership | None) -> bool:
    """Say what a change of the words means: who asked, and who may change them."""
    if viewer.via == Via.TOKEN or not notice.is_open or not viewer.is_colleague:
        return False
    return can_keep(viewer, notice) or entry_rules.can_edit(viewer, notice.entry, membership)


def can_export(viewer: Viewer, notice: Notice) -> bool:
    """Take along who confirmed; in a browser, where it is noted who did."""
    return can_see_notice(viewer, notice) and viewer.via != Via.TOKEN


def can_confirm(viewer: Viewer, *, is_asked: bool) -> bool:
    """Whoever is asked: oneself, or as the deputy of somebody who is away."""
    return viewer.can_write and is_asked


def can_use_paper(viewer: Viewer, notice: Notice, leads_somebody: bool) -> bool:
    """Print the sheet and write down who signed: who asked, and whoever leads a unit, for those in it."""
    if viewer.via == Via.TOKEN or not viewer.can_write or not viewer.is_colleague or not notice.is_open:
        return False
    return can_see_notice(viewer, notice) or leads_somebody


def can_record(viewer: Viewer, notice: Notice, member: Member, units: frozenset[int]) -> bool:
    """Write down that this one has signed. `units`: those that the viewer leads."""
    return can_see_notice(viewer, notice) or member.unit_id in units
