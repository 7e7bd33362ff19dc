"""Who will be told, before it is said."""

from __future__ import annotations

from dataclasses import dataclass

from torvet.base.rules import Refused
from torvet.entries import queries as entries
from torvet.entries.models import Entry, Watch
from torvet.entries.words import Words, read
from torvet.notifications.audience import Wish, members_of_units, wishes
from torvet.people.models import Member, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import get_visible as visible_space
from torvet.spaces.queries import membership_of
from torvet.spaces.rules import can_write_in

NAMES_SHOWN = 5


@dataclass(frozen=True)
class Preview:
    """`named` will be told because the text names them, `number` more as members of a unit, as the one answered or as
    watchers; `cannot_read` are named and will not be told; of `large_units` only the leader is told."""

    named: tuple[Member, ...] = ()
    number: int = 0
    cannot_read: tuple[Member, ...] = ()
    large_units: tuple[Unit, ...] = ()

    @property
    def shown(self) -> tuple[Member, ...]:
        return self.named[:NAMES_SHOWN]

    @property
    def further(self) -> int:
        """Named ones beyond those shown, and everybody else who is told."""
        return len(self.named) - len(self.shown) + self.number

    @property
    def is_empty(self) -> bool:
        return not (self.named or self.number or self.cannot_read or self.large_units)


def would_be_told(
    viewer: Viewer,
    *,
    body: str,
    form: str = "markdown",
    space_id: int | None = None,
    on_id: int | None = None,
) -> Preview | None:
    """For a post in a space, or an answer `on` an entry; `form` is markdown or html. None where one may not write."""
    on = entries.get_visible(viewer, on_id) if on_id else None
    space = on.space if on else (visible_space(viewer, space_id) if space_id else None)
    if (
        space is None
        or (on_id and on is None)
        or not can_write_in(viewer, space, membership_of(viewer, space))
    ):
        return None
    try:
        words = read(body, by=viewer, format=form)
    except Refused:
        return Preview()  # Too long to post: nobody is told, and posting says why.
    return _preview(viewer, space, on, words)


def _preview(viewer: Viewer, space: Space, on: Entry | None, words: Words) -> Preview:
    named = set(words.members) - {viewer.id}
    in_units, large = members_of_units(words.units) if words.units else (set(), [])
    watching: set[int] = {on.author_id} if on else set()
    muted: set[int] = set()
    if on:
        for member_id, is_muted in Watch.objects.filter(thread_id=on.thread_id).values_list(
            "member_id", "is_muted"
        ):
            (muted if is_muted else watching).add(member_id)
    others = (in_units | watching) - named - {viewer.id}
    wish = wishes(space, named | others, muted)
    people = Member.objects.visible_to(viewer).in_bulk(named)
    return Preview(
        named=tuple(people[pk] for pk in words.members if pk in people and pk in wish),
        number=sum(_hears(wish.get(pk)) for pk in others),
        cannot_read=tuple(people[pk] for pk in words.members if pk in people and pk not in wish),
        large_units=tuple(large),
    )


def _hears(wish: Wish | None) -> bool:
    return wish is not None and not wish.only_named
