"""Who and what is there while the plays are performed: members by handle, spaces by key, who is in which."""

from __future__ import annotations

from torvet.people.actions import as_house
from torvet.people.models import Member, Role, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space


class Stage:
    def __init__(self, administrator: Viewer) -> None:
        self.administrator = administrator
        self.members = {
            member.handle: member for member in Member.objects.active().select_related("unit", "site")
        }
        self.units = {unit.external_id: unit for unit in Unit.objects.all()}
        self.spaces: dict[str, Space] = {}
        self.inside: dict[str, list[str]] = {}

    def viewer(self, handle: str) -> Viewer:
        return as_house(self.members[handle])

    def colleagues(self) -> list[str]:
        return [handle for handle, member in self.members.items() if member.role != Role.GUEST]

    def meant_by(self, who: str) -> list[str]:
        """`everybody`, `unit:log`, `site:Bergen`, `language:nl`, or a handle."""
        kind, _colon, name = who.partition(":")
        if who == "everybody":
            return self.colleagues()
        if kind == "unit":
            return [handle for handle in self.colleagues() if self._unit_key(handle) == name]
        if kind == "site":
            return [handle for handle in self.colleagues() if self._site(handle) == name]
        if kind == "language":
            return [handle for handle in self.colleagues() if self.members[handle].language == name]
        self.members[who]  # a name that nobody has is a mistake in the text
        return [who]

    def _unit_key(self, handle: str) -> str:
        unit = self.members[handle].unit
        return unit.external_id if unit else ""

    def _site(self, handle: str) -> str:
        site = self.members[handle].site
        return site.name if site else ""

    def with_units(self, words: str) -> str:
        """`@{log}` becomes the mention of that unit."""
        for key, unit in self.units.items():
            words = words.replace(f"@{{{key}}}", f"@[{unit.name}](unit-{unit.pk})")
        return words
