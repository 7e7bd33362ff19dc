"""Sea, harbour and hills."""

from __future__ import annotations

import math
import random

from torvet.demo.pictures.sheet import Sheet


def _turbine(sheet: Sheet, x: float, foot: float, size: float, turn: float, colour: str) -> None:
    hub = foot - size
    sheet.shape(
        [
            (x - size * 0.022, foot),
            (x + size * 0.022, foot),
            (x + size * 0.012, hub),
            (x - size * 0.012, hub),
        ],
        colour,
    )
    for blade in range(3):
        angle = turn + blade * math.tau / 3
        tip = (x + math.cos(angle) * size * 0.55, hub + math.sin(angle) * size * 0.55)
        broad = (x + math.cos(angle + 0.16) * size * 0.16, hub + math.sin(angle + 0.16) * size * 0.16)
        sheet.shape([(x, hub), broad, tip], colour)
    sheet.disc(x, hub, size * 0.03, colour)


def _waves(sheet: Sheet, dice: random.Random, top: float, colour: str, number: int = 60) -> None:
    for _wave in range(number):
        y = dice.uniform(top, sheet.height)
        near = (y - top) / (sheet.height - top)
        x, long = dice.uniform(-40, sheet.width), dice.uniform(20, 60) * (0.4 + near)
        sheet.line([(x, y), (x + long, y)], colour, 1 + 3 * near)


def turbines(sheet: Sheet, dice: random.Random) -> None:
    """A wind farm at dawn."""
    sheet.sky("#2b4c7e", "#8fa8c8", "#f6c28b", "#fbe3c0", bottom=500)
    sheet.disc(830, 470, 70, "#fff3d6")
    sheet.sky("#e9b98c", "#4f7391", "#1f3f5f", top=500)
    for x, size, turn in (
        (150, 110, 0.2),
        (300, 120, 1.0),
        (470, 105, 0.5),
        (620, 125, 1.7),
        (1080, 115, 0.8),
    ):
        _turbine(sheet, x, 505, size, turn, "#e8d5c8")
    for x, size, turn in ((230, 300, 0.9), (560, 260, 0.1), (1000, 380, 1.4)):
        _turbine(sheet, x, 545 + size / 12, size, turn, "#fdf8f2")
        sheet.box(x - 9, 535 + size / 12, 18, 16, "#f2b632")
    _waves(sheet, dice, 520, "#f4d2a8", 45)


def harbour(sheet: Sheet, dice: random.Random) -> None:
    """Cranes and boxes at the quay."""
    sheet.sky("#bfe1ee", "#e8f4f2", "#fdf3e1", bottom=520)
    sheet.disc(960, 150, 55, "#ffe7a8")
    sheet.hills(430, 26, 1.4, 0.6, "#b9d2c8")
    for x, colour in ((180, "#c8503c"), (640, "#d9862f")):
        for leg in (0, 130):
            sheet.box(x + leg, 190, 16, 330, colour)
        sheet.box(x - 120, 176, 380, 20, colour)
        sheet.line([(x + 60, 90), (x - 110, 180)], colour, 5)
        sheet.line([(x + 60, 90), (x + 250, 180)], colour, 5)
        sheet.box(x + 52, 90, 16, 90, colour)
        sheet.box(x + 8, 300, 130, 12, colour)
        sheet.line([(x - 70, 196), (x - 70, 330)], "#44535c", 3)
        sheet.box(x - 115, 330, 90, 38, "#2f7f86", 2)
    colours = ("#1f6f8b", "#d4574a", "#e5b143", "#4f8f64", "#5b6ea8", "#f0ead8")
    for column in range(11):
        for level in range(dice.choice((1, 2, 2, 3, 4))):
            x, y = 20 + column * 108, 478 - level * 42
            sheet.box(x, y, 102, 38, dice.choice(colours), 2)
    sheet.box(0, 516, 1200, 26, "#75807e")
    sheet.sky("#4f95a6", "#26687f", top=542)
    _waves(sheet, dice, 556, "#8cc3cc", 50)


def boat(sheet: Sheet, dice: random.Random) -> None:
    """The service boat on its way out."""
    sheet.sky("#8ec9e8", "#d9eef5", "#f7f5e8", bottom=430)
    for x, y, size in ((200, 130, 46), (850, 90, 38), (1040, 180, 30)):
        for step, bump in ((-1.1, 0.7), (0, 1), (1.2, 0.75)):
            sheet.disc(x + step * size, y, size * bump, "#ffffff", 0.7)
    for x, size in ((120, 120), (1010, 140), (1120, 110)):
        _turbine(sheet, x, 432, size, x / 100, "#ffffff")
    sheet.sky("#3f8fb0", "#1b5a7d", top=430)
    _waves(sheet, dice, 445, "#8cc6da", 60)
    sheet.shape([(330, 500), (900, 470), (845, 590), (400, 600)], "#e2572f")
    sheet.shape([(345, 520), (893, 492), (885, 508), (352, 538)], "#ffffff")
    sheet.shape([(430, 500), (440, 385), (640, 375), (700, 485)], "#f7f7f2")
    for step in range(3):
        sheet.box(462 + step * 62, 406, 46, 38, "#2b4a60", 5)
    sheet.line([(520, 385), (520, 280)], "#f0f0ea", 6)
    sheet.line([(480, 310), (560, 310)], "#f0f0ea", 5)
    sheet.shape([(522, 284), (572, 296), (522, 308)], "#c33f2e")
    for x in range(380, 900, 34):
        sheet.disc(x, 606 - (x - 380) * 0.02, 24, "#e9f5f7", 0.5)


def fjord(sheet: Sheet, dice: random.Random) -> None:
    """Bergen: hills, wooden houses, rain on its way."""
    sheet.sky("#7d94a8", "#b7c6cf", "#e3e6e0", bottom=520)
    sheet.shape(
        [
            (0, 430),
            (180, 190),
            (330, 330),
            (520, 120),
            (760, 360),
            (930, 230),
            (1200, 420),
            (1200, 560),
            (0, 560),
        ],
        "#6f8a86",
    )
    sheet.shape([(470, 178), (520, 120), (578, 182), (540, 172), (515, 196)], "#eef3f3")
    sheet.hills(430, 40, 1.2, 2.2, "#44695c")
    colours = ("#b8402f", "#e8dcc0", "#d8952f", "#8b2f2a", "#f2efe6", "#c77b3c", "#7a9a6a")
    for place in range(9):
        x, tall, colour = 90 + place * 114, dice.randrange(90, 130), colours[place % len(colours)]
        sheet.box(x, 540 - tall, 104, tall, colour)
        sheet.shape([(x - 4, 540 - tall), (x + 52, 540 - tall - 52), (x + 108, 540 - tall)], "#3c3f44")
        for row in range(2):
            for column in range(3):
                sheet.box(
                    x + 14 + column * 30,
                    540 - tall + 14 + row * 40,
                    17,
                    24,
                    "#f6edcf" if (place + row + column) % 3 else "#43525c",
                )
    sheet.box(0, 538, 1200, 12, "#6c5a48")
    sheet.sky("#5d7f8d", "#2c4c5c", top=550)
    _waves(sheet, dice, 562, "#93afb8", 45)
    for _drop in range(130):
        left, top = dice.uniform(0, 1200), dice.uniform(0, 520)
        sheet.line([(left, top), (left - 5, top + 17)], "#d4dee2", 1)


def lights(sheet: Sheet, dice: random.Random) -> None:
    """Northern lights above the night shift."""
    sheet.sky("#071426", "#0d2a3f", "#174a55", bottom=560)
    for _star in range(160):
        sheet.disc(dice.uniform(0, 1200), dice.uniform(0, 430), dice.uniform(0.5, 1.6), "#dbe8ef")
    for band, (low, colour) in enumerate(
        ((330, "#1c6d64"), (300, "#2a9477"), (265, "#57c495"), (250, "#9be8bd"))
    ):
        for x in range(0, 1200, 5):
            turn = x / 1200 * 5 + band * 0.25
            top = low - 70 * math.sin(turn) - 30 * math.sin(turn * 2.7)
            long = (150 - band * 34) * (0.6 + 0.4 * math.sin(turn * 5.3 + band))
            if long > 4:
                sheet.line([(x, top), (x, top + long)], colour, 2.4)
    sheet.hills(520, 30, 1.1, 0.2, "#06121d")
    for x, size in ((250, 210), (520, 170), (930, 240)):
        _turbine(sheet, x, 560, size, x / 70, "#0b1c29")
        sheet.disc(x, 560 - size - 8, 4, "#ff5a4a")
    sheet.sky("#0a2230", "#050d14", top=600)
    _waves(sheet, dice, 606, "#1d5a58", 45)


def runners(sheet: Sheet, dice: random.Random) -> None:
    """Three runners along the water."""
    sheet.sky("#ffd9a0", "#ffe9c9", "#fff6e6", bottom=430)
    sheet.disc(250, 300, 85, "#fff7d9")
    sheet.hills(420, 24, 2, 1, "#9fc0a2")
    sheet.sky("#86b9c2", "#5d9aa8", top=430, bottom=520)
    _waves(sheet, dice, 440, "#c8e2e4", 12)
    sheet.shape([(0, 520), (1200, 500), (1200, 750), (0, 750)], "#d8c5a2")
    sheet.shape([(0, 525), (1200, 505), (1200, 520), (0, 545)], "#7fa36c")
    for x, shirt, skin, hair in (
        (330, "#0b7a4b", "#f0c7a2", "#5a3a24"),
        (580, "#d4572f", "#8f5a3a", "#22201f"),
        (830, "#2f6fa8", "#f3d2b6", "#d9b25c"),
    ):
        sheet.disc(x + 5, 690, 62, "#bfa980", 0.16)
        sheet.line([(x, 545), (x + 42, 600), (x + 28, 655)], "#22303c", 19)
        sheet.line([(x, 545), (x - 30, 605), (x - 80, 618)], "#2c3b48", 19)
        sheet.line([(x + 28, 660), (x + 54, 660)], "#f4f4f4", 14)
        sheet.line([(x - 82, 610), (x - 92, 634)], "#f4f4f4", 14)
        sheet.line([(x, 545), (x + 20, 450)], shirt, 46)
        sheet.line([(x + 18, 455), (x + 56, 492), (x + 86, 462)], skin, 14)
        sheet.line([(x + 14, 455), (x - 26, 490), (x - 4, 526)], skin, 14)
        sheet.disc(x + 30, 394, 29, skin)
        sheet.disc(x + 22, 380, 25, hair, 0.75)


def bikes(sheet: Sheet, dice: random.Random) -> None:
    """Cargo bikes in front of the hall."""
    sheet.sky("#cfe8ef", "#eef6f1", bottom=510)
    sheet.box(60, 150, 1080, 360, "#c7583f")
    for y in range(165, 505, 18):
        sheet.line([(64, y), (1136, y)], "#bb4f38", 1.5)
    for x in (150, 430, 710, 950):
        sheet.box(x, 210, 130, 150, "#f4ede0", 4)
        sheet.box(x + 9, 219, 52, 132, "#7fb0c0", 2)
        sheet.box(x + 69, 219, 52, 132, "#8dbccb", 2)
    sheet.box(0, 505, 1200, 245, "#cfc8ba")
    sheet.box(0, 505, 1200, 12, "#a8a294")
    for x, colour, box in (
        (190, "#0b7a4b", "#e8b93e"),
        (560, "#24516e", "#e9e2d2"),
        (930, "#b83a2d", "#6a9a74"),
    ):
        for wheel, size in ((-90, 58), (110, 58)):
            sheet.ring(x + wheel, 620, size, "#23282c", 9)
            for spoke in range(6):
                angle = spoke * math.pi / 6
                sheet.line(
                    [
                        (x + wheel - math.cos(angle) * 50, 620 - math.sin(angle) * 50),
                        (x + wheel + math.cos(angle) * 50, 620 + math.sin(angle) * 50),
                    ],
                    "#9aa2a6",
                    1,
                )
        sheet.line([(x - 90, 620), (x - 35, 530), (x + 40, 530), (x + 110, 620)], colour, 10)
        sheet.line([(x - 90, 620), (x - 10, 625), (x + 40, 530)], colour, 10)
        sheet.line([(x - 35, 530), (x - 45, 500)], colour, 9)
        sheet.line([(x - 66, 496), (x - 22, 496)], "#23282c", 13)
        sheet.line([(x + 40, 530), (x + 30, 470), (x + 4, 462)], "#23282c", 8)
        sheet.shape([(x + 50, 500), (x + 178, 500), (x + 160, 592), (x + 70, 592)], box)
