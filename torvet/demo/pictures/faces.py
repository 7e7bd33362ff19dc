"""Portraits for profiles: a head, hair, shoulders, a calm background."""

from __future__ import annotations

import io

from torvet.demo.pictures.sheet import Sheet

SIZE = 256
SKINS = {"light": "#f3d3bb", "fair": "#f0c6a4", "olive": "#d9a679", "brown": "#a5693f", "dark": "#6f4429"}


def face(
    skin: str, hair: str, shirt: str, back: str, cut: str, glasses: bool = False, beard: bool = False
) -> bytes:
    """A portrait as PNG. `hair`, `shirt` and `back` are colours, `cut` is short, long, bun, curls or bald."""
    sheet = Sheet(SIZE, SIZE)
    tone = SKINS[skin]
    sheet.sky(back, back)
    sheet.disc(205, 50, 90, _lighter(back))
    if cut == "long":
        sheet.box(66, 70, 124, 140, hair, 56)
    elif cut == "bun":
        sheet.disc(128, 42, 28, hair)
    elif cut == "curls":
        for x, y in ((70, 110), (74, 80), (92, 56), (120, 46), (148, 50), (170, 66), (184, 92), (186, 118)):
            sheet.disc(x, y, 26, hair)
    sheet.disc(128, 268, 96, shirt, 0.72)
    sheet.box(108, 160, 40, 56, _darker(tone), 18)
    sheet.shape([(100, 204), (128, 232), (156, 204), (128, 214)], _lighter(shirt))
    for ear in (72, 184):
        sheet.disc(ear, 124, 11, tone)
    sheet.disc(128, 120, 56, tone, 1.14)
    if beard:
        sheet.box(78, 138, 100, 48, hair, 24)
        sheet.box(102, 132, 52, 22, tone, 10)
    if cut != "bald":
        sheet.pen.chord([144, 100, 368, 330], 186, 354, fill=hair)
    if cut == "long":
        sheet.box(66, 92, 16, 96, hair, 8)
        sheet.box(174, 92, 16, 96, hair, 8)
    for eye in (106, 150):
        sheet.disc(eye, 124, 5.5, "#2a2320")
        sheet.line([(eye - 9, 109), (eye + 9, 109)], _darker(hair if cut != "bald" else tone), 3)
    if glasses:
        sheet.ring(106, 124, 17, "#2f3338", 3)
        sheet.ring(150, 124, 17, "#2f3338", 3)
        sheet.line([(122, 122), (134, 122)], "#2f3338", 3)
    sheet.line([(128, 130), (125, 144), (131, 145)], _darker(tone), 2.5)
    sheet.line([(113, 160), (128, 166), (143, 160)], "#9c4a40", 4)
    made = io.BytesIO()
    sheet.finished().save(made, "PNG")
    return made.getvalue()


def _lighter(colour: str) -> str:
    return _towards(colour, 255, 0.22)


def _darker(colour: str) -> str:
    return _towards(colour, 0, 0.16)


def _towards(colour: str, end: int, part: float) -> str:
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(value + (end - value) * part):02x}" for value in parts)
