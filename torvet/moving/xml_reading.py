"""Reading large XML files element by element: no entities, no types of document, no network, repaired signs."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from torvet.base.archives import ArchiveRefused
from torvet.moving.report import BadInput

MOST_IN_ONE = 64 * 1024 * 1024
"""Characters between the end of one thing and the end of the next: more is no page and no message."""
MOST_SIGNS = 3_000_000
_CHUNK = 1 << 16
_ROOT = re.compile(r"<[A-Za-z]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NUMBERED = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,8})|([0-9]{1,8}));")
_NAMED = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


def _number(found: re.Match[str]) -> str:
    point = int(found[1], 16) if found[1] else int(found[2])
    return (
        found[0]
        if point in (9, 10, 13)
        or 32 <= point < 0xD800
        or 0xE000 <= point < 0xFFFE
        or 0x10000 <= point < 0x110000
        else " "
    )


def without_forbidden(text: str) -> str:
    """Without the signs, and the numbers of signs, that XML 1.0 does not allow; old exports hold them."""
    return _NUMBERED.sub(_number, _FORBIDDEN.sub(" ", text))


class _Repaired(io.RawIOBase):
    """A stream of XML as clean UTF-8. Raises BadInput for a type of document and for what is endless."""

    def __init__(self, source: IO[bytes], where: str) -> None:
        self._source = source
        self._where = where
        self._left = b""
        self._held = ""
        self._head: str | None = ""
        self.since = self.signs = 0
        start = source.read(_CHUNK)
        self._decoder = codecs.getincrementaldecoder(_encoding(start))(errors="replace")
        self._start: bytes | None = start

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        while not self._left:
            chunk = self._start if self._start is not None else self._source.read(_CHUNK)
            self._start = None
            text = self._held + self._decoder.decode(chunk, final=not chunk)
            self._held = ""
            if not text and not chunk:
                return 0
            cut = text.rfind("&", -12)
            if chunk and cut >= 0 and ";" not in text[cut:]:
                text, self._held = text[:cut], text[cut:]
            self._check(text)
            self._left = without_forbidden(text).encode("utf-8")
            if not chunk and not self._left:
                return 0
        given, self._left = self._left[: len(room)], self._left[len(room) :]
        room[: len(given)] = given
        return len(given)

    def _check(self, text: str) -> None:
        self.since += len(text)
        self.signs += text.count("<")
        if self.since > MOST_IN_ONE or self.signs > MOST_SIGNS:
            raise BadInput(
                f"{self._where}: one element of it is larger than {MOST_IN_ONE // 1024 // 1024} MB."
            )
        if self._head is None:
            return
        self._head += text
        root = _ROOT.search(self._head)
        start = root.start() if root else len(self._head)
        if "<!DOCTYPE" in self._head[:start].upper():
            raise BadInput(f"{self._where}: it defines entities of its own, which exports never do.")
        if root:
            self._head = None
        elif start > _CHUNK:
            raise BadInput(f"{self._where}: it is not XML.")


def _encoding(start: bytes) -> str:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    named = _NAMED.match(start[:300].decode("latin-1").lstrip("\xef\xbb\xbf"))
    try:
        found = codecs.lookup(named[1]).name if named else "utf-8"
    except LookupError:
        found = "utf-8"
    return "utf-8-sig" if found in ("utf-8", "ascii") else found


def elements(source: IO[bytes], names: tuple[str, ...], where: str) -> Iterator[Any]:
    """Every element of these names (local names, of any namespace) when it ends; it is emptied afterwards.

    What stands beside it under another name stays until the element around it ends.

    Raises BadInput for what is no XML, is cut off, or defines entities.
    """
    try:
        repaired = _Repaired(source, where)
    except ArchiveRefused as refused:
        raise BadInput(f"{refused}.") from refused
    wanted = tuple(f"{{*}}{name}" for name in names)
    # huge_tree: bodies of more than 10 MB exist. What it would let through is held off by `_Repaired`: no entities are
    # defined, and no element is endless.
    found = etree.iterparse(
        io.BufferedReader(repaired, _CHUNK), events=("end",), tag=wanted, resolve_entities=False, load_dtd=False,
        no_network=True, huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _event, element in found:
            repaired.since = repaired.signs = 0
            yield element
            element.clear()
            before = element.getprevious()
            if before is not None and local(before) in names:
                element.getparent().remove(before)
    except etree.XMLSyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno else ""
        raise BadInput(f"{where}: it is damaged or cut off{line}.") from error
    except ArchiveRefused as refused:
        raise BadInput(f"{refused}.") from refused


def local(element: Any) -> str:
    """An element's name without its namespace or prefix; "" for comments and the likes."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""
