"""Who speaks in whose name."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from torvet.blogs.models import Article, Blog, Delegate
from torvet.entries.models import Entry
from torvet.people.viewer import Viewer


def spoken_for(viewer: Viewer, entries: Sequence[Entry]) -> set[int]:
    """Of these articles, those that the viewer may change in their leader's name; in one statement.

    A live delegation to publish, in a blog of a leader who is still here. Where articles need review, changing what is
    out would go past it.
    """
    if not viewer.can_write:
        return set()
    rows = Article.objects.filter(
        pk__in=[entry.pk for entry in entries],
        blog__leader=F("entry__author"),
        blog__leader__is_active=True,
        blog__closed_at=None,
        blog__wants_review=False,
        blog__delegates__member=viewer.id,
        blog__delegates__may_publish=True,
    )
    return set(rows.values_list("pk", flat=True))


def delegation_of(viewer: Viewer, blog: Blog) -> Delegate | None:
    """The viewer's own delegation in a blog, or None."""
    return Delegate.objects.filter(blog=blog, member_id=viewer.id).first()


def delegates_of(blog: Blog) -> list[Delegate]:
    """Those with open accounts, by name."""
    rows = Delegate.objects.filter(blog=blog, member__is_active=True).select_related("member")
    return list(rows.order_by("member__name", "id")[:100])


def get_delegate(blog: Blog, pk: int) -> Delegate | None:
    """A delegation of this blog, for those who may end it."""
    rows = Delegate.objects.filter(pk=pk, blog=blog).select_related("blog__space", "blog__leader", "member")
    return rows.first()
