"""Five languages, complete: every text in the source has a translation that fits it, and nothing else is kept."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest

from build_hooks import catalogues
from tests.messages import Text, as_po, in_template, texts
from tests.source import PACKAGE

LANGUAGES = ["da", "nb", "sv", "nl"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif%]|\{\w*\}|</?\w+")
# Texts that are the same in another language are right now and then, a whole catalogue of them is a forgotten one.
MAY_STAY_ENGLISH = 0.25


def catalogue(language: str) -> list[catalogues.Message]:
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"
    assert path.is_file(), f"there is no {path}"
    return [message for message in catalogues.read(path) if message.id]


def test_texts_are_found_in_python_and_in_templates() -> None:
    found = texts()
    assert any(text.where.endswith(".html") for text in found)
    assert any(".py:" in text.where for text in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_a_translation(language: str) -> None:
    messages = {message.key: message for message in catalogue(language)}
    missing = sorted(
        {
            f"{text.where}: {text.id!r}"
            for text in texts()
            if text.key not in messages or not messages[text.key].is_complete
        }
    )
    assert not missing, f"{len(missing)} texts are not translated to {language}:\n" + "\n".join(missing[:60])


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_texts_have_plural_translations(language: str) -> None:
    messages = {message.key: message for message in catalogue(language)}
    wrong = [
        f"{text.where}: {text.id!r}"
        for text in texts()
        if text.plural is not None
        and text.key in messages
        and (messages[text.key].plural != text.plural or len(messages[text.key].strings) != 2)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_keeps_texts_that_are_gone(language: str) -> None:
    wanted = {text.key for text in texts()}
    gone = [
        f"line {message.line}: {message.id!r}" for message in catalogue(language) if message.key not in wanted
    ]
    assert not gone, f"{language} translates texts that nobody says any more:\n" + "\n".join(gone[:60])


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fuzzy_and_nothing_is_there_twice(language: str) -> None:
    messages = catalogue(language)
    fuzzy = [message.line for message in messages if "fuzzy" in message.flags]
    keys = [message.key for message in messages]
    assert not fuzzy, f"fuzzy in {language}, lines {fuzzy}"
    assert len(keys) == len(set(keys)), sorted({key[1] for key in keys if keys.count(key) > 1})


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders_and_markup(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        allowed = [sorted(PLACEHOLDER.findall(form)) for form in (message.id, message.plural or message.id)]
        for form in message.strings:
            if form and sorted(PLACEHOLDER.findall(form)) not in allowed:
                wrong.append(f"line {message.line}: {message.id!r} -> {form!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_in_its_language(language: str) -> None:
    longer = [message for message in catalogue(language) if len(message.id.split()) > 2]
    same = [message.id for message in longer if message.strings[:1] == [message.id]]
    assert len(same) <= len(longer) * MAY_STAY_ENGLISH, same


def test_a_compiled_catalogue_answers_as_gettext_would(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "da" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        '# a remark\n#: somewhere.py:1\nmsgid "Post"\nmsgstr "Slå op"\n\n'
        'msgctxt "noun"\nmsgid "Post"\nmsgstr "Opslag"\n\n'
        '#, python-format\nmsgid "%(n)s answer"\nmsgid_plural ""\n"%(n)s "\n"answers"\n'
        'msgstr[0] "%(n)s svar"\nmsgstr[1] "%(n)s svar i alt"\n\n'
        '#, fuzzy\nmsgid "Leave"\nmsgstr "Forkert"\nmsgid "Tab\\tand \\"quote\\""\nmsgstr "Tab\\tog \\"citat\\""\n\n'
        'msgid "Untranslated"\nmsgstr ""\n\n#~ msgid "Old"\n#~ msgstr "Gammel"\n',
        encoding="utf-8",
    )
    assert catalogues.compile_below(tmp_path) == [source.with_suffix(".mo")]
    assert catalogues.compile_below(tmp_path) == []
    told = gettext.GNUTranslations(io.BytesIO(source.with_suffix(".mo").read_bytes()))
    assert told.gettext("Post") == "Slå op"
    assert told.pgettext("noun", "Post") == "Opslag"
    assert [told.ngettext("%(n)s answer", "%(n)s answers", n) for n in (1, 2)] == [
        "%(n)s svar",
        "%(n)s svar i alt",
    ]
    assert told.gettext("Leave") == "Leave"
    assert told.gettext('Tab\tand "quote"') == 'Tab\tog "citat"'
    assert told.gettext("Untranslated") == "Untranslated"
    assert told.gettext("Old") == "Old"


def test_a_broken_catalogue_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text('msgid "a"\nmsgstr "b\n', encoding="utf-8")
    with pytest.raises(catalogues.NotACatalogue, match=r"django\.po, line 2"):
        catalogues.read(path)


def test_texts_in_templates_are_read_as_django_reads_them(tmp_path: Path) -> None:
    source = (
        '{% load i18n %}{% translate "It\'s here" %} {% translate "Open" context "verb" %}'
        "{% blocktranslate count n=rows|length %}{{ n }} answer{% plural %}{{ n }} answers{% endblocktranslate %}"
        "{% blocktranslate trimmed %}\n  Two\n  lines, 100%\n{% endblocktranslate %}{{ _('Aloud') }}<p>not marked</p>"
    )
    file = tmp_path / "page.html"
    file.write_text(source, encoding="utf-8")
    found = {(text.context, text.id, text.plural) for text in in_template(file, file.name)}
    assert found == {
        (None, "It's here", None),
        ("verb", "Open", None),
        (None, "%(n)s answer", "%(n)s answers"),
        (None, "Two lines, 100%%", None),
        (None, "Aloud", None),
    }


def test_a_missing_text_comes_ready_to_be_pasted(tmp_path: Path) -> None:
    given = [
        Text('Say "hi"\n%(n)s', 'Say "hi"\n%(n)s times', "verb", "a.py:1"),
        Text("Once", None, None, "a.html"),
    ]
    path = tmp_path / "django.po"
    path.write_text(as_po([*given, given[0]]), encoding="utf-8")
    read = catalogues.read(path)
    assert [(message.id, message.plural, message.context) for message in read] == [
        (text.id, text.plural, text.context) for text in given
    ]
    assert not any(message.is_complete for message in read)
