"""HTML from an editor, an importer or a mail to a `Text`."""

import re
from collections import Counter
from collections.abc import Mapping

import nh3

from torvet.base.text.blocks import Builder
from torvet.base.text.characters import escape, strip_forbidden
from torvet.base.text.shape import MAX_SOURCE, MentionRef, Resolve, Resolved, Text, TextTooLong

_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li", "hr"}
_TABLES = {"table", "thead", "tbody", "tfoot", "tr", "th", "td"}
_INLINE = {"a", "strong", "b", "em", "i", "s", "del", "strike", "code", "br", "img", "span"}
# Kept only so that the builder sees where one line of a foreign document ends; none of them is written.
_BOUNDARIES = {"div", "section", "article", "header", "footer", "main", "nav", "address", "figure"}
_CALLOUT = {"aside"}
_BOUNDARIES |= {"figcaption", "dl", "dt", "dd", "details", "summary", "center", "fieldset", "form", "caption"}
_WITH_THEIR_TEXT = {
    "script",
    "style",
    "template",
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "title",
    "object",
}
_WITH_THEIR_TEXT |= {"svg", "math", "select", "audio", "video", "canvas", "xmp", "plaintext"}

_ATTRIBUTES = {
    "a": {"href", "class", "data-mention"},
    "span": {"data-type", "data-id", "data-label"},
    "blockquote": {"data-quoted"},
    "code": {"class"},
    "ul": {"data-type"},
    "ol": {"start"},
    "li": {"data-type", "data-checked"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "img": {"src", "alt"},
    "aside": {"data-callout"},
}
_CLEANER = nh3.Cleaner(
    tags=_BLOCKS | _TABLES | _INLINE | _CALLOUT | _BOUNDARIES,
    clean_content_tags=_WITH_THEIR_TEXT,
    attributes=_ATTRIBUTES,
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel"},
)
# What the builder writes and nothing else. The builder's own output passing through this unchanged is the proof that
# a browser will read it as it was meant: markup that changes when parsed again is how scripts slip past sanitisers.
_PROOF = nh3.Cleaner(
    tags=(_BLOCKS | _TABLES | _INLINE | _CALLOUT)
    - {"h1", "h5", "h6", "tfoot", "b", "i", "del", "strike", "span"},
    clean_content_tags=_WITH_THEIR_TEXT,
    attributes={**_ATTRIBUTES, "a": _ATTRIBUTES["a"] | {"rel"}},
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel"},
)

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>?")
_VOID = {"br", "hr", "img", "input", "wbr", "col", "meta", "link"}
MOST_OPEN = 3_000
"""Tags open at once, not closed or not yet. The parser walks them all for each new list item: 100,000 took 4 s, so
beyond this only the words are read."""


def read_html(source: str, *, resolve: Resolve | None = None, most: int = MAX_SOURCE) -> Text:
    """Read HTML. `resolve` is called at most once, with all mentions of the text; those it does not know stay text.

    Raises TextTooLong beyond `most` characters. Whatever else comes in, a clean text comes out.
    """
    if len(source) > most:
        raise TextTooLong(most)
    return read_markup(source, resolve)


def read_markup(source: str, resolve: Resolve | None) -> Text:
    """Read HTML of any length: rendered Markdown grows beyond its source."""
    if source.count("<") > MOST_OPEN and _nests_too_deep(source):
        source = escape(_TAG.sub(" ", source))
    # Twice: what was forbidden as a character may come back as a numeric entity, which the parser decodes.
    safe = strip_forbidden(_CLEANER.clean(strip_forbidden(source)))
    known: Mapping[MentionRef, Resolved] | None = None
    text, refs = _build(safe, known, keep=resolve is None)
    if resolve is not None and refs:
        text, _ = _build(safe, resolve(refs), keep=False)
    return text


def _nests_too_deep(source: str) -> bool:
    depth = 0
    waiting: Counter[str] = Counter()
    for closing, tag in _TAG.findall(source):
        if tag.lower() in _VOID:
            continue
        if not closing:
            waiting[tag.lower()] += 1
            depth += 1
        elif waiting[tag.lower()]:
            waiting[tag.lower()] -= 1
            depth -= 1
        if depth > MOST_OPEN:
            return True
    return False


def _build(
    safe: str, known: Mapping[MentionRef, Resolved] | None, *, keep: bool
) -> tuple[Text, tuple[MentionRef, ...]]:
    builder = Builder(known or {})
    html, plain = builder.read(safe)
    if _PROOF.clean(html) != html:
        # No input is known that comes here. Should one be found, people still get its words.
        html = f"<p>{'<br>'.join(map(escape, plain.splitlines()))}</p>" if plain else ""
        return Text(html, plain), ()
    refs = tuple(builder.refs)
    mentions = refs if keep else tuple(builder.mentions)
    return Text(html, plain, mentions, tuple(builder.topics), tuple(builder.links)), refs
