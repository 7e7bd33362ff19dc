"""What a file is goes by its bytes, and its name is made harmless."""

import io
import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torvet.base.files import LONGEST_NAME, is_inline, safe_name, sniff


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("head", "name", "mime"),
    [
        (b"\x89PNG\r\n\x1a\n0000", "a.png", "image/png"),
        (b"\xff\xd8\xff\xe0", "a.txt", "image/jpeg"),
        (b"GIF89a", "a.gif", "image/gif"),
        (b"RIFF0000WEBPVP8 ", "a.webp", "image/webp"),
        (b"RIFF0000WAVEfmt ", "a.wav", "audio/wav"),
        (b"%PDF-1.7", "a.pdf", "application/pdf"),
        (zipped("[Content_Types].xml", "word/document.xml"), "a.docx", WORD),
        (zipped("evil.exe"), "a.docx", "application/zip"),
        (zipped("a"), "a.zip", "application/zip"),
        (b"\x00\x00\x00\x18ftypisom", "a.mp4", "video/mp4"),
        (b"\x00\x00\x00\x18ftypheic", "a.jpg", "image/heic"),
        (b"\x1aE\xdf\xa3", "a.webm", "video/webm"),
        (b"ID3\x03", "a.mp3", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "a.mp3", "audio/mpeg"),
        (b"OggS\x00", "a.ogg", "audio/ogg"),
        (b'<?xml version="1.0"?>\n<!-- x --><svg onload="x">', "a.png", "image/svg+xml"),
        (b"\xef\xbb\xbf <!DOCTYPE html><html>", "a.txt", "text/html"),
        (b"<script>alert(1)</script>", "a.csv", "text/html"),
        ("navn;løn\n".encode(), "a.CSV", "text/csv"),
        ("navn;løn\n".encode("latin-1"), "a.csv", "text/csv"),
        (b"hello", "a.txt", "text/plain"),
        (b"hello\x00", "a.txt", "application/octet-stream"),
        (b"MZ\x90\x00", "a.png", "application/octet-stream"),
        (b"", "a", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head, name, mime):
    assert sniff(head, name).mime == mime


def test_only_raster_pictures_and_pdf_are_shown_in_place():
    shown = {mime for head, mime in (
        (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF89a", "image/gif"),
        (b"RIFF0000WEBP", "image/webp"), (b"%PDF-", "application/pdf"), (b"<svg>", ""), (b"<html>", ""), (b"BM", ""),
        (b"\x00\x00\x00\x18ftypheic", ""), (b"\x00\x00\x00\x18ftypisom", ""), (b"PK\x03\x04", ""), (b"text", ""),
    ) if sniff(head, "a.txt").inline and mime == sniff(head, "a.txt").mime}  # fmt: skip
    assert shown == {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}
    assert sniff(b"GIF89a/*", "x.js").is_picture
    assert not sniff(b"%PDF-", "a.png").is_picture
    assert not any(
        is_inline(mime) for mime in ("image/svg+xml", "text/html", "text/plain", "application/xml", "")
    )


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Årsrapport 2026.pdf", "Årsrapport 2026.pdf"),
        ("A\u030arsrapport.pdf", "Årsrapport.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\kat.png", "kat.png"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("kat\u202egnp.exe", "katgnp.exe"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        ('a<b>"c"?.txt', "a_b__c__.txt"),
        ("con.txt", "_con.txt"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
        ("x." + "y" * 300, "x." + "y" * 118),
    ],
)
def test_a_name_is_made_safe_and_keeps_its_ending(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_becomes_one_safe_name_and_stays_so(name):
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST_NAME
    assert not set(safe) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in safe)
    assert not safe.startswith(".")
    assert safe_name(safe) == safe
