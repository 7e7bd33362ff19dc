"""Pictures, decoded and written anew in a process of their own: a hostile file cannot hurt the server, and what the
camera wrote into it (place, owner) does not survive.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

SECONDS = 30
AT_ONCE = 2
"""Boxes open at once in one process: each may take 768 MB, and an import prepares thousands of pictures."""

_BOX = Path(__file__).with_name("picture_box.py")
_turns = BoundedSemaphore(AT_ONCE)


class PictureRefused(Exception):
    """`code`: "broken", "too_large" or "not_a_picture"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Pictures:
    """`full` and `thumb` are WebP; width and height, in pixels, are those of `full`."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    mime: str = "image/webp"


def prepare(source: bytes) -> Pictures:
    """Full size (at most 2048 pixels a side) and thumbnail (640) of a picture. Raises PictureRefused.

    A picture that moves goes on moving in full, at most 800 pixels a side, and stands still in its thumbnail. Takes a
    process of its own: about 0.4 s of one core for a screenshot, 0.7 s for a photo of 12 megapixels.
    """
    told, first, second = _in_the_box("prepare", source)
    return Pictures(first, second, told["width"], told["height"])


def square(source: bytes, size: int = 256) -> bytes:
    """A square WebP of the middle of a picture, for profile photos. Raises PictureRefused."""
    return _in_the_box(f"square:{size}", source)[1]


def _in_the_box(task: str, source: bytes) -> tuple[dict[str, int], bytes, bytes]:
    with _turns, tempfile.TemporaryDirectory() as empty:
        try:
            done = subprocess.run(  # noqa: S603  # our own file, no shell
                [sys.executable, "-I", str(_BOX), task],
                input=source,
                capture_output=True,
                timeout=SECONDS,
                cwd=empty,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PictureRefused("broken") from error
    if done.returncode != 0:
        code = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
        raise PictureRefused(code if code in {"too_large", "not_a_picture"} else "broken")
    head, _line, rest = done.stdout.partition(b"\n")
    told = json.loads(head)
    return told, rest[: told["first"]], rest[told["first"] :]
