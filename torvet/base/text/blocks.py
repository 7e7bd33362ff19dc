"""Builds canonical HTML of the schema from what the sanitiser lets through.

The sanitiser's output is well-formed, so a small expression splits it into tags and text several times faster than
`html.parser` does. Safety does not hang on that: every tag and attribute written is spelled out here, and all text
is escaped.
"""

import re
from collections.abc import Mapping

from torvet.base.text.addresses import file_src, is_outside, link_start, safe_href
from torvet.base.text.characters import clean_line, escape_attribute, normalise, unescape
from torvet.base.text.frames import CONTAINERS, EMPTY, Frames
from torvet.base.text.lines import Line
from torvet.base.text.shape import MentionRef, Resolved

TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>|([^<]+)')
ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_ALIAS = {
    "b": "strong",
    "i": "em",
    "del": "s",
    "strike": "s",
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
    "tfoot": "tbody",
}
_MARKS = {"strong", "em", "s", "code"}
_LINES = {"p", "h2", "h3", "h4"}
_WHITE = " \t\n\r\f"
_MENTION = re.compile(r"(member|unit)-([1-9][0-9]{0,17})")
_LANGUAGE = re.compile(r"(?:^|\s)language-([A-Za-z0-9_+#.-]{1,30})(?:\s|$)")


class Builder:
    """Reads one text. After `read`, `refs` are the mentions found, `mentions` those known, both unique in order."""

    def __init__(self, known: Mapping[MentionRef, Resolved]) -> None:
        self.known = known
        # Dictionaries, for they are sets that keep their order.
        self.refs: dict[MentionRef, None] = {}
        self.mentions: dict[MentionRef, None] = {}
        self.topics: dict[str, None] = {}
        self.links: dict[str, None] = {}
        self._frames = Frames()
        self._open: list[tuple[str, object]] = []
        self._marks: list[tuple[str, str]] = []
        self._line: Line | None = None
        self._pre: list[str] | None = None
        self._language = ""
        self._mention: tuple[int, MentionRef, list[str]] | None = None

    def read(self, safe: str) -> tuple[str, str]:
        """Canonical HTML and plain text of sanitised, well-formed HTML."""
        for closing, tag, attributes, text in TOKEN.findall(safe):
            if text:
                self._text(unescape(text))
            elif closing:
                self._end()
            else:
                self._start(_ALIAS.get(tag, tag), attributes)
        self._close_line()
        return self._frames.finish()

    def _start(self, tag: str, source: str) -> None:
        if tag == "br":
            self._break()
        elif tag == "hr":
            self._block("<hr>")
        elif tag == "img":
            self._picture(_attributes(source))
        elif self._mention:
            self._open.append(("", None))
        elif tag in _MARKS:
            self._start_mark(tag, source)
        elif tag == "a":
            self._start_link(_attributes(source))
        elif tag == "span":
            self._start_span(_attributes(source))
        elif tag in _LINES:
            self._close_line()
            self._start_line(tag)
            self._open.append(("line", None))
        elif tag == "pre":
            self._close_line()
            self._frames.need_flow()
            self._pre, self._language = [], ""
            self._open.append(("line", None))
        elif tag in CONTAINERS and (tag != "aside" or "data-callout" in source):
            self._close_line()
            self._open.append(("container", self._frames.depth))
            self._frames.start(tag, _attributes(source))
        else:
            self._close_line()
            self._open.append(("line", None))

    def _end(self) -> None:
        kind, what = self._open.pop()
        if kind == "mark":
            self._marks.remove(what)  # type: ignore[arg-type]
        elif kind == "line":
            self._close_line()
        elif kind == "container":
            self._close_line()
            self._frames.close_to(what)  # type: ignore[arg-type]
        elif self._mention and len(self._open) == self._mention[0]:
            self._end_mention()

    # Text and what stands in a line

    def _text(self, text: str) -> None:
        if self._mention:
            self._mention[2].append(text)
        elif self._pre is not None:
            self._pre.append(text)
        elif self._line is not None or text.strip(_WHITE):
            self._in_line().add(text, self._marks)

    def _break(self) -> None:
        if self._mention:
            self._mention[2].append(" ")
        elif self._pre is not None:
            self._pre.append("\n")
        else:
            self._in_line().add_break(self._marks)

    def _start_mark(self, tag: str, source: str) -> None:
        if self._pre is not None:
            if tag == "code" and (match := _LANGUAGE.search(_attributes(source).get("class", ""))):
                self._language = match[1].lower()
        elif not any(mark[0] == tag for mark in self._marks):
            self._open_mark(tag, f"<{tag}>")
            return
        self._open.append(("", None))

    def _open_mark(self, tag: str, start: str) -> None:
        mark = (tag, start)
        self._marks.append(mark)
        self._open.append(("mark", mark))

    def _start_link(self, attributes: dict[str, str]) -> None:
        if "mention" in attributes.get("class", "").split() and self._start_mention(
            attributes.get("data-mention", "")
        ):
            return
        href = safe_href(attributes.get("href", ""))
        # A topic's link is only its text: it is found again below, so that it cannot say one thing and lead elsewhere.
        topic = attributes.get("class") == "topic" and href.startswith("/topics/")
        if not href or topic or self._pre is not None or any(mark[0] == "a" for mark in self._marks):
            self._open.append(("", None))
            return
        self._open_mark("a", link_start(href))

    def note_link(self, start: str) -> None:
        """A link is counted when its opening tag is written: one that holds no words never is."""
        href = unescape(ATTRIBUTE.findall(start)[0][1])
        if not is_outside(href) or href[:4].lower() == "http":
            self.links[href] = None

    def _start_span(self, attributes: dict[str, str]) -> None:
        named = attributes.get("data-type") == "mention"
        if not (
            named and self._start_mention(attributes.get("data-id", ""), attributes.get("data-label", ""))
        ):
            self._open.append(("", None))

    def _start_mention(self, target: str, label: str = "") -> bool:
        match = _MENTION.fullmatch(target)
        if not match or self._pre is not None or any(mark[0] in ("a", "code") for mark in self._marks):
            return False
        kind = "member" if match[1] == "member" else "unit"
        ref = MentionRef(kind, f"id:{match[2]}", clean_line(label).lstrip("@"))  # type: ignore[arg-type]
        self._mention = (len(self._open), ref, [])
        self._open.append(("", None))
        return True

    def _end_mention(self) -> None:
        assert self._mention
        _, ref, texts = self._mention
        self._mention = None
        label = ref.label or clean_line("".join(texts)).lstrip("@")
        if label:
            self._in_line().add_mention(MentionRef(ref.kind, ref.key, label), self._marks)

    def _picture(self, attributes: dict[str, str]) -> None:
        alt = clean_line(attributes.get("alt", ""))[:1000]
        src = file_src(attributes.get("src", ""))
        if self._mention:
            self._mention[2].append(alt)
        elif self._pre is not None:
            self._pre.append(alt)
        elif src:
            self._block(f'<img src="{escape_attribute(src)}" alt="{escape_attribute(alt)}">', alt)
        else:
            href = safe_href(attributes.get("src", ""))
            linked = bool(href) and not any(mark[0] == "a" for mark in self._marks)
            if linked:
                self._in_line().add(alt or href, [*self._marks, ("a", link_start(href))])
            elif alt:
                self._in_line().add(alt, self._marks)

    # Lines

    def _start_line(self, tag: str, *, implied: bool = False) -> None:
        self._frames.need_flow()
        self._line = Line(tag, self, implied=implied)

    def _in_line(self) -> Line:
        if self._line is None:
            self._close_line()
            self._start_line("p", implied=True)
        assert self._line is not None
        return self._line

    def _close_line(self) -> None:
        if self._pre is not None:
            self._close_pre()
        line, self._line = self._line, None
        if line is None:
            return
        html, plain = line.close()
        if html:
            self._frames.add(f"<{line.tag}>{html}</{line.tag}>", plain)
        elif line.tag == "p" and not line.implied:
            self._frames.add(EMPTY)

    def _close_pre(self) -> None:
        code = normalise("".join(self._pre or ())).strip("\n").rstrip()
        self._pre = None
        if code:
            language = f' class="language-{escape_attribute(self._language)}"' if self._language else ""
            line = Line("pre", self, implied=False)
            line.add_code(code)
            html, plain = line.close()
            self._frames.add(f"<pre><code{language}>{html}</code></pre>", plain)

    def _block(self, html: str, plain: str = "") -> None:
        if self._mention:
            return
        if self._line is not None and self._line.is_empty():
            # A paragraph that held nothing but this picture.
            self._line.implied = True
        self._close_line()
        self._frames.need_flow()
        self._frames.add(html, plain)


def _attributes(source: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(source)} if source else {}
