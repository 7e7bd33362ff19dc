"""Writing something and telling those it concerns, in one line each."""

from __future__ import annotations

from tests.cast import house
from torvet.activity.models import Activity
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.notifications.readers import notify
from torvet.people.models import Member
from torvet.spaces.models import Space


def tell_all() -> None:
    """What the worker does, with only this reader."""
    for activity in Activity.objects.waiting():
        notify(activity)
        Activity.objects.filter(pk=activity.pk).update(fanned_out_at=activity.created_at)


def post(by: Member, space: Space, body: str = "Hello everybody") -> Entry:
    return entries.publish_post(by=house(by), space=space, body=body)


def comment(by: Member, on: Entry, body: str = "Well said") -> Entry:
    return entries.add_comment(by=house(by), on=on, body=body)
