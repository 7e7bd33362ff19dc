"""Who may listen, and to what: the same session, the same member, the same reading rules as the pages."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db.models import Q
from django.http import HttpRequest, parse_cookie
from django.utils import timezone

from torvet.base.limits import Limit, client_address, spend
from torvet.entries import queries as entries
from torvet.people.models import Member, Session
from torvet.people.sessions import SessionStore, signed_in_member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Involvement, Membership, Space

MOST_SUBSCRIPTIONS = 100  # threads and spaces together
LONGEST_NUMBER = 18  # digits; a larger one is no row's id on either database

KNOCKS = Limit("live", 120, 60)  # by address
RETURNS = Limit("live-member", 60, 60)  # by member


class Refusal(Exception):
    """Not let in. `status` is the answer."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(str(status))


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked to listen to, and with which session."""

    key: str
    threads: tuple[int, ...] = ()
    spaces: tuple[int, ...] = ()
    feed: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """What they may: each thread with its space, and the spaces whose new threads they hear of (kept, so small)."""

    member: int
    threads: dict[int, int]
    spaces: array[int]
    # What all this hangs on: session, password, account, grants. As long as it is the same, so are the rights.
    mark: int = 0


def request_of(scope: dict[str, Any]) -> HttpRequest:
    """The head of an ASGI request as Django knows it: host, cookies, address. It has no body."""
    request = HttpRequest()
    request.method = scope["method"]
    request.path = scope["path"]
    client = scope.get("client") or ("", 0)
    server = scope.get("server") or ("localhost", 0)
    request.META = {
        "REMOTE_ADDR": client[0],
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 80),
    }
    for name, value in scope["headers"]:
        # An underscore would let a visitor pass for the proxy in front.
        if b"_" not in name:
            request.META["HTTP_" + name.decode("latin-1").upper().replace("-", "_")] = value.decode("latin-1")
    return request


def asked_by(scope: dict[str, Any]) -> Asked:
    """Read the request, without the database. Raises Refusal: 400 not understood, 401 no session, 403 another site,
    429 too often.
    """
    request = request_of(scope)
    from_our_own_pages(request)
    knock(request)
    key = key_of(request)
    query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20)
    threads, spaces = numbers(query.get("threads", [])), numbers(query.get("spaces", []))
    if len(threads) + len(spaces) > MOST_SUBSCRIPTIONS:
        raise Refusal(400)
    return Asked(key, threads, spaces, feed=query.get("feed") == ["1"])


def knock(request: HttpRequest) -> None:
    """Count one request of this address. Raises Refusal when there are too many."""
    if settings.RATE_LIMITS and spend(KNOCKS, client_address(request)).refused:
        raise Refusal(429)


def key_of(request: HttpRequest) -> str:
    """The key of the session in the cookie. Raises Refusal for none and for what cannot be one."""
    key = parse_cookie(request.META.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME, "")
    if not (key.isascii() and key.isalnum()) or len(key) > 100:
        raise Refusal(401)
    return key


def numbers(given: Iterable[str]) -> tuple[int, ...]:
    """The ids in `12,13`, each once. Raises Refusal for anything else."""
    parts = [part for text in given for part in text.split(",") if part]
    if not all(part.isascii() and part.isdigit() and len(part) <= LONGEST_NUMBER for part in parts):
        raise Refusal(400)
    return tuple(dict.fromkeys(map(int, parts)))


def from_our_own_pages(request: HttpRequest) -> None:
    """Browsers say where a request comes from; a foreign page, an unknown one, or silence about it is refused."""
    try:
        host = request.get_host()
    except DisallowedHost:
        raise Refusal(400) from None
    fetched_from = request.META.get("HTTP_SEC_FETCH_SITE")
    origin = request.META.get("HTTP_ORIGIN")
    if fetched_from is None and origin is None:
        raise Refusal(403)
    if fetched_from is not None and fetched_from != "same-origin":
        raise Refusal(403)
    if origin is not None and origin != settings.TORVET_URL:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or parts.netloc.lower() != host.lower():
            raise Refusal(403)


def admit(asked: Asked, *, is_new: bool = True) -> Granted | None:
    """What this session may hear now, in three statements at most; None when nobody is signed in with it.

    Forbidden and absent ids are left out alike. Raises Refusal when the member comes back too often.
    """
    try:
        member, mark = member_of(asked.key)
    except Refusal:
        return None
    if is_new and settings.RATE_LIMITS and spend(RETURNS, f"m{member.pk}").refused:
        raise Refusal(429)
    viewer = Viewer.of(member)
    if not viewer.can_read:
        return None
    threads = {}
    if asked.threads:
        found = entries.visible(viewer).filter(pk__in=asked.threads, root=None)
        threads = dict(found.values_list("pk", "space_id"))
    return Granted(member.pk, threads, array("q", _heard_spaces(viewer, asked)), mark)


def member_of(key: str) -> tuple[Member, int]:
    """Who is signed in with this session, and the mark of all that this hangs on; one statement.

    Raises Refusal when nobody is.
    """
    row = (
        Session.objects.select_related("member")
        .filter(session_key=key, expire_date__gt=timezone.now())
        .first()
    )
    if row is None or row.member is None:
        raise Refusal(401)
    session = SessionStore(key)
    session.member = row.member
    # Read already, in the same statement as the mark.
    session._session_cache = session.decode(row.session_data)  # type: ignore[attr-defined]  # set by load() too
    member = signed_in_member(session)
    if member is None:
        raise Refusal(401)
    return member, mark_of(row.session_data, member.password, member.is_active, member.role, member.epoch)


def mark_of(session: str, password: str, is_active: bool, role: str, epoch: int) -> int:
    """A number for what a connection's rights hang on; only ever compared within this process."""
    return hash((session, password, is_active, role, epoch))


def marks_of(keys: Iterable[str]) -> dict[str, int]:
    """The marks of all these sessions now, in one statement; those that have ended are not in it."""
    rows = Session.objects.filter(
        session_key__in=list(keys), expire_date__gt=timezone.now(), member__isnull=False
    )
    columns = ("session_data", "member__password", "member__is_active", "member__role", "member__epoch")
    return {key: mark_of(*rest) for key, *rest in rows.values_list("session_key", *columns)}


def accesses() -> dict[int, str]:
    """Every space with its access. Who joined or left is in each member's own mark."""
    return dict(Space.objects.order_by().values_list("pk", "access"))


def _heard_spaces(viewer: Viewer, asked: Asked) -> list[int]:
    if not (asked.spaces or asked.feed):
        return []
    wanted = Q(pk__in=asked.spaces)
    if asked.feed:
        joined = Membership.objects.filter(member_id=viewer.id).exclude(involvement=Involvement.NOTHING)
        wanted |= Q(pk__in=joined.values("space_id"))
    return list(Space.objects.readable_by(viewer).filter(wanted).order_by().values_list("pk", flat=True))
