"""The box in which pictures are decoded: `python -m torvet.base.picture_box prepare|square:N` from stdin to stdout.

Imports nothing of the town. Limits itself before it looks at the first byte.
"""

from __future__ import annotations

import io
import json
import resource
import sys

MEMORY = 768 * 1024 * 1024  # bytes
CPU_SECONDS = 20
LARGEST = 40_000_000  # pixels
FULL, THUMB = 2048, 640  # pixels of the longer side


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415  # after the limits

    task, _colon, size = sys.argv[1].partition(":")
    try:
        picture = Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("PNG", "JPEG", "GIF", "WEBP"))
    except UnidentifiedImageError:
        return _fail("not_a_picture")
    if picture.width * picture.height > LARGEST:
        return _fail("too_large")
    picture = ImageOps.exif_transpose(picture)
    picture = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
    if task == "square":
        first = _webp(ImageOps.fit(picture, (int(size), int(size))))
        second = b""
    else:
        picture.thumbnail((FULL, FULL))
        width, height = picture.size
        first = _webp(picture)
        picture.thumbnail((THUMB, THUMB))
        second = _webp(picture)
    told = {"first": len(first), "width": width if task != "square" else int(size)}
    told["height"] = height if task != "square" else int(size)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + first + second)
    return 0


def _webp(picture: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=82, method=2)  # type: ignore[attr-defined]  # Pillow is imported late
    return made.getvalue()


def _fail(code: str) -> int:
    sys.stderr.write(code)
    return 1


if __name__ == "__main__":
    sys.exit(main())
