"""Stored HTML as Markdown that reads back to exactly the same: what Markdown cannot say stands there as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape

from torvet.base.text import MentionRef, Resolved, read_markdown, to_markdown
from torvet.base.text.blocks import TOKEN

_VOID = ("br", "hr", "img")
_MENTION = re.compile(
    r'<a class="mention"(?=[^>]*data-mention="(member|unit)-(\d+)")(?=[^>]*href="([^"]*)")[^>]*>@?([^<]*)</a>'
)
MOST = 2_000_000


def portable(html: str, elsewhere: Callable[[str], str]) -> str:
    """Markdown of stored HTML. `elsewhere` writes the addresses in a piece of HTML as they are in the export.

    A block that Markdown would change stands as HTML in a line of its own, which Markdown everywhere shows as meant.
    """
    if _survives(html):
        return to_markdown(elsewhere(html))
    written: list[str] = []
    for blocks in _runs(list(blocks_of(html))):
        whole = "".join(blocks)
        pieces = [whole] if _survives(whole) else blocks
        for piece in pieces:
            written.append(to_markdown(elsewhere(piece)) if _survives(piece) else raw(elsewhere(piece)))
    return "\n\n".join(part for part in written if part)


def raw(html: str) -> str:
    """HTML on one line; line ends in code are written as signs."""
    # As an editor sends a mention: the reader knows by it whom the front matter means.
    html = _MENTION.sub(r'<span data-type="mention" data-id="\1-\2" data-label="\4">@\4</span>', html)
    return html.replace("\n", "&#10;")


def blocks_of(html: str) -> Iterator[str]:
    """The blocks at the top, one after the other."""
    depth, start = 0, 0
    for match in TOKEN.finditer(html):
        if match[4]:
            continue
        if match[1]:
            depth -= 1
        elif match[2] not in _VOID:
            depth += 1
        if depth == 0:
            yield html[start : match.end()]
            start = match.end()


def _runs(blocks: Sequence[str]) -> Iterable[list[str]]:
    """Blocks in a row that survive alone, together; and each of the others by itself."""
    run: list[str] = []
    for block in blocks:
        if _survives(block):
            run.append(block)
            continue
        if run:
            yield run
        yield [block]
        run = []
    if run:
        yield run


def _survives(html: str) -> bool:
    known = {
        f"id:{id}": Resolved(
            "member" if kind == "member" else "unit", int(id), unescape(name), unescape(href)
        )
        for kind, id, href, name in _MENTION.findall(html)
    }

    def resolve(refs: Sequence[MentionRef]) -> dict[MentionRef, Resolved]:
        return {ref: known[ref.key] for ref in refs if ref.key in known and known[ref.key].kind == ref.kind}

    markdown = to_markdown(html)
    if any(line.startswith("<") for line in markdown.split("\n")):
        return False  # it would be taken for HTML when it is read again
    return len(markdown) < MOST and read_markdown(markdown, resolve=resolve, most=MOST).html == html
