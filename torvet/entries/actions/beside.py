"""Telling a feature, in the same transaction, that a thread of its kind changed: it keeps copies beside it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.module_loading import import_string

from torvet.entries.kinds import kind_of


def keep_beside(kind: str, threads: Collection[int]) -> None:
    """Have what the feature keeps of these threads made true; nothing happens for kinds that keep nothing."""
    kept_by = kind_of(kind).kept_by
    if kept_by:
        import_string(kept_by)(threads)
