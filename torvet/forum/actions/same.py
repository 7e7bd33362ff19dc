"""Saying that a question was asked before."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import queries as entries
from torvet.forum import rules
from torvet.forum.actions.accept import locked
from torvet.forum.models import Thread
from torvet.forum.queries import questions
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def mark_same(*, by: Viewer, question: Thread, other: Thread) -> Thread:
    """Point from a question to the one that it repeats: never to itself, never in a circle, never to one that repeats
    a third: then it points to that third, and so do those that pointed here.

    `other` was read through `visible_to`. Raises Refused where some who read one could not read the other.
    """
    require(rules.can_mark_same(by, question.entry, membership_of(by, question.entry.space)))
    # All in the order of their numbers, so that two who point at each other's question wait instead of blocking; and
    # the entries first, as merging does.
    wanted = {question.pk, other.pk, other.same_as_id or other.pk}
    openers = entries.standing().filter(pk__in=wanted, root=None).order_by("pk")
    standing = list(openers.select_for_update(of=("self",)).values_list("pk", flat=True))
    rows = Thread.objects.select_for_update(of=("self",)).select_related("entry__space").order_by("pk")
    held = {row.pk: row for row in rows.filter(pk__in=standing)}
    if question.pk not in held or other.pk not in held:
        raise Refused(_("One of the two threads is no longer there."))
    end = held[other.pk]
    end = held.get(end.same_as_id or 0, end)
    if other.pk == question.pk:
        raise Refused(_("A question cannot be the same as itself. Choose another one."))
    if end.pk == question.pk:
        raise Refused(
            _("That question already points to this one. Take that back first, if it is the other way round.")
        )
    if end.same_as_id or questions.get_visible(by, end.pk) is None:
        raise Refused(_("That question is no longer there. Choose another one."))
    if not questions.can_all_read(question.entry, end.entry):
        raise Refused(
            _(
                "Not everybody who reads this question may read that one. Choose one that all of them can read."
            )
        )
    row = held[question.pk]
    row.same_as = end
    row.save(update_fields=["same_as"])
    Thread.objects.filter(same_as=row.pk).update(same_as=end)
    record(
        verbs.MARKED_SAME, by=by, space_id=row.entry.space_id, entry_id=row.pk, thread_id=row.pk, same_as=end.pk
    )  # fmt: skip
    return row


@transaction.atomic
def unmark_same(*, by: Viewer, question: Thread) -> Thread:
    """Let it stand for itself again."""
    require(rules.can_mark_same(by, question.entry, membership_of(by, question.entry.space)))
    row = locked(question)
    if row.same_as_id is not None:
        row.same_as = None
        row.save(update_fields=["same_as"])
        record(verbs.UNMARKED_SAME, by=by, space_id=row.entry.space_id, entry_id=row.pk, thread_id=row.pk)
    return row
