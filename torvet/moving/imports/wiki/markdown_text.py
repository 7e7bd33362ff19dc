"""One Markdown file to loose HTML: links still lead where the source says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from torvet.base.text.characters import clean_line, strip_forbidden
from torvet.base.text.markdown import _MARKDOWN, _tasks, tame, untame
from torvet.moving.imports.wiki import markdown_jsx, markdown_signs

_TAGS = {
    "a", "strong", "b", "em", "i", "s", "del", "strike", "code", "br", "img", "span", "p", "h1", "h2", "h3", "h4", "h5",
    "h6", "blockquote", "pre", "ul", "ol", "li", "hr", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "div",
    "section", "article", "aside", "figure", "figcaption", "dl", "dt", "dd", "details", "summary", "caption", "video",
    "audio", "source", "iframe",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "id", "name"}, "img": {"src", "alt", "id"}, "code": {"class"}, "ul": {"data-type"}, "ol": {"start"},
    "li": {"data-type", "data-checked", "id"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"},
    "aside": {"data-callout"}, "span": {"id", "data-type", "data-id", "data-label"}, "div": {"id"}, "p": {"id"},
    **{f"h{level}": {"id"} for level in range(1, 7)}, "video": {"src"}, "audio": {"src"}, "source": {"src"},
    "iframe": {"src"},
}  # fmt: skip
_DROPPED = {"script", "style", "template", "noscript", "title", "object", "svg", "math", "select", "canvas"}
_PLAYERS = re.compile(r"<(video|audio|iframe)\b([^>]*)>(.*?)</\1>", re.S)
_SOURCE = re.compile(r'\bsrc="([^"]*)"')
_H1 = re.compile(r"<h1(?:\s[^>]*)?>(.*?)</h1>", re.S)
_FIRST = re.compile(r"\s*<h([1-4])(?:\s[^>]*)?>(.*?)</h\1>", re.S)
_HEADING = re.compile(r"(</?h)([1-6])(?=[ >])")
_ANY_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Page:
    html: str
    heading: str  # the words of its first H1, "" when it has none; that heading is no longer in the HTML


def _footnotes(parser: MarkdownIt) -> None:
    """A list at the end: what is small and high over there stands in brackets here."""

    def number(self: Any, tokens: Sequence[Token], place: int, *_rest: Any) -> str:
        return f"[{int(tokens[place].meta['id']) + 1}]"

    parser.add_render_rule("footnote_ref", number)
    parser.add_render_rule("footnote_anchor", lambda *_rest: "")
    parser.add_render_rule("footnote_block_open", lambda *_rest: "<hr><ol>")
    parser.add_render_rule("footnote_block_close", lambda *_rest: "</ol>")
    parser.add_render_rule("footnote_open", lambda *_rest: "<li>")
    parser.add_render_rule("footnote_close", lambda *_rest: "</li>")


def _parser(*, is_mdx: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False, "maxNesting": 100})
    parser.enable(["table", "strikethrough"])
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]  # as typed; resolved below
    parser.core.ruler.push("tasks", _tasks)
    parser.use(footnote_plugin).use(deflist_plugin)
    _footnotes(parser)
    if is_mdx:
        # Words inside a part are indented there, and are no code.
        parser.disable(["code"])
    return parser


_PARSERS = {"md": _parser(is_mdx=False), "mdx": _parser(is_mdx=True)}


def read_page(
    source: str,
    name: str,
    *,
    resolve: Callable[[str, bool], str | None],
    wikilinks: bool = False,
    is_ours: bool = False,
    title: str = "",
) -> Page:
    """Loose HTML of the text behind a file's front matter.

    `resolve(address, is_picture)` gives the address to write, or None for none. `is_ours`: written by `torvet export`,
    whose Markdown is that of `base.text`. `title` is the one the page has already, if it has one.
    """
    source = strip_forbidden(source)
    kind = "ours"
    if not is_ours:
        kind = "mdx" if markdown_jsx.is_mdx(name, source) else "md"
        source = markdown_signs.code_signs(source)
        source = markdown_signs.shortcodes(markdown_signs.liquid(source))
        if kind == "mdx":
            source = markdown_jsx.without_program(source)
        else:
            source = markdown_jsx.unknown_tags_as_text(source)
            source = markdown_signs.outside_code(source, markdown_signs.lone_tags)
        source = markdown_signs.outside_code(
            source,
            lambda part: markdown_signs.outside_ticks(
                part, lambda said: markdown_signs.small_signs(said, wikilinks=wikilinks)
            ),
        )
    source = markdown_signs.callouts(source) if not is_ours else source
    html = _ours(source) if is_ours else _parsed(source, kind)
    html = _PLAYERS.sub(_as_link, _with_links(html, resolve))
    return _headed(html, title) if not is_ours else Page(html, "")


def _parsed(source: str, kind: str) -> str:
    return markdown_jsx.with_their_signs(untame(_PARSERS[kind].render(tame(source))))


def _ours(source: str) -> str:
    """What `torvet export` wrote: Markdown of `base.text`, and lines of HTML for what that cannot say."""
    html: list[str] = []
    waiting: list[str] = []

    def parse() -> None:
        html.append(untame(_MARKDOWN.render(tame("".join(waiting)))))
        waiting.clear()

    for is_code, part in markdown_signs.fenced(source):
        for line in [part] if is_code else part.splitlines(keepends=True):
            if line.startswith("<") and not is_code:
                parse()
                html.append(line.strip())
            else:
                waiting.append(line)
    parse()
    return "".join(html)


def _as_link(match: re.Match[str]) -> str:
    """Films and sounds are not played in a page; where they lie stays."""
    found = _SOURCE.search(match[2]) or _SOURCE.search(match[3])
    return f'<p><a href="{found[1]}">{found[1]}</a></p>' if found else match[3]


def _with_links(html: str, resolve: Callable[[str, bool], str | None]) -> str:
    def address(tag: str, attribute: str, value: str) -> str | None:
        if attribute not in ("href", "src"):
            return value
        return resolve(value, attribute == "src")

    return nh3.clean(
        html, tags=_TAGS, clean_content_tags=_DROPPED, attributes=_ATTRIBUTES, attribute_filter=address,
        link_rel=None, url_schemes={"http", "https", "mailto", "tel", "wiki", "page", "file"},
    )  # fmt: skip


def words_of(html: str) -> str:
    return clean_line(unescape(_ANY_TAG.sub("", html)))


def _headed(html: str, title: str) -> Page:
    match = _H1.search(html)
    heading = words_of(match[1]) if match else ""
    if match and heading and (not title or heading.casefold() == title.casefold()):
        # A heading that is also a link, or shows a picture, is more than the title can say.
        more = f"<p>{match[1]}</p>" if re.search(r"<(?:img|a href)", match[1]) else ""
        html = html[: match.start()] + more + html[match.end() :]
    else:
        heading = ""
    first = _FIRST.match(html)
    if first and words_of(first[2]).casefold() == (title or heading).casefold() and "<img" not in first[2]:
        # The title once more, a level or two further down.
        html = html[first.end() :]
    if _H1.search(html):
        html = _HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + 1, 6)}", html)
    return Page(html, heading)
