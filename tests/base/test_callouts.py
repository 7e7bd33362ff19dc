"""Callouts: a note, a tip, a warning, a danger that stands out of a text."""

import pytest

from torvet.base.text import read_html, read_markdown


@pytest.mark.parametrize(
    ("sign", "sort"),
    [
        ("NOTE", "note"),
        ("tip", "tip"),
        ("IMPORTANT", "warning"),
        ("Warning", "warning"),
        ("CAUTION", "danger"),
        ("DANGER", "danger"),
    ],
)
def test_a_quote_with_a_sign_becomes_a_callout(sign: str, sort: str) -> None:
    read = read_markdown(f"> [!{sign}]\n> Husk **nøglen**.\n>\n> - a\n\nefter")
    assert read.html == (
        f'<aside data-callout="{sort}"><p>Husk <strong>nøglen</strong>.</p><ul><li><p>a</p></li></ul></aside>'
        "<p>efter</p>"
    )
    assert read.plain == "Husk nøglen.\n\n- a\n\nefter"


@pytest.mark.parametrize(
    "source", ["> [!NOTE] i samme linje", "> [!OTHER]\n> a", "[!NOTE]\na", "> a\n> [!NOTE]"]
)
def test_what_only_looks_so_stays_as_it_was_typed(source: str) -> None:
    assert "<aside" not in read_markdown(source).html


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (
            '<aside data-callout="loud" class="x"><p>a</p></aside>',
            '<aside data-callout="note"><p>a</p></aside>',
        ),
        ("<aside><p>a</p></aside>", "<p>a</p>"),
        ('<p>a</p><aside data-callout="tip"></aside>', "<p>a</p>"),
        ('<aside data-callout="tip">a', '<aside data-callout="tip"><p>a</p></aside>'),
    ],
)
def test_only_our_four_sorts_are_kept(html: str, kept: str) -> None:
    assert read_html(html).html == kept
