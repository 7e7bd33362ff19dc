"""Reminding those who lead a blog after a quiet week: one small act, once a week at most."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.blogs.models import Article, Blog, Listening
from torvet.blogs.queries.quiet import QUIET_AFTER, act_for, is_quiet
from torvet.entries import queries as entries
from torvet.people.viewer import NOBODY, Via, Viewer

BATCH = 200


def suggest_acts() -> int:
    """Timed work: remind each leader whose blog has been quiet for a week. Gives how many were reminded.

    Whoever switched it off is left alone, and a blog in which nothing was ever written has no voice to miss.
    """
    told = 0
    since = timezone.now() - QUIET_AFTER
    lately = Listening.objects.filter(Q(is_quiet=True) | Q(suggested_at__gt=since), blog=OuterRef("pk"))
    written = Article.objects.filter(blog=OuterRef("pk"), entry__in=entries.standing())
    rows = Blog.objects.living().filter(
        ~Exists(lately), Exists(written), leader__is_active=True, space__archived_at=None
    )
    for blog in rows.select_related("leader", "space").order_by("pk").iterator(BATCH):
        told += _suggest(blog) if is_quiet(blog) else 0
    return told


@transaction.atomic
def _suggest(blog: Blog) -> bool:
    assert blog.leader is not None  # asked for above
    act = act_for(Viewer.of(blog.leader, via=Via.ADDRESSEE), blog)
    Listening.objects.get_or_create(blog=blog)
    listening = Listening.objects.select_for_update().get(pk=blog.pk)
    # Another worker may have been here.
    if act is None or (listening.suggested_at and listening.suggested_at > timezone.now() - QUIET_AFTER):
        return False
    listening.suggested_at = timezone.now()
    listening.save(update_fields=["suggested_at"])
    record(verbs.SUGGESTED_ACT, by=NOBODY, about=blog.leader, blog=blog.pk)
    return True
