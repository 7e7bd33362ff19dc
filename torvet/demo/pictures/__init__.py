"""Pictures drawn for the demo: flat, friendly, the same every time."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

from torvet.demo.pictures import indoors, outdoors
from torvet.demo.pictures.sheet import Sheet

SCENES: dict[str, Callable[[Sheet, random.Random], None]] = {
    "bikes": outdoors.bikes,
    "boat": outdoors.boat,
    "cake": indoors.cake,
    "desk": indoors.desk,
    "figures": indoors.figures,
    "fjord": outdoors.fjord,
    "harbour": outdoors.harbour,
    "lights": outdoors.lights,
    "lunch": indoors.lunch,
    "plant": indoors.plant,
    "runners": outdoors.runners,
    "turbines": outdoors.turbines,
    "warehouse": indoors.warehouse,
}


def draw(name: str) -> bytes:
    """A scene as PNG."""
    sheet = Sheet()
    SCENES[name](sheet, random.Random(name))
    made = io.BytesIO()
    sheet.finished().save(made, "PNG")
    return made.getvalue()
