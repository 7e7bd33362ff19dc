"""Who may knock on a route. Every route carries one policy; a start-up check refuses a route without.

A policy only opens the door. What is behind it is still read through `visible_to` and changed through actions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, TypeVar

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

View = TypeVar("View", bound=Callable[..., Any])


class Policy(StrEnum):
    """Who gets past the door of a route."""

    PUBLIC = "public"  # anybody: sign-in, static pages, health
    SIGNED_IN = "signed_in"  # every active member, guests included
    COLLEAGUE = "colleague"  # members of the company: not guests
    COMMUNITY = "community"  # community managers and administrators
    ADMINISTRATOR = "administrator"


# Routes of libraries, by the module that their views live in.
THIRD_PARTY: dict[str, Policy] = {
    "allauth.account.views": Policy.PUBLIC,
    "django.views.static": Policy.PUBLIC,
    "django.views.i18n": Policy.PUBLIC,
}


def policy(wanted: Policy) -> Callable[[View], View]:
    """Mark a view with its policy."""

    def mark(view: View) -> View:
        view.policy = wanted  # type: ignore[attr-defined]  # a plain attribute on a function, read below
        return view

    return mark


public = policy(Policy.PUBLIC)
signed_in = policy(Policy.SIGNED_IN)
colleague = policy(Policy.COLLEAGUE)
community = policy(Policy.COMMUNITY)
administrator = policy(Policy.ADMINISTRATOR)


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """The policy of a view, or None when nobody gave it one (the start-up check then fails)."""
    inner: Any = view
    while inner is not None:
        if hasattr(inner, "policy"):
            return Policy(inner.policy)
        inner = getattr(inner, "__wrapped__", None)
    view_class = getattr(view, "view_class", None)
    if view_class is not None and hasattr(view_class, "policy"):
        return Policy(view_class.policy)
    module = getattr(view_class or view, "__module__", "")
    return THIRD_PARTY.get(module)


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route as (address pattern, URLPattern)."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, address)
        else:
            yield address, entry


@register()
def every_route_has_a_policy(**kwargs: Any) -> list[CheckMessage]:
    """System check: a route without a policy stops the start."""
    return [
        Error(f"The route /{address} has no policy; add one from torvet.base.policies", id="torvet.E001")
        for address, pattern in routes()
        if policy_of(pattern.callback) is None
    ]
