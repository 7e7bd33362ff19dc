"""What a viewer may do with idea rooms and ideas. Pure: on loaded attributes, with the viewer's membership given."""

from __future__ import annotations

from collections.abc import Mapping

from torvet.entries import rules as entry_rules
from torvet.ideas.models import Idea, IdeaRoom, Stage
from torvet.people.models import Member, Role
from torvet.people.viewer import Via, Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership, Space

# From where to where an idea may be moved. Backwards only by one step, to mend a mistake or to take it up again.
MOVES: Mapping[str, tuple[Stage, ...]] = {
    Stage.HEARD: (Stage.LOOKED_AT, Stage.CHOSEN, Stage.DECLINED),
    Stage.LOOKED_AT: (Stage.CHOSEN, Stage.DECLINED),
    Stage.CHOSEN: (Stage.TRIED, Stage.DONE, Stage.LOOKED_AT, Stage.DECLINED),
    Stage.TRIED: (Stage.DONE, Stage.CHOSEN, Stage.DECLINED),
    Stage.DONE: (Stage.TRIED,),
    Stage.DECLINED: (Stage.LOOKED_AT,),
}
NEEDS_REASON = (Stage.DECLINED,)


def can_open_room(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """Ask a question in a space: who runs it. In a browser."""
    return (
        viewer.is_colleague
        and viewer.via != Via.TOKEN
        and not space.is_inner
        and not space.is_archived
        and space_rules.can_run(viewer, space, membership)
    )


def can_keep_room(viewer: Viewer, room: IdeaRoom, membership: Membership | None) -> bool:
    """Change what the room says, close and open it, take the ideas along: who runs the space. In a browser."""
    return can_open_room(viewer, room.space, membership)


def can_propose(viewer: Viewer, room: IdeaRoom, membership: Membership | None) -> bool:
    """Whoever may write in the space, as long as the room is open."""
    return room.is_open and entry_rules.can_post(viewer, room.space, membership)


def can_support(viewer: Viewer, idea: Idea, membership: Membership | None) -> bool:
    """Say yes, with words or without: who takes part, to what others proposed. That it is open is asked of the idea."""
    return entry_rules.can_vote(viewer, idea.entry, membership)


def can_give_input(viewer: Viewer, idea: Idea, membership: Membership | None) -> bool:
    """Whoever may comment; also on their own idea."""
    return entry_rules.can_comment(viewer, idea.entry, membership)


def can_decide(viewer: Viewer, idea: Idea, membership: Membership | None) -> bool:
    """Move it to another stage: who was named for it, and who runs the space."""
    is_named = idea.decider_id is not None and idea.decider_id == viewer.id and viewer.is_colleague
    runs = space_rules.can_run(viewer, idea.entry.space, membership)
    return (is_named or runs) and entry_rules.takes_part(viewer, idea.entry, membership)


def can_name_decider(viewer: Viewer, idea: Idea, membership: Membership | None) -> bool:
    """Who decides, and by when: who decides now may pass it on."""
    return can_decide(viewer, idea, membership)


def can_be_decider(member: Member, space: Space, membership: Membership | None) -> bool:
    """Somebody of the company who writes in the space; `membership` is theirs."""
    return (
        member.is_active
        and not member.is_bot
        and member.role != Role.GUEST
        and space_rules.can_write_in(Viewer.of(member), space, membership)
    )


def can_merge(
    viewer: Viewer, idea: Idea, into: Idea, own: Membership | None, other: Membership | None
) -> bool:
    """Say that two ideas are one: who runs the space of both, and who proposed both."""
    may_write = entry_rules.takes_part(viewer, idea.entry, own) and entry_rules.takes_part(
        viewer, into.entry, other
    )
    runs = space_rules.can_run(viewer, idea.entry.space, own) and space_rules.can_run(
        viewer, into.entry.space, other
    )
    is_own = idea.entry.author_id == viewer.id and into.entry.author_id == viewer.id
    return may_write and (runs or is_own)


def can_separate(
    viewer: Viewer, idea: Idea, into: Idea, own: Membership | None, other: Membership | None
) -> bool:
    """Say that they are two after all: who may merge them. Where the other was removed, or is kept from the viewer by
    now: who runs the space of this one, and who proposed it."""
    if can_merge(viewer, idea, into, own, other):
        return True
    is_gone = into.entry.is_removed or not space_rules.can_read(viewer, into.entry.space, other)
    runs = space_rules.can_run(viewer, idea.entry.space, own)
    takes_part = entry_rules.takes_part(viewer, idea.entry, own)
    return is_gone and takes_part and (runs or idea.entry.author_id == viewer.id)


def has_like_readers(one: Space, other: Space) -> bool:
    """Whether the same people read both: the same space, or both open to the company and to nobody else."""
    return one.pk == other.pk or (
        one.is_open and other.is_open and not one.has_guests and not other.has_guests
    )


def is_wider(source: Space, room: Space) -> bool:
    """Whether somebody may read in the room who cannot read where the words come from."""
    return source.pk != room.pk and not (source.is_open and not room.has_guests)


def abilities(viewer: Viewer, idea: Idea, membership: Membership | None) -> dict[str, bool]:
    """What this viewer may do with this idea, by word."""
    return {
        "support": idea.is_open and can_support(viewer, idea, membership),
        "give_input": idea.is_open and can_give_input(viewer, idea, membership),
        "decide": not idea.is_merged and can_decide(viewer, idea, membership),
        "name_decider": not idea.is_merged and can_name_decider(viewer, idea, membership),
    }


def room_abilities(viewer: Viewer, room: IdeaRoom, membership: Membership | None) -> dict[str, bool]:
    return {
        "propose": can_propose(viewer, room, membership),
        "keep": can_keep_room(viewer, room, membership),
    }
