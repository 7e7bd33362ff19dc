"""The chain over the log of changes: whole as long as nobody writes past Torvet, and broken where somebody did."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.cast import Cast, house, make_cast
from torvet.activity import chain, verbs
from torvet.activity.models import Activity, Seal
from torvet.activity.record import record
from torvet.config import checkup
from torvet.entries import actions as entries


def audited() -> list[Activity]:
    return list(Activity.objects.filter(verb__in=verbs.AUDITED).order_by("id"))


def test_every_change_of_rights_and_rules_is_sealed_and_nothing_else(cast: Cast) -> None:
    entries.publish_post(by=house(cast.bo), space=cast.open, body="Not for the log")
    found = chain.look_through()
    assert (found.length, found.broken_at) == (len(audited()), None)
    assert found.length > 10
    assert not Seal.objects.exclude(activity__verb__in=verbs.AUDITED).exists()
    assert list(checkup.log_of_changes()) == []


def change(field: str, value: object) -> Callable[[Activity], None]:
    return lambda row: Activity.objects.filter(pk=row.pk).update(**{field: value}) and None


TAMPERING: dict[str, Callable[[Activity], object]] = {
    "another verb": change("verb", verbs.CHANGED_TERM),
    "another person": change("by_id", None),
    "another time": change("created_at", timezone.now()),
    "other details": change("details", {"after": "administrator"}),
    "another space": change("space_id", 999),
    "a seal gone": lambda row: Seal.objects.filter(activity=row).delete(),
    "a line gone": lambda row: (Seal.objects.filter(activity=row).delete(), row.delete()),
    "a seal made up": lambda row: Seal.objects.filter(activity=row).update(digest="f" * 64),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_what_is_altered_past_torvet_shows(cast: Cast, what: str) -> None:
    rows = audited()
    TAMPERING[what](rows[len(rows) // 2])
    assert chain.look_through().broken_at is not None
    assert [finding.about for finding in checkup.log_of_changes()] == ["log"]


def test_a_line_that_was_never_sealed_shows(cast: Cast) -> None:
    row = Activity.objects.create(verb=verbs.CHANGED_ROLE, by=cast.bo, about=cast.bo)
    assert chain.look_through().broken_at == row.pk


@pytest.mark.django_db(transaction=True)
def test_two_who_change_something_at_once_make_one_chain() -> None:
    cast = make_cast()
    before = chain.look_through().length
    gate = threading.Barrier(4)

    def change_often() -> None:
        gate.wait()
        for _ in range(5):
            with transaction.atomic():
                record(verbs.CHANGED_COMPANY, by=house(cast.administrator))
        connection.close()

    writers = [threading.Thread(target=change_often) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = chain.look_through()
    assert (found.length - before, found.broken_at) == (20, None)
