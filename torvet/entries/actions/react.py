"""Reacting with an emoji, and taking it back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.compiled import STAND_IN, compiled
from torvet.base.rules import Refused, require
from torvet.entries import rules
from torvet.entries.models import Entry, Reaction
from torvet.entries.models.marks import REACTIONS
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def react(*, by: Viewer, entry: Entry, emoji: str) -> Entry:
    """Give one of the offered reactions, or one that already stands on the entry. Twice changes nothing."""
    require(rules.can_react(by, entry, membership_of(by, entry.space)))
    if emoji not in REACTIONS and emoji not in entry.reactions:
        raise Refused(_("Choose one of the reactions that are offered."))
    # The lock keeps two people who react at once from counting past each other.
    entry = Entry.objects.select_for_update(of=("self",)).select_related("space").get(pk=entry.pk)
    _row, is_new = Reaction.objects.get_or_create(entry=entry, member_id=by.id, emoji=emoji)
    if is_new:
        count_reactions(entry)
        record(
            verbs.REACTED,
            by=by,
            space_id=entry.space_id,
            entry_id=entry.pk,
            thread_id=entry.thread_id,
            emoji=emoji,
        )
    return entry


@transaction.atomic
def take_back_reaction(*, by: Viewer, entry: Entry, emoji: str) -> Entry:
    require(rules.can_react(by, entry, membership_of(by, entry.space)))
    entry = Entry.objects.select_for_update(of=("self",)).select_related("space").get(pk=entry.pk)
    gone, _kinds = Reaction.objects.filter(entry=entry, member_id=by.id, emoji=emoji).delete()
    if gone:
        count_reactions(entry)
        record(
            verbs.UNREACTED,
            by=by,
            space_id=entry.space_id,
            entry_id=entry.pk,
            thread_id=entry.thread_id,
            emoji=emoji,
        )
    return entry


def count_reactions(entry: Entry) -> None:
    """Store the counts anew from the rows, most given first."""
    counted = _counted().things(entry.pk)
    entry.reactions = dict(sorted(counted, key=lambda pair: (-pair[1], pair[0])))
    entry.save(update_fields=["reactions"])


@compiled
def _counted() -> QuerySet[Reaction, Any]:
    return (
        Reaction.objects.filter(entry=STAND_IN).order_by().values_list("emoji").annotate(number=Count("id"))
    )
