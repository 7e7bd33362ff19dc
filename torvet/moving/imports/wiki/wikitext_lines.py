"""Lines of wikitext put together: paragraphs, lists by their signs, indented text and text set as typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape
from re import compile as pattern

_TAGS = pattern(r"<[^<>]*>")


@dataclass(slots=True)
class Lines:
    """Takes pieces of HTML and line ends, gives blocks. `signs` are those a line begins with (`*#:;`)."""

    begins_anywhere: bool = False  # a space in front of the first line means nothing, as in a cell
    blocks: list[str] = field(default_factory=list)
    _signs: str = ""
    _line: list[str] = field(default_factory=list)
    _paragraph: list[str] = field(default_factory=list)
    _typed: list[str] = field(default_factory=list)
    _list: list[tuple[str, str]] = field(default_factory=list)
    _is_empty: bool = True
    _begins_with_space: bool = False

    def sign(self, sign: str) -> None:
        """A list sign. One that stands within a line is the colon after a term."""
        if self._is_empty:
            self._signs += sign
        elif sign == ":":
            self._end_line()
            self._signs = ":"
        else:
            self.add(sign)

    def add(self, html: str) -> None:
        if not html:
            return
        if self._is_empty and not self._signs and html.startswith(" "):
            self._begins_with_space = True
        if html.strip():
            self._is_empty = False
        self._line.append(html)

    def end_line(self) -> None:
        self._end_line()

    def block(self, html: str) -> None:
        """Something that stands by itself. Within a list it belongs to its last line."""
        if not html:
            return
        if self._signs:
            self._line.append(html)
            self._is_empty = False
            return
        self._end_line(is_last=True)
        self._close()
        self.blocks.append(html)

    def finish(self) -> str:
        self._end_line(is_last=True)
        self._close()
        return "".join(self.blocks)

    def _end_line(self, *, is_last: bool = False) -> None:
        html, signs = "".join(self._line), self._signs
        typed = self._begins_with_space and not self.begins_anywhere
        self.begins_anywhere = False
        self._line, self._signs, self._is_empty, self._begins_with_space = [], "", True, False
        if signs:
            self._close_paragraph()
            self._close_typed()
            if html.strip():
                self._list.append((signs, html.strip()))
            return
        if not html.strip():
            if not is_last or self._paragraph or self._list:
                self._close()
            return
        self._close_list()
        if typed and "<img" not in html:
            self._close_paragraph()
            self._typed.append(html[1:])
        else:
            self._close_typed()
            self._paragraph.append(html.strip())

    def _close(self) -> None:
        self._close_paragraph()
        self._close_typed()
        self._close_list()

    def _close_paragraph(self) -> None:
        if self._paragraph:
            self.blocks.append(f"<p>{' '.join(self._paragraph)}</p>")
            self._paragraph = []

    def _close_typed(self) -> None:
        if self._typed:
            words = unescape(_TAGS.sub("", "\n".join(self._typed)))
            # Links, names and pictures would be lost in code.
            if any("<a " in line or "<span" in line or "<code" in line for line in self._typed):
                self.blocks.append(f"<p>{'<br>'.join(self._typed)}</p>")
            else:
                self.blocks.append(f"<pre><code>{_escaped(words)}</code></pre>")
            self._typed = []

    def _close_list(self) -> None:
        if self._list:
            self.blocks.append(_lists(self._list))
            self._list = []


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lists(lines: list[tuple[str, str]]) -> str:
    html: list[str] = []
    run: list[tuple[str, str]] = []
    for signs, words in [*lines, ("", "")]:
        bare = signs.rstrip(":;")
        if bare.strip(":"):
            run.append((signs, words))
            continue
        if signs and run and set(signs) == {":"} and run[-1][0].startswith(signs):
            run.append((signs, words))
            continue
        html.append(_nested(run))
        run = []
        if signs.endswith(";"):
            html.append(f"<p><strong>{words}</strong></p>")
        elif signs:
            html.append(f"<blockquote><p>{words}</p></blockquote>")
    return "".join(html)


def _nested(lines: list[tuple[str, str]]) -> str:
    """Lists in lists. `#:` goes on with the last point of `#`, `:*` is `*`."""
    html: list[str] = []
    open_lists: list[str] = []
    for signs, words in lines:
        more = signs.endswith((":", ";")) and bool(open_lists)
        wanted = ["ol" if sign == "#" else "ul" for sign in signs.rstrip(":;").replace(":", "")][:8]
        same = 0
        while same < min(len(wanted), len(open_lists)) and wanted[same] == open_lists[same]:
            same += 1
        if more and same == len(wanted):
            while len(open_lists) > max(same, 1):
                html.append(f"</li></{open_lists.pop()}>")
            html.append(f"<p>{words}</p>")
            continue
        while len(open_lists) > same:
            html.append(f"</li></{open_lists.pop()}>")
        if same == len(wanted) and open_lists:
            html.append("</li><li>")
        while len(open_lists) < len(wanted):
            open_lists.append(wanted[len(open_lists)])
            html.append(f"<{open_lists[-1]}><li>")
        html.append(f"<p>{words}</p>")
    while open_lists:
        html.append(f"</li></{open_lists.pop()}>")
    return "".join(html)
