"""A sheet to draw on: 1200 by 750, drawn at twice the size so that edges come out smooth."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE = 1200, 750, 2
Colour = str
Point = tuple[float, float]


class Sheet:
    """All measures are in pixels of the finished picture."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * SCALE, height * SCALE))
        self.pen = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        return self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)

    def sky(self, *colours: Colour, top: float = 0, bottom: float | None = None) -> None:
        """A gradient through these colours, from top to bottom."""
        low, high = top, self.height if bottom is None else bottom
        stops = [_rgb(colour) for colour in colours]
        for row in range(int(low * SCALE), int(high * SCALE)):
            place = (row / SCALE - low) / (high - low) * (len(stops) - 1)
            first = min(int(place), len(stops) - 2)
            part = place - first
            mixed = tuple(
                round(a + (b - a) * part) for a, b in zip(stops[first], stops[first + 1], strict=True)
            )
            self.pen.line([(0, row), (self.width * SCALE, row)], fill=mixed)

    def box(
        self, x: float, y: float, width: float, height: float, colour: Colour, round_by: float = 0
    ) -> None:
        where = [x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE]
        self.pen.rounded_rectangle(where, round_by * SCALE, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour, flat: float = 1) -> None:
        """A circle around x, y; `flat` below 1 makes it lie down."""
        self.pen.ellipse(
            [
                (x - radius) * SCALE,
                (y - radius * flat) * SCALE,
                (x + radius) * SCALE,
                (y + radius * flat) * SCALE,
            ],
            fill=colour,
        )

    def ring(self, x: float, y: float, radius: float, colour: Colour, thick: float) -> None:
        self.pen.ellipse(
            [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE],
            outline=colour,
            width=round(thick * SCALE),
        )

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def line(self, points: Sequence[Point], colour: Colour, thick: float) -> None:
        self.pen.line(
            [(x * SCALE, y * SCALE) for x, y in points],
            fill=colour,
            width=round(thick * SCALE),
            joint="curve",
        )
        for x, y in (points[0], points[-1]):
            self.disc(x, y, thick / 2, colour)

    def hills(self, base: float, height: float, waves: float, shift: float, colour: Colour) -> None:
        """A soft line of hills, filled to the lower edge."""
        points: list[Point] = [(0, self.height)]
        for x in range(0, self.width + 10, 10):
            turn = x / self.width * math.tau * waves + shift
            points.append((x, base - height * (0.6 * math.sin(turn) + 0.4 * math.sin(2.3 * turn + 1))))
        self.shape([*points, (self.width, self.height)], colour)


def _rgb(colour: Colour) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
