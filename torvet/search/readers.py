"""Keeping the index: what the worker calls for each activity. Being told twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.entries import queries as entries
from torvet.entries.models import EntryTopic
from torvet.people.models import Member
from torvet.people.queries import units_below
from torvet.search import actions


def index(activity: Activity) -> None:
    """Bring the index up to date with what happened."""
    keep = _KEPT.get(activity.verb)
    if keep:
        keep(activity)


def _entry(activity: Activity) -> None:
    if activity.entry_id:
        actions.keep_entries([activity.entry_id])
        if activity.entry_id == activity.thread_id:
            topics = EntryTopic.objects.filter(entry=activity.entry_id)
            actions.keep_topics(topics.values_list("topic_id", flat=True))


def _thread(activity: Activity) -> None:
    """The index says of each entry in which space it stands."""
    if activity.thread_id:
        actions.keep_entries(entries.ids_in_thread(activity.thread_id))


def _moved(activity: Activity) -> None:
    if activity.thread_id:
        actions.keep_moved(entries.ids_in_thread(activity.thread_id))
        topics = EntryTopic.objects.filter(entry=activity.thread_id)
        actions.keep_topics(topics.values_list("topic_id", flat=True))


def _person(activity: Activity) -> None:
    member = activity.about_id or activity.by_id
    if member:
        actions.keep_people([member])


def _unit(activity: Activity) -> None:
    """Those who work in it are found by its name."""
    unit = activity.details.get("unit")
    if isinstance(unit, int):
        members = Member.objects.filter(unit__in=units_below(unit))
        actions.keep_people(members.values_list("pk", flat=True))


def _site(activity: Activity) -> None:
    site = activity.details.get("site")
    if isinstance(site, int):
        actions.keep_people(Member.objects.filter(site=site).values_list("pk", flat=True))


def _space(activity: Activity) -> None:
    if activity.space_id:
        actions.keep_spaces([activity.space_id])


def _import(activity: Activity) -> None:
    # After this transaction, in small ones of its own: an import brings more than writers should wait for.
    transaction.on_commit(actions.complete)
    if activity.details.get("kind") == "people":
        # A list of people moves them between units and sites, which their rows' versions do not count.
        everybody = list(Member.objects.active().values_list("pk", flat=True))
        transaction.on_commit(lambda: actions.keep_people(everybody))


_KEPT: dict[str, Callable[[Activity], None]] = {
    **dict.fromkeys((verbs.POSTED, verbs.COMMENTED, verbs.EDITED, verbs.REMOVED, verbs.RESTORED), _entry),
    **dict.fromkeys(
        (verbs.FOUNDED_COMPANY, verbs.SIGNED_UP, verbs.CHANGED_PROFILE, verbs.DEACTIVATED, verbs.REACTIVATED),
        _person,
    ),
    **dict.fromkeys(
        (verbs.OPENED_SPACE, verbs.CHANGED_SPACE, verbs.ARCHIVED_SPACE, verbs.REOPENED_SPACE), _space
    ),
    verbs.PLACED: _thread,
    **dict.fromkeys((verbs.SPLIT_THREAD, verbs.MERGED_THREAD), _moved),
    verbs.CHANGED_UNIT: _unit,
    verbs.CHANGED_SITE: _site,
    verbs.IMPORTED: _import,
}
