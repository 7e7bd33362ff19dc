"""Saying yes to an answer or an idea, and taking it back."""

from __future__ import annotations

from django.db import transaction

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import require
from torvet.entries import rules
from torvet.entries.models import Entry, Vote
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def give_vote(*, by: Viewer, entry: Entry) -> Entry:
    """One yes from each; a second changes nothing. Returns the entry as it stands, with its votes."""
    require(rules.can_vote(by, entry, membership_of(by, entry.space)))
    entry = _locked(entry)
    _row, is_new = Vote.objects.get_or_create(entry=entry, member_id=by.id)
    if is_new:
        _settle(verbs.VOTED, by, entry)
    return entry


@transaction.atomic
def take_back_vote(*, by: Viewer, entry: Entry) -> Entry:
    require(rules.can_vote(by, entry, membership_of(by, entry.space)))
    entry = _locked(entry)
    gone, _kinds = Vote.objects.filter(entry=entry, member_id=by.id).delete()
    if gone:
        _settle(verbs.TOOK_BACK_VOTE, by, entry)
    return entry


def _locked(entry: Entry) -> Entry:
    """The lock keeps two people who vote at once from counting past each other."""
    return Entry.objects.select_for_update(of=("self",)).select_related("space").get(pk=entry.pk)


def _settle(verb: str, by: Viewer, entry: Entry) -> None:
    count_votes(entry)
    record(verb, by=by, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.thread_id)


def count_votes(entry: Entry) -> None:
    """Store the votes anew from the rows. The row of the entry must be locked."""
    entry.votes = entry.votes_before + Vote.objects.filter(entry=entry).count()
    entry.save(update_fields=["votes"])
