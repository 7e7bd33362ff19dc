"""The token of a page's forms, masked once per request: each masking asks the system for random bytes 64 times."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import get_token

KEPT_AS = "torvet.csrf_token"


def token_of(request: HttpRequest) -> str:
    """The token for every form of the answer to this request."""
    token: str | None = request.META.get(KEPT_AS)
    if token is None:
        token = request.META[KEPT_AS] = get_token(request)
    return token
