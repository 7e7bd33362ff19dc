"""Pictures, decoded and written anew in a process of their own: a hostile file cannot hurt the server, and what the
camera wrote into it (place, owner) does not survive.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass

SECONDS = 30
LARGEST = 40_000_000  # pixels


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
    """Full size (at most 2048 pixels a side) and thumbnail (640) of a picture. Raises PictureRefused."""
    told, first, second = _in_the_box("prepare", source)
    return Pictures(first, second, told["width"], told["height"])


def square(source: bytes, size: int = 256) -> bytes:
    """A square WebP of the middle of a picture, for profile photos. Raises PictureRefused."""
    return _in_the_box(f"square:{size}", source)[1]


def _in_the_box(task: str, source: bytes) -> tuple[dict[str, int], bytes, bytes]:
    with tempfile.TemporaryDirectory() as empty:
        try:
            done = subprocess.run(  # noqa: S603  # our own module, no shell
                [sys.executable, "-I", "-m", "torvet.base.picture_box", task],
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
