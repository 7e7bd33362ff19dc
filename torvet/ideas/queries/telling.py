"""Whom what became of an idea is told to, some at a time, in the order of their ids."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q

from torvet.entries import queries as entries
from torvet.entries.models import Vote, Watch
from torvet.ideas.models import Idea
from torvet.ideas.queries.one import into_it
from torvet.ideas.queries.rooms import those_who_run
from torvet.people.models import Absence, Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces import queries as spaces


def to_tell(idea_id: int, *, after: int = 0, size: int = 2000) -> tuple[list[int], int]:
    """Ids of the next who wrote in the thread of an idea, or of one merged into it, or support it, and may read it;
    and the last of them while there are more, else 0.

    Also those who hear nothing else of the space: it is the answer to what they said themselves. Not those who have
    muted this very thread.
    """
    found = (
        Idea.objects.filter(pk=idea_id, entry__in=entries.standing()).select_related("entry__space").first()
    )
    if found is None:
        return [], 0
    threads = [idea_id, *(pk for pk, _into in into_it(idea_id))]
    wrote = entries.standing().filter(Q(pk__in=threads) | Q(root__in=threads)).values("author")
    # Of those merged into it, who supports them supports this one.
    supporting = Vote.objects.filter(entry=idea_id).values("member")
    muted = Watch.objects.filter(thread=idea_id, member=OuterRef("pk"), is_muted=True)
    people = spaces.who_can_read(found.entry.space).filter(is_bot=False, pk__gt=after)
    people = people.filter(Q(pk__in=wrote) | Q(pk__in=supporting)).exclude(Exists(muted))
    ids = list(people.order_by("pk").values_list("pk", flat=True)[: size + 1])
    return ids[:size], ids[size - 1] if len(ids) > size else 0


def deciding(idea: Idea, today: date) -> list[int]:
    """Ids of those who should be reminded of a decision: the decider, while they are here and may read it; else those
    who run the space."""
    named = idea.decider
    if (
        named is not None
        and _reads(named, idea)
        and not Absence.objects.on(today).filter(member=named).exists()
    ):
        return [named.pk]
    return [pk for pk in those_who_run(idea.entry.space_id) if named is None or pk != named.pk]


def _reads(member: Member, idea: Idea) -> bool:
    return member.is_active and entries.get_visible(Viewer.of(member, via=Via.ADDRESSEE), idea.pk) is not None
