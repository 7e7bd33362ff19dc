"""Keys for feed readers."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import require
from torvet.blogs import rules
from torvet.blogs.models import Blog, FeedKey
from torvet.people.queries import digest_of
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def make_feed_key(*, by: Viewer, blog: Blog) -> str:
    """A key for the viewer's own feed reader, shown this once; the one before ends."""
    require(rules.can_have_feed(by, blog, membership_of(by, blog.space)))
    key = secrets.token_urlsafe(32)
    FeedKey.objects.update_or_create(
        blog=blog, member_id=by.id, defaults={"digest": digest_of(key), "created_at": timezone.now()}
    )
    record(verbs.MADE_FEED_KEY, by=by, blog=blog.pk)
    return key


@transaction.atomic
def revoke_feed_key(*, by: Viewer, key: FeedKey) -> None:
    """End one's own key, at once; also for a blog that one can no longer read."""
    require(by.is_signed_in and key.member_id == by.id)
    gone, _kinds = FeedKey.objects.filter(pk=key.pk).delete()
    if gone:
        record(verbs.REVOKED_FEED_KEY, by=by, blog=key.blog_id)
