"""Translation catalogues without gettext's tools: reads .po files and compiles them to .mo.

A machine that sets up Torvet has Python and git and nothing else, and Django reads only compiled catalogues.
Run as a program it compiles every catalogue below torvet/ whose .mo is missing or older than its .po.
"""

from __future__ import annotations

import ast
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

MO_MAGIC = 0x950412DE


@dataclass
class Message:
    """One message of a catalogue; `strings` has one text for each plural form."""

    id: str = ""
    plural: str | None = None
    context: str | None = None
    strings: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    line: int = 0

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.id

    @property
    def is_complete(self) -> bool:
        return bool(self.strings) and all(self.strings) and "fuzzy" not in self.flags


class NotACatalogue(ValueError):
    """The file is not a catalogue; the message names the file and the line."""


def read(path: Path) -> list[Message]:
    """All messages of a .po file, the header (empty id) included, obsolete ones (`#~`) left out."""
    try:
        return list(_messages(path.read_text(encoding="utf-8").splitlines()))
    except _NotUnderstood as problem:
        raise NotACatalogue(f"{path}, line {problem.line}: {problem}") from None


class _NotUnderstood(Exception):
    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"not understood: {text[:80]}")
        self.line = line


def _messages(lines: Iterable[str]) -> Iterator[Message]:
    message = Message()
    begun = ""  # the keyword that a bare "…" line continues
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        # A comment, or the next msgctxt or msgid, after a translation ends the message before it.
        if begun.startswith("msgstr") and (line.startswith(("#", "msgctxt", "msgid")) or not line):
            yield message
            message, begun = Message(), ""
        if not line or line.startswith("#"):
            if line.startswith("#,"):
                message.flags |= {flag.strip() for flag in line[2:].split(",")}
            continue
        keyword, _, rest = ("", "", line) if line.startswith('"') else line.partition(" ")
        text = _text(number, rest or line)
        if not keyword and not begun:
            raise _NotUnderstood(number, line)
        _add(message, keyword or begun, text, is_new=bool(keyword), line=number)
        begun = keyword or begun
    if begun.startswith("msgstr"):
        yield message


def _text(number: int, quoted: str) -> str:
    quoted = quoted.strip()
    if len(quoted) < 2 or quoted[0] != '"' or quoted[-1] != '"':
        raise _NotUnderstood(number, quoted)
    try:
        # C and Python spell the escapes of a catalogue alike.
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError):
        raise _NotUnderstood(number, quoted) from None


def _add(message: Message, keyword: str, text: str, *, is_new: bool, line: int) -> None:
    if keyword == "msgid":
        message.id += text
        message.line = message.line or line
    elif keyword == "msgid_plural":
        message.plural = (message.plural or "") + text
    elif keyword == "msgctxt":
        message.context = (message.context or "") + text
    elif keyword == "msgstr" or (keyword.startswith("msgstr[") and keyword.endswith("]")):
        if is_new:
            message.strings.append("")
        message.strings[-1] += text
    else:
        raise _NotUnderstood(line, keyword)


def compiled(messages: Iterable[Message]) -> bytes:
    """The .mo file of these messages. Untranslated and fuzzy ones are left out: their English shows instead."""
    pairs: dict[bytes, bytes] = {}
    for message in messages:
        if message.id and not message.is_complete:
            continue
        key = message.id if message.plural is None else f"{message.id}\0{message.plural}"
        if message.context is not None:
            key = f"{message.context}\x04{key}"
        pairs[key.encode()] = "\0".join(message.strings).encode()
    keys = sorted(pairs)
    starts_at = 7 * 4 + 16 * len(keys)
    id_table, string_table, ids, strings = b"", b"", b"", b""
    for key in keys:
        id_table += struct.pack("<II", len(key), starts_at + len(ids))
        ids += key + b"\0"
    for key in keys:
        string_table += struct.pack("<II", len(pairs[key]), starts_at + len(ids) + len(strings))
        strings += pairs[key] + b"\0"
    head = struct.pack("<7I", MO_MAGIC, 0, len(keys), 28, 28 + 8 * len(keys), 0, starts_at)
    return head + id_table + string_table + ids + strings


def compile_below(folder: Path) -> list[Path]:
    """Compile what is missing or out of date below `folder`; returns the .mo files written."""
    written = []
    for source in sorted(folder.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # Written beside and moved into place: a server that reloads must never read half a catalogue.
        beside = target.with_suffix(".mo.new")
        beside.write_bytes(compiled(read(source)))
        beside.replace(target)
        written.append(target)
    return written


def main() -> int:
    if sys.argv[1:] in (["-h"], ["--help"]):
        print("Usage: python build_hooks/catalogues.py\n\n" + (__doc__ or ""))
        return 0
    root = Path(__file__).resolve().parent.parent
    try:
        for path in compile_below(root / "torvet"):
            print(f"  compiled {path.relative_to(root)}")
    except NotACatalogue as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
