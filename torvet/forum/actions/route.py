"""Asking colleagues who may know, and what they say to it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.forum import rules
from torvet.forum.models import Asked, AskedBecause, NotMyField, Thread
from torvet.forum.queries import being_asked, experts
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def ask_experts(*, by: Viewer, thread: Thread, members: Collection[int]) -> list[Asked]:
    """Ask those of the suggested people whom the asker chose. They are told, and why it is they.

    Asking somebody a second time changes nothing. Raises Refused when nobody is chosen, too many are, or one of them
    cannot be asked (any more): whoever has enough to do looks like whoever said no.
    """
    require(rules.can_ask_experts(by, thread, membership_of(by, thread.entry.space)))
    # Two tabs at once must not ask more than may be asked, and two askers not fill somebody's hands.
    Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    list(Member.objects.select_for_update().filter(pk__in=members).order_by("pk").values_list("pk"))
    before = set(Asked.objects.filter(question=thread.pk).values_list("member_id", flat=True))
    new = [pk for pk in dict.fromkeys(members) if pk not in before]
    if not members:
        raise Refused(_("Choose first whom you would like to ask."))
    if len(before) + len(new) > experts.MOST_ASKED:
        raise Refused(
            _("At most %(most)s people are asked one question. Choose fewer.") % {"most": experts.MOST_ASKED}
        )
    fit = {found.member.pk: found for found in experts.candidates(by, thread)} if new else {}
    if not fit.keys() >= set(new):
        raise Refused(_("One of them cannot be asked just now. Look at the list once more."))
    return [_ask(by, thread, fit[pk]) for pk in new]


def _ask(by: Viewer, thread: Thread, suggestion: experts.Suggestion) -> Asked:
    asked = Asked.objects.create(question=thread, member=suggestion.member)
    AskedBecause.objects.bulk_create(
        [AskedBecause(asked=asked, entry=one.entry, what=one.what) for one in suggestion.because],
        ignore_conflicts=True,
    )
    entry = thread.entry
    record(
        verbs.ASKED_EXPERT, by=by, about=suggestion.member, space_id=entry.space_id, entry_id=entry.pk,
        thread_id=entry.pk, asked=asked.pk,
    )  # fmt: skip
    return asked


@transaction.atomic
def answer_not_now(*, by: Viewer, asked: Asked) -> Asked:
    """Say that one cannot answer now, so that the asker does not wait. A second time changes nothing."""
    require(rules.can_answer_for_themselves(by, asked))
    asked = Asked.objects.select_for_update(of=("self",)).select_related("question__entry__author").get(
        pk=asked.pk
    )  # fmt: skip
    if asked.declined_at is None:
        asked.declined_at = timezone.now()
        asked.save(update_fields=["declined_at"])
        entry = asked.question.entry
        record(
            verbs.CANNOT_ANSWER, by=by, about=entry.author, space_id=entry.space_id, entry_id=entry.pk,
            thread_id=entry.pk, asked=asked.pk,
        )  # fmt: skip
    return asked


@transaction.atomic
def leave_field(
    *, by: Viewer, asked: Asked, entries: Collection[int] = (), topics: Collection[int] = ()
) -> Asked:
    """Say "not my field any more": not to be asked again because of these entries, nor about these topics.

    Only what one was asked because of counts. The asker hears the same as of "not now". Raises Refused when nothing
    of it is left to choose from, but something was to choose from.
    """
    require(rules.can_answer_for_themselves(by, asked))
    assert by.member is not None  # the rule said so
    because = set(AskedBecause.objects.filter(asked=asked.pk).values_list("entry_id", flat=True))
    spoken = {topic.pk for topic in being_asked.topics_of(asked.question)}
    left = [NotMyField(member=by.member, entry_id=pk) for pk in because & set(entries)]
    left += [NotMyField(member=by.member, topic_id=pk) for pk in spoken & set(topics)]
    if not left and (because or spoken):
        raise Refused(_("Choose at least one of them, or say “not now” instead."))
    NotMyField.objects.bulk_create(left, ignore_conflicts=True)
    return answer_not_now(by=by, asked=asked)


def return_to_field(*, by: Viewer, field: NotMyField) -> None:
    """Take it back: one may be asked again."""
    require(rules.can_change_field(by, field))
    NotMyField.objects.filter(pk=field.pk).delete()
