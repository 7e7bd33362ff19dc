"""Any input becomes clean HTML of the schema, and reading it again changes nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.base.hostile import HOSTILE
from torvet.base.text import (
    MAX_SOURCE,
    MentionRef,
    Resolved,
    TextTooLong,
    excerpt,
    read_html,
    read_markdown,
)

METTE = Resolved("member", 12, "Mette Dahl", "/people/12/")
IT = Resolved("unit", 5, "IT", "/units/5/")
REL = 'rel="noopener noreferrer nofollow"'
METTE_LINK = '<a class="mention" data-mention="member-12" href="/people/12/">@Mette Dahl</a>'


def resolve(refs: Sequence[MentionRef]) -> Mapping[MentionRef, Resolved]:
    known = {
        ("member", "id:12"): METTE,
        ("member", "handle:mette.dahl"): METTE,
        ("unit", "id:5"): IT,
        ("member", "handle:it"): IT,
    }
    return {ref: known[ref.kind, ref.key] for ref in refs if (ref.kind, ref.key) in known}


class Schema(HTMLParser):
    """Reads with another parser than ours, and fails on anything that is not in the schema."""

    ALLOWED = {
        **dict.fromkeys("p br h2 h3 h4 strong em s pre blockquote hr table thead tbody tr".split(), set()),
        "code": {"class"},
        "ul": {"data-type"},
        "ol": {"start"},
        "li": {"data-type", "data-checked"},
        "a": {"href", "rel", "class", "data-mention"},
        "th": {"colspan", "rowspan"},
        "td": {"colspan", "rowspan"},
        "img": {"src", "alt"},
        "aside": {"data-callout"},
    }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.ALLOWED, tag
        for name, value in attrs:
            assert name in self.ALLOWED[tag], (tag, name)
            assert value is not None
            if name == "href":
                assert re.match(r"(?:https?://[^/\\]|mailto:|tel:|/(?![/\\]))", value, re.IGNORECASE), value
            if name == "src":
                assert re.fullmatch(r"/files/[\w-]+(/[^?#\\]*)?", value) and "/.." not in value, value
            if name == "class":
                assert re.fullmatch(r"mention|topic|language-[a-z0-9_+#.-]+", value), value
            if name == "rel":
                assert value == "noopener noreferrer nofollow"

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def check(source: str, read=read_html) -> None:
    text = read(source)
    schema = Schema()
    schema.feed(text.html)
    schema.close()
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text.html + text.plain
    )
    # Mentions nobody resolved are text from then on; all else is the same.
    assert replace(read_html(text.html), mentions=()) == replace(text, mentions=()), (
        "reading it again changed it"
    )
    resolved = read(source, resolve=resolve)
    assert read_html(resolved.html, resolve=resolve).html == resolved.html


@pytest.mark.parametrize("source", HOSTILE)
@pytest.mark.parametrize("read", [read_html, read_markdown])
def test_hostile_markup_becomes_clean_and_stays_so(source, read):
    check(source, read)


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markup_inside_a_table_in_a_list_becomes_clean(source):
    check(f"<ul><li><table><tr><td>{source}</td></tr></table>{source}</ul>")


PIECES = (
    [
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href='https://a.dk/'>",
        "</a>",
        "<ul>",
        "</ul>",
        "<li>",
        "</li>",
    ]
    + [
        "<ol start=4>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "<th>",
        "</td>",
        "<thead>",
        "<tbody>",
        "<caption>",
    ]
    + [
        "<pre>",
        "</pre>",
        "<code class=language-x>",
        "</code>",
        "<blockquote>",
        "<aside data-callout=tip>",
        "</aside>",
        "</blockquote>",
        "<h1>",
        "</h1>",
    ]
    + [
        "<br>",
        "<hr>",
        "<img src='/files/a/b.png' alt='x'>",
        "<img src='https://a.dk/b.png' alt='y'>",
        "<div>",
        "</div>",
    ]
    + [
        "<svg>",
        "</svg>",
        "<math>",
        "<mtext>",
        "<style>",
        "</style>",
        "<button>",
        "<select>",
        "<form>",
        "<template>",
    ]
    + [
        "<span data-type='mention' data-id='member-12' data-label='Mette'>",
        "</span>",
        "<a class=mention data-mention=",
    ]
    + [
        "<a class='mention' data-mention='unit-5'>",
        "<a class=topic href='/topics/a/'>",
        "<ul data-type=taskList>",
    ]
    + [
        "<li data-type=taskItem data-checked=true>",
        "<label><input type=checkbox>",
        "<!--",
        "-->",
        "<s>",
        "</s>",
        "\n",
    ]
    + [
        "#salg",
        "#Løn-2026",
        "@mette.dahl",
        "@it",
        "@",
        "#",
        "-",
        ".",
        " ",
        "\xa0",
        "word",
        "æ\u030a",
        "\u0338",
        "&amp;",
    ]
    + [
        "https://a.dk/b_c",
        "www.a.dk",
        "a@b.dk",
        "mailto:",
        "http://",
        "&#x202e;",
        "&#0;",
        "&lt;",
        "&",
        "<",
        ">",
        '"',
    ]
    + [
        "@[Mette](member-12)",
        "](",
        "[",
        "]",
        "**",
        "_",
        "`",
        "```\n",
        "\n\n",
        "\n- ",
        "\n> ",
        "\n1. ",
        "\n| a | b |\n|-|-|\n",
    ]
    + ["[ ] ", "[x] ", "~~", "\\", "    ", "\t", "👩\u200d👧", "\u200f"]
)
anything = st.one_of(st.lists(st.sampled_from(PIECES), max_size=24).map("".join), st.text(max_size=80))


@settings(max_examples=400, deadline=None, derandomize=True)
@given(anything)
@example("<table><a href=https://a.dk/><li>x")
def test_any_html_becomes_clean_and_stays_so(source):
    check(source)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(anything)
def test_any_markdown_becomes_clean_and_stays_so(source):
    check(source, read_markdown)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(anything)
def test_what_is_written_passes_another_sanitiser_unchanged(source):
    html = read_html(source, resolve=resolve).html
    tags = set(Schema.ALLOWED)
    assert nh3.clean(html, tags=tags, attributes=Schema.ALLOWED, link_rel=None) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        ("<p></p>", ""),
        ("<p>Hej</p><p></p>", "<p>Hej</p>"),
        ("<p>a</p><p></p><p></p><p>b</p>", "<p>a</p><p></p><p>b</p>"),
        ("Hej <b>du</b>", "<p>Hej <strong>du</strong></p>"),
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<h1>a</h1><h6>b</h6>", "<h2>a</h2><h4>b</h4>"),
        ("<b>a<p>b</p></b>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
        ("<p>a<br>b<br></p>", "<p>a<br>b</p>"),
        ("<p><u>a</u> <kbd>b</kbd></p>", "<p>a b</p>"),
        ("<ul><li>a<ul><li>b</ul></ul>", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>"),
        ('<ol start="3"><li>a</ol>', '<ol start="3"><li><p>a</p></li></ol>'),
        (
            "<table><tr><th>a<td colspan=2>b</table>",
            '<table><tbody><tr><th><p>a</p></th><td colspan="2"><p>b</p></td></tr></tbody></table>',
        ),
        (
            '<pre><code class="language-py">a\n  #b\n</code></pre>',
            '<pre><code class="language-py">a\n  #b</code></pre>',
        ),
        ('<p><img src="/files/ab1/kat.png" alt="Kat"></p>', '<img src="/files/ab1/kat.png" alt="Kat">'),
        ('<img src="https://x.dk/a.png" alt="Kat">', f'<p><a href="https://x.dk/a.png" {REL}>Kat</a></p>'),
        ('<img src="data:image/png;base64,AA" alt="Kat">', "<p>Kat</p>"),
        ('<a href="/e/7/">x</a>', '<p><a href="/e/7/">x</a></p>'),
        ('<a href="javascript:alert(1)">x</a>', "<p>x</p>"),
        ('<a href="mailto:a@b.dk">x</a>', f'<p><a href="mailto:a@b.dk" {REL}>x</a></p>'),
        ("<p>1 &lt; 2 &amp; 3&nbsp;kr</p>", "<p>1 &lt; 2 &amp; 3&nbsp;kr</p>"),
        ("<p>e\u0301</p>", "<p>é</p>"),
    ],
)
def test_html_is_brought_into_the_schema(source, html):
    assert read_html(source).html == html


def test_the_editors_task_list_keeps_its_ticks():
    source = (
        '<ul data-type="taskList"><li data-checked="true" data-type="taskItem"><label><input type="checkbox" '
        'checked="checked"><span></span></label><div><p>Bestil kage</p></div></li><li data-checked="false" '
        'data-type="taskItem"><label><input type="checkbox"><span></span></label><div><p>Spis</p></div></li></ul>'
    )
    text = read_html(source)
    assert text.html == (
        '<ul data-type="taskList"><li data-type="taskItem" data-checked="true"><p>Bestil kage</p></li>'
        '<li data-type="taskItem" data-checked="false"><p>Spis</p></li></ul>'
    )
    assert text.plain == "[x] Bestil kage\n[ ] Spis"
    assert read_markdown("- [x] Bestil kage\n- [ ] Spis").html == text.html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Hej\ndu", "<p>Hej<br>du</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("**a** _b_ ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>"),
        ("# a", "<h2>a</h2>"),
        ("a\n---\nb", "<p>a</p><hr><p>b</p>"),
        ("    indented", "<p>indented</p>"),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "<table><thead><tr><th><p>a</p></th><th><p>b</p></th></tr></thead><tbody><tr>"
            "<td><p>1</p></td><td><p>2</p></td></tr></tbody></table>",
        ),
        ("- [ ] a\n- b", "<ul><li><p>[ ] a</p></li><li><p>b</p></li></ul>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](https://æ.dk/ø)", f'<p><a href="https://æ.dk/ø" {REL}>x</a></p>'),
    ],
)
def test_markdown_is_read_as_people_type_it(source, html):
    assert read_markdown(source).html == html


def test_a_topic_at_the_start_of_a_line_is_no_heading():
    text = read_markdown("#Salg går godt")
    assert text.html == '<p><a class="topic" href="/topics/salg/">#Salg</a> går godt</p>'
    assert text.topics == ("salg",)


@pytest.mark.parametrize(
    ("source", "topics"),
    [
        ("#Løn og #løn og #LØN", ("løn",)),
        ("#a-b_c #2026-plan #2026", ("a-b_c", "2026-plan")),
        ("C# x#y a/#b ##c &#100; #-d", ()),
        ("(#a), #b. #c- «#d»", ("a", "b", "c", "d")),
        (f"#{'a' * 60} #{'b' * 61}", ("a" * 60,)),
        ("#e\u0301te\u0301", ("été",)),
        ("#Straße", ("strasse",)),
        ("#مرحبا #日本", ("مرحبا", "日本")),
        ("<code>#a</code> <pre>#b</pre> <a href=/x/>#c</a>", ()),
        ("https://a.dk/#b www.a.dk/#c", ()),
        ("#<b>a</b> a<b>#b</b> <i>x</i>#c", ()),
    ],
)
def test_topics_are_found_where_a_word_starts(source, topics):
    assert read_html(source).topics == topics


def test_a_topics_link_leads_where_it_says():
    text = read_html('<a class="topic" href="/topics/harmless/">#Løn &amp; mere</a>')
    assert text.html == '<p><a class="topic" href="/topics/l%C3%B8n/">#Løn</a> &amp; mere</p>'
    assert text.topics == ("løn",)


def test_a_picked_mention_is_stored_under_its_current_name():
    asked: list[Sequence[MentionRef]] = []

    def once(refs: Sequence[MentionRef]) -> Mapping[MentionRef, Resolved]:
        asked.append(refs)
        return resolve(refs)

    text = read_html(
        '<p><span data-type="mention" data-id="member-12" data-label="Chefen">@Chefen</span> og '
        '<span data-type="mention" data-id="unit-5">@It-afdelingen</span>, @Mette.Dahl. @ukendt a@mette.dahl.dk</p>',
        resolve=once,
    )
    assert text.html == (
        f'<p>{METTE_LINK} og <a class="mention" data-mention="unit-5" href="/units/5/">@IT</a>, {METTE_LINK}. @ukendt '
        f'<a href="mailto:a@mette.dahl.dk" {REL}>a@mette.dahl.dk</a></p>'
    )
    assert text.plain == "@Mette Dahl og @IT, @Mette Dahl. @ukendt a@mette.dahl.dk"
    assert text.mentions == (MentionRef("member", "id:12", "Mette Dahl"), MentionRef("unit", "id:5", "IT"))
    assert [ref.key for ref in asked[0]] == ["id:12", "id:5", "handle:mette.dahl", "handle:ukendt"]
    assert len(asked) == 1
    assert read_html(text.html, resolve=once).html == text.html


def test_mentions_without_a_resolver_are_reported_and_stay_text():
    text = read_html('<p><a class="mention" data-mention="member-7" href="/people/7/">@Ole</a> @per</p>')
    assert text.html == "<p>@Ole @per</p>"
    assert text.mentions == (MentionRef("member", "id:7", "Ole"), MentionRef("member", "handle:per", "per"))


def test_an_unknown_mention_is_not_taken_for_somebody_elses_handle():
    text = read_html(
        '<span data-type="mention" data-id="member-99" data-label="it">@it</span>', resolve=resolve
    )
    assert text.html == "<p>@it</p>"
    assert text.mentions == ()


def test_markdown_mentions_are_found_but_not_in_code():
    text = read_markdown(
        "@[M. Dahl](member-12) `@mette.dahl` `@[x](member-12)`\n\n```\n@it\n```", resolve=resolve
    )
    assert text.html == (
        f"<p>{METTE_LINK} <code>@mette.dahl</code> <code>@[x](member-12)</code></p><pre><code>@it</code></pre>"
    )
    assert len(text.mentions) == 1


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("https://a.dk/b?c=1&amp;d=2#e.", ("https://a.dk/b?c=1&d=2#e",)),
        ("(https://a.dk/) www.b.dk, HTTP://C.DK", ("https://a.dk/", "http://www.b.dk", "HTTP://C.DK")),
        ("readme.md main.py 1.2.3 a.dk ftp://a.dk //b.dk javascript:x", ()),
        ('<a href="https://a.dk">x</a> <a href="/e/1/">y</a>', ("https://a.dk", "/e/1/")),
        ("<code>https://a.dk</code><pre>https://b.dk</pre>", ()),
        ("mail a@b.dk", ()),
    ],
)
def test_bare_addresses_become_links(source, links):
    text = read_html(source)
    assert text.links == links
    assert text.html.count(REL) >= len([link for link in links if not link.startswith("/")])


def test_plain_text_keeps_its_lines():
    source = "# Plan\n\nHej\ndu\n\n1. en\n2. to\n   - tre\n\n> citat\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n```\nx = 1\n  y\n```\nslut"
    assert read_markdown(source).plain == (
        "Plan\n\nHej\ndu\n\n1. en\n2. to\n  - tre\n\ncitat\n\na | b\n1 | 2\n\nx = 1\n  y\n\nslut"
    )


def test_forbidden_characters_go_and_needed_ones_stay():
    text = read_html("<p>a\x00b\u202ec&#x202e;d\u2067e&#1;f</p><p>\u200fשלום\u200e 👩\u200d👧 n\u200cm</p>")
    assert text.html == "<p>abcdef</p><p>\u200fשלום\u200e 👩\u200d👧 n\u200cm</p>"


def test_a_text_that_is_too_long_says_how_long_it_may_be():
    for read in (read_html, read_markdown):
        with pytest.raises(TextTooLong) as caught:
            read("a" * (MAX_SOURCE + 1))
        assert caught.value.limit == MAX_SOURCE


def test_very_deep_markup_keeps_its_words():
    text = read_html("<ul><li>" * 10_000 + "ord")
    assert text.plain.endswith("ord")
    assert read_html(text.html).html == text.html
    quoted = read_markdown(">" * 500 + " ord\n\n" + "- " * 300 + "mere\n\n" + " " * 600 + "- dybt")
    assert all(word in quoted.plain for word in ("ord", "mere", "dybt"))


def test_many_brackets_stay_what_they_are():
    source = "[" * 500 + " `[[[[[[[[[[` [a](https://a.dk)"
    text = read_markdown(source)
    assert text.plain == "[" * 500 + " [[[[[[[[[[ a"
    assert text.links == ("https://a.dk",)


@pytest.mark.parametrize(
    ("plain", "length", "expected"),
    [
        ("Kort", 20, "Kort"),
        ("En to tre fire fem", 12, "En to tre…"),
        ("En to tre, fire", 11, "En to tre…"),
        ("Linje\n\n  to", 50, "Linje to"),
        ("a" * 50, 10, "a" * 9 + "…"),
    ],
)
def test_an_excerpt_is_cut_at_a_word(plain, length, expected):
    assert excerpt(plain, length) == expected
    assert len(expected) <= length
