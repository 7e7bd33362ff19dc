"""Pictures are decoded in a box of their own: what comes out is plain, upright and says nothing of its maker."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from torvet.base import pictures
from torvet.base.pictures import PictureRefused, prepare, square

CANARY = b"Mette Dahls Telefon 55.6761 N"


def made(picture: Image.Image, kind: str, **options: object) -> bytes:
    raw = io.BytesIO()
    picture.save(raw, kind, **options)
    return raw.getvalue()


def read(raw: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(raw))
    picture.load()
    return picture


def halves(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Red above, blue below."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (0, height // 2, width, height))
    return picture.convert(mode)


def located() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    exif[0x010F] = CANARY.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 40.0, 33.0), 29: CANARY.decode()})
    return exif


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "RGB"), ("JPEG", "CMYK"),
     ("JPEG", "L"), ("GIF", "P"), ("WEBP", "RGB"), ("WEBP", "RGBA")],
)  # fmt: skip
def test_every_usual_picture_becomes_webp_in_two_sizes(kind, mode):
    ready = prepare(made(halves(900, 700, mode), kind))
    full, thumb = read(ready.full), read(ready.thumb)
    assert (full.format, thumb.format, ready.mime) == ("WEBP", "WEBP", "image/webp")
    assert full.size == (ready.width, ready.height) == (900, 700)
    assert thumb.size == (640, 498)
    if mode not in ("L", "1"):
        red, _, blue = full.convert("RGB").getpixel((450, 100))[:3]
        assert red > 180 > 80 > blue


def test_a_large_picture_is_made_smaller():
    ready = prepare(made(halves(5000, 2500), "JPEG"))
    assert (ready.width, ready.height) == (2048, 1024)
    assert read(ready.thumb).size == (640, 320)


def test_position_and_owner_are_gone_and_the_picture_stands_upright():
    source = made(halves(600, 400), "JPEG", exif=located(), comment=CANARY)
    assert CANARY in source
    ready = prepare(source)
    for raw in (ready.full, ready.thumb, square(source)):
        assert CANARY not in raw
        assert b"EXIF" not in raw and b"XMP " not in raw
        assert not read(raw).getexif()
    assert (ready.width, ready.height) == (400, 600)
    left, right = (read(ready.full).convert("RGB").getpixel((x, 300)) for x in (50, 350))
    assert left[2] > 180 and right[0] > 180, "red was above, so it is right after a turn clockwise"


def test_notes_in_a_png_are_gone():
    notes = PngInfo()
    notes.add_text("Author", CANARY.decode())
    notes.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    assert CANARY not in prepare(made(halves(40, 40), "PNG", pnginfo=notes, exif=located())).full


def test_colours_of_another_profile_are_brought_to_srgb():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    ready = prepare(made(halves(100, 100), "JPEG", icc_profile=lab))
    assert b"ICCP" not in ready.full
    broken = prepare(made(halves(100, 100), "JPEG", icc_profile=b"not a profile" * 30))
    assert b"ICCP" not in broken.full


def test_clear_parts_stay_clear():
    ready = prepare(made(Image.new("RGBA", (50, 50), (255, 0, 0, 0)), "PNG"))
    assert read(ready.full).convert("RGBA").getpixel((25, 25))[3] == 0


def test_sixteen_bits_of_grey_are_not_all_white():
    grey = Image.new("I;16", (50, 50), 0x4000)
    assert 50 < read(prepare(made(grey, "PNG")).full).convert("L").getpixel((25, 25)) < 80


def frames(count: int, size: tuple[int, int] = (60, 40)) -> bytes:
    pictures = [Image.new("RGB", size, (n * 7 % 256, n % 256, 99)) for n in range(count)]
    return made(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=50)


def test_a_short_moving_picture_goes_on_moving_and_its_thumbnail_stands_still():
    ready = prepare(frames(12))
    assert read(ready.full).n_frames == 12
    assert read(ready.thumb).n_frames == 1
    assert (ready.width, ready.height) == (60, 40)


def test_of_a_very_long_moving_picture_the_first_frame_is_kept():
    assert read(prepare(frames(201)).full).n_frames == 1
    assert read(prepare(frames(3000, (4, 4))).full).n_frames == 1


@pytest.mark.parametrize("size", [(900, 300), (300, 900), (20, 10), (6000, 400), (256, 256)])
def test_a_square_is_cut_from_the_middle(size):
    assert read(square(made(halves(*size), "PNG"))).size == (256, 256)
    assert read(square(made(halves(*size), "JPEG", exif=located()), size=64)).size == (64, 64)


def png_of(width: int, height: int, rows: bytes = b"") -> bytes:
    def chunk(kind: bytes, inside: bytes) -> bytes:
        return struct.pack(">I", len(inside)) + kind + inside + struct.pack(">I", zlib.crc32(kind + inside))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    "size", [(1, 2**31 - 1), (2**31 - 1, 1), (30_000, 30_000), (6325, 6325), (12_000, 12_000)]
)
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(size):
    with pytest.raises(PictureRefused) as caught:
        prepare(png_of(*size))
    assert caught.value.code == "too_large"


def test_forty_megapixels_still_fit():
    width, height = 6324, 6324
    ready = prepare(png_of(width, height, (b"\0" + b"\x80" * width) * height))
    assert (ready.width, ready.height) == (2048, 2048)


SOUND = made(halves(300, 200), "JPEG")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "not_a_picture"),
        (b"hello", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n", "not_a_picture"),
        (SOUND[: len(SOUND) // 2], "broken"),
        (png_of(50, 50), "broken"),
        (made(halves(300, 200), "GIF")[:100], "broken"),
    ],
)
def test_what_is_no_picture_or_broken_is_refused(source, code):
    with pytest.raises(PictureRefused) as caught:
        prepare(source)
    assert caught.value.code in ((code, "not_a_picture") if code == "broken" else (code,))
    with pytest.raises(PictureRefused):
        square(source)


def test_formats_that_are_not_on_the_list_are_not_even_opened():
    for kind in ("BMP", "TIFF", "ICO", "PPM", "PDF", "EPS"):
        with pytest.raises(PictureRefused) as caught:
            prepare(made(halves(50, 50), kind))
        assert caught.value.code == "not_a_picture"


def test_a_script_hidden_in_a_picture_does_not_come_out():
    for source in (
        SOUND + b"<script>alert(1)</script>",
        made(halves(9, 9), "GIF", comment=b"*/=1;alert(1)//"),
    ):
        ready = prepare(source)
        assert b"alert" not in ready.full + ready.thumb


def test_the_box_knows_nothing_of_us(monkeypatch):
    seen: dict[str, object] = {}
    real = pictures.subprocess.run

    def watched(command: list[str], **options: object) -> object:
        seen.update(options, command=command, left=list(Path(str(options["cwd"])).iterdir()))
        return real(command, **options)

    monkeypatch.setattr(pictures.subprocess, "run", watched)
    monkeypatch.setenv("TORVET_SECRET", "canary")
    prepare(SOUND)
    assert seen["env"] == {}
    assert seen["left"] == []
    assert not Path(str(seen["cwd"])).exists()
    assert "-I" in seen["command"]


def test_the_box_cannot_write_files_nor_take_all_memory(tmp_path):
    box = Path(pictures.__file__).with_name("picture_box.py")
    code = (
        f"import runpy; box = runpy.run_path({str(box)!r}); box['_limit']()\n"
        "for harm in (lambda: open('x', 'wb', 0).write(b'x'), lambda: bytearray(2 * 1024**3)):\n"
        "    try: harm()\n"
        "    except (OSError, MemoryError) as error: print(type(error).__name__)\n"
    )
    guarded = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + code
    done = subprocess.run(
        [sys.executable, "-c", guarded], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.stdout.split() == ["OSError", "MemoryError"]
