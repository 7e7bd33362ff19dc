"""Templates: nothing that the content security policy forbids, nothing unescaped, no word that cannot be translated."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines

from tests.source import PACKAGE, below, modules, templates

# Where a template may print HTML as it is, and why that HTML can be trusted.
PRINTS_HTML = {
    "torvet/base/templates/_field_notes.html": "help texts are the form's own, never what somebody typed",
}
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.DOTALL),
    "an inline event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.DOTALL),
    "an hx-on attribute": re.compile(r"\shx-on"),
    "script in an attribute": re.compile(r"""=\s*["']\s*(javascript|js):""", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b"),
}
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
UNESCAPED = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|{%\s*autoescape\s+off|\|\s*escapejs\b")
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
CLASS_BLOCK = re.compile(
    r"{%\s*block\s+\w+_class\s*%}[\w -]*{%\s*endblock\s*\w*\s*%}"
)  # names of styles, never shown
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")
SPOKEN_ATTRIBUTES = {
    "title",
    "alt",
    "placeholder",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "label",
}
# The same in every language.
NEEDS_NO_TRANSLATION = {
    "Torvet", "Markdown", "HTML", "CSV", "PDF", "API", "OpenAPI", "JSON", "e.g", "Ctrl", "Esc", "Enter", "kB", "MB",
    "px", "nbsp", "Dansk", "Norsk bokmål", "Svenska", "Nederlands", "English", "Suomi",
}  # fmt: skip


class Spoken(HTMLParser):
    """Collects what a template says aloud without a translation tag: text, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "code", "kbd", "pre"}:
            self.silent += 1
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES or (
                tag == "input" and name == "value" and ("type", "submit") in attrs
            ):
                self._note(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "code", "kbd", "pre"}:
            self.silent = max(0, self.silent - 1)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._note(data)

    def _note(self, text: str) -> None:
        left = text
        for known in sorted(NEEDS_NO_TRANSLATION, key=len, reverse=True):
            left = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", "", left)
        if LETTERS.search(left):
            self.found.append(" ".join(text.split()))


def spoken(source: str) -> list[str]:
    reader = Spoken()
    reader.feed(TAG.sub("", CLASS_BLOCK.sub("", TRANSLATED.sub("", COMMENT.sub("", source)))))
    reader.close()
    return reader.found


@pytest.fixture(params=templates(), ids=below)
def template(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_there_are_templates() -> None:
    assert len(templates()) > 20


def test_every_template_can_be_read(template: Path) -> None:
    engines["django"].from_string(template.read_text(encoding="utf-8"))


def test_a_template_asks_for_nothing_the_content_security_policy_forbids(template: Path) -> None:
    source = COMMENT.sub("", template.read_text(encoding="utf-8"))
    for what, pattern in FORBIDDEN.items():
        found = pattern.search(source)
        assert not found, f"{below(template)} has {what}: {found.group(0)[-80:]}"
    for attributes, body in SCRIPT.findall(source):
        is_only_values = 'type="application/json"' in attributes or 'type="importmap"' in attributes
        assert "src=" in attributes or is_only_values, f"{below(template)} has an inline script: {body[:80]}"


def test_a_template_escapes_what_it_prints(template: Path) -> None:
    # Text mails are no HTML: escaping would send &amp; to people.
    if below(template) not in PRINTS_HTML and template.suffix == ".html":
        found = UNESCAPED.search(template.read_text(encoding="utf-8"))
        assert not found, f"{below(template)}: {found.group(0)}"


def test_a_template_says_nothing_that_cannot_be_translated(template: Path) -> None:
    found = spoken(template.read_text(encoding="utf-8")) if template.suffix == ".html" else []
    assert not found, f"{below(template)} says, outside {{% translate %}}: {found}"


def test_the_exceptions_are_still_needed() -> None:
    for name in PRINTS_HTML:
        assert UNESCAPED.search((PACKAGE.parent / name).read_text(encoding="utf-8")), (
            f"take {name} off the list"
        )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>{% translate 'Hello' %} {{ name }}</p>", []),
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ('<img alt="A harbour">', ["A harbour"]),
        ("<img alt=\"{% translate 'A harbour' %}\">", []),
        ('<a title="{{ title }}" class="big">Torvet</a>', []),
        ("{% blocktranslate %}Dear {{ name }}{% endblocktranslate %}{# quiet #}", []),
        ("<script src=x>var loud</script><code>torvet init</code>", []),
        ('<input type="submit" value="Send">', ["Send"]),
    ],
)
def test_the_check_hears_what_is_said(source: str, said: list[str]) -> None:
    assert spoken(source) == said


def test_python_says_nothing_that_cannot_be_translated() -> None:
    """Messages, form labels and validation errors are shown as they are given."""
    wrong = []
    for module in modules():
        for call in module.calls():
            name = ast.unparse(call.func)
            last = name.rpartition(".")[2]
            shown = []
            if last == "ValidationError" or name in {
                "messages.success",
                "messages.error",
                "messages.warning",
            }:
                shown = call.args[0 if last == "ValidationError" else 1 :][:1]
            if name.startswith("forms."):
                shown = [
                    word.value for word in call.keywords if word.arg in {"label", "help_text", "empty_label"}
                ]
            wrong += [
                f"{module.at(call)}: {part.value!r}"
                for part in shown
                if isinstance(part, ast.Constant)
                and isinstance(part.value, str)
                and LETTERS.search(part.value)
            ]
    assert not wrong, "shown, and not marked for translation:\n" + "\n".join(wrong)
