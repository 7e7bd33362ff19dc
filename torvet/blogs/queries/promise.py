""" "I answer within n days": said by the leader, and shown to everybody as it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from torvet.blogs.models import Blog, Question
from torvet.blogs.models.loop import WAITING

LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True)
class Promise:
    """How a promise was kept with the comments of the last 90 days. Weekends are days like others."""

    days: int
    kept: int  # answered in time
    due: int  # kept, answered late, or waiting beyond the days
    open: int  # not answered yet, late or not
    set_aside: int  # said to need no answer; counted nowhere else

    @property
    def is_kept(self) -> bool:
        return self.kept == self.due


def promises_of(blogs: Iterable[Blog]) -> dict[int, Promise]:
    """blog id -> how its promise is kept, for those that made one; one statement for any number of blogs."""
    promised = {blog.pk: blog.promise_days for blog in blogs if blog.promise_days and blog.closed_at is None}
    if not promised:
        return {}
    now = timezone.now()
    in_time, beyond = Q(pk__in=[]), Q(pk__in=[])
    for days in sorted(set(promised.values())):
        within = timedelta(days=days)
        these = Q(blog__in=[pk for pk, number in promised.items() if number == days])
        in_time |= these & Q(waited__lte=int(within.total_seconds()))
        beyond |= these & Q(asked_at__lte=now - within)
    counted = (
        Question.objects.standing()
        .filter(blog__in=promised, asked_at__gte=now - LOOKED_BACK)
        .values("blog_id")
        .annotate(
            kept=Count("pk", filter=in_time),
            due=Count(
                "pk", filter=(Q(answered_at__isnull=False) | (WAITING & beyond)) & Q(set_aside_at=None)
            ),
            open=Count("pk", filter=WAITING),
            aside=Count("pk", filter=Q(set_aside_at__isnull=False, answered_at=None)),
        )
        .order_by()
    )
    found = {row["blog_id"]: row for row in counted}
    return {
        pk: Promise(days, row["kept"], row["due"], row["open"], row["aside"])
        if (row := found.get(pk))
        else Promise(days, 0, 0, 0, 0)
        for pk, days in promised.items()
    }


def promise_of(blog: Blog) -> Promise | None:
    """How one blog keeps its promise; None when it made none."""
    return promises_of([blog]).get(blog.pk)
