"""Slack's blocks to HTML: rich_text as people write it today, and the simple ones that bots send."""

from __future__ import annotations

from html import escape as escape_html

from torvet.moving.emoji import sign_of, sign_of_points
from torvet.moving.imports.slack.mrkdwn import Names, address, line_to_html, to_html
from torvet.moving.imports.slack.shapes import Json, part, parts, words

DEEPEST = 8


class NotUnderstood(Exception):
    """A kind of block or element that is not known; the message's plain text is used instead."""


def to_html_or_none(blocks: list[Json], names: Names) -> str | None:
    """HTML of a message's blocks, or None when something in them is not understood or they say nothing."""
    try:
        html = "".join(_block(block, names) for block in blocks)
    except (NotUnderstood, RecursionError):
        return None
    return html or None


def _block(block: Json, names: Names) -> str:
    match words(block, "type"):
        case "rich_text":
            return _rich(parts(block, "elements"), names)
        case "section":
            said = [part(block, "text"), *parts(block, "fields")]
            return "".join(_said(one, names) for one in said if one)
        case "header":
            return f"<p><strong>{_escaped(words(part(block, 'text'), 'text'))}</strong></p>"
        case "context":
            return "".join(_said(one, names) for one in parts(block, "elements") if "text" in one)
        case "image":
            shown = words(part(block, "title"), "text") or words(block, "alt_text")
            return f"<p>{address(words(block, 'image_url'), shown)}</p>" if words(block, "image_url") else ""
        case "divider" | "actions":
            return ""
    raise NotUnderstood


def _said(text: Json, names: Names) -> str:
    said = words(text, "text")
    return to_html(said, names) if words(text, "type") == "mrkdwn" else f"<p>{_lines(said)}</p>"


def _rich(elements: list[Json], names: Names) -> str:
    html: list[str] = []
    open_lists: list[str] = []

    def close_lists(depth: int) -> None:
        while len(open_lists) > depth:
            html.append(f"</li></{open_lists.pop()}>")

    for element in elements:
        kind = words(element, "type")
        if kind == "rich_text_list":
            _list(element, names, html, open_lists, close_lists)
            continue
        close_lists(0)
        inside = parts(element, "elements")
        if kind == "rich_text_section":
            html.extend(f"<p>{paragraph}</p>" for paragraph in _inline(inside, names).split("<br><br>"))
        elif kind == "rich_text_quote":
            html.append(f"<blockquote><p>{_inline(inside, names)}</p></blockquote>")
        elif kind == "rich_text_preformatted":
            code = "".join(words(one, "text") or words(one, "url") for one in inside)
            html.append(f"<pre><code>{_escaped(code)}</code></pre>")
        else:
            raise NotUnderstood
    close_lists(0)
    return "".join(html)


def _list(element: Json, names: Names, html: list[str], open_lists: list[str], close_lists) -> None:  # type: ignore[no-untyped-def]
    tag = "ol" if words(element, "style") == "ordered" else "ul"
    indent, offset = element.get("indent"), element.get("offset")
    depth = min(indent, DEEPEST) + 1 if isinstance(indent, int) and indent > 0 else 1
    close_lists(depth)
    if len(open_lists) == depth and open_lists[-1] != tag:
        close_lists(depth - 1)
    for item in parts(element, "elements"):
        if len(open_lists) == depth:
            html.append("</li>")
        while len(open_lists) < depth:
            start = f' start="{offset + 1}"' if tag == "ol" and isinstance(offset, int) and offset > 0 else ""
            html.append(f"<{tag}{start}>" + ("<li>" if len(open_lists) + 1 < depth else ""))
            open_lists.append(tag)
        html.append(f"<li><p>{_inline(parts(item, 'elements'), names)}</p>")


def _inline(elements: list[Json], names: Names) -> str:
    return "".join(_styled(_element(element, names), part(element, "style")) for element in elements)


def _element(element: Json, names: Names) -> str:
    match words(element, "type"):
        case "text":
            return _lines(words(element, "text"))
        case "link":
            return address(words(element, "url"), words(element, "text"))
        case "user":
            return names.person(words(element, "user_id"), "")
        case "channel":
            return names.room(words(element, "channel_id"), "")
        case "emoji":
            tone = element.get("skin_tone")
            named = words(element, "name") + (f"::skin-tone-{tone}" if isinstance(tone, int) else "")
            sign = sign_of_points(words(element, "unicode")) if words(element, "unicode") else sign_of(named)
            return _escaped(sign or f":{words(element, 'name')}:")
        case "broadcast":
            return f"@{_escaped(words(element, 'range'))}"
        case "usergroup":
            # The name stands in the message's text alone.
            raise NotUnderstood
        case "date":
            return _escaped(words(element, "fallback") or str(element.get("timestamp", "")))
        case "color":
            return _escaped(words(element, "value"))
    raise NotUnderstood


def _styled(html: str, style: Json) -> str:
    for name, tag in (("code", "code"), ("bold", "strong"), ("italic", "em"), ("strike", "s")):
        if style.get(name) is True and html:
            html = f"<{tag}>{html}</{tag}>"
    return html


def _lines(said: str) -> str:
    return _escaped(said).replace("\n", "<br>")


def _escaped(said: str) -> str:
    return escape_html(said, quote=False)


__all__ = ["NotUnderstood", "line_to_html", "to_html_or_none"]
