"""Who reads with a key."""

from __future__ import annotations

from torvet.blogs.models import FeedKey
from torvet.people.queries import digest_of
from torvet.people.viewer import READ, Via, Viewer


def reader_with(key: str, blog_id: int) -> Viewer | None:
    """The member whose key this is, as one who may only read; None for an unknown key or a closed account."""
    if not key or len(key) > 200:
        return None
    rows = FeedKey.objects.select_related("member").filter(digest=digest_of(key), blog=blog_id)
    found = rows.filter(member__is_active=True).first()
    return Viewer(found.member, via=Via.FEED, scopes=frozenset({READ})) if found else None


def own_key(viewer: Viewer, blog_id: int) -> FeedKey | None:
    """The viewer's own key for a blog, also when that is out of their sight by now."""
    return FeedKey.objects.filter(blog=blog_id, member_id=viewer.id).first()
