"""What a file is, by its first bytes, and what it may be called."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

LONGEST_NAME = 120


@dataclass(frozen=True)
class FileKind:
    """`inline`: browsers may show it on our site; everything else is only ever downloaded."""

    mime: str
    is_picture: bool = False
    inline: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
_UNKNOWN = "application/octet-stream"
# Pictures that are decoded and written anew; SVG is a program, and is none of them.
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_INLINE = _PICTURES | {"application/pdf"}
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_FTYP = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
_ZIPS = {
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
}
_OPEN = {
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
}
_TEXTS = {".csv": "text/csv", ".md": "text/markdown", ".txt": "text/plain", ".json": "application/json"}
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(!doctype\s+)?(svg|html|head|body|script)\b", re.I | re.S
)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.I)
_FORBIDDEN = frozenset('<>:"|?*%#&/\\')
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def sniff(head: bytes, name: str) -> FileKind:
    """The kind of a file from its first bytes (a few kB); its name only tells kinds of zip and of text apart."""
    mime = _mime(head, PurePosixPath(name.casefold()).suffix)
    return FileKind(mime, is_picture=mime in _PICTURES, inline=mime in _INLINE)


def _mime(head: bytes, end: str) -> str:
    for start, mime in _STARTS:
        if head.startswith(start):
            return mime
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], _UNKNOWN)
    if head[4:8] == b"ftyp":
        return _FTYP.get(head[8:12], "video/mp4")
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return "audio/mpeg"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(head, end)
    return _text_kind(head, end)


def _zip_kind(head: bytes, end: str) -> str:
    if b"[Content_Types].xml" in head[:4096] or b"_rels/.rels" in head[:4096]:
        return _ZIPS.get(end, "application/zip")
    if head[30:38] == b"mimetype":
        return _OPEN.get(end, "application/zip")
    return "application/zip"


def _text_kind(head: bytes, end: str) -> str:
    markup = _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf"))
    if markup:
        return "image/svg+xml" if markup[2].lower() == b"svg" else "text/html"
    return _UNKNOWN if b"\x00" in head else _TEXTS.get(end, _UNKNOWN)


def is_inline(mime: str) -> bool:
    """Whether browsers may show this kind on our site: raster pictures and PDF, nothing that could run."""
    return mime in _INLINE


def safe_name(name: str) -> str:
    """A name without path, control or direction characters, at most LONGEST_NAME long, its ending kept."""
    last = unicodedata.normalize("NFC", name[-4 * LONGEST_NAME :]).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter) not in _HIDDEN)
    kept = "".join("_" if letter in _FORBIDDEN else letter for letter in kept).strip(" .") or "file"
    if _RESERVED.match(kept):
        kept = f"_{kept}"
    if len(kept) <= LONGEST_NAME:
        return kept
    end = PurePosixPath(kept).suffix
    end = end if len(end) <= 20 else ""
    return kept[: LONGEST_NAME - len(end)].rstrip(" .") + end
