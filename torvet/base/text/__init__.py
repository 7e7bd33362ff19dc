"""Any input to clean HTML of one small schema, with its plain text, mentions, topics and links.

Pure: no settings, no database, no network. `read_html` takes what an editor or an importer sends, `read_markdown`
what a person types into a plain box; both give a `Text`. `to_markdown` writes stored HTML back for that plain box,
`excerpt` cuts plain text for previews.

The schema: p, h2 to h4, blockquote (one with `data-quoted="rest"` is shown folded), callouts (aside), ul, ol, li, task
lists, pre with code, hr, table, img of our own files; within them strong, em, s, code, a, br. Blocks stand in blocks
as Tiptap writes them (`<li><p>…</p></li>`), so the editor opens a stored text without changing it.

Reading an ordinary post of 300 characters takes 0.2 ms as HTML and 0.45 ms as Markdown, 0.2 ms more when it
names somebody; the import takes 0.1 s. Hostile input costs no more than honest input of its length
(`tests/base/test_text_speed.py`).
"""

from torvet.base.text.folding import folded
from torvet.base.text.markdown import read_markdown
from torvet.base.text.plain import excerpt
from torvet.base.text.reading import read_html
from torvet.base.text.shape import (
    MAX_SOURCE,
    MAX_TEXT,
    SOURCE_PER_TEXT,
    MentionRef,
    Resolve,
    Resolved,
    Text,
    TextTooLong,
)
from torvet.base.text.writing import to_markdown

__all__ = [
    "MAX_SOURCE",
    "MAX_TEXT",
    "SOURCE_PER_TEXT",
    "MentionRef",
    "Resolve",
    "Resolved",
    "Text",
    "TextTooLong",
    "excerpt",
    "folded",
    "read_html",
    "read_markdown",
    "to_markdown",
]
