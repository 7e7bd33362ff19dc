"""Asking a rule before acting."""

from __future__ import annotations

from django.utils.translation import gettext as _


class Refused(Exception):
    """Somebody may not do this, or not like this. `reason` is said to them in their language."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason or _("You cannot do this here.")
        super().__init__(self.reason)


class Forbidden(Refused):
    """A rule said no."""


def require(allowed: bool, reason: str = "") -> None:
    """Stop an action that its rule does not allow. Raises Forbidden."""
    if not allowed:
        raise Forbidden(reason)
