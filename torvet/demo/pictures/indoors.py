"""Halls, desks and things to eat."""

from __future__ import annotations

import math
import random

from torvet.demo.pictures.sheet import Sheet


def warehouse(sheet: Sheet, dice: random.Random) -> None:
    """An aisle between high shelves."""
    sheet.sky("#e9edf0", "#d3dade", "#c2c6c4")
    sheet.shape([(0, 750), (1200, 750), (760, 470), (440, 470)], "#b9bcb8")
    sheet.shape([(560, 470), (640, 470), (820, 750), (380, 750)], "#c9ccc6")
    sheet.line([(540, 470), (330, 750)], "#e7b93c", 7)
    sheet.line([(660, 470), (870, 750)], "#e7b93c", 7)
    sheet.box(440, 220, 320, 250, "#f5f6f3")
    sheet.box(540, 330, 120, 140, "#87a9b8")
    for lamp in range(4):
        wide = 60 + lamp * 70
        sheet.box(600 - wide / 2, 190 - lamp * 52, wide, 8 + lamp * 3, "#fffbe4", 4)
    colours = ("#b98a5b", "#c99d6e", "#a97b4f", "#d6b184", "#6f9aa8", "#d26a4c", "#5f8f6e")
    for side in (-1, 1):
        for bay in range(4):
            near, far = 1 - bay * 0.25, 1 - (bay + 1) * 0.25
            x1, x2 = 600 + side * (160 + 460 * near), 600 + side * (160 + 460 * far)
            for level in range(5):

                def height(part: float, step: float) -> float:
                    return 470 + 250 * part - step * (50 + 105 * part)

                y1, y2 = height(near, level), height(far, level)
                t1, t2 = height(near, level + 0.72), height(far, level + 0.72)
                boxes = 3
                for box in range(boxes):
                    a, b = box / boxes + 0.03, (box + 1) / boxes - 0.03
                    if dice.random() < 0.14:
                        continue
                    points = [
                        (x1 + (x2 - x1) * a, y1 + (y2 - y1) * a), (x1 + (x2 - x1) * b, y1 + (y2 - y1) * b),
                        (x1 + (x2 - x1) * b, t1 + (t2 - t1) * b), (x1 + (x2 - x1) * a, t1 + (t2 - t1) * a),
                    ]  # fmt: skip
                    sheet.shape(points, dice.choice(colours))
                sheet.line([(x1, y1), (x2, y2)], "#e2662f", 3 + 6 * near)
            sheet.line([(x1, height(near, 0) + 12), (x1, height(near, 5))], "#2b5d86", 4 + 9 * near)


def cake(sheet: Sheet, dice: random.Random) -> None:
    """A layer cake with berries, a flag in it."""
    sheet.sky("#fbe9d8", "#f6d9c6", bottom=520)
    for x in range(40, 1200, 130):
        for y in range(40, 500, 110):
            sheet.disc(x + (y // 110 % 2) * 60, y, 7, "#f2c9b2")
    sheet.box(0, 520, 1200, 230, "#b97f56")
    sheet.box(0, 520, 1200, 14, "#cf9468")
    sheet.disc(600, 625, 340, "#f3f1ea", 0.16)
    sheet.disc(600, 618, 300, "#dcd8cc", 0.14)
    for y, colour in (
        (560, "#e6bd7a"),
        (525, "#fffaf0"),
        (500, "#d9566a"),
        (465, "#e6bd7a"),
        (430, "#fffaf0"),
        (405, "#d9566a"),
        (370, "#e6bd7a"),
    ):
        sheet.box(360, y, 480, 42, colour, 12)
    sheet.disc(600, 380, 245, "#fffaf2", 0.2)
    for drip in range(13):
        sheet.box(362 + drip * 37, 372, 30, dice.randrange(30, 84), "#fffaf2", 15)
    for berry in range(26):
        turn = berry * 2.4
        far = 30 + berry * 7
        sheet.disc(
            600 + math.cos(turn) * far,
            366 + math.sin(turn) * far * 0.18,
            17,
            dice.choice(("#d23c4f", "#b52a44", "#4b4f9c", "#e2566a")),
        )
    sheet.line([(600, 360), (600, 190)], "#e9e4d6", 6)
    sheet.shape([(603, 192), (720, 192), (700, 226), (720, 262), (603, 262)], "#0b7a4b")
    sheet.disc(650, 227, 15, "#fffaf2")


def lunch(sheet: Sheet, dice: random.Random) -> None:
    """Open sandwiches seen from above."""
    sheet.sky("#7d9a86", "#6b8a76")
    for x in range(-200, 1400, 90):
        sheet.line([(x, 0), (x + 260, 750)], "#86a38f", 2)
    sheet.disc(430, 385, 285, "#f4f2ea")
    sheet.disc(430, 385, 235, "#fbfaf6")
    for x, y, spread in ((330, 300, "#f0a24a"), (520, 340, "#f3e3a8"), (400, 490, "#e58f7e")):
        sheet.box(x - 95, y - 60, 190, 120, "#6b442b", 16)
        sheet.box(x - 86, y - 52, 172, 104, spread, 14)
        for _leaf in range(10):
            sheet.disc(
                x + dice.uniform(-66, 66),
                y + dice.uniform(-36, 36),
                dice.uniform(6, 13),
                dice.choice(("#4f8a4c", "#6da85f", "#fdf8e4", "#c9404a")),
            )
    sheet.disc(900, 240, 120, "#e8e4d8")
    sheet.disc(900, 240, 98, "#5a3825")
    sheet.disc(882, 224, 50, "#7a5138")
    sheet.ring(1035, 240, 40, "#e8e4d8", 17)
    sheet.box(820, 440, 270, 210, "#f2d16b", 8)
    sheet.box(840, 462, 230, 14, "#b8933a", 4)
    for row in range(5):
        sheet.box(840, 496 + row * 28, 220 - (row % 3) * 50, 8, "#c9a548", 4)
    for x in (735, 762):
        sheet.box(x, 210, 12, 360, "#dfe3e4", 6)


def plant(sheet: Sheet, dice: random.Random) -> None:
    """The office plant, much too large."""
    sheet.sky("#dce8e0", "#c9dad0", bottom=600)
    sheet.box(690, 90, 380, 330, "#f7f6f0", 6)
    sheet.box(706, 106, 348, 298, "#9ccbe0")
    sheet.disc(960, 170, 34, "#fff2c2")
    for x, tall in ((720, 90), (790, 140), (850, 70), (910, 160), (980, 110)):
        sheet.box(x, 404 - tall, 58, tall, "#6f93a4")
    sheet.box(876, 106, 8, 298, "#f7f6f0")
    sheet.box(0, 600, 1200, 150, "#b58a63")
    sheet.disc(370, 690, 150, "#9d7550", 0.15)
    for leaf in range(19):
        angle = -math.pi / 2 + (leaf - 9) * 0.19
        long = 300 - abs(leaf - 9) * 9 + dice.uniform(-30, 30)
        tip = (370 + math.cos(angle) * long, 520 + math.sin(angle) * long)
        across = (math.cos(angle + 1.57) * 34, math.sin(angle + 1.57) * 34)
        middle = (370 + math.cos(angle) * long * 0.6, 520 + math.sin(angle) * long * 0.6)
        colour = ("#2f7a4d", "#3d9160", "#56a872")[leaf % 3]
        sheet.shape(
            [
                (370, 530),
                (middle[0] + across[0], middle[1] + across[1]),
                tip,
                (middle[0] - across[0], middle[1] - across[1]),
            ],
            colour,
        )
        sheet.line([(370, 530), tip], "#25643f", 2)
    sheet.shape([(270, 520), (470, 520), (445, 690), (295, 690)], "#d96f45")
    sheet.box(258, 505, 224, 34, "#e58157", 6)
    sheet.disc(335, 600, 9, "#53261a")
    sheet.disc(405, 600, 9, "#53261a")
    sheet.line([(345, 632), (370, 644), (395, 632)], "#53261a", 5)


def desk(sheet: Sheet, dice: random.Random) -> None:
    """A desk at home, a cat on the keyboard."""
    sheet.sky("#efe3d3", "#e8d8c4", bottom=530)
    sheet.box(90, 80, 300, 300, "#fbf8f2", 8)
    sheet.box(106, 96, 268, 268, "#a9c9d8")
    sheet.disc(180, 190, 40, "#ffffff", 0.6)
    sheet.disc(230, 180, 52, "#ffffff", 0.6)
    sheet.box(0, 530, 1200, 30, "#8b5e3c")
    sheet.box(0, 560, 1200, 190, "#734b2e")
    sheet.box(480, 180, 430, 270, "#23292e", 14)
    sheet.box(498, 198, 394, 234, "#d7ecdf", 6)
    for row in range(4):
        sheet.disc(535, 232 + row * 52, 16, ("#0b7a4b", "#d4572f", "#2f6fa8", "#e5b143")[row])
        sheet.box(566, 220 + row * 52, 230 - row % 2 * 60, 9, "#7aa08a", 4)
        sheet.box(566, 237 + row * 52, 290 - row % 3 * 50, 9, "#a9c7b5", 4)
    sheet.box(670, 450, 50, 60, "#3a4249")
    sheet.box(600, 502, 190, 18, "#3a4249", 9)
    sheet.disc(990, 455, 105, "#c98a4b", 0.72)
    sheet.disc(1085, 385, 62, "#c98a4b")
    sheet.shape([(1034, 360), (1040, 296), (1080, 330)], "#c98a4b")
    sheet.shape([(1096, 328), (1132, 296), (1140, 358)], "#c98a4b")
    for x in (1066, 1108):
        sheet.line([(x - 9, 384), (x, 391), (x + 9, 384)], "#4a2d17", 4)
    sheet.disc(1087, 404, 6, "#7b3f35")
    sheet.line([(905, 490), (850, 512), (800, 505)], "#c98a4b", 24)
    for stripe in range(4):
        sheet.line([(935 + stripe * 32, 392 + abs(stripe - 1.5) * 8), (942 + stripe * 32, 430)], "#9c6430", 9)
    sheet.box(300, 420, 92, 110, "#d4572f", 10)
    sheet.ring(402, 472, 28, "#d4572f", 12)


def figures(sheet: Sheet, dice: random.Random) -> None:
    """Bars that fall and rise again."""
    sheet.sky("#f7f8f5", "#eef2ee")
    for y in range(150, 640, 98):
        sheet.line([(110, y), (1110, y)], "#d9e0da", 2)
    for number, tall in enumerate((300, 340, 330, 370, 290, 205, 250, 310)):
        sheet.box(140 + number * 120, 640 - tall, 76, tall, "#c9503f" if number == 5 else "#0b7a4b", 8)
    sheet.line(
        [(180, 330), (300, 292), (420, 300), (540, 262), (660, 340), (780, 425), (900, 380), (1020, 318)],
        "#24516e",
        6,
    )
    for x, y in (
        (180, 330),
        (300, 292),
        (420, 300),
        (540, 262),
        (660, 340),
        (780, 425),
        (900, 380),
        (1020, 318),
    ):
        sheet.disc(x, y, 12, "#24516e")
        sheet.disc(x, y, 6, "#ffffff")
    sheet.line([(110, 642), (1110, 642)], "#56635c", 4)
