from __future__ import annotations

import pytest

from torvet.base.text import read_html
from torvet.moving.emoji import reaction_of, sign_of, sign_of_points, with_signs
from torvet.moving.imports.slack import mrkdwn, rich_text


class Names:
    """U1 is Anna, C1 a space; nobody else is known."""

    def person(self, id: str, label: str) -> str:
        known = '<a class="mention" data-mention="member-7">@Anna</a>'
        return known if id == "U1" else f"@{label or 'somebody'}"

    def room(self, id: str, label: str) -> str:
        return '<a href="/spaces/3/">#general</a>' if id == "C1" else label or "another space"


def html(said: str) -> str:
    return read_html(mrkdwn.to_html(said, Names())).html


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Hej med dig", "<p>Hej med dig</p>"),
        (
            "*fed* _skrå_ ~væk~ `kode`",
            "<p><strong>fed</strong> <em>skrå</em> <s>væk</s> <code>kode</code></p>",
        ),
        ("*_begge_*", "<p><strong><em>begge</em></strong></p>"),
        ("2*3*4 og snake_case_name og ~/.profile~x", "<p>2*3*4 og snake_case_name og ~/.profile~x</p>"),
        ("* ikke fed * og _ ikke _", "<p>* ikke fed * og _ ikke _</p>"),
        ("`*ikke* _her_ :tada:`", "<p><code>*ikke* _her_ :tada:</code></p>"),
        ("a &lt;b&gt; &amp;amp; c", "<p>a &lt;b&gt; &amp;amp; c</p>"),
        ("a < b && c > d", "<p>a &lt; b &amp;&amp; c &gt; d</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("en\nto\n\ntre", "<p>en<br>to</p><p>tre</p>"),
        ("&gt; citat\n&gt; mere\nsvar", "<blockquote><p>citat<br>mere</p></blockquote><p>svar</p>"),
        ("før\n&gt;&gt;&gt;alt\n\nresten", "<p>før</p><blockquote><p>alt</p><p>resten</p></blockquote>"),
        ("• et\n• to", "<ul><li><p>et</p></li><li><p>to</p></li></ul>"),
        ("<!here> og <!channel|@channel> og <!everyone>", "<p>@here og @channel og @everyone</p>"),
        ("<!subteam^S1|@drift>", "<p>@drift</p>"),
        ("<!date^1763712000^{date_num}|2025-11-21 08:00>", "<p>2025-11-21 08:00</p>"),
        ("<@W1|gammelt.navn> <@W2>", "<p>@gammelt.navn @somebody</p>"),
        ("<#C1|general> <#C9|andet> <#C8|>", '<p><a href="/spaces/3/">#general</a> andet another space</p>'),
        ("se <javascript:alert(1)|her>", "<p>se her</p>"),
        (":tada: 10:30:45 :ukendt:", "<p>🎉 10:30:45 :ukendt:</p>"),
        ("\x00Hej\u202e med\x07 dig", "<p>Hej med dig</p>"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_slacks_marks_become_ours(said: str, shown: str) -> None:
    assert html(said) == shown


def test_a_link_keeps_its_words_and_its_address() -> None:
    assert html("<https://example.org/a?b=1&amp;c=2|guiden>") == (
        '<p><a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">guiden</a></p>'
    )
    assert "mailto:info@example.org" in html("<mailto:info@example.org|info@example.org>")
    assert ">+45 00</a>" in html("<tel:+4500|+45 00>")


def test_a_person_is_mentioned_and_not_merely_named() -> None:
    read = read_html(mrkdwn.to_html("Spørg <@U1|anna.and>!", Names()))
    assert [ref.key for ref in read.mentions] == ["id:7"]


def test_code_keeps_what_was_typed() -> None:
    said = '```\nsudo x\n# <ikke> &amp; "rigtig" *a* <https://example.org|example.org> <@U1>\n```'
    assert html(said) == '<pre><code>sudo x\n# &lt;ikke&gt; &amp; "rigtig" *a* example.org @U1</code></pre>'


def test_keys_to_slacks_files_are_dropped_from_addresses() -> None:
    key = "xox" + "e-123456789012-abcdef"
    assert "xoxe" not in html(f"<https://files.slack.com/x.png?t={key}|x> https://files.slack.com/y?t={key}")


def test_plain_words_take_the_short_way_to_the_same_html() -> None:
    for said in ("Hej med dig", "  to  mellemrum ", "Æøå 😀 “citat”", 'han sagde "hej"', "100 % #emne @anna"):
        short = mrkdwn.to_html(said, Names())
        long = "".join(mrkdwn._blocks(said, Names()))
        assert mrkdwn._PLAIN.fullmatch(said)
        assert read_html(short) == read_html(long)


def rich(*elements: dict) -> str:
    found = rich_text.to_html_or_none([{"type": "rich_text", "elements": list(elements)}], Names())
    return read_html(found or "").html


def words(text: str, **style: bool) -> dict:
    return {"type": "text", "text": text} | ({"style": style} if style else {})


def section(*elements: dict) -> dict:
    return {"type": "rich_text_section", "elements": list(elements)}


def bullets(*texts: str, **fields: object) -> dict:
    return {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [section(words(t)) for t in texts],
    } | fields


def test_rich_text_is_read_element_by_element() -> None:
    shown = rich(
        section(
            words("Hej "), {"type": "user", "user_id": "U1"}, words(" *ikke fed* "), words("fed", bold=True),
            words(" og "), words("kode", code=True), {"type": "emoji", "name": "wave", "unicode": "1f44b"},
            {"type": "broadcast", "range": "here"}, words("\nny linje"),
        )
    )  # fmt: skip
    assert shown == "<p>Hej @Anna *ikke fed* <strong>fed</strong> og <code>kode</code>👋@here<br>ny linje</p>"


def test_lists_are_nested_by_their_indent() -> None:
    shown = rich(bullets("a", "b"), bullets("b1", "b2", indent=1), bullets("c"), section(words("slut")))
    assert shown == (
        "<ul><li><p>a</p></li><li><p>b</p><ul><li><p>b1</p></li><li><p>b2</p></li></ul></li><li><p>c</p></li></ul>"
        "<p>slut</p>"
    )


def test_a_numbered_list_goes_on_where_it_stopped() -> None:
    assert rich(bullets("tre", style="ordered", offset=2)) == '<ol start="3"><li><p>tre</p></li></ol>'


def test_quotes_and_code_blocks_of_rich_text() -> None:
    shown = rich(
        {"type": "rich_text_quote", "elements": [words("citat")]},
        {"type": "rich_text_preformatted", "elements": [words("a < b\n  c")]},
    )
    assert shown == "<blockquote><p>citat</p></blockquote><pre><code>a &lt; b\n  c</code></pre>"


def test_blocks_that_are_not_understood_give_way_to_the_text() -> None:
    unknown = [{"type": "rich_text", "elements": [section({"type": "hologram"})]}]
    assert rich_text.to_html_or_none(unknown, Names()) is None
    assert rich_text.to_html_or_none([{"type": "video"}], Names()) is None
    assert rich_text.to_html_or_none([{"type": "divider"}], Names()) is None


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("+1", "👍"), ("thumbsup", "👍"), ("heart", "❤️"), ("tada", "🎉"), ("+1::skin-tone-3", "👍🏼"),
        ("clap::skin-tone-6", "👏🏿"), ("flag-dk", "🇩🇰"), ("man-facepalming::skin-tone-5", "🤦🏾‍♂️"),
        ("simple_smile", "🙂"), ("world_map", "🗺️"), ("white_check_mark", "✅"), ("v::skin-tone-2", "✌🏻"),
        ("male-technologist", "👨‍💻"), ("100", "💯"), ("sos", "🆘"), ("nordhavn", ""), ("", ""), ("space", ""),
    ],
)  # fmt: skip
def test_a_name_is_the_sign_that_slack_shows(name: str, sign: str) -> None:
    assert sign_of(name) == sign


def test_the_six_reactions_that_we_offer_come_out_as_ours() -> None:
    from torvet.entries.models.marks import REACTIONS

    names = ("+1", "heart", "clap", "smile", "bulb", "cry")
    assert tuple(sign_of(name) for name in names) == REACTIONS


def test_a_reaction_of_one_workspace_keeps_its_name() -> None:
    assert reaction_of("nordhavn") == ":nordhavn:"
    assert len(reaction_of("x" * 500)) == 64


def test_signs_by_number() -> None:
    assert sign_of_points("1f468-200d-1f4bb") == "👨‍💻"
    for wrong in ("", "zz", "d800", "110000", "7", "-"):
        assert sign_of_points(wrong) == ""


def test_several_signs_in_a_row() -> None:
    assert with_signs(":tada::tada: a:b:c :+1::skin-tone-2:") == "🎉🎉 a:b:c 👍🏻"
