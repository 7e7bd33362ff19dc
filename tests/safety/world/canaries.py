"""What the world is made of: canaries, and a picture to carry one."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from PIL import Image

from tests.cast import Cast
from torvet.people.models import Member
from torvet.spaces.models import Space


@dataclass
class World:
    """Everything that was made. `secrets` maps a canary to the visitors who may ever see it."""

    cast: Cast
    spaces: dict[str, Space]
    people: dict[str, Member]
    tokens: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, frozenset[str]] = field(default_factory=dict)
    shown_at: dict[str, str] = field(
        default_factory=dict
    )  # canary -> an address that shows it to those who may
    number: int = 0

    def canary(self, visitors: set[str], shown_at: str = "") -> str:
        """A new canary that only these visitors may see."""
        self.number += 1
        word = f"cnry{self.number:03d}x{self.number * 7919 % 9973:04d}q"
        self.secrets[word] = frozenset(visitors)
        if shown_at:
            self.shown_at[word] = shown_at
        return word


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, "PNG")
    made.seek(0)
    return made
