"""After a quiet week: one small act. What is hard to hear comes first, never last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from torvet.blogs.models import Article, Blog, Question
from torvet.blogs.queries.unanswered import speakers_of, unanswered
from torvet.entries import queries as entries
from torvet.entries.models import Entry, Reaction
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space

QUIET_AFTER = timedelta(days=7)
LOOKED_BACK = timedelta(days=14)


class What(StrEnum):
    ANSWER = "answer"
    THANK = "thank"
    VISIT = "visit"


@dataclass(frozen=True)
class Act:
    """One small thing to do: answer this, thank somebody for that, or look in there."""

    what: What
    entry: Entry | None = None
    space: Space | None = None


def last_heard(blog: Blog) -> datetime:
    """When the blog last said anything: an article, or an answer under one."""
    written = Article.objects.filter(blog=blog).aggregate(at=Max("entry__published_at"))["at"]
    answered = Question.objects.filter(blog=blog).aggregate(at=Max("answered_at"))["at"]
    return max(at for at in (blog.opened_at, written, answered) if at is not None)


def is_quiet(blog: Blog) -> bool:
    return blog.closed_at is None and last_heard(blog) <= timezone.now() - QUIET_AFTER


def act_for(viewer: Viewer, blog: Blog) -> Act | None:
    """The act to suggest: the question that has waited longest; else a colleague to thank; else a space to visit.

    Nothing is picked by how pleasant it is: the oldest, the newest and the one longest not visited.
    """
    waiting = unanswered(viewer, blog, size=1).things
    if waiting:
        return Act(What.ANSWER, entry=waiting[0].comment)
    thanked = _to_thank(viewer, blog)
    if thanked is not None:
        return Act(What.THANK, entry=thanked)
    space = _to_visit(viewer)
    return Act(What.VISIT, space=space) if space else None


def _to_thank(viewer: Viewer, blog: Blog) -> Entry | None:
    """The newest post of a colleague in the viewer's spaces that nobody of the blog has answered or reacted to."""
    speakers = speakers_of(blog)
    own = Membership.objects.filter(member_id=viewer.id).values("space")
    said = entries.standing().filter(root=OuterRef("pk"), author__in=speakers)
    reacted = Reaction.objects.filter(entry=OuterRef("pk"), member__in=speakers)
    rows = entries.visible(viewer).filter(
        root=None, space__in=own, published_at__gte=timezone.now() - LOOKED_BACK, author__is_active=True
    )
    rows = rows.exclude(Q(author__in=speakers) | Q(author__is_bot=True) | Exists(said) | Exists(reacted))
    return rows.select_related("author", "space").order_by("-published_at", "-id").first()


def _to_visit(viewer: Viewer) -> Space | None:
    """The space, of those the viewer is in and others write in, where they have said nothing for longest."""
    own = entries.standing().filter(author_id=viewer.id, space=OuterRef("space"))
    rows = Membership.objects.filter(
        ~Exists(own.filter(published_at__gte=timezone.now() - LOOKED_BACK)),
        member_id=viewer.id,
        space__in=Space.objects.readable_by(viewer).listed().living(),
        space__last_active_at__gte=timezone.now() - LOOKED_BACK,
    )
    row = rows.select_related("space").order_by("joined_at", "pk").first()
    return row.space if row else None
