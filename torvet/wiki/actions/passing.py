"""When an account is closed: every page and space gets an active owner, in the transaction that closes it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.people.models import Member, Role, Unit
from torvet.people.viewer import NOBODY, Viewer
from torvet.spaces.actions.passing import Fallen, pass_spaces_on
from torvet.spaces.models import Membership, Space, Standing
from torvet.wiki.models import HandedLine, HandedState, HandOver, Page, Share, Why

BATCH = 500
AT_ONCE = 50  # members whose things a repair passes on in one go


@dataclass(frozen=True)
class Passed:
    """A page that got a new owner. `is_read`: whether that one can read it."""

    page: Page
    left_id: int
    heir_id: int
    why: str
    is_read: bool


@transaction.atomic
def pass_on(*, by: Viewer, members: Sequence[Member]) -> None:
    """Leave nothing of these closed accounts without an active owner. Told: whom it falls to, with the reason."""
    ids = [member.pk for member in members]
    if not ids:
        return
    tree = _Tree()
    _settle_asked(by, ids)
    heads = {member.pk: tree.heads(member.unit_id, ids) for member in members}
    spaces = pass_spaces_on(by=by, members=members, heads=heads)
    pages = _pass_pages_on(by, ids, tree)
    Page.objects.filter(deputy__in=ids).update(deputy=None)
    left = {one.left_id for one in spaces} | {one.left_id for one in pages}
    _write_lines(_hand_overs(left), spaces, pages)
    _tell(by, spaces, pages)
    for unit in Unit.objects.filter(leader__in=ids):
        record(verbs.LOST_LEADER, by=by, unit=unit.pk)
    HandOver.objects.filter(member__in=ids).update(done_at=timezone.now())


def _hand_overs(ids: Collection[int]) -> dict[int, HandOver]:
    """The hand-over of each, begun now for whoever left something without one."""
    found = {row.member_id: row for row in HandOver.objects.filter(member__in=ids)}
    today = timezone.localdate()
    missing = [HandOver(member_id=pk, leaves_on=today, opens_on=today) for pk in ids if pk not in found]
    for row in HandOver.objects.bulk_create(missing, batch_size=BATCH):
        found[row.member_id] = row
    return found


def _settle_asked(by: Viewer, ids: Collection[int]) -> None:
    """Nobody waits for an answer that cannot come: what those who left asked for, and what was asked of them."""
    asked = HandedLine.objects.filter(state=HandedState.ASKED)
    now = timezone.now()
    for line in (
        asked.filter(successor__in=ids)
        .exclude(hand_over__member__in=ids)
        .select_related("asked_by", "hand_over")
    ):
        record(
            verbs.DECLINED_TO_TAKE_OVER, by=by, about=line.asked_by, space_id=line.space_id, entry_id=line.page_id,
            thread_id=line.page_id, leaver=line.hand_over.member_id,
        )  # fmt: skip
    asked.filter(successor__in=ids).update(state=HandedState.DECLINED, changed_at=now)
    asked.filter(hand_over__member__in=ids).update(state=HandedState.DROPPED, changed_at=now)


@dataclass
class _Tree:
    """The units and who leads them, read once."""

    rows: dict[int, tuple[int | None, int | None]] = field(
        default_factory=lambda: {
            pk: (parent, leader)
            for pk, parent, leader in Unit.objects.values_list("pk", "parent_id", "leader_id")
        }
    )

    def heads(self, unit_id: int | None, without: Collection[int]) -> list[int]:
        """Who leads a unit and those above it, the nearest first."""
        found: list[int] = []
        seen: set[int] = set()
        while unit_id is not None and unit_id not in seen and unit_id in self.rows:
            seen.add(unit_id)
            unit_id, leader = self.rows[unit_id]
            if leader is not None and leader not in without and leader not in found:
                found.append(leader)
        return found


def _pass_pages_on(by: Viewer, ids: Collection[int], tree: _Tree) -> list[Passed]:
    passed: list[Passed] = []
    while pages := list(
        Page.objects.filter(owner__in=ids).select_related("entry__space").order_by("pk")[:BATCH]
    ):
        some = list(_new_owners(by, pages, ids, tree))
        if not some:
            break  # nobody active is left in the whole company
        Page.objects.bulk_update([one.page for one in some], ["owner", "deputy"], batch_size=BATCH)
        passed += some
    return passed


def _new_owners(by: Viewer, pages: Sequence[Page], ids: Collection[int], tree: _Tree) -> Iterator[Passed]:
    """Who each page falls to; a handful of statements for all of them."""
    heads = {unit: tree.heads(unit, ids) for unit in {page.unit_id for page in pages}}
    named = {pk for leads in heads.values() for pk in leads}
    named |= {page.deputy_id for page in pages if page.deputy_id} | {
        page.entry.space.responsible_id for page in pages
    }
    people = Member.objects.active().filter(is_bot=False).in_bulk(named)
    inside, owners = _places({page.entry.space_id for page in pages}, people)
    administrators = list(
        Member.objects.active()
        .filter(role=Role.ADMINISTRATOR)
        .order_by("pk")
        .values_list("pk", flat=True)[:20]
    )
    administrators.sort(key=lambda pk: pk != by.id)
    for page in pages:
        left_id = page.owner_id
        for heir, why in _chain(page, heads[page.unit_id], people, inside, owners, administrators):
            page.owner_id = heir
            if page.deputy_id in {heir, *ids}:
                page.deputy_id = None
            is_read = (
                page.entry.space.is_open or (heir, page.entry.space_id) in inside or why == Why.SPACE_OWNER
            )
            yield Passed(page, left_id, heir, why, is_read)
            break


def _places(
    spaces: Collection[int], people: dict[int, Member]
) -> tuple[set[tuple[int, int]], dict[int, list[int]]]:
    """(member, space) for those of `people` who are inside, and the active owners of each space, by age."""
    rows = Membership.objects.filter(
        Q(member__in=people) | Q(standing=Standing.OWNER), space__in=spaces, member__is_active=True,
        member__is_bot=False,
    ).order_by("joined_at", "id")  # fmt: skip
    inside: set[tuple[int, int]] = set()
    owners: dict[int, list[int]] = {}
    for member, space, standing, role in rows.values_list(
        "member_id", "space_id", "standing", "member__role"
    ):
        inside.add((member, space))
        if standing == Standing.OWNER and role != Role.GUEST:
            owners.setdefault(space, []).append(member)
    return inside, owners


def _chain(
    page: Page, heads: Sequence[int], people: dict[int, Member], inside: set[tuple[int, int]],
    owners: dict[int, list[int]], administrators: Sequence[int],
) -> Iterator[tuple[int, str]]:  # fmt: skip
    """The nearest first. Only somebody inside can mend a page; the last ones answer for it by name."""
    place = page.entry.space_id
    if page.deputy_id in people and (page.deputy_id, place) in inside:
        yield page.deputy_id, Why.DEPUTY
    for head in heads:
        if head in people and (head, place) in inside and people[head].role != Role.GUEST:
            yield head, Why.LEAD
    yield from ((owner, Why.SPACE_OWNER) for owner in owners.get(place, []))
    responsible = people.get(page.entry.space.responsible_id)
    if responsible is not None and responsible.role != Role.GUEST:
        yield responsible.pk, Why.RESPONSIBLE
    yield from ((pk, Why.ADMINISTRATOR) for pk in administrators)


def _write_lines(hand_overs: dict[int, HandOver], spaces: Sequence[Fallen], pages: Sequence[Passed]) -> None:
    """What fell to whom, and why: for the one it fell to, and for those who look after the leaving."""
    now = timezone.now()
    lines = [
        HandedLine(
            hand_over=hand_overs[one.left_id], page=one.page, space_id=one.page.space_id, state=HandedState.FELL,
            successor_id=one.heir_id, why=one.why, changed_at=now,
        ) for one in pages
    ] + [
        HandedLine(
            hand_over=hand_overs[one.left_id], space=one.space, state=HandedState.FELL, successor_id=one.heir_id,
            why=one.why, changed_at=now,
        ) for one in spaces
    ]  # fmt: skip
    by_left: dict[int, list[HandedLine]] = {}
    for line in lines:
        by_left.setdefault(line.hand_over_id, []).append(line)
    for pk, some in by_left.items():
        for start in range(0, len(some), BATCH):
            part = some[start : start + BATCH]
            old = HandedLine.objects.filter(hand_over=pk, share=Share.OWNER)
            old.filter(page__in=[line.page_id for line in part if line.page_id]).delete()
            old.filter(page=None, space__in=[line.space_id for line in part if not line.page_id]).delete()
    HandedLine.objects.bulk_create(lines, batch_size=BATCH)


def _tell(by: Viewer, spaces: Sequence[Fallen], pages: Sequence[Passed]) -> None:
    """One telling for each who gets something, from whom and where; not one for each of six hundred pages."""
    found: dict[tuple[int, int, int | None], list[int | None]] = {}
    for space in spaces:
        is_read = space.why != Why.ADMINISTRATOR or space.space.is_open
        found.setdefault((space.heir_id, space.left_id, space.space.pk if is_read else None), []).append(None)
    for page in pages:
        place = page.page.entry.space_id if page.is_read else None
        found.setdefault((page.heir_id, page.left_id, place), []).append(page.page.pk)
    heirs = Member.objects.in_bulk({heir for heir, _left, _place in found})
    for (heir, left, place), things in found.items():
        entry_id = things[0] if place and len(things) == 1 else None
        record(
            verbs.FELL_TO, by=by, about=heirs[heir], space_id=place, entry_id=entry_id, thread_id=entry_id,
            leaver=left, number=len(things),
        )  # fmt: skip


def mend_ownerless() -> int:
    """Timed work: pass on what has no active owner all the same (written in the very moment an account was closed).

    Gives the number of members whose things were passed on.
    """
    owning = Q(owned_pages__isnull=False) | Q(responsible_for__isnull=False)
    left = list(Member.objects.filter(owning, is_active=False).distinct().order_by("pk")[:AT_ONCE])
    owners = Membership.objects.filter(standing=Standing.OWNER, member__is_active=True)
    alone = Membership.objects.filter(standing=Standing.OWNER, member__is_active=False).exclude(
        space__in=owners.values("space")
    ).exclude(space__responsible__is_active=True)  # fmt: skip
    left += Member.objects.filter(pk__in=alone.values("member")).exclude(pk__in=[one.pk for one in left])[
        :AT_ONCE
    ]
    pass_on(by=NOBODY, members=left)
    return len(left)


def ownerless() -> tuple[int, int]:
    """(pages, spaces) without an active owner; a space that nobody is in has an active one who answers for it."""
    pages = Page.objects.exclude(owner__is_active=True).count()
    owned = Membership.objects.filter(standing=Standing.OWNER, member__is_active=True).values("space")
    inside = Membership.objects.filter(
        member__is_active=True, member__is_bot=False
    ).exclude(member__role=Role.GUEST).values("space")  # fmt: skip
    spaces = Space.objects.exclude(pk__in=owned).filter(
        Q(pk__in=inside) | Q(responsible__is_active=False)
    ).count()  # fmt: skip
    return pages, spaces + Space.objects.filter(responsible__is_active=False, pk__in=owned).count()
