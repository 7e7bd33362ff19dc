"""Reads about people that shape a page."""

from __future__ import annotations

import hashlib
import time

from django.utils import timezone

from torvet.people.models import AccessToken, Company

COMPANY_IS_FRESH_FOR = 5.0  # seconds; a new name or colour shows in every process within this time
_company: tuple[float, Company | None] = (0.0, None)


def company() -> Company | None:
    """The company, or None before the first run. Kept in the process for a few seconds: every page shows its name."""
    global _company
    read_at, found = _company
    if found is None or time.monotonic() - read_at > COMPANY_IS_FRESH_FOR:
        found = Company.objects.filter(pk=1).first()
        _company = (time.monotonic(), found)
    return found


def forget_company() -> None:
    """Read the company anew the next time somebody asks."""
    global _company
    _company = (0.0, None)


def is_founded() -> bool:
    return company() is not None


def digest_of(key: str) -> str:
    """SHA-256 of a token, in hex: what is kept of it."""
    return hashlib.sha256(key.encode()).hexdigest()


def live_token(key: str) -> AccessToken | None:
    """The unexpired token of an active member with this key, or None."""
    if not key or len(key) > 200:
        return None
    return (
        AccessToken.objects.select_related("member")
        .filter(digest=digest_of(key), expires_at__gt=timezone.now(), member__is_active=True)
        .first()
    )
