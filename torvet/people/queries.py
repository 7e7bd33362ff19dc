"""Reads about people that shape a page."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from torvet.base.pages import Page, paginate
from torvet.people.models import (
    NOBODYS,
    Absence,
    AccessToken,
    Company,
    Follow,
    LeavingDate,
    Member,
    Role,
    Session,
    Site,
    Unit,
)
from torvet.people.viewer import Viewer

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


def get_visible(viewer: Viewer, pk: int) -> Member | None:
    """The member, when the viewer may know of them; else None, the same as when there is nobody."""
    return Member.objects.visible_to(viewer).select_related("unit", "site", "manager").filter(pk=pk).first()


@dataclass(frozen=True)
class Wanted:
    """What the directory is filtered by; `role` is a role, or "leads" for everybody who leads a unit."""

    words: str = ""
    unit: Unit | None = None
    site: Site | None = None
    role: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.unit or self.site or self.role)


def directory(viewer: Viewer, wanted: Wanted, after: str | None = None, size: int = 24) -> Page[Member]:
    """Open accounts that the viewer may know of, by name. Raises BadCursor."""
    found = Member.objects.visible_to(viewer).active().filter(is_bot=False).named_like(wanted.words)
    if wanted.unit:
        found = found.filter(unit_id__in=units_below(wanted.unit.pk))
    if wanted.site:
        found = found.filter(site=wanted.site)
    if wanted.role == "leads":
        found = found.filter(Q(role=Role.LEADER) | Exists(Unit.objects.filter(leader=OuterRef("pk"))))
    elif wanted.role:
        found = found.filter(role=wanted.role)
    return paginate(found.select_related("unit", "site"), order=("name", "id"), after=after, size=size)


def every_account(viewer: Viewer, words: str, kind: str = "", after: str | None = None) -> Page[Member]:
    """All accounts for those who manage them, closed ones too.

    `kind`: a role, "closed", or "waiting" for those who never signed in.
    """
    found = Member.objects.visible_to(viewer).exclude(email__endswith=NOBODYS).named_like(words)
    if kind == "closed":
        found = found.filter(is_active=False)
    elif kind == "waiting":
        found = found.active().filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, is_bot=False)
    elif kind:
        found = found.active().filter(role=kind)
    return paginate(found.select_related("unit", "site"), order=("name", "id"), after=after, size=30)


def followed_among(viewer: Viewer, members: Iterable[Member]) -> set[int]:
    """The ids of those of `members` whom the viewer follows."""
    ids = [member.pk for member in members]
    return set(
        Follow.objects.filter(follower=viewer.id, followed__in=ids).values_list("followed_id", flat=True)
    )


def is_following(viewer: Viewer, member: Member) -> bool:
    return Follow.objects.filter(follower=viewer.id, followed=member).exists()


def reports_of(viewer: Viewer, member: Member) -> list[Member]:
    """Those whose boss this is, as far as the viewer may know of them."""
    return list(
        Member.objects.visible_to(viewer).active().filter(manager=member).order_by("name", "id")[:100]
    )


def leaving_of(viewer: Viewer, member: Member) -> LeavingDate | None:
    """When this member leaves, as far as the viewer may know; else None, as when no day is set."""
    return LeavingDate.objects.visible_to(viewer).filter(member=member).first()


def absences_of(viewer: Viewer, member: Member) -> list[Absence]:
    """When this member is away, now or later, as far as the viewer may know."""
    rows = Absence.objects.visible_to(viewer).filter(member=member, until_on__gte=timezone.localdate())
    return list(rows.select_related("member", "deputy")[:50])


def units_led_by(member: Member) -> list[Unit]:
    return list(Unit.objects.filter(leader=member).order_by("name", "id")[:20])


def sites_with_numbers() -> list[Site]:
    """Every site, with how many work there as `.number`."""
    return list(
        Site.objects.annotate(number=Count("members", filter=Q(members__is_active=True))).order_by("name")
    )


@dataclass
class Branch:
    """A unit in the tree; `total` counts everybody below it too."""

    unit: Unit
    members: int = 0
    total: int = 0
    branches: list[Branch] = field(default_factory=list)


def unit_tree() -> list[Branch]:
    """All units as a tree, by name, with how many work in each."""
    counted = Count("members", filter=Q(members__is_active=True, members__is_bot=False))
    units = Unit.objects.select_related("leader").annotate(number=counted).order_by("name", "id")
    branches = {unit.pk: Branch(unit, unit.number, unit.number) for unit in units}
    tops: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.unit.parent_id or 0)
        (above.branches if above else tops).append(branch)
    for top in tops:
        _add_up(top)
    return tops


def _add_up(branch: Branch) -> int:
    branch.total = branch.members + sum(_add_up(below) for below in branch.branches)
    return branch.total


def branch_of(unit: Unit) -> tuple[Branch, list[Unit]]:
    """The unit's place in the tree: its own branch, and the units above it from the top."""
    above: list[Unit] = []
    waiting = [(top, list[Unit]()) for top in unit_tree()]
    branch = Branch(unit)
    while waiting:
        candidate, path = waiting.pop()
        if candidate.unit.pk == unit.pk:
            branch, above = candidate, path
            break
        waiting += [(below, [*path, candidate.unit]) for below in candidate.branches]
    return branch, above


def units_below(*pks: int) -> set[int]:
    """These units and every unit below them."""
    below: dict[int | None, list[int]] = {}
    for unit, parent in Unit.objects.values_list("pk", "parent_id"):
        below.setdefault(parent, []).append(unit)
    found, waiting = set[int](), list(pks)
    while waiting:
        unit = waiting.pop()
        if unit not in found:
            found.add(unit)
            waiting += below.get(unit, [])
    return found


def units_by_depth() -> Iterator[tuple[Unit, int]]:
    """Every unit with its depth, in the order of the tree: for lists to choose from."""

    def walk(branches: list[Branch], depth: int) -> Iterator[tuple[Unit, int]]:
        for branch in branches:
            yield branch.unit, depth
            yield from walk(branch.branches, depth + 1)

    return walk(unit_tree(), 0)


def pick_members(viewer: Viewer, words: str, space: int | None = None, size: int = 8) -> list[Member]:
    """Whom a writer may mean: those in the space first, then by name.

    Who is in a space is shown only to those who may read it; for others `space` changes nothing.
    """
    found = Member.objects.visible_to(viewer).active().named_like(words).select_related("unit", "site")
    if space and _may_know_who_is_in(viewer, space):
        here = Member._base_manager.filter(pk=OuterRef("pk"), memberships__space=space)
        return list(found.annotate(is_here=Exists(here)).order_by("-is_here", "name", "id")[:size])
    return list(found.order_by("name", "id")[:size])


def _may_know_who_is_in(viewer: Viewer, space: int) -> bool:
    # The relation is declared by Membership, one floor up; only its name is used here.
    shown = Q(pk=viewer.id)
    if viewer.is_colleague:
        shown |= Q(memberships__space__access="open")
    return Member._base_manager.filter(shown, memberships__space=space).exists()


def colleague_named(viewer: Viewer, words: str) -> Member | None:
    """The one active colleague with this handle, e-mail address or whole name; None for nobody, or for several."""
    words = words.strip().removeprefix("@")
    seen = Member.objects.visible_to(viewer).active().exclude(role=Role.GUEST)
    for named in (Q(handle__iexact=words), Q(email__iexact=words), Q(name__iexact=words)):
        found = list(seen.filter(named)[:2])
        if len(found) == 1:
            return found[0]
    return None


def pick_units(viewer: Viewer, words: str, size: int = 8) -> list[Unit]:
    """Units whose name contains the words; none for guests."""
    if not viewer.can_read or viewer.is_guest:
        return []
    return list(Unit.objects.filter(name__icontains=words.strip()).order_by("name", "id")[:size])


def sessions_of(viewer: Viewer) -> list[Session]:
    """The viewer's own signed-in browsers, the newest first."""
    return list(
        Session.objects.filter(member=viewer.id, expire_date__gt=timezone.now()).order_by("-created_at")
    )


def tokens_of(viewer: Viewer) -> list[AccessToken]:
    return list(AccessToken.objects.filter(member=viewer.id, expires_at__gt=timezone.now()))


def own_absence(viewer: Viewer) -> Absence | None:
    """The viewer's own absence that holds today."""
    return Absence.objects.on(timezone.localdate()).filter(member=viewer.id).select_related("deputy").first()
