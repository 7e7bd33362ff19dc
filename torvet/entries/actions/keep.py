"""Keeping rendered cards. Nobody's wish, so no rule is asked: derived from what is there, and never shown by itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from torvet.entries.cards import look, render_all
from torvet.entries.models import Card, Entry


def keep_cards_of(entries: Sequence[Entry]) -> None:
    """Render and store the cards of loaded entries (author, space and whom they answer at hand)."""
    html = render_all(entries)
    Card.objects.bulk_create(
        [
            Card(entry_id=entry.pk, revision=entry.revision, look=look(), html=html[entry.pk])
            for entry in entries
        ],
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["revision", "look", "html"],
    )


def refresh_cards_by(member_id: int) -> None:
    """Everything this member wrote shows their new name: their cards get new revisions, rendered when next read.

    So do comments that answer them by name.
    """
    Entry.objects.filter(author_id=member_id).update(revision=F("revision") + 1)
    Entry.objects.filter(written_by_id=member_id).update(revision=F("revision") + 1)
    Entry.objects.filter(reply_to__author_id=member_id).update(revision=F("revision") + 1)


def refresh_cards_in(space_id: int) -> None:
    """Everything in this space shows its new name."""
    Entry.objects.filter(space_id=space_id, root=None).update(revision=F("revision") + 1)
