"""All texts of the package that are marked for translation, found without gettext's tools."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation.template import templatize

from build_hooks import catalogues
from tests.source import PACKAGE, below, modules, templates

CALLS = {
    "gettext": ("id",), "gettext_lazy": ("id",), "gettext_noop": ("id",), "_": ("id",),
    "ngettext": ("id", "plural"), "ngettext_lazy": ("id", "plural"),
    "pgettext": ("context", "id"), "pgettext_lazy": ("context", "id"),
    "npgettext": ("context", "id", "plural"), "npgettext_lazy": ("context", "id", "plural"),
}  # fmt: skip
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\(\s*({STRING}(?:\s*,\s*{STRING})*)")
FIRST_STRING = re.compile(STRING)


@dataclass(frozen=True)
class Text:
    """One text as written in the source; `where` is the file (and line, in Python)."""

    id: str
    plural: str | None
    context: str | None
    where: str

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.id


@cache
def texts() -> list[Text]:
    """Every marked text, one for each place it stands."""
    found = []
    for module in modules():
        found += in_python(module.tree, f"torvet/{module.name}")
    for path in templates():
        found += in_template(path, below(path))
    return found


def in_python(tree: ast.Module, where: str) -> list[Text]:
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        shape = CALLS.get(name)
        given = [
            part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        if shape and len(given) >= len(shape):
            found.append(_text(dict(zip(shape, given, strict=False)), f"{where}:{node.lineno}"))
    return found


def in_template(path: Path, where: str) -> list[Text]:
    # Django's own step before xgettext: marked texts become calls, all else is blanked out.
    calls = TEMPLATE_CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path)))
    found = []
    for call in calls:
        given = [ast.literal_eval(literal) for literal in FIRST_STRING.findall(call.group(2))]
        shape = CALLS[call.group(1)]
        found.append(_text(dict(zip(shape, given, strict=False)), where))
    return found


def _text(parts: dict[str, str], where: str) -> Text:
    return Text(parts["id"], parts.get("plural"), parts.get("context"), where)


def as_po(found: list[Text]) -> str:
    """These texts as entries of a .po file, untranslated, each once, with the places where they stand."""
    places: dict[Text, list[str]] = {}
    for text in found:
        places.setdefault(Text(text.id, text.plural, text.context, ""), []).append(text.where)
    entries = []
    for text, where in places.items():
        lines = [f"#: {place}" for place in sorted(set(where))]
        if "%(" in text.id:
            lines.append("#, python-format")
        if text.context is not None:
            lines.append(f"msgctxt {quoted(text.context)}")
        lines.append(f"msgid {quoted(text.id)}")
        if text.plural is None:
            lines.append('msgstr ""')
        else:
            lines += [f"msgid_plural {quoted(text.plural)}", 'msgstr[0] ""', 'msgstr[1] ""']
        entries.append("\n".join(lines))
    return "\n\n".join(entries)


def quoted(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def main() -> int:
    """`python -m tests.messages [da]`: all texts, or those that this language still lacks, ready to be pasted."""
    found = texts()
    if sys.argv[1:]:
        path = PACKAGE / "locale" / sys.argv[1] / "LC_MESSAGES" / "django.po"
        known = (
            {message.key for message in catalogues.read(path) if message.is_complete}
            if path.exists()
            else set()
        )
        found = [text for text in found if text.key not in known]
    print(as_po(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
