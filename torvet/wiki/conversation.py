"""The words of a conversation as those of a page. Pure: of loaded entries, cleaned HTML in and out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.html import escape

from torvet.base.text import excerpt, read_html
from torvet.entries.models import Attachment, Entry

# Who is named in the conversation has been told of it: on the page their name stands, and calls nobody again.
_MENTION = re.compile(r'<a class="mention"[^>]*>@?(.*?)</a>', re.S)
_FILE = re.compile(r"/files/([\w-]{1,32})/")
LONGEST_TITLE = 100


def compose(parts: Sequence[Entry], files: Mapping[int, Sequence[Attachment]]) -> str:
    """One text: the opener as what was asked, then the replies, each with the pictures and files it carries."""
    pieces = [_piece(part, files.get(part.pk, ()), is_alone=len(parts) == 1) for part in parts]
    asked = [piece for part, piece in zip(parts, pieces, strict=True) if not part.is_reply]
    said = [piece for part, piece in zip(parts, pieces, strict=True) if part.is_reply]
    return read_html("".join(asked) + "<hr>".join(said)).html


def _piece(part: Entry, files: Sequence[Attachment], *, is_alone: bool) -> str:
    html = _MENTION.sub(r"\1", part.body)
    html += "".join(_carried(row) for row in files if f"/files/{row.key}/" not in html)
    return html if part.is_reply or is_alone or not html else f"<blockquote>{html}</blockquote>"


def _carried(row: Attachment) -> str:
    """A picture or file that hung below the words, within them: so it can be taken out like any of them."""
    address = escape(row.url)
    if row.is_picture:
        return f'<p><img src="{address}" alt="{escape(row.alt)}"></p>'
    return f'<p><a href="{address}">{escape(row.name)}</a></p>'


def title_of(thread: Entry) -> str:
    """The title of the thread, or its first words."""
    return thread.title or excerpt(thread.text, LONGEST_TITLE)


def files_named(body: str) -> list[str]:
    """Keys of the files that a text, HTML or Markdown, shows or links to; each once."""
    return list(dict.fromkeys(_FILE.findall(body)))


def with_files(body: str, keys: Mapping[str, str]) -> str:
    """The text with other files in the place of those it names: old key -> new key."""
    return _FILE.sub(lambda found: f"/files/{keys.get(found[1], found[1])}/", body)
