"""What a viewer may do with blogs. Pure: the viewer's membership of the space and their delegation are given."""

from __future__ import annotations

from torvet.blogs.models import Blog, Delegate
from torvet.entries.models import Entry
from torvet.people.models import Member, Role
from torvet.people.viewer import Via, Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership, Space


def can_open_for_oneself(
    viewer: Viewer, space: Space, membership: Membership | None, *, leads_a_unit: bool = False
) -> bool:
    """Leaders, by their role or because they lead a unit, where they write."""
    leads = viewer.member is not None and (viewer.member.is_leader or leads_a_unit)
    return leads and _may_begin(viewer, space, membership)


def can_open_for_others(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    """For a unit, a subject or a leader whom one names: those who run the space, and community managers."""
    runs = space_rules.can_run(viewer, space, membership)
    return (runs or viewer.is_community) and _may_begin(viewer, space, membership)


def _may_begin(viewer: Viewer, space: Space, membership: Membership | None) -> bool:
    return (
        viewer.is_colleague
        and viewer.via != Via.TOKEN
        and not space.is_inner
        and space_rules.can_write_in(viewer, space, membership)
    )


def can_be_leader(member: Member) -> bool:
    """Whose blog it may be: somebody of the company."""
    return member.is_active and not member.is_bot and member.role != Role.GUEST


def can_be_delegate(member: Member) -> bool:
    return can_be_leader(member)


def keeps(viewer: Viewer, blog: Blog, membership: Membership | None) -> bool:
    """The leader alone, as long as they are here; else whoever opened it, and those who run its space."""
    if not viewer.can_write or not viewer.is_colleague:
        return False
    if blog.leader is not None and blog.leader.is_active:
        return viewer.id == blog.leader_id
    return viewer.id == blog.opened_by_id or space_rules.can_run(viewer, blog.space, membership)


def can_keep(viewer: Viewer, blog: Blog, membership: Membership | None) -> bool:
    """Name delegates, change what it says of itself, close and open it. In a browser, never with a token."""
    return (
        viewer.via != Via.TOKEN
        and keeps(viewer, blog, membership)
        and space_rules.can_write_in(viewer, blog.space, membership)
    )


def _is_delegate(viewer: Viewer, delegate: Delegate | None) -> bool:
    return delegate is not None and delegate.member_id == viewer.id and viewer.is_colleague


def can_write(viewer: Viewer, blog: Blog, membership: Membership | None, delegate: Delegate | None) -> bool:
    """Write drafts, and see those of the others: who keeps the blog and who was named to write in it."""
    is_of_it = keeps(viewer, blog, membership) or _is_delegate(viewer, delegate)
    return is_of_it and blog.closed_at is None and space_rules.can_write_in(viewer, blog.space, membership)


def can_publish(viewer: Viewer, blog: Blog, membership: Membership | None, delegate: Delegate | None) -> bool:
    """Let everybody read it. Never in the name of somebody who has left; with review, only who gives the nod."""
    if blog.has_left or not can_write(viewer, blog, membership, delegate):
        return False
    may = delegate is not None and delegate.may_publish and not blog.wants_review
    return keeps(viewer, blog, membership) or may


def can_review(viewer: Viewer, blog: Blog, membership: Membership | None) -> bool:
    """Give the nod to what others wrote, or send it back."""
    return keeps(viewer, blog, membership) and can_publish(viewer, blog, membership, None)


def can_see_loop(
    viewer: Viewer, blog: Blog, membership: Membership | None, delegate: Delegate | None
) -> bool:
    """See what waits for an answer: the leader, and who was named for that. Nobody else, whatever their role."""
    is_named = _is_delegate(viewer, delegate) and delegate is not None and delegate.may_answer
    is_own = keeps(viewer, blog, membership)
    return (is_own or is_named) and space_rules.can_read(viewer, blog.space, membership)


def can_have_feed(viewer: Viewer, blog: Blog, membership: Membership | None) -> bool:
    """A key of one's own for a feed reader: every reader. A token makes no keys."""
    return (
        viewer.can_write and viewer.via != Via.TOKEN and space_rules.can_read(viewer, blog.space, membership)
    )


def abilities(
    viewer: Viewer, blog: Blog, membership: Membership | None, delegate: Delegate | None
) -> dict[str, bool]:
    """What this viewer may do with this blog, by word."""
    return {
        "keep": can_keep(viewer, blog, membership),
        "write": can_write(viewer, blog, membership, delegate),
        "publish": can_publish(viewer, blog, membership, delegate),
        "review": can_review(viewer, blog, membership),
        "see_loop": can_see_loop(viewer, blog, membership, delegate),
        "have_feed": can_have_feed(viewer, blog, membership),
    }


def can_link_sources(viewer: Viewer, outcome: Entry, membership: Membership | None) -> bool:
    """Say what led to an outcome: whoever told it, while they write in the space."""
    return (
        viewer.id == outcome.author_id
        and not outcome.is_removed
        and space_rules.can_write_in(viewer, outcome.space, membership)
    )
