"""Doing a thing once, however often a program asks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from torvet.base.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)


class AskedDifferently(Exception):
    """The same key was used before for something else."""


class NoLongerSeen(Exception):
    """The first answer shows what this viewer may not see any more."""


def answer_once(
    *,
    viewer_id: int,
    call: str,
    asked: str,
    act: Callable[[], HttpResponse],
    still_sees: Callable[[], bool],
) -> HttpResponse:
    """Act and keep the answer, or give the answer that was kept; `call` names method, address and key.

    Two calls at once wait for one another: the row is unique, and it is written in the same transaction as the action.
    Raises AskedDifferently when `asked` is not what was sent the first time, NoLongerSeen when the viewer may not see
    the kept answer any more.
    """
    name = hashlib.sha256(f"{viewer_id}\n{call}".encode()).hexdigest()
    with transaction.atomic():
        KeptAnswer.objects.filter(name=name, created_at__lt=timezone.now() - KEPT_FOR).delete()
        kept, is_first = KeptAnswer.objects.get_or_create(
            name=name, defaults={"viewer_id": viewer_id, "asked": asked}
        )
        if is_first:
            answer = act()
            kept.status, kept.kind = answer.status_code, answer.headers.get("Content-Type", "")
            kept.body, kept.location = answer.content.decode(), answer.headers.get("Location", "")
            kept.save(update_fields=["status", "kind", "body", "location"])
            return answer
    if kept.asked != asked:
        raise AskedDifferently
    # A refusal holds nothing of the town; a conflict holds the text that stands.
    shows_something = kept.status < 400 or kept.status == 409
    if kept.body and shows_something and not still_sees():
        raise NoLongerSeen
    answer = HttpResponse(kept.body, status=kept.status, content_type=kept.kind or None)
    answer.headers["Idempotency-Replayed"] = "true"
    if kept.location:
        answer.headers["Location"] = kept.location
    return answer


def remove_old_answers() -> int:
    """Timed work: forget answers that are older than a day. Gives how many."""
    gone, _kinds = KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return gone
