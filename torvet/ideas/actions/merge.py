"""Making two ideas one, with their supporters, and separating them again."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import actions as entries
from torvet.entries.models import Entry, Vote
from torvet.ideas import rules
from torvet.ideas.actions.locking import lock_all, lock_entries, lock_rooms
from torvet.ideas.models import CarriedVote, Idea, Merge
from torvet.ideas.models.idea import SETTLED
from torvet.ideas.queries.one import end_of
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def merge_ideas(*, by: Viewer, idea: Idea, into: Idea) -> Idea:
    """Let `idea` go on in `into`, or in what that one went on in. Gives the idea in which both are now.

    Whoever proposed or supported it supports the other, nobody twice. Its page stays, with its words.
    Raises Refused into itself, in a circle, across rooms with other readers, and for what is decided or removed.
    """
    _require(by, idea, into)
    rooms = {idea.room_id, end_of(into).room_id}
    lock_rooms(rooms)
    end = end_of(into)  # as it is now that nobody else merges in these rooms
    if end.room_id not in rooms:
        raise Refused(_("Somebody else merged these ideas at the same moment. Look at them again."))
    found = lock_all({idea.pk, end.pk})
    idea, end = found[idea.pk], found[end.pk]
    _require(by, idea, end)
    _must_fit(idea, end)
    standing = lock_entries([idea.pk, end.pk])
    if any(entry.is_removed for entry in standing.values()):
        raise Refused(_("One of the two ideas has been removed."))
    assert by.member is not None  # can_merge said so
    merge = Merge.objects.create(idea=idea, into=end, merged_by=by.member)
    _carry(merge, standing[end.pk])
    entries.count_votes(standing[end.pk])
    entries.redraw(by=by, entry=idea.entry)
    record(verbs.MERGED_IDEA, by=by, space_id=idea.room_id, entry_id=end.pk, thread_id=end.pk, idea=idea.pk)
    return end


@transaction.atomic
def separate_ideas(*, by: Viewer, idea: Idea) -> Idea:
    """They are two after all. Votes that came along go back; whoever supported both supports both.

    Also when the other was removed, or is read by fewer now: it takes nobody's idea with it.
    """
    merges = Merge.objects.filter(idea=idea.pk).select_related("into__entry__space", "idea__entry")
    before = merges.first()
    _require_to_separate(by, idea, before)
    lock_rooms([idea.room_id, *([before.into.room_id] if before else [])])
    merge = merges.all().first()
    if merge is None or before is None or merge.into_id != before.into_id:
        raise Refused(_("This idea stands by itself already."))
    _require_to_separate(by, idea, merge)
    found = lock_all([idea.pk, merge.into_id])
    if found[merge.into_id].is_merged:
        raise Refused(
            _("“%(title)s” went on in another idea itself. Separate that one first.")
            % {"title": merge.into.entry.title}
        )
    standing = lock_entries([idea.pk, merge.into_id])
    if standing[idea.pk].is_removed:
        raise Refused(_("One of the two ideas has been removed."))
    carried = merge.carried.values("member")
    Vote.objects.filter(entry=merge.into_id, member__in=carried).delete()
    merge.delete()
    # Whoever came along with this one may also have supported another that is still merged.
    others = Merge.objects.filter(into=merge.into_id).select_related("idea__entry")
    for other in others.order_by("merged_at", "pk"):
        _carry(other, standing[merge.into_id])
    entries.count_votes(standing[merge.into_id])
    entries.count_votes(standing[idea.pk])
    entries.redraw(by=by, entry=found[idea.pk].entry)
    record(
        verbs.SEPARATED_IDEA,
        by=by,
        space_id=idea.room_id,
        entry_id=idea.pk,
        thread_id=idea.pk,
        of=merge.into_id,
    )
    return found[idea.pk]


def _require(by: Viewer, idea: Idea, into: Idea) -> None:
    own, other = membership_of(by, idea.entry.space), membership_of(by, into.entry.space)
    require(rules.can_merge(by, idea, into, own, other))


def _require_to_separate(by: Viewer, idea: Idea, merge: Merge | None) -> None:
    into = merge.into if merge is not None else idea
    own, other = membership_of(by, idea.entry.space), membership_of(by, into.entry.space)
    require(rules.can_separate(by, idea, into, own, other))


def _must_fit(idea: Idea, end: Idea) -> None:
    if idea.pk == end.pk:
        raise Refused(_("An idea cannot be merged with itself: these two are one already."))
    if idea.is_merged:
        raise Refused(_("“%(title)s” goes on in another idea already.") % {"title": idea.entry.title})
    for one in (idea, end):
        if one.stage in SETTLED:
            raise Refused(
                _("“%(title)s” is decided for good. Ideas that are declined or done stay as they are.")
                % {"title": one.entry.title}
            )
    if not rules.has_like_readers(idea.entry.space, end.entry.space):
        raise Refused(
            _("Other people read “%(title)s”. Merge ideas only where the same people read both.")
            % {"title": end.entry.title}
        )


def _carry(merge: Merge, end: Entry) -> None:
    """Give the votes of those who proposed or supported the merged idea to the other, where they have none."""
    supporting = set(Vote.objects.filter(entry=merge.idea_id).values_list("member_id", flat=True))
    # Who proposed it wants it; of what was merged into it before, who proposed that supports it already.
    supporting.add(merge.idea.entry.author_id)
    there = set(Vote.objects.filter(entry=end).values_list("member_id", flat=True)) | {end.author_id}
    coming = sorted(supporting - there)
    Vote.objects.bulk_create([Vote(entry=end, member_id=pk) for pk in coming])
    _note(merge, coming)


def _note(merge: Merge, members: Iterable[int]) -> None:
    known = set(CarriedVote.objects.filter(merge=merge).values_list("member_id", flat=True))
    CarriedVote.objects.bulk_create(
        [CarriedVote(merge=merge, member_id=pk) for pk in members if pk not in known]
    )
