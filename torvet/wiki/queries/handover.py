"""What somebody who leaves has in hand, as far as the one who looks may read it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from torvet.base.pages import Page as Part
from torvet.base.pages import paginate
from torvet.people.models import Unit
from torvet.people.queries import units_led_by
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space, Standing
from torvet.wiki.models import HandedLine, HandedState, HandOver, Page, PageQuerySet, Share

PAGES = 30  # shown at once
SETTLED = (HandedState.ACCEPTED, HandedState.DROPPED, HandedState.FELL)
MOST = 100

AS_OWNER, AS_DEPUTY = _("Owner"), _("Deputy")
ONLY_OWNER, RESPONSIBLE = _("Nobody else owns it"), _("Responsible for it")


@dataclass(frozen=True)
class Thing:
    """A page or a space in somebody's hands. `key` names it in addresses: page-12, deputy-12, space-3."""

    key: str
    title: str
    url: str
    space: Space
    why: str | Promise
    page: Page | None = None
    share: str = Share.OWNER
    line: HandedLine | None = None


@dataclass(frozen=True)
class Hands:
    """What is in somebody's hands, for one who looks. `hidden_…` count what that one may not see."""

    spaces: list[Thing]
    pages: Part[Thing]
    units: list[Unit]
    settled: list[HandedLine]
    hidden_pages: int
    hidden_spaces: int
    open_number: int
    settled_number: int

    @property
    def total(self) -> int:
        return self.open_number + self.settled_number


def get_visible(viewer: Viewer, member_id: int) -> HandOver | None:
    """The hand-over of a member, when the viewer may see it; else None, as when there is none."""
    rows = HandOver.objects.visible_to(viewer).select_related("member__manager", "member__unit")
    return rows.filter(member=member_id).first()


def waiting_for(viewer: Viewer, member_id: int) -> HandOver | None:
    """A hand-over that the viewer will see once the one who leaves has seen it; None for everybody else."""
    if not viewer.can_read:
        return None
    near = Q() if viewer.is_administrator else Q(member__manager=viewer.id)
    return HandOver.objects.under_way().filter(near, member=member_id).select_related("member").first()


def hands(viewer: Viewer, hand_over: HandOver, after: str | None = None) -> Hands:
    """All of it, in a dozen statements however much it is. Raises BadCursor."""
    lines = {_line_key(line): line for line in _undecided(hand_over)}
    theirs = _pages_of(hand_over)
    seen = theirs.filter(pk__in=Page.objects.visible_to(viewer).values("pk"))
    part = paginate(seen.select_related("entry__space"), order=("entry_id",), after=after, size=PAGES)
    spaces, readable = _spaces_of(hand_over), Space.objects.readable_by(viewer).values("pk")
    shown = list(spaces.filter(pk__in=readable).order_by("name", "id")[:MOST])
    page_number, space_number = theirs.count(), spaces.count()
    settled = hand_over.lines.filter(state__in=SETTLED, changed_at__gte=hand_over.began_at)
    return Hands(
        spaces=[_space_thing(hand_over, space, lines) for space in shown],
        pages=Part([_page_thing(hand_over, page, lines) for page in part.things], part.next),
        units=units_led_by(hand_over.member),
        settled=_with_words(settled.readable_by(viewer))[:MOST],
        hidden_pages=page_number - seen.count(),
        hidden_spaces=space_number - spaces.filter(pk__in=readable).count(),
        open_number=page_number + space_number,
        settled_number=settled.count(),
    )


def thing_named(viewer: Viewer, hand_over: HandOver, key: str) -> Thing | None:
    """The thing with this key, when it is in their hands and the viewer may read it; else None."""
    kind, _dash, number = key.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    lines = {_line_key(line): line for line in hand_over.lines.all().filter(
        Q(page=int(number)) if kind != "space" else Q(page=None, space=int(number))
    ).select_related("successor")}  # fmt: skip
    if kind == "space":
        space = Space.objects.readable_by(viewer).filter(pk=int(number)).first()
        is_theirs = (
            space is not None and _spaces_of(hand_over, also_dropped=True).filter(pk=space.pk).exists()
        )
        return _space_thing(hand_over, space, lines) if space is not None and is_theirs else None
    pages = Page.objects.visible_to(viewer).filter(
        **{"owner" if kind == "page" else "deputy": hand_over.member_id}
    )
    page = pages.select_related("entry__space", "owner", "deputy", "unit").filter(pk=int(number)).first()
    return _page_thing(hand_over, page, lines) if page is not None and kind in {"page", "deputy"} else None


def asked_of(viewer: Viewer) -> list[HandedLine]:
    """What the viewer is asked to take over, the oldest first."""
    return _with_words(HandedLine.objects.asked_of(viewer), "pk")[:MOST]


def fallen_to(viewer: Viewer, after: str | None = None) -> Part[HandedLine]:
    """What fell to the viewer when an account was closed, and is theirs still, newest first. Raises BadCursor."""
    rows = HandedLine.objects.filter(successor=viewer.id, state=HandedState.FELL).readable_by(viewer)
    rows = rows.filter(Q(page=None) | Q(page__owner=viewer.id))
    return paginate(_related(rows), order=("-pk",), after=after, size=PAGES)


def get_asked(viewer: Viewer, pk: int) -> HandedLine | None:
    """A line that asks the viewer; None for any other."""
    return _related(HandedLine.objects.asked_of(viewer)).filter(pk=pk).first()


def _related(rows: QuerySet[HandedLine]) -> QuerySet[HandedLine]:
    return rows.select_related("page__entry", "space", "successor", "asked_by", "hand_over__member")


def _with_words(rows: QuerySet[HandedLine], order: str = "-changed_at") -> list[HandedLine]:
    return list(_related(rows).order_by(order, "pk")[:MOST])


def _undecided(hand_over: HandOver) -> QuerySet[HandedLine]:
    rows = hand_over.lines.filter(state__in=[HandedState.ASKED, HandedState.DECLINED])
    return rows.select_related("successor").order_by("-changed_at")[:2000]


def _line_key(line: HandedLine) -> str:
    if line.page_id is None:
        return f"space-{line.space_id}"
    return f"{'page' if line.share == Share.OWNER else 'deputy'}-{line.page_id}"


def _pages_of(hand_over: HandOver) -> PageQuerySet:
    """Pages they own or deputise, removed ones aside, and aside from what they said needs no successor."""
    dropped = HandedLine.objects.filter(
        hand_over=hand_over,
        page=OuterRef("pk"),
        state=HandedState.DROPPED,
        changed_at__gte=hand_over.began_at,
    )
    theirs = Q(owner=hand_over.member_id) | Q(deputy=hand_over.member_id)
    return Page.objects.filter(theirs, ~Exists(dropped), entry__removed_at=None)


def _spaces_of(hand_over: HandOver, *, also_dropped: bool = False) -> QuerySet[Space]:
    """Living spaces they are responsible for, or own with no other active owner."""
    owners = Membership.objects.filter(space=OuterRef("pk"), standing=Standing.OWNER)
    others = owners.filter(member__is_active=True).exclude(member=hand_over.member_id)
    alone = Exists(owners.filter(member=hand_over.member_id)) & ~Exists(others)
    rows = Space.objects.living().listed().filter(Q(responsible=hand_over.member_id) | alone)
    if also_dropped:
        return rows
    dropped = HandedLine.objects.filter(
        hand_over=hand_over, page=None, space=OuterRef("pk"), state=HandedState.DROPPED,
        changed_at__gte=hand_over.began_at,
    )  # fmt: skip
    return rows.filter(~Exists(dropped))


def _space_thing(hand_over: HandOver, space: Space, lines: dict[str, HandedLine]) -> Thing:
    is_responsible = space.responsible_id == hand_over.member_id
    key = f"space-{space.pk}"
    why = RESPONSIBLE if is_responsible else ONLY_OWNER
    return Thing(key, space.name, space.url, space, why, line=lines.get(key))


def _page_thing(hand_over: HandOver, page: Page, lines: dict[str, HandedLine]) -> Thing:
    is_owner = page.owner_id == hand_over.member_id
    key = f"{'page' if is_owner else 'deputy'}-{page.pk}"
    return Thing(
        key, page.entry.title, page.url, page.entry.space, AS_OWNER if is_owner else AS_DEPUTY,
        page=page, share=Share.OWNER if is_owner else Share.DEPUTY, line=lines.get(key),
    )  # fmt: skip
