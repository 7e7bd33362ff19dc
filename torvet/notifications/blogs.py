"""Whom is told what of writing in somebody's name. Told also to those who hear nothing else of the space: somebody
waits for them, or their own words are spoken of. Nothing of a draft is told but that it is there."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from torvet.activity.models import Activity
from torvet.blogs.models import Blog
from torvet.notifications.models import Told
from torvet.people.models import Member
from torvet.spaces.models import Membership, Standing

# Where rows lead, by what they say; the number is that of the bundle.
TARGETS = {
    Told.DRAFT_WAITING: "/drafts/{}/",
    Told.DRAFT_SENT_BACK: "/drafts/{}/",
    Told.DID_NOT_COME_OUT: "/drafts/{}/",
    Told.MAY_WRITE: "/blogs/{}/",
    Told.BLOG_FOR_YOU: "/blogs/{}/",
    Told.KEEPS_BLOG: "/blogs/{}/",
}


def draft_bundle(activity: Activity) -> str:
    return f"d{activity.details['draft']}"


def blog_bundle(activity: Activity) -> str:
    return f"b{activity.details['blog']}"


def to_those_who_keep(activity: Activity) -> list[int]:
    """The leader; in a blog of none who is here, who opened it and those who run its space. Never who did it."""
    blog = Blog.objects.select_related("leader").filter(pk=activity.details["blog"]).first()
    if blog is None:
        return []
    if blog.leader is not None and blog.leader.is_active:
        return _without_oneself([blog.leader_id or 0], activity)
    runs = Membership.objects.filter(
        space=blog.space_id, standing__in=[Standing.OWNER, Standing.MODERATOR]
    ).values("member")
    keeping = Member.objects.active().filter(Q(pk__in=runs) | Q(pk=blog.opened_by_id), is_bot=False)
    return _without_oneself(keeping.order_by("pk").values_list("pk", flat=True)[:50], activity)


def to_whom_it_is_about(activity: Activity) -> list[int]:
    about = activity.about
    if about is None or not about.is_active or about.is_bot:
        return []
    return _without_oneself([about.pk], activity)


def _without_oneself(members: Iterable[int], activity: Activity) -> list[int]:
    return [pk for pk in members if pk != activity.by_id]
