"""From a tree of foreign markup to the loose HTML of `shapes`: what all readers do, with doors for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import unquote

from lxml import etree

from torvet.moving.imports.wiki.shapes import Losses
from torvet.moving.xml_reading import local, without_forbidden

MOST_DEEP = 400
"""Elements within elements that are parsed; the parser gives up at 2,048, and the words with it."""
TOO_DEEP = "it nests too deep; its words are kept without their shape"

_KEPT = {
    "p", "strong", "b", "em", "i", "s", "del", "strike", "code", "pre", "blockquote", "ul", "ol", "li",
    "table", "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
_LINES = {
    "div", "section", "article", "header", "footer", "main", "address", "figure", "figcaption", "dl", "dt", "dd",
    "center", "fieldset", "form", "caption", "summary", "details", "nav", "hgroup",
}  # fmt: skip
_DROPPED = {
    "script", "style", "template", "noscript", "head", "title", "meta", "link", "svg", "math", "select", "textarea",
    "object", "embed", "noframes", "colgroup", "col", "map", "canvas", "button", "input",
}  # fmt: skip
_ATTRIBUTES = {"th": ("colspan", "rowspan"), "td": ("colspan", "rowspan"), "ol": ("start",)}
_HEADING = re.compile(r"h([1-6])")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*+)([^<>]*+)>")
_ANY_TAG = re.compile(r"<[^<>]*+>")
_VOID = {"br", "hr", "img", "input", "wbr", "col", "meta", "link", "area", "base", "embed", "source", "track"}
_CLOSED_BY_THEMSELVES = {"p", "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot"}
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SMALL = re.compile(r"[0-9+\-=()]{1,12}n?")
_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|brush|hljs)[-: ]+([A-Za-z0-9_+#.-]{1,30})")
_SPACE = re.compile(r"\s+")


def parse_html(source: str) -> Any:
    """The root of a document or a piece of HTML. Whatever comes in, there is a tree, with all words in it."""
    if nests_too_deep(source):
        source = f"<p>{escape(words_of_markup(source), quote=False)}</p>"
    # Without libxml2's help: it guesses encodings, and wants bytes.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(f"<!DOCTYPE html>{without_forbidden(source)} ".encode(), parser)
    return root if root is not None else etree.fromstring(b"<html><body></body></html>", parser)


def body_of(root: Any) -> Any:
    found = root.find("body")
    return found if found is not None else root


def nests_too_deep(source: str, *, is_xml: bool = False) -> bool:
    if source.count("<") <= MOST_DEEP:
        return False
    depth = 0
    for closing, name, rest in _TAG.findall(source):
        if rest.endswith("/") or (
            not is_xml and (name.lower() in _VOID or name.lower() in _CLOSED_BY_THEMSELVES)
        ):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > MOST_DEEP:
            return True
    return False


def words_of_markup(source: str) -> str:
    """The words of markup that cannot be parsed."""
    return _SPACE.sub(" ", _ANY_TAG.sub(" ", source)).strip()


def words_of(element: Any) -> str:
    """The words in an element on one line."""
    return _SPACE.sub(" ", "".join(element.itertext())).strip()


def language_of(written: str) -> str:
    """The language that the class of a code block names."""
    found = _LANGUAGE.search(written or "")
    return (
        found[1].lower() if found and found[1].lower() not in ("plain", "text", "none", "plaintext") else ""
    )


def code_block(code: str, language: str = "") -> str:
    named = (
        f' class="language-{escape(language.lower())}"'
        if re.fullmatch(r"[A-Za-z0-9_+#.-]{1,30}", language)
        else ""
    )
    return f"<pre><code{named}>{escape(code, quote=False)}</code></pre>" if code.strip() else ""


def callout(kind: str, html: str, title: str = "") -> str:
    """A callout of the kind note, tip, warning or danger."""
    titled = f"<p><strong>{escape(title, quote=False)}</strong></p>" if title.strip() else ""
    return f'<aside data-callout="{kind}">{titled}{html}</aside>' if titled or html.strip() else ""


def bold_line(words: str) -> str:
    return f"<p><strong>{escape(words, quote=False)}</strong></p>" if words.strip() else ""


def mention(key: str, name: str) -> str:
    return f'<span data-type="mention" data-person="{escape(key)}">{escape(name or key, quote=False)}</span>'


def picture(src: str, alt: str) -> str:
    return f'<img src="{escape(src)}" alt="{escape(_SPACE.sub(" ", alt).strip())}">'


def anchor(href: str, html: str) -> str:
    return f'<a href="{escape(href)}">{html}</a>'


def task(is_done: bool, html: str) -> str:
    return f'<li data-type="taskItem" data-checked="{"true" if is_done else "false"}">{html}</li>'


def task_list(inside: str) -> str:
    return f'<ul data-type="taskList">{inside}</ul>' if inside else ""


def heading_words(root: Any, name: str) -> str:
    """The heading that an anchor of this name stands at or under, in words; "" when there is none."""
    last = ""
    for element in root.iter():
        if _HEADING.fullmatch(local(element)):
            last = words_of(element)
        if element.get("id") == name or (local(element) == "a" and element.get("name") == name):
            found = next((up for up in element.iterancestors() if _HEADING.fullmatch(local(up))), None)
            return words_of(found) if found is not None else last
    return ""


class Rewriter:
    """Reads one text. Subclasses say what their wiki's own elements mean; the rest passes or gives its words."""

    def __init__(self, losses: Losses, where: str) -> None:
        self.losses = losses
        self.where = where
        self._shift = 0

    def html_of(self, root: Any) -> str:
        """All that stands in an element."""
        # Where the old wiki's largest heading stood within a page, ours is already the page's title.
        self._shift = 1 if next(root.iter("h1"), None) is not None else 0
        try:
            return self.inside(root)
        except RecursionError:
            self.lose("parts", TOO_DEEP)
            return f"<p>{escape(words_of(root), quote=False)}</p>"

    def lose(self, line: str, why: str) -> None:
        self.losses.left_out.append((line, self.where, why))

    def inside(self, element: Any) -> str:
        parts = [escape(element.text, quote=False)] if element.text else []
        for child in element:
            parts.append(self.element(child))
            if child.tail:
                parts.append(escape(child.tail, quote=False))
        return "".join(parts)

    def element(self, element: Any) -> str:
        name = local(element)
        if not name:
            return escape(element.text or "", quote=False) if element.tag is etree.Entity else ""
        own = self.own(element, name)
        if own is not None:
            return own
        if name in ("br", "hr"):
            return f"<{name}>"
        if name in _DROPPED:
            return ""
        if name == "img":
            return self.picture(element)
        if name == "a":
            return self.link(element, self.inside(element))
        if name == "pre":
            return self.code(element)
        if found := _HEADING.fullmatch(name):
            level = min(4, max(2, int(found[1]) + self._shift))
            return f"<h{level}>{self.inside(element)}</h{level}>"
        return self._plain(element, name)

    def _plain(self, element: Any, name: str) -> str:
        inside = self.inside(element)
        if name in _KEPT:
            kept = "".join(
                f' {key}="{escape(element.get(key))}"'
                for key in _ATTRIBUTES.get(name, ())
                if element.get(key)
            )
            return f"<{name}{kept}>{inside}</{name}>"
        if name in ("sup", "sub"):
            return raised(inside) if name == "sup" else lowered(inside)
        if name == "summary":
            return f"<p><strong>{inside}</strong></p>"
        if name == "dt":
            return f"<p><strong>{inside}</strong></p>"
        if name == "q":
            return f"“{inside}”"
        if name == "span" and "line-through" in (element.get("style") or ""):
            return f"<s>{inside}</s>"
        if name in ("kbd", "tt", "samp", "var"):
            return f"<code>{inside}</code>"
        if name in ("iframe", "video", "audio"):
            return self.embed(element) or inside
        return f"<div>{inside}</div>" if name in _LINES else inside

    # Doors for subclasses

    def own(self, element: Any, name: str) -> str | None:
        """HTML for an element that means something special over there, or None."""
        return None

    def link(self, element: Any, inside: str) -> str:
        return self.other_link((element.get("href") or "").strip(), inside)

    def other_link(self, href: str, inside: str) -> str:
        """A link away, or one within the old wiki that leads nowhere here: its words stay, and it is counted."""
        if is_outside(href):
            return anchor(href, inside)
        if href and ":" not in href.partition("/")[0]:
            self.losses.links_found += 1
            self.losses.broken.append((self.where, unquote(href)[:200]))
        return inside

    def picture(self, element: Any) -> str:
        src = (element.get("src") or "").strip()
        alt = element.get("alt") or ""
        if is_outside(src):
            return picture(src, alt)
        if src:
            self.lose("files", f"{unquote(src)[:200]} is not in the export")
        return escape(alt, quote=False)

    def code(self, element: Any) -> str:
        inner = element.find("code")
        named = language_of(element.get("class", "")) or language_of(
            inner.get("class", "") if inner is not None else ""
        )
        return code_block("".join(text_with_breaks(element)), named)

    def embed(self, element: Any) -> str:
        """Something that plays or shows a page from elsewhere: a link to it."""
        source = element.find("source")
        src = element.get("src") or (source.get("src") if source is not None else "") or ""
        return f"<p>{anchor(src, escape(src, quote=False))}</p>" if is_outside(src) else ""


def text_with_breaks(element: Any) -> Iterator[str]:
    """The text in an element, with a newline for each `<br>`."""
    for event, one in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if one.tag == "br":
                yield "\n"
            elif one.text and isinstance(one.tag, str):
                yield one.text
        elif one is not element and one.tail:
            yield one.tail


def is_outside(href: str) -> bool:
    return href[:7].lower() in ("http://", "mailto:") or href[:8].lower() == "https://" or href[:4] == "tel:"


def raised(html: str) -> str:
    return html.translate(_RAISED) if _SMALL.fullmatch(html) else html


def lowered(html: str) -> str:
    return html.translate(_LOWERED) if _SMALL.fullmatch(html) else html
