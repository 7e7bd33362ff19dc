"""Querysets that depend on who looks, compiled once for each way of looking."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet

from torvet.base.compiled import STAND_IN, Compiled, compiled
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer


def compiled_for_viewer(build: Callable[..., QuerySet[Any, Any]]) -> Callable[..., Compiled]:
    """Decorator for `build(viewer, *key)`. The first value to give is the viewer's id; see torvet.base.compiled."""

    @compiled
    def once(shape: tuple[str | None, bool, Via, frozenset[str]], *key: Any) -> QuerySet[Any, Any]:
        return build(stand_in_like(*shape), *key)

    @wraps(build)
    def of(viewer: Viewer, *key: Any) -> Compiled:
        return once(viewer.shape, *key)

    return of


def stand_in_like(role: str | None, is_active: bool, via: Via, scopes: frozenset[str]) -> Viewer:
    """A viewer of this shape whom nobody is."""
    member = None if role is None else Member(pk=STAND_IN, role=role, is_active=is_active)
    return Viewer(member, via, scopes)
