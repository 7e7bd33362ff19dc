"""What a mail says and carries: its text in one form, the rest as files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from html import escape
from typing import Any

from torvet.base.text.characters import clean_line
from torvet.moving.imports.mbox import plain
from torvet.moving.imports.mbox.charsets import decoded
from torvet.moving.imports.mbox.headers import BROKEN, header, in_words
from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.rewriting import Rewriter, body_of, parse_html, picture
from torvet.moving.imports.wiki.shapes import Losses, file_href

DEEPEST = 40  # parts within parts
MOST_PARTS = 1_000
LONGEST_WORDS = 2_000_000  # bytes of a text that are read as words; more is kept as a file
SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_QUOTES = {"gmail_quote", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix"}
_SIGNED = {"gmail_signature", "moz-signature", "gmail_signature_prefix"}


@dataclass(slots=True)
class Body:
    html: str = ""
    files: dict[int, str] = field(default_factory=dict)  # number of the part -> its name
    signatures: int = 0
    shown: dict[str, int] = field(default_factory=dict)  # Content-ID -> number of the part


def parse(raw: bytes) -> Message:
    """The mail; where its parts cannot be told apart, all of it in one."""
    try:
        mail = BytesParser().parsebytes(raw)
        is_whole = not _is_tangled(mail)
    except BROKEN:
        is_whole = False
    return mail if is_whole else BytesHeaderParser().parsebytes(raw)


def _is_tangled(mail: Message) -> bool:
    """Whether it has parts too deep in each other, or more of them than anybody ever sent."""
    waiting, parts = [(mail, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting += [(one, depth + 1) for one in inner if isinstance(one, Message)]
        if depth > DEEPEST or parts > MOST_PARTS:
            return True
    return False


def read(mail: Message, name_of: Any) -> Body:
    """`name_of(number, name)` gives the name by which a part is opened again."""
    numbers = {id(part): number for number, part in enumerate(_leaves(mail))}
    body = Body()
    for part in _leaves(mail):
        if cid := (part.get("Content-ID") or ""):
            body.shown[str(cid).strip("<> \t")] = numbers[id(part)]
    texts: list[str] = []
    _collect(mail, numbers, body, texts, name_of)
    body.html = "".join(texts)
    return body


def part_of(mail: Message, number: int) -> bytes | None:
    """The bytes of a part that `read` named by its number."""
    for place, part in enumerate(_leaves(mail)):
        if place == number:
            return _bytes(part)
    return None


def _leaves(mail: Message) -> Iterator[Message]:
    """All parts that hold no others; a mail within a mail is one of them."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        inner = _inner(part)
        if inner:
            waiting += reversed(inner)
        else:
            yield part


def _inner(part: Message) -> list[Message]:
    found = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(found, list):
        return []
    return [one for one in found if isinstance(one, Message)]


def _collect(part: Message, numbers: dict[int, int], body: Body, texts: list[str], name_of: Any) -> None:
    inner = _inner(part)
    if inner:
        kind = part.get_content_subtype()
        for one in _chosen(inner) if kind == "alternative" else inner:
            _collect(one, numbers, body, texts, name_of)
        return
    number = numbers.get(id(part))
    if number is None:
        return
    kind = part.get_content_type()
    if kind in SIGNATURES:
        body.signatures += 1
    elif _is_said(part):
        text = decoded(_bytes(part), _charset(part))
        if kind == "text/html":
            texts.append(_Html(body, name_of).read(text))
        else:
            texts.append(plain.to_html(_flowed(part, text)))
    elif part.get_content_maintype() == "multipart":
        # It says that it has parts, and has none: what is there are words.
        texts.append(plain.to_html(decoded(_bytes(part), "")))
    elif number not in body.files:
        body.files[number] = name_of(number, _name(part))


def _is_said(part: Message) -> bool:
    """Whether it is text to be read with the mail, and not something that came along."""
    is_text = part.get_content_type() in ("text/plain", "text/html")
    return is_text and part.get_content_disposition() != "attachment" and len(_bytes(part)) <= LONGEST_WORDS


def _chosen(forms: list[Message]) -> list[Message]:
    """Of forms of the same words the plain one; it is what its writer saw. The last one where that is empty."""
    for one in forms:
        if one.get_content_type() == "text/plain" and _bytes(one).strip():
            return [one]
    return forms[-1:]


def _flowed(part: Message, text: str) -> str:
    text = text.replace("\r\n", "\n")
    if _param(part, "format") != "flowed":
        return text
    return plain.unflowed(text, deletes_space=_param(part, "delsp") == "yes")


def _param(part: Message, name: str) -> str:
    try:
        return str(part.get_param(name, "")).casefold()
    except BROKEN:
        return ""


def _charset(part: Message) -> str:
    try:
        found = part.get_content_charset()
    except BROKEN:
        return ""
    return found or ""


def _bytes(part: Message) -> bytes:
    """What a part holds; for a mail within a mail, that mail."""
    inner = part.get_payload()
    if isinstance(inner, list):
        try:
            return b"\n".join(one.as_bytes() for one in inner if isinstance(one, Message))
        except BROKEN:
            return b""
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        found = None
    if isinstance(found, bytes):
        return found
    return str(inner or "").encode("utf-8", "surrogateescape")


_ENDINGS = {"plain": "txt", "octet-stream": "bin"}


def _name(part: Message) -> str:
    """What the part is called, also where RFC 2231 and 2047 are mixed up."""
    try:
        name = in_words(part.get_filename() or "")
    except BROKEN:
        name = ""
    if not name and part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        name = f"{header(first, 'Subject')[:80] or 'mail'}.eml" if isinstance(first, Message) else "mail.eml"
    kind = part.get_content_subtype()[:12] or "bin"
    return re.sub(r"[/\\:]", "_", clean_line(name))[:120] or f"part.{_ENDINGS.get(kind, kind)}"


class _Html(Rewriter):
    """A mail's HTML, which may hold anything."""

    def __init__(self, body: Body, name_of: Any) -> None:
        super().__init__(Losses(), "")
        self._body = body
        self._name_of = name_of

    def read(self, html: str) -> str:
        return self.html_of(body_of(parse_html(html)))

    def own(self, element: Any, name: str) -> str | None:
        classes = set((element.get("class") or "").split())
        if classes & _SIGNED:
            return ""
        is_quote = bool(classes & _QUOTES) or element.get("id") in ("divRplyFwdMsg", "appendonsend")
        if is_quote and name in ("div", "blockquote"):
            inside = self.inside(element)
            return f'<blockquote data-quoted="rest">{inside}</blockquote>' if inside.strip() else ""
        return None

    def other_link(self, href: str, inside: str) -> str:
        return rewriting.anchor(href, inside) if rewriting.is_outside(href) else inside

    def picture(self, element: Any) -> str:
        src, alt = (element.get("src") or "").strip(), element.get("alt") or ""
        number = self._body.shown.get(src[4:]) if src[:4].casefold() == "cid:" else None
        if number is not None:
            name = self._body.files.setdefault(number, self._name_of(number, alt or "picture"))
            return picture(file_href(name), alt)
        # A picture fetched from elsewhere would tell who reads what: its words, or nothing.
        return escape(alt, quote=False)
