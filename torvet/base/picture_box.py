"""The box in which pictures are decoded: `python picture_box.py prepare|square:N`, from standard input to output.

Imports nothing of the town, so that it starts by its path alone. Limits itself before it looks at the first byte.
Writes one line of JSON (`first`: bytes of the first picture, `width`, `height`) and then the pictures; on failure a
code to standard error: `broken`, `too_large` or `not_a_picture`.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MEMORY = 768 * 1024 * 1024  # bytes of address space: a WebP of 40 megapixels takes four copies of 160 MB
CPU_SECONDS = 20
LARGEST = 40_000_000  # pixels
FULL, THUMB = 2048, 640  # pixels of the longer side
MOST_FRAMES, MOVING = 200, 800  # frames of a picture that may go on moving, pixels of its longer side
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def main() -> int:
    _limit()
    # Pillow comes after the limits: its own loading counts.
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = LARGEST
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=FORMATS)
        if picture.width * picture.height > LARGEST:
            return _fail("too_large")
        task, _, size = sys.argv[1].partition(":")
        made, (width, height) = _square(picture, int(size)) if task == "square" else _prepared(picture)
    except UnidentifiedImageError:
        return _fail("not_a_picture")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return _fail("too_large")
    except Exception:  # whatever a decoder trips over, the file is what is wrong
        return _fail("broken")
    told = json.dumps({"first": len(made[0]), "width": width, "height": height})
    sys.stdout.buffer.write(told.encode() + b"\n" + b"".join(made))
    return 0


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _prepared(picture: Image) -> tuple[list[bytes], tuple[int, int]]:
    frames = _frames(picture)
    picture.seek(0)
    still = _upright(picture, FULL)
    size = still.size
    if len(frames) > 1:
        full, size = _moving(frames)
    else:
        full = _webp(still)
    still.thumbnail((THUMB, THUMB))
    return [full, _webp(still)], size


def _square(picture: Image, size: int) -> tuple[list[bytes], tuple[int, int]]:
    from PIL import ImageOps  # noqa: PLC0415

    # Small enough to be quick, large enough that the shorter side still fills the square.
    shorter = max(1, min(picture.size))
    longest = max(picture.size) * min(1.0, 2 * size / shorter)
    whole = _upright(picture, max(size, round(longest)))
    return [_webp(ImageOps.fit(whole, (size, size)))], (size, size)


def _upright(picture: Image, longest: int) -> Image:
    """The picture as it was meant to be seen, at most so long: turned as the camera noted, in plain sRGB."""
    from PIL import ImageOps  # noqa: PLC0415

    # Smaller first: a JPEG is then never decoded at full size, and nothing is turned or converted at 40 megapixels.
    picture = _plain(picture) if picture.mode in ("P", "1") or picture.mode.startswith("I") else picture
    picture.thumbnail((longest, longest))
    picture = _plain(_in_srgb(ImageOps.exif_transpose(picture)))
    # Position, camera and owner stand here.
    picture.info.clear()
    return picture


def _plain(picture: Image) -> Image:
    if picture.mode.startswith("I"):
        # 16 bits of grey; converted directly everything above 255 would be white.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    clear = "A" in picture.getbands() or "a" in picture.getbands() or "transparency" in picture.info
    wanted = "RGBA" if clear else "RGB"
    return picture if picture.mode == wanted else picture.convert(wanted)


def _in_srgb(picture: Image) -> Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return picture
    from PIL import ImageCms  # noqa: PLC0415

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB")) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _frames(picture: Image) -> list[tuple[Image, int]]:
    """All frames and their milliseconds, of a picture that moves and is small enough to; else none."""
    if not getattr(picture, "is_animated", False):
        return []
    frames: list[tuple[Image, int]] = []
    try:
        for place in range(MOST_FRAMES + 1):
            picture.seek(place)
            if place == MOST_FRAMES or picture.width * picture.height * (place + 1) > LARGEST:
                return []
            frame = _plain(picture.copy())
            frame.thumbnail((MOVING, MOVING))
            frames.append((frame, max(20, int(picture.info.get("duration", 100)))))
    except EOFError:
        pass
    return frames


def _moving(frames: list[tuple[Image, int]]) -> tuple[bytes, tuple[int, int]]:
    first = frames[0][0]
    first.info.clear()
    made = io.BytesIO()
    first.save(
        made,
        "WEBP",
        save_all=True,
        append_images=[frame for frame, _ in frames[1:]],
        duration=[time for _, time in frames],
        loop=0,
        quality=75,
        method=0,
    )
    return made.getvalue(), first.size


def _webp(picture: Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=82, method=2)
    return made.getvalue()


def _fail(code: str) -> int:
    sys.stderr.write(code)
    return 1


if __name__ == "__main__":
    sys.exit(main())
