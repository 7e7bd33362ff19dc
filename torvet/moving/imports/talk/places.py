"""Where it goes: one forum for everything, opened for it or named by the importer, and its sub-fora."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from torvet.base.rules import Refused
from torvet.base.text.characters import clean_line
from torvet.forum import rules as forum_rules
from torvet.forum.actions import add_sub_forum, open_forum
from torvet.forum.actions.fora import MOST_SUB_FORA
from torvet.forum.models import Forum, SubForum
from torvet.moving.imports.talk.shapes import Part, Seen
from torvet.moving.imports.wiki.authors import short
from torvet.moving.models import Origin
from torvet.moving.origins import Origins
from torvet.moving.report import BadInput, Outcome, Report
from torvet.people.viewer import Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.actions import open_space
from torvet.spaces.models import Access, Space
from torvet.spaces.queries import membership_of

TOO_MANY = f"a forum has at most {MOST_SUB_FORA} sub-fora; its threads stand in the forum itself"
THE_FORUM = "forum"  # what stands for the one space of a source among its origins


@dataclass(frozen=True, slots=True)
class Wish:
    """Which space was asked for: one that is there, or a new one."""

    space: str = ""
    new_space: str = ""


class ForumPlace:
    """The space of one source, and its sub-fora by the ids of its parts."""

    def __init__(self, origins: Origins, seen: Seen, *, by: Viewer) -> None:
        self._origins = origins
        self._seen = seen
        self._by = by
        self._new_name = ""
        self._origin: Origin | None = None
        self._parts: list[Part] = []
        self.space: Space | None = None
        self.sub_fora: dict[str, int] = {}

    # Which

    def plan(self, wish: Wish, report: Report) -> None:
        """Find the space, or decide to open one. Raises BadInput when it cannot be the one asked for."""
        self._origin = self._origins.known("space", [THE_FORUM]).get(THE_FORUM)
        asked = clean_line(wish.new_space or wish.space)
        self.space = self._asked_for(asked) if asked else self._brought_before()
        if self.space is None:
            self._new_name = asked[:80] or self._own_name()
        elif self._seen.is_restricted and (self.space.is_open or self.space.has_guests):
            raise BadInput(
                f"Not everybody could read all of this over there, and {self.space.name} is open. Bring it into a"
                " closed space, or what was meant for few would be read by everybody."
            )
        report.find("spaces")
        report.settle("spaces", Outcome.UNCHANGED if self.space else Outcome.IMPORTED)
        self._plan_parts(report)

    def _brought_before(self) -> Space | None:
        if self._origin is None:
            return None
        found = Space.objects.filter(pk=self._origin.local_id).first()
        if found is not None:
            if not Space.objects.visible_to(self._by).filter(pk=found.pk).exists():
                raise BadInput(
                    "This is already here, in a space that you cannot see. Ask somebody who is in it."
                )
            self._check(found)
        return found

    def _asked_for(self, name: str) -> Space | None:
        seen = Space.objects.visible_to(self._by).listed()
        by_number = name.isdecimal() and len(name) < 18
        found = list(seen.filter(pk=int(name)) if by_number else seen.filter(name__iexact=name))
        if by_number and not found:
            raise BadInput(f"There is no space with the number {name}.")
        if len(found) > 1:
            ids = ", ".join(str(one.pk) for one in found)
            raise BadInput(f"{len(found)} spaces are called {name}. Say which by its number: {ids}.")
        space = found[0] if found else None
        if self._origin is not None and (space is None or space.pk != self._origin.local_id):
            other = Space.objects.visible_to(self._by).filter(pk=self._origin.local_id).first()
            # The name of a space is told only to those who may see it.
            where = f"the space {other.name}" if other else "another space"
            if other or Space.objects.filter(pk=self._origin.local_id).exists():
                raise BadInput(
                    f"This is already here, in {where}. Bring it there again, or give it another name with --as NAME."
                )
        if space is not None:
            self._check(space)
        return space

    def _check(self, space: Space) -> None:
        membership = membership_of(self._by, space)
        if not space_rules.can_write_in(self._by, space, membership):
            raise BadInput(
                f"{space.name} is archived or closed to you. Join it first, or bring this into another space."
            )
        is_forum = Forum.objects.filter(space=space).exists()
        if not is_forum and not forum_rules.can_keep_forum(self._by, space, membership):
            raise BadInput(
                f"{space.name} is no forum, and only those who run it can make it one. Ask them, or bring this into"
                " another space."
            )

    def _own_name(self) -> str:
        name = clean_line(self._seen.title)[:80] or clean_line(self._seen.instance)[:80]
        if Space.objects.visible_to(self._by).listed().filter(name__iexact=name).exists():
            raise BadInput(
                f"There is a space called {name} already. Say --space NAME to bring this into it, or --new-space NAME"
                " for one of its own."
            )
        return name

    def _plan_parts(self, report: Report) -> None:
        known = self._origins.known("part", [short(part.id) for part in self._seen.parts])
        here = (
            set(SubForum.objects.filter(forum=self.space.pk).values_list("pk", flat=True))
            if self.space
            else set()
        )
        room = MOST_SUB_FORA - len(here)
        for part in self._seen.parts:
            report.find("sub_fora")
            origin = known.get(short(part.id))
            if origin is not None and origin.local_id in here:
                self.sub_fora[part.id] = origin.local_id
                report.settle("sub_fora", Outcome.UNCHANGED)
            elif origin is not None:
                report.skip("sub_fora", short(part.id), "removed here since")
            elif room <= 0:
                report.skip("sub_fora", short(part.id), TOO_MANY)
            else:
                room -= 1
                self._parts.append(part)
                report.settle("sub_fora", Outcome.IMPORTED)

    # Writing

    def write(self) -> None:
        if self.space is None:
            self.space = self._open()
        forum = Forum.objects.filter(space=self.space).first() or open_forum(by=self._by, space=self.space)
        self._add_parts(forum)
        if self._origin is None:
            self._origins.keep([self._origins.new("space", THE_FORUM, self.space.pk)])
        elif self._origin.local_id != self.space.pk:
            self._origin.local_id = self.space.pk
            self._origins.renew([self._origin])

    def _open(self) -> Space:
        assert self._by.member is not None  # an import always acts as an administrator
        return open_space(
            by=self._by,
            name=self._new_name,
            purpose=_("Conversations brought over from an earlier forum."),
            audience=_("Whoever takes part in them; let people in under Members."),
            responsible=self._by.member,
            access=Access.CLOSED,
        )

    def _add_parts(self, forum: Forum) -> None:
        taken = {
            name.casefold() for name in SubForum.objects.filter(forum=forum).values_list("name", flat=True)
        }
        new: list[Origin] = []
        for part in self._parts:
            name = free_name(part.name, taken)
            try:
                made = add_sub_forum(by=self._by, forum=forum, name=name, about=part.about)
            except Refused as refused:
                raise BadInput(refused.reason) from refused
            self.sub_fora[part.id] = made.pk
            new.append(self._origins.new("part", short(part.id), made.pk))
        self._origins.keep(new)


def free_name(name: str, taken: set[str]) -> str:
    """The name, with a number behind it when another part has it."""
    name = clean_line(name)[:80].strip() or "?"
    found, number = name, 1
    while found.casefold() in taken:
        number += 1
        found = f"{name[:74]} {number}"
    taken.add(found.casefold())
    return found


def parts_in_order(parts: Sequence[Part]) -> list[Part]:
    """Without the second of two with the same id."""
    return list({part.id: part for part in reversed(parts)}.values())[::-1]
