"""What a file is, by its first bytes, and what it may be called."""

from __future__ import annotations

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


_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
}
_STARTS = {
    b"%PDF-": "application/pdf",
    b"OggS": "audio/ogg",
    b"ID3": "audio/mpeg",
    b"\x1aE\xdf\xa3": "video/webm",
    b"\x1f\x8b": "application/gzip",
    b"7z\xbc\xaf'\x1c": "application/x-7z-compressed",
    b"Rar!": "application/vnd.rar",
}
_OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})


def sniff(head: bytes, name: str) -> FileKind:
    """The kind of a file from its first bytes (a few kB); its name only tells kinds of zip and of text apart."""
    for start, mime in _PICTURES.items():
        if head.startswith(start):
            return FileKind(mime, is_picture=mime != "image/bmp", inline=mime in _INLINE)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind("image/webp", is_picture=True, inline=True)
    for start, mime in _STARTS.items():
        if head.startswith(start):
            return FileKind(mime, inline=mime in _INLINE)
    if head[4:8] == b"ftyp":
        return FileKind("video/mp4")
    end = PurePosixPath(name.casefold()).suffix
    if head.startswith(b"PK\x03\x04"):
        return FileKind(_OFFICE.get(end, "application/zip"))
    return FileKind(_text_kind(head, end))


def _text_kind(head: bytes, end: str) -> str:
    if b"\x00" in head:
        return "application/octet-stream"
    return {".csv": "text/csv", ".md": "text/markdown", ".txt": "text/plain"}.get(end, "application/octet-stream")


def is_inline(mime: str) -> bool:
    """Whether browsers may show this kind on our site: raster pictures and PDF, nothing that could run."""
    return mime in _INLINE


def safe_name(name: str) -> str:
    """A name without path, control or direction characters, at most LONGEST_NAME long, its ending kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co"})
    kept = "".join("_" if letter in '<>:"|?*%#&' else letter for letter in kept).strip(" .") or "file"
    if len(kept) <= LONGEST_NAME:
        return kept
    end = PurePosixPath(kept).suffix[:20]
    return kept[: LONGEST_NAME - len(end)] + end
