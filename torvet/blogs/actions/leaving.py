"""When somebody leaves: nobody speaks in their name any more, and what they began is in somebody's hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.blogs.actions.publish import fall_back
from torvet.blogs.models import Blog, Delegate, Draft, FeedKey
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Standing


class Leavers:
    """Called by torvet.people.leaving, in the transaction that closes the accounts."""

    def day_was_set(self, *, by: Viewer, member: Member, leaves_on: date | None) -> None:
        """Nothing: as long as they are here, it is their blog."""

    def have_left(self, *, by: Viewer, members: Sequence[Member]) -> None:
        ids = [member.pk for member in members]
        FeedKey.objects.filter(member__in=ids).delete()
        due = Draft.objects.filter(publish_at__isnull=False).filter(
            Q(blog__leader__in=ids) | Q(scheduled_by__in=ids)
        )
        rows = due.select_related("blog__space", "blog__leader", "scheduled_by").select_for_update(
            of=("self",)
        )
        fall_back(
            by=by,
            drafts=list(rows),
            why=_("Somebody has left in whose name it was to come out. It is a draft again."),
        )
        # The delegations of somebody who left: they named them, and nobody speaks for them now.
        Delegate.objects.filter(Q(member__in=ids) | Q(blog__leader__in=ids)).delete()
        for blog in Blog.objects.living().filter(leader__in=ids).select_related("space"):
            _pass_on(by, blog)


LEAVERS = Leavers()


def _pass_on(by: Viewer, blog: Blog) -> None:
    """Its drafts are now with those who run its space (`rules.keeps`): the owners are told."""
    owners = Membership.objects.filter(
        space=blog.space_id, standing=Standing.OWNER, member__is_active=True
    ).exclude(member=blog.leader_id)
    for row in owners.select_related("member")[:50]:
        record(verbs.KEEPS_BLOG, by=by, about=row.member, space_id=blog.space_id, blog=blog.pk)
