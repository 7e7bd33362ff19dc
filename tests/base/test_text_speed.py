"""Hostile sources cost no more than honest ones: each of these once took, or takes elsewhere, seconds or minutes.

The budget is generous, for machines are busy; what it catches is work that grows with the square of the length.
"""

import time

import pytest

from torvet.base.text import MAX_SOURCE, read_html, read_markdown, to_markdown

LENGTH = 20_000
BUDGET = 2.0  # seconds of processor; honest text of this length takes 0.02 to 0.1

MARKDOWN = [
    "[", "![", "@[", "[a](", "](", "[[[]]]", "[a]: b\n", "`", "`a", "*a ", "**a *b ", "a**b", "*_", "_a_", "~~a", "~",
    ">", "> ", "- ", "-\n", "1. ", "* * * * a\n", "- a\n  - b\n    - c\n", "- [ ] a\n", " ", "\t", "    a\n", "\n", "<",
    "<a", "<http://", "&", "&amp;", "&#x41;", "\\", "a\\\n", "|a|b|\n|-|-|\n", "|", "|-", "#", "#a ", "@", "@a ",
    "@[a](member-1) ", "http://", "https://x.dk/? ", "www.", "mailto:", "a@b.dk ", "a@", "a@b.dk,", "a.b.", "((", "```\n",
    "http://a.dk/(((", "http://a.dk/[[", 'http://a.dk/"', "http://" + "a." * 900 + " ", "http://" + "a-" * 900 + " ",
    "http://a/" + "(" * 1000 + " ", "a" * 900 + "@ ", "\u0315\u0327", "a\u0301", "\u202e", "👩\u200d👧", "#æ", "@æ.",
]  # fmt: skip
HTML = [
    "<b>", "<p>", "<a href=x>", "<a href=http://x>a", "<i><b>", "<table>", "<table><tr><td>", "<ul><li>", "<blockquote>",
    "<div>", "<svg>", "<math>", "<b><p>", "</p>", "<!--", "<![CDATA[", "&#x202e;", "<p></p>", "<br>", "<b>a</b> ",
    "<a><table>", "<button><p>", "<select>", "<a href='", "<img src=/files/a/b alt=x>", "<pre>", "<dl><dt>", "<b></p>",
    "<span data-type=mention data-id=member-1>@a</span> ", "<template>", "<nobr>", "<b><i><s><p>", "<a><b><i></a>",
    "<li>", "<td>", "<em><a href=http://a>", "</ul>" * 10 + "<ul><li>" * 40,
]  # fmt: skip


def filled(sign: str, length: int = LENGTH) -> str:
    return (sign * (length // len(sign) + 1))[:length]


def seconds(work, *given) -> float:
    start = time.process_time()
    work(*given)
    return time.process_time() - start


@pytest.mark.parametrize("sign", MARKDOWN)
def test_hostile_markdown_is_read_and_written_in_time(sign):
    source = filled(sign)
    assert seconds(read_markdown, source) < BUDGET
    assert seconds(to_markdown, read_markdown(source).html) < BUDGET


@pytest.mark.parametrize("sign", HTML + MARKDOWN[:10])
def test_hostile_html_is_read_and_written_in_time(sign):
    source = filled(sign)
    assert seconds(read_html, source) < BUDGET
    assert seconds(to_markdown, read_html(source).html) < BUDGET


@pytest.mark.parametrize("sign", ["<ul><li>", "<dl><dt>", "<pre>", "<b></p>", "<div>"])
def test_the_longest_source_of_open_tags_is_read_in_time(sign):
    assert seconds(read_html, filled(sign, MAX_SOURCE)) < BUDGET


@pytest.mark.parametrize("sign", ["[", " ", "\t", ">", "`a", "@"])
def test_the_longest_markdown_is_read_in_time(sign):
    assert seconds(read_markdown, filled(sign, MAX_SOURCE)) < 5 * BUDGET
