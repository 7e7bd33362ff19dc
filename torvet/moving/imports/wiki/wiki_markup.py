"""The wiki markup that Confluence stored until version 3 (`h1.`, `*bold*`, `[Title|Page]`, `{note}`) to loose HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from html import escape

from torvet.moving.imports.wiki import rewriting
from torvet.moving.imports.wiki.shapes import Losses, file_href, page_href
from torvet.moving.imports.wiki.storage_format import Space
from torvet.moving.imports.wiki.storage_macros import CALLOUTS, Body

MOST_DEEP = 20
_TYPED = re.compile(r"\{(code|noformat)(?::([^{}\n]*+))?\}")
_MACRO = re.compile(r"\{([a-z][a-z0-9_-]{0,40})(?::([^{}\n]{0,500}))?\}", re.IGNORECASE)
_HEADING = re.compile(r"h([1-6])\. *(.*)")
_POINT = re.compile(r"\s*([*#-]{1,8})\s+(.*)")
_RULE = re.compile(r"-{4,5}")
_LINK = re.compile(r"\[([^\[\]\n]{1,1000})\]")
_PICTURE = re.compile(r"!([^!\s|{}][^!|\n]{0,300})(?:\|([^!\n]{0,300}))?!")
_HELD = re.compile("\x01([0-9]+)\x02")
_SLASHED = re.compile(r"\\([*_\-+^~{}\[\]!|#?])")
_EMPHASIS = tuple(
    (re.compile(rf"(?<![\w{sign}]){sign}(?=[^\s{sign}])([^{sign}\n]*+){sign}(?![\w{sign}])"), tag)
    for sign, tag in ((r"\*", "strong"), ("_", "em"), (r"\-", "s"), (r"\+", ""), (r"\^", "sup"), ("~", "sub"))
)
_QUOTED = re.compile(r"\?\?([^?\n]+)\?\?")
_MONO = re.compile(r"\{\{([^{}\n]+)\}\}")
_SPREAD = {
    "section",
    "column",
    "excerpt",
    "div",
    "span",
    "center",
    "align",
    "color",
    "bgcolor",
    "expand",
    "quote",
    "details",
}
_HAVE_ANYWAY = {"toc", "anchor", "attachments", "pagetreesearch"}


@dataclass(slots=True)
class _Open:
    name: str
    said: str
    parts: list[str] = field(default_factory=list)
    typed: str = ""


class WikiMarkup:
    def __init__(self, space: Space, page: str, losses: Losses, where: str) -> None:
        self.space = space
        self.page = page
        self.losses = losses
        self.where = where
        self._body = Body(space, page, losses, where)
        self._held: list[str] = []
        self._shift = 0

    def html(self, body: str) -> str:
        body = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x01", "").replace("\x02", "")
        self._shift = 1 if re.search(r"^h1\. ", body, re.MULTILINE) else 0
        return self._macros(_MONO.sub(self._hold_mono, self._set_typed_apart(body)))

    def _hold_mono(self, found: re.Match[str]) -> str:
        return self._hold(f"<code>{escape(found[1], quote=False)}</code>")

    def _hold(self, html: str) -> str:
        self._held.append(html)
        return f"\x01{len(self._held) - 1}\x02"

    def _set_typed_apart(self, body: str) -> str:
        parts: list[str] = []
        done, opened = 0, None
        for found in _TYPED.finditer(body):
            if opened is None:
                opened = found
                parts.append(body[done : found.start()])
                done = found.end()
            elif found[1] == opened[1] and not found[2]:
                said = _said(opened[2] or "")
                code = rewriting.code_block(
                    body[done : found.start()].strip("\n"), said.get("") or said.get("language", "")
                )
                if code:
                    parts.append(f"\n\n{self._hold(rewriting.bold_line(said.get('title', '')) + code)}\n\n")
                done, opened = found.end(), None
        if opened is not None:
            parts.append(opened.group())
        parts.append(body[done:])
        return "".join(parts)

    def _macros(self, body: str) -> str:
        """Macros around text: each is closed by its own name."""
        stack = [_Open("", "")]
        done = 0
        pairs = _counted(body)
        for found in _MACRO.finditer(body):
            name, said = found[1].lower(), found[2] or ""
            stack[-1].typed += body[done : found.start()]
            done = found.end()
            if name not in CALLOUTS and name not in _SPREAD:
                stack[-1].typed += self._alone(name, said)
            elif not said and any(one.name == name for one in stack[1:]):
                while stack[-1].name != name:
                    self._close(stack)
                self._close(stack)
            elif pairs.get(name, 0) > 1 and len(stack) < MOST_DEEP:
                if name in ("color", "span", "bgcolor"):
                    continue
                stack[-1].parts.append(self._blocks(stack[-1].typed))
                stack[-1].typed = ""
                stack.append(_Open(name, said))
        stack[-1].typed += body[done:]
        while len(stack) > 1:
            self._close(stack)
        return "".join(stack[0].parts) + self._blocks(stack[0].typed)

    def _close(self, stack: list[_Open]) -> None:
        one = stack.pop()
        inside = "".join(one.parts) + self._blocks(one.typed)
        title = _said(one.said).get("title", "") or (
            _said(one.said).get("", "") if one.name == "expand" else ""
        )
        if one.name in CALLOUTS:
            inside = rewriting.callout(CALLOUTS[one.name], inside, title)
        elif one.name == "quote":
            inside = f"<blockquote>{inside}</blockquote>"
        elif title:
            inside = rewriting.bold_line(title) + inside
        stack[-1].parts.append(inside)

    def _alone(self, name: str, said: str) -> str:
        """A macro without a text in it."""
        if name in _HAVE_ANYWAY:
            return ""
        if name in ("color", "span"):
            return ""
        if name == "children":
            lines = [
                f"<li><p>{rewriting.anchor(page_href(key), escape(title, quote=False))}</p></li>"
                for key, title in self.space.children(self.page)
            ]
            return f"\n\n{self._hold('<ul>' + ''.join(lines) + '</ul>')}\n\n" if lines else ""
        if name in ("include", "excerpt-include"):
            self.losses.left_out.append(
                ("parts", self.where, "another page that was shown within the page is linked instead")
            )
            return self._hold(self._link(_said(said).get("", said)))
        shown = "{" + name + (f":{said}" if said else "") + "}"
        self.losses.left_out.append(("parts", self.where, f"the macro {name[:60]} is shown as it was typed"))
        return self._hold(f"<code>{escape(shown, quote=False)}</code>")

    # Blocks

    def _blocks(self, text: str) -> str:
        html: list[str] = []
        paragraph: list[str] = []
        points: list[tuple[str, str]] = []
        rows: list[str] = []

        def close() -> None:
            if paragraph:
                html.append(f"<p>{'<br>'.join(map(self._line, paragraph))}</p>")
            if points:
                html.append(_lists([(signs, self._line(words)) for signs, words in points]))
            if rows:
                html.append(f"<table><tbody>{''.join(rows)}</tbody></table>")
            paragraph.clear()
            points.clear()
            rows.clear()

        for line in text.split("\n"):
            bare = line.strip()
            if not bare:
                close()
            elif found := _HEADING.fullmatch(bare):
                close()
                level = min(4, max(2, int(found[1]) + self._shift))
                html.append(f"<h{level}>{self._line(found[2])}</h{level}>")
            elif bare.startswith("bq. "):
                close()
                html.append(f"<blockquote><p>{self._line(bare[4:])}</p></blockquote>")
            elif _RULE.fullmatch(bare):
                close()
                html.append("<hr>")
            elif found := _POINT.fullmatch(line):
                if paragraph or rows:
                    close()
                points.append((found[1], found[2]))
            elif bare.startswith("|"):
                if paragraph or points:
                    close()
                rows.append(self._row(bare))
            elif points and not _HELD.fullmatch(bare):
                # A line below a point goes on with it.
                points[-1] = (points[-1][0], f"{points[-1][1]} {bare}")
            elif _HELD.fullmatch(bare):
                close()
                html.append(self._held[int(bare[1:-1])])
            else:
                if rows:
                    close()
                paragraph.append(bare)
        close()
        return "".join(html)

    def _row(self, line: str) -> str:
        # Links have bars of their own.
        line = _LINK.sub(lambda found: self._hold(self._link(found[1])), line)
        line = _PICTURE.sub(lambda found: self._hold(self._picture(found[1])), line)
        cells = []
        for sign, words in re.findall(r"(\|\|?)([^|]*+)", line):
            tag = "th" if sign == "||" else "td"
            cells.append((tag, words))
        if cells and not cells[-1][1].strip():
            cells.pop()
        return f"<tr>{''.join(f'<{tag}>{self._line(words.strip())}</{tag}>' for tag, words in cells)}</tr>"

    # Within a line

    def _line(self, text: str) -> str:
        text = _SLASHED.sub(lambda found: self._hold(escape(found[1])), text)
        text = _LINK.sub(lambda found: self._hold(self._link(found[1])), text)
        text = _PICTURE.sub(lambda found: self._hold(self._picture(found[1])), text)
        html = escape(text, quote=False)
        for expression, tag in _EMPHASIS:
            html = expression.sub(partial(_marked, tag), html)
        html = _QUOTED.sub(r"<em>\1</em>", html).replace("\\\\", "<br>")
        for _ in range(6):
            if "\x01" not in html:
                break
            html = _HELD.sub(lambda found: self._held[int(found[1])], html)
        return html

    def _link(self, written: str) -> str:
        parts = [part.strip() for part in written.split("|")]
        words, target = (parts[0], parts[1]) if len(parts) > 1 and parts[1] else ("", parts[0])
        shown = escape(words, quote=False)
        if "\x01" in target:
            return f"[{escape(written, quote=False)}]"
        if rewriting.is_outside(target):
            return rewriting.anchor(target, shown or escape(target, quote=False))
        if target.startswith("~"):
            found = self.space.person(target[1:])
            return rewriting.mention(*found) if found else escape(words or target[1:], quote=False)
        if target.startswith("#"):
            heading = self.space.heading(self.page, target[1:])
            return rewriting.anchor(page_href(self.page, heading), shown or escape(target[1:], quote=False))
        page, caret, file = target.partition("^")
        if caret:
            return self._file(page, file, shown)
        space, colon, title = target.partition(":")
        space, title = (space, title) if colon and space and " " not in space else ("", target)
        title, _, section = title.partition("#")
        if title.startswith("$"):
            key = self.space.page_by_id(title[1:])
        else:
            key = self.space.page_by_title(
                title.rpartition("/")[2] if title.startswith("/") else title, space, self.page
            )
        return self._body.to_page(key, title, section, shown)

    def _file(self, page: str, file: str, shown: str) -> str:
        on = self.space.page_by_title(page, "", self.page) if page else self.page
        name = self.space.file(on, file) if on else None
        if name is None:
            self.losses.left_out.append(("files", self.where, f"{file[:200]} is not in the export"))
            return shown or escape(file, quote=False)
        return rewriting.anchor(file_href(name), shown or escape(file, quote=False))

    def _picture(self, written: str) -> str:
        if rewriting.is_outside(written):
            return rewriting.picture(written, written)
        page, caret, file = written.rpartition("^")
        on = self.space.page_by_title(page, "", self.page) if caret else self.page
        name = self.space.file(on, file) if on else None
        if name is None:
            if "." not in file:
                # "Hurra! Det virker!" is no picture.
                return f"!{escape(written, quote=False)}!"
            self.losses.left_out.append(("files", self.where, f"{file[:200]} is not in the export"))
            return f"<em>{escape(file, quote=False)}</em>"
        return rewriting.picture(file_href(name), file)


def _marked(tag: str, found: re.Match[str]) -> str:
    inside = found[1]
    if tag in ("sup", "sub"):
        return rewriting.raised(inside) if tag == "sup" else rewriting.lowered(inside)
    return f"<{tag}>{inside}</{tag}>" if tag else inside


def _said(written: str) -> dict[str, str]:
    """Parameters: `java|title=Main.java`."""
    found: dict[str, str] = {}
    for part in written.split("|"):
        name, is_named, value = part.partition("=")
        found[name.strip() if is_named else ""] = (value if is_named else part).strip()
    return found


def _counted(body: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in _MACRO.finditer(body):
        found[one[1].lower()] = found.get(one[1].lower(), 0) + 1
    return found


def _lists(points: list[tuple[str, str]]) -> str:
    html: list[str] = []
    open_lists: list[str] = []
    for signs, words in points:
        wanted = ["ol" if sign == "#" else "ul" for sign in signs]
        same = 0
        while same < min(len(wanted), len(open_lists)) and wanted[same] == open_lists[same]:
            same += 1
        while len(open_lists) > same:
            html.append(f"</li></{open_lists.pop()}>")
        if same == len(wanted):
            html.append("</li><li>")
        while len(open_lists) < len(wanted):
            open_lists.append(wanted[len(open_lists)])
            html.append(f"<{open_lists[-1]}><li>")
        html.append(f"<p>{words}</p>")
    while open_lists:
        html.append(f"</li></{open_lists.pop()}>")
    return "".join(html)
