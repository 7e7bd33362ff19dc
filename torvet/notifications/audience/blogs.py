"""Blogs: drafts that wait, what was published for somebody, quiet weeks, and what became of what people said."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.blogs.models import Outcome
from torvet.blogs.queries.outcomes import took_part
from torvet.entries import queries as entries
from torvet.notifications import blogs
from torvet.notifications.audience.telling import Addressed, Telling, about_entry, standing, wishes
from torvet.notifications.models import Notification, Told


def _of_blog(
    verb: Told, bundle: Callable[[Activity], str], whom: Callable[[Activity], list[int]]
) -> Callable[[Activity], list[Telling]]:
    def telling(activity: Activity) -> list[Telling]:
        return [Telling(verb, bundle(activity), tuple(whom(activity)), activity.space_id)]

    return telling


def _is_out(activity: Activity) -> list[Telling]:
    """Told to who wrote it, unless it has been removed meanwhile."""
    entry = standing(activity)
    if entry is None:
        return []
    heard = wishes(entry.space, blogs.to_whom_it_is_about(activity))
    return [about_entry(Told.WRITING_IS_OUT, f"e{entry.pk}", entry, heard)]


def _outcome(activity: Activity) -> list[Telling]:
    """Told to everybody who took part in what led to it and may read it: once, also when more is linked later."""
    outcome = Outcome.objects.filter(pk=activity.entry_id or 0, entry__in=entries.standing())
    found = outcome.select_related("entry__space").first()
    if found is None:
        return []
    before = Notification.objects.filter(
        verb=Told.OUTCOME, bundle=f"e{found.pk}", member=OuterRef("pk"), activity_id__lt=activity.pk
    )
    people = took_part(found).exclude(pk=activity.by_id or 0).exclude(Exists(before))
    return [about_entry(Told.OUTCOME, f"e{found.pk}", found.entry, people.values_list("pk", flat=True))]


def _quiet_week(activity: Activity) -> list[Telling]:
    return [Telling(Told.QUIET_WEEK, f"b{activity.details['blog']}", (activity.about_id or 0,))]


ADDRESSED: Addressed = {
    verbs.LINKED_OUTCOME: _outcome,
    verbs.SUGGESTED_ACT: _quiet_week,
    verbs.WANTED_REVIEW: _of_blog(Told.DRAFT_WAITING, blogs.draft_bundle, blogs.to_those_who_keep),
    verbs.SENT_BACK: _of_blog(Told.DRAFT_SENT_BACK, blogs.draft_bundle, blogs.to_whom_it_is_about),
    verbs.DID_NOT_COME_OUT: _of_blog(Told.DID_NOT_COME_OUT, blogs.draft_bundle, blogs.to_whom_it_is_about),
    verbs.PUBLISHED_FOR: _is_out,
    verbs.NAMED_DELEGATE: _of_blog(Told.MAY_WRITE, blogs.blog_bundle, blogs.to_whom_it_is_about),
    verbs.OPENED_BLOG: _of_blog(Told.BLOG_FOR_YOU, blogs.blog_bundle, blogs.to_whom_it_is_about),
    verbs.CHANGED_BLOG: _of_blog(Told.BLOG_FOR_YOU, blogs.blog_bundle, blogs.to_whom_it_is_about),
    verbs.KEEPS_BLOG: _of_blog(Told.KEEPS_BLOG, blogs.blog_bundle, blogs.to_whom_it_is_about),
}
