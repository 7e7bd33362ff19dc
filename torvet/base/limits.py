"""How often something may be done: fixed windows in the process's cache, or in Valkey when several servers share."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.cache import cache as process_cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Limit:
    """At most `requests` in `seconds` for one key."""

    name: str
    requests: int
    seconds: int


@dataclass(frozen=True)
class Spent:
    """What is left of a limit; `wait` is the time in seconds until the window ends."""

    left: int
    wait: int
    refused: bool


@cache
def valkey() -> Any:
    """The shared store when one is configured, else None."""
    if not settings.VALKEY_URL:
        return None
    import valkey as library  # noqa: PLC0415  # an extra: only there when it is configured

    return library.Valkey.from_url(settings.VALKEY_URL, socket_timeout=0.5)


def spend(limit: Limit, key: str) -> Spent:
    """Count one use of `limit` by `key`."""
    now = int(time.time())
    window = now // limit.seconds
    wait = limit.seconds - now % limit.seconds
    name = f"limit:{limit.name}:{key}:{window}"
    used = _count(name, limit.seconds)
    return Spent(left=max(0, limit.requests - used), wait=wait, refused=used > limit.requests)


def _count(name: str, seconds: int) -> int:
    store = valkey()
    if store is not None:
        try:
            used = int(store.incr(name))
            if used == 1:
                store.expire(name, seconds * 2)
            return used
        except OSError:
            pass  # Without the shared store each server counts for itself: narrower, never wider than N servers.
    if process_cache.add(name, 1, seconds * 2):
        return 1
    try:
        return process_cache.incr(name)
    except ValueError:
        return 1  # Dropped between add and incr; the next request starts the count anew.


def client_address(request: HttpRequest) -> str:
    """The visitor's address, IPv6 by /64. Forwarded addresses count only from as many proxies as are configured."""
    address = request.META.get("REMOTE_ADDR", "") or "127.0.0.1"
    if settings.TRUSTED_PROXIES:
        hops = [
            part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
        ]
        if len(hops) >= settings.TRUSTED_PROXIES:
            address = hops[-settings.TRUSTED_PROXIES]
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(parsed) if parsed.version == 4 else str(ip_network(f"{parsed}/64", strict=False))
