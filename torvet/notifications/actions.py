"""Telling people, taking back what no longer holds, and marking as read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, Replace, StrIndex
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.activity.record import record
from torvet.base.rules import require
from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.notifications.audience import Telling
from torvet.notifications.models import Notification, Told, seen_in_thread
from torvet.people.viewer import NOBODY, Viewer

MOST_AT_ONCE = 10_000  # members in one statement; both databases take more
ASKED = (Told.TO_CONFIRM, Told.TO_CONFIRM_AGAIN, Told.TO_CONFIRM_SOON)
LONGEST_ACTORS = 2000  # characters: some 300 people in one unread row; the newest is still named after that

# One statement for any number of members. Whoever has been told of this activity, or of a later one in the bundle, is
# left alone, so being told twice changes nothing. Without the casts PostgreSQL guesses two types for one value.
UPSERT = """
INSERT INTO notifications_notification AS n
  (member_id, verb, bundle, thread_id, entry_id, space_id, actor_id, actors, activity_id, created_at, updated_at)
SELECT m.id, CAST(%(verb)s AS text), CAST(%(bundle)s AS text), CAST(%(thread)s AS bigint), CAST(%(entry)s AS bigint),
  CAST(%(space)s AS bigint), CAST(%(actor)s AS bigint), CAST(%(actors)s AS text), CAST(%(activity)s AS bigint),
  %(at)s, %(at)s
FROM people_member m
WHERE m.id IN ({ids}) AND NOT EXISTS (
  SELECT 1 FROM notifications_notification b
  WHERE b.member_id = m.id AND b.verb = CAST(%(verb)s AS text) AND b.bundle = CAST(%(bundle)s AS text)
    AND b.activity_id >= CAST(%(activity)s AS bigint))
ON CONFLICT (member_id, verb, bundle) WHERE read_at IS NULL DO UPDATE SET
  entry_id = excluded.entry_id, actor_id = excluded.actor_id, activity_id = excluded.activity_id,
  updated_at = excluded.updated_at,
  actors = CASE WHEN length(n.actors) > %(longest)s THEN n.actors
    ELSE replace(n.actors, excluded.actors, ',') || substr(excluded.actors, 2) END
"""


@transaction.atomic
def tell(*, telling: Telling, activity: Activity) -> None:
    """Write or extend the unread row of every member of a telling, in two statements."""
    if telling.goes_on_after:
        tell_on(telling=telling, activity=activity)
    for start in range(0, len(telling.members), MOST_AT_ONCE):
        _tell(telling.members[start : start + MOST_AT_ONCE], telling, activity)


def tell_on(*, telling: Telling, activity: Activity) -> None:
    """There are more to tell the same: the outbox comes back for them, so others need not wait until all are told.

    What is recorded here is committed together with the rows of those told so far: a worker that is killed goes on
    where it was, and nobody is told twice.
    """
    first = activity.details | {"of": activity.details.get("of", activity.pk), "after": telling.goes_on_after}
    record(
        verbs.TOLD_SOME, by=NOBODY if activity.by is None else Viewer.of(activity.by), space_id=activity.space_id,
        entry_id=activity.entry_id, thread_id=activity.thread_id,
        **(first | {"of_verb": activity.details.get("of_verb", activity.verb)}),
    )  # fmt: skip


def _tell(members: tuple[int, ...], telling: Telling, activity: Activity) -> None:
    if telling.thread_id:
        _settle(members, telling)
    at = connection.ops.adapt_datetimefield_value(activity.created_at)
    values = {
        "verb": str(telling.verb),
        "bundle": telling.bundle,
        "thread": telling.thread_id,
        "entry": telling.entry_id,
        "space": telling.space_id,
        "actor": activity.by_id,
        "actors": f",{activity.by_id}," if activity.by_id else ",",
        "activity": activity.details.get("of", activity.pk),
        "at": at,
        "longest": LONGEST_ACTORS,
    }
    # Only whole numbers of our own go into the text.
    statement = UPSERT.replace("{ids}", ",".join(str(int(pk)) for pk in members))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _settle(members: Iterable[int], telling: Telling) -> None:
    """Close rows that were seen by opening the thread, so that what is new begins a row of its own."""
    Notification.objects.filter(
        Exists(seen_in_thread()),
        member__in=list(members),
        verb=telling.verb,
        bundle=telling.bundle,
        read_at=None,
    ).update(read_at=timezone.now())


@transaction.atomic
def take_back(*, verb: Told, bundle: str, actor_id: int, member_id: int | None = None) -> None:
    """Take one who undid it out of the unread rows of a bundle; a row with nobody left goes. Read rows stay."""
    rows = Notification.objects.filter(
        verb=verb, bundle=bundle, read_at=None, actors__contains=f",{actor_id},"
    )
    if member_id is not None:
        rows = rows.filter(member=member_id)
    for row in rows.select_for_update():
        left = [pk for pk in row.actor_ids if pk != actor_id]
        if not left:
            row.delete()
            continue
        row.actors = "," + "".join(f"{pk}," for pk in reversed(left))
        row.actor_id = left[0]
        row.save(update_fields=["actors", "actor"])


@transaction.atomic
def follow(*, thread: int, source: int, space: int) -> None:
    """What was told of entries that stand in another thread now leads there, and is read by reading there."""
    moved = Notification.objects.filter(thread=source, entry__in=entries.ids_in_thread(thread))
    moved.update(thread=thread, space=space)


@transaction.atomic
def fall_back(*, removed: Entry) -> int:
    """A comment was removed: what was told of it together with others now leads to the newest of those that stand.

    Without this its whole bundle would be hidden. Gives how many rows; one with nothing left stays, unseen, until the
    removal is undone.
    """
    others = entries.standing().replies().filter(root=removed.root_id)
    sign = Concat(Value(","), Cast("author_id", TextField()), Value(","), output_field=TextField())
    told = StrIndex(OuterRef("actors"), sign)
    left = others.exclude(author=OuterRef("member_id")).annotate(place=told).filter(place__gt=0).latest()
    rows = Notification.objects.filter(
        Exists(left), entry=removed.pk, read_at=None, verb__in=[Told.ANSWERED, Told.COMMENTED]
    )
    newest: dict[str, object] = {
        "entry_id": Subquery(left.values("pk")[:1]),
        "actor_id": Subquery(left.values("author_id")[:1]),
    }
    if not others.filter(author=removed.author_id).exists():
        newest["actors"] = Replace("actors", Value(f",{removed.author_id},"), Value(","))
    return rows.update(**newest)


def close_questions(*, verb: Told, bundle: str) -> int:
    """A question has been answered, by whomever: nobody needs to look any more. Gives how many rows."""
    return Notification.objects.filter(verb=verb, bundle=bundle, read_at=None).update(read_at=timezone.now())


def close_all(*, member_ids: Sequence[int], bundle: str) -> int:
    """Nobody is asked any more: what these members have not read about it need not be read. Gives how many rows.

    By members, for the index of unread rows begins with them; otherwise all notifications of the town would be read.
    """
    closed = 0
    for start in range(0, len(member_ids), MOST_AT_ONCE):
        some = member_ids[start : start + MOST_AT_ONCE]
        rows = Notification.objects.filter(member__in=some, verb__in=ASKED, bundle=bundle, read_at=None)
        closed += rows.update(read_at=timezone.now())
    return closed


def close_for(*, member_id: int, bundle: str) -> int:
    """What was asked of this member is done: nothing is left to read about it. Gives how many rows."""
    rows = Notification.objects.filter(member_id=member_id, bundle=bundle, read_at=None)
    return rows.update(read_at=timezone.now())


def read_all(*, by: Viewer) -> int:
    """Mark everything as read. Gives how many rows."""
    require(by.is_signed_in)
    return Notification.objects.filter(member_id=by.id, read_at=None).update(read_at=timezone.now())


def read_one(*, by: Viewer, notification: Notification) -> None:
    """Mark one of the viewer's own as read; a second time changes nothing."""
    require(by.is_signed_in and notification.member_id == by.id)
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=timezone.now())


def read_thread(*, by: Viewer, thread_id: int) -> int:
    """Mark all that was told of a thread as read. Gives how many rows."""
    require(by.is_signed_in)
    return Notification.objects.filter(member_id=by.id, thread_id=thread_id, read_at=None).update(
        read_at=timezone.now()
    )
