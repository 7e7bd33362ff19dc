"""What an answer by mail only repeats: kept whole, shown folded."""

from __future__ import annotations

import pytest

from torvet.base.text import folded, read_html, to_markdown

REST = (
    '<p>Ja</p><blockquote data-quoted="rest"><p>Vil du?</p><blockquote><p>Før</p></blockquote></blockquote>'
)


def test_a_quotation_of_what_was_quoted_again_is_kept_as_such() -> None:
    text = read_html(REST)
    assert text.html == REST
    assert text.plain.split() == ["Ja", "Vil", "du?", "Før"]
    assert to_markdown(REST).split("\n")[:3] == ["Ja", "", "> Vil du?"]


@pytest.mark.parametrize("value", ["", "x", "rest x", "REST"])
def test_no_other_value_stands(value: str) -> None:
    assert read_html(f'<blockquote data-quoted="{value}"><p>a</p></blockquote>').html == (
        "<blockquote><p>a</p></blockquote>"
    )


def test_it_opens_by_a_click_and_quotes_within_it_stay_quotes() -> None:
    assert folded(REST, "Show") == (
        '<p>Ja</p><details class="quoted-again"><summary>Show</summary><blockquote><p>Vil du?</p>'
        "<blockquote><p>Før</p></blockquote></blockquote></details>"
    )


def test_other_texts_are_shown_as_they_are() -> None:
    plain = "<blockquote><p>a</p></blockquote><p>b</p>"
    assert folded(plain, "Show") is plain


def test_nothing_else_comes_with_it() -> None:
    said = '<blockquote data-quoted="rest" onclick="x()" class="y"><p>a</p></blockquote>'
    assert read_html(said).html == '<blockquote data-quoted="rest"><p>a</p></blockquote>'
