"""Templates of MediaWiki: simple ones are written out, all others are held aside to be shown as they were typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from torvet.moving.imports.wiki.titles import TEMPLATE, Names, Title

MOST_DEEP = 12
MOST_WRITTEN = 1_000_000
"""Characters that the templates of one page may write."""
LEFT_OPEN = "\x03"
_SIGN = re.compile(
    r"\{{2,}+|\}{2,}+|\[\[|\]\]|\||<!--|-->|<(/?)(nowiki|pre|syntaxhighlight|source|math)\b[^<>]*+>", re.I
)
_PART = re.compile(r"<(/?)(noinclude|includeonly|onlyinclude)\s*/?>", re.IGNORECASE)
_HELD = re.compile("\x01([0-9]+)\x02")
_NAMED = re.compile(r"\s*([^=<>\[\]{}|\x01\x02]{1,100}?)\s*=")
_SILENT = re.compile(
    r"(?:DEFAULTSORT|DEFAULTSORTKEY|STANDARDSORTERING|DISPLAYTITLE|VISTITEL|TITEL)\s*:", re.I
)


@dataclass(slots=True)
class _Frame:
    kind: int  # 2: a template, 3: a parameter
    parts: list[list[str]] = field(default_factory=lambda: [[]])
    brackets: int = 0


class _TooMuch(Exception):
    pass


class Templates:
    """Writes out the templates of one page. `held` are those that could not be, as typed; a sign keeps their place."""

    def __init__(self, source: Callable[[str], str | None], names: Names, page: Title, site: str) -> None:
        self._source = source
        self._names = names
        self._page = page
        self._site = site
        self._written = 0
        self.held: list[str] = []

    def write_out(self, text: str) -> str:
        """A page's own text with its templates in it."""
        for sign in ("\x01", "\x02", LEFT_OPEN):
            text = text.replace(sign, "")
        # What is left opens nothing, and the parser would take the square of the time to find that out.
        return self._expanded(shown_part(text), None, ()).replace("{{", LEFT_OPEN)

    def raw(self, text: str) -> str:
        """A text with what was held aside back in its place."""
        while "\x01" in text:
            text = _HELD.sub(lambda found: self.held[int(found[1])], text)
        return text.replace(LEFT_OPEN, "{{")

    def _expanded(self, text: str, given: dict[str, str] | None, above: tuple[str, ...]) -> str:
        if "{{" not in text:
            return text
        stack = [_Frame(0)]
        done, skip = 0, ""
        last_comment, low = text.rfind("-->"), text.lower()
        last_end: dict[str, int] = {}
        for sign in _SIGN.finditer(text):
            mark = sign.group()
            if skip:
                # Inside a comment or a text that is shown as typed; without an end it is neither.
                if mark.lower() == skip or (sign[2] and sign[1] and skip == sign[2].lower()):
                    skip = ""
                continue
            if mark == "<!--":
                skip = "-->" if last_comment >= sign.end() else ""
                continue
            if sign[2]:
                name = sign[2].lower()
                if name not in last_end:
                    last_end[name] = low.rfind(f"</{name}")
                if not sign[1] and not mark.endswith("/>") and last_end[name] >= sign.end():
                    skip = name
                continue
            top = stack[-1]
            top.parts[-1].append(text[done : sign.start()])
            done = sign.end()
            if mark[0] == "{":
                left = self._open(stack, len(mark))
                stack[-1].parts[-1].append("{" * left)
            elif mark[0] == "}":
                left = self._shut(stack, len(mark), given, above)
                stack[-1].parts[-1].append("}" * left)
            elif mark == "|" and top.kind and not top.brackets:
                top.parts.append([])
            else:
                top.brackets += (mark == "[[") - (mark == "]]" and top.brackets > 0)
                top.parts[-1].append(mark)
        stack[-1].parts[-1].append(text[done:])
        while len(stack) > 1:
            lost = stack.pop()
            stack[-1].parts[-1].append("{" * lost.kind + "|".join("".join(part) for part in lost.parts))
        return "".join("".join(part) for part in stack[0].parts)

    def _open(self, stack: list[_Frame], count: int) -> int:
        """Frames for a run of braces: the inner ones are parameters when it is odd. Gives what is left over."""
        if len(stack) > 40:
            return count
        kinds: list[int] = []
        while count >= 2 and len(kinds) < 8:
            kinds.append(3 if count == 3 else 2)
            count -= kinds[-1]
        stack.extend(_Frame(kind) for kind in kinds)
        return count

    def _shut(
        self, stack: list[_Frame], count: int, given: dict[str, str] | None, above: tuple[str, ...]
    ) -> int:
        while count >= 2 and len(stack) > 1:
            frame = stack[-1]
            if frame.kind > count:
                break
            stack.pop()
            count -= frame.kind
            parts = ["".join(part) for part in frame.parts]
            shown = self._parameter(parts, given) if frame.kind == 3 else self._template(parts, given, above)
            self._written += len(shown)
            stack[-1].parts[-1].append(shown)
        return count

    def _parameter(self, parts: list[str], given: dict[str, str] | None) -> str:
        name = parts[0].strip()
        if given is not None and name in given:
            return given[name]
        if len(parts) > 1:
            return parts[1]
        return f"{{{{{{{'|'.join(parts)}}}}}}}"

    def _template(self, parts: list[str], given: dict[str, str] | None, above: tuple[str, ...]) -> str:
        before = len(self.held)
        if self._written <= MOST_WRITTEN and len(above) < MOST_DEEP:
            shown = self._simple(parts, above)
            # One that is only half simple is shown whole, as it was typed.
            if shown is not None and len(self.held) == before:
                return shown
        typed = self.raw("{{" + "|".join(parts) + "}}")
        del self.held[before:]
        self.held.append(typed)
        return f"\x01{len(self.held) - 1}\x02"

    def _simple(self, parts: list[str], above: tuple[str, ...]) -> str | None:
        name = parts[0].strip().removeprefix("subst:").strip()
        if _SILENT.match(name):
            return ""
        if (word := self._word(name)) is not None:
            return word
        if name.startswith("#"):
            return _condition(name, parts)
        if any("\x01" in part for part in parts):
            return None
        title = self._names.read(name if self._is_named(name) else f"Template:{name}")
        body = self._source(title.words) if title.space == TEMPLATE and title.words not in above else None
        if body is None:
            return None
        return self._expanded(template_part(body), _given(parts[1:]), (*above, title.words))

    def _is_named(self, name: str) -> bool:
        before, colon, _ = name.partition(":")
        return bool(colon) and self._names.space_of(before) is not None

    def _word(self, name: str) -> str | None:
        words = self._page.words
        return {
            "!": "|", "=": "=", "PAGENAME": words, "FULLPAGENAME": self._names.full(self._page),
            "SUBPAGENAME": words.rpartition("/")[2], "BASEPAGENAME": words.rpartition("/")[0] or words,
            "SITENAME": self._site, "NAMESPACE": self._names.shown.get(self._page.space, ""),
        }.get(name)  # fmt: skip


def _condition(name: str, parts: list[str]) -> str | None:
    function, colon, first = name.partition(":")
    said = [part.strip() for part in parts[1:]] + ["", "", ""]
    if not colon:
        return None
    if function == "#if":
        return said[0] if first.strip() else said[1]
    if function == "#ifeq":
        return said[1] if first.strip() == said[0] else said[2]
    return None


def _given(parts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    count = 0
    for part in parts:
        if named := _NAMED.match(part):
            found[named[1].strip()] = part[named.end() :].strip()
        else:
            count += 1
            found[str(count)] = part
    return found


def _without(text: str, wanted: dict[str, bool]) -> str:
    """Parts between tags kept or left out; `wanted` says which. Tags without an end are taken for words."""
    kept: list[str] = []
    done, hidden = 0, ""
    for found in _PART.finditer(text):
        name = found[2].lower()
        if not hidden:
            kept.append(text[done : found.start()])
        done = found.end()
        if found[1]:
            hidden = "" if hidden == name else hidden
        elif not hidden and not wanted.get(name, True) and not found.group().endswith("/>"):
            hidden = name
    if not hidden:
        kept.append(text[done:])
    return "".join(kept)


def shown_part(text: str) -> str:
    """What a page shows of itself."""
    return _without(text, {"includeonly": False}) if _PART.search(text) else text


def template_part(text: str) -> str:
    """What a template gives to the page that names it."""
    low = text.lower()
    if "<onlyinclude>" in low:
        start, end = low.find("<onlyinclude>") + len("<onlyinclude>"), low.find("</onlyinclude>")
        text = text[start : end if end >= start else None]
    return _without(text, {"noinclude": False}) if _PART.search(text) else text
