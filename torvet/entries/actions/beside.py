"""What features keep true beside their threads, told in the transaction that changes what was said in them."""

from __future__ import annotations

from django.utils.module_loading import import_string

from torvet.entries.kinds import kind_of
from torvet.entries.models import Entry


def keep_true_beside(*openers: Entry) -> None:
    """Let the features that these threads belong to set anew what they keep beside them (`Kind.kept_by`)."""
    asked: dict[str, list[int]] = {}
    for opener in openers:
        kept_by = kind_of(opener.kind).kept_by
        if kept_by:
            asked.setdefault(kept_by, []).append(opener.pk)
    for kept_by, threads in asked.items():
        import_string(kept_by)(threads)
