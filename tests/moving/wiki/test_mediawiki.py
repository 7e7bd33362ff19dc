"""Wikis of MediaWiki."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from tests.moving.wiki.reading import kept, pages_in, plain, reading, zipped
from torvet.moving.imports.wiki import mediawiki
from torvet.moving.imports.wiki.mediawiki import MediaWiki
from torvet.moving.report import BadInput

# Nothing here asks a database.
pytestmark = pytest.mark.once

HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="da"><siteinfo>
<sitename>Nordhavn</sitename><base>https://wiki.example.org/wiki/Forside</base><case>first-letter</case><namespaces>
<namespace key="0" case="first-letter"/><namespace key="1" case="first-letter">Diskussion</namespace>
<namespace key="2" case="first-letter">Bruger</namespace><namespace key="6" case="first-letter">Fil</namespace>
<namespace key="10" case="first-letter">Skabelon</namespace><namespace key="14" case="first-letter">Kategori</namespace>
</namespaces></siteinfo>"""
PNG = b"\x89PNG\r\n"


def revision(text: str, at: str = "2024-01-01T08:00:00Z", by: str = "Mette", more: str = "") -> str:
    return (
        f"<revision><id>1</id><timestamp>{at}</timestamp><contributor><username>{by}</username></contributor>"
        f'{more}<text xml:space="preserve">{escape(text)}</text></revision>'
    )


def page(title: str, text: str | list[str], ns: int = 0, id: int = 0) -> str:
    revisions = "".join(text) if isinstance(text, list) else revision(text)
    number = id or abs(hash(title)) % 10**9
    return f"<page><title>{escape(title)}</title><ns>{ns}</ns><id>{number}</id>{revisions}</page>"


def dump(folder: Path, *pages: str, head: str = HEAD) -> Path:
    path = folder / "wiki.xml"
    path.write_text(head + "".join(pages) + "</mediawiki>", encoding="utf-8")
    return path


def html_of(folder: Path, text: str, *others: str) -> str:
    with reading(MediaWiki, dump(folder, page("Side", text), *others)) as read:
        return read.pages["Side"].html


# The real one


@pytest.mark.shareddata
def test_the_danish_sample_is_read_whole(shared_data: Path) -> None:
    path = shared_data / "fixtures" / "mediawiki-export.da.xml"
    assert mediawiki.opens(path)
    with reading(MediaWiki, path) as read:
        assert read.source.instance == "wiki.example.org"
        assert read.tree() == {
            "Forside": None, "Ferie og fravær": None, "VPN-adgang": None,
            "Diskussion:VPN-adgang": "VPN-adgang", "Kategori:Forsider": None,
        }  # fmt: skip
        assert (read.losses.links_found, read.losses.links_resolved) == (4, 3)
        assert [target for _, target in read.losses.broken] == ["Findes ikke endnu"]
        assert sum(line == "pages" for line, _, _ in read.losses.left_out) == 3
        front = read.pages["Forside"]
        assert front.topics == ("Forsider",)
        assert pages_in(front.html) == [read.key("Ferie og fravær"), f"{read.key('VPN-adgang')}#Hjemmefra"]
        kept(
            front.html, "<h2>Genveje</h2>", "<th><p>Afdeling</p></th>", "<td><p>Bodil</p></td>", "Havn (1894)"
        )
        assert "Dokumentation" not in front.html
        assert [version.at for version in front.versions] == [datetime(2021, 1, 5, 8, tzinfo=UTC)]
        assert front.edited_by and front.edited_by.name == "Jonas.Lie"
        absence = read.pages["Ferie og fravær"].html
        kept(
            absence,
            "[[ikke et link]]",
            "<code>kode</code>",
            "<hr>",
            "feriefridage.[1]",
            "<p>Se overenskomsten</p>",
        )
        kept(absence, "<ol><li><p>i tidssystemet</p></li></ol><ul><li><p>husk bilag</p></li></ul>")
        kept(
            read.pages["VPN-adgang"].html,
            '<pre><code class="language-bash">ssh vpn.nordhavn.example</code></pre>',
        )
        assert read.pages["VPN-adgang"].by is None, "an address is nobody's account"


# Words and shapes


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("'''fed''' og ''kursiv''", "<p><strong>fed</strong> og <em>kursiv</em></p>"),
        ("et\nto\n\ntre", "<p>et to</p><p>tre</p>"),
        ("== A ==\n=== B ===", "<h2>A</h2><h3>B</h3>"),
        ("= A =\n== B ==", "<h2>A</h2><h3>B</h3>"),
        ("* a\n** b\n* c", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ul>"),
        ("# a\n#: mere\n# b", "<ol><li><p>a</p><p>mere</p></li><li><p>b</p></li></ol>"),
        ("; Ord : forklaring", "<p><strong>Ord</strong></p><blockquote><p>forklaring</p></blockquote>"),
        (" int main()\n return", "<pre><code>int main()\nreturn</code></pre>"),
        ("a<ref name=x>note</ref> b<ref name=x/>", "<p>a[1] b[1]</p><ol><li><p>note</p></li></ol>"),
        ("<nowiki>'''x'''</nowiki>", "<p>'''x'''</p>"),
        ("10 m<sup>2</sup>, H<sub>2</sub>O", "<p>10 m², H₂O</p>"),
        (
            '<source lang="python">\nx < 1\n</source>',
            '<pre><code class="language-python">x &lt; 1</code></pre>',
        ),
        ("{| \n|+ Tabel\n! A !! B\n|-\n| 1 || colspan=2 | 2\n|}", '<td colspan="2">'),
        ("__TOC__a &amp; b &nbsp;c", "<p>a &amp; b \xa0c</p>"),
        ("[https://example.org her] https://x.example", '<a href="https://example.org">her</a>'),
        ("[[w:sv:Kaj|kajen]]", '<p><a href="https://sv.wikipedia.org/wiki/Kaj">kajen</a></p>'),
        ("[[Bruger:Mette|M]]", '<span data-type="mention" data-person="Mette">M</span>'),
        ("a<!-- skjult -->b", "<p>ab</p>"),
        ("[[sv:Sida]]tekst", "<p>tekst</p>"),
        ("<poem>a\nb</poem>", "<p>a<br>b</p>"),
    ],
)
def test_wikitext_is_read(text: str, html: str, tmp_path: Path) -> None:
    assert html in html_of(tmp_path, text)


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("[[ferie_og fravær]]", "Ferie og fravær"), ("[[Ferie%20og%20frav%C3%A6r]]", "Ferie og fravær"),
        ("[[:Kategori:Forsider]]", "Kategori:Forsider"), ("[[/Under]]", "Under"), ("[[Gammelt navn]]", "Ferie og fravær"),
        ("[[  Ferie   og_fravær ]]", "Ferie og fravær"),
    ],
)  # fmt: skip
def test_a_link_is_found_however_it_is_written(link: str, target: str, tmp_path: Path) -> None:
    path = dump(
        tmp_path, page("Side", link), page("Ferie og fravær", "x"), page("Side/Under", "y"),
        page("Kategori:Forsider", "z", 14), page("Gammelt navn", "#OMDIRIGERING [[Mellem]]"),
        page("Mellem", "#REDIRECT [[Ferie og fravær]]"),
    )  # fmt: skip
    with reading(MediaWiki, path) as read:
        assert pages_in(read.pages["Side"].html) == [read.key(target)]
        assert read.losses.broken == []
        assert set(read.pages) == {"Side", "Ferie og fravær", "Under", "Kategori:Forsider"}


def test_a_redirect_in_a_circle_is_a_broken_link(tmp_path: Path) -> None:
    path = dump(tmp_path, page("Side", "[[A]]"), page("A", "#REDIRECT [[B]]"), page("B", "#REDIRECT [[A]]"))
    with reading(MediaWiki, path) as read:
        assert read.pages["Side"].html == "<p>A</p>"
        assert len(read.losses.broken) == 1


def test_subpages_stand_below_the_nearest_page_there_is(tmp_path: Path) -> None:
    path = dump(tmp_path, page("A", "x"), page("A/B/C", "y"), page("Diskussion:A", "z", 1), page("D/E", "w"))
    with reading(MediaWiki, path) as read:
        assert read.tree() == {"A": None, "B/C": "A", "Diskussion:A": "A", "D/E": None}


def test_links_up_and_to_oneself(tmp_path: Path) -> None:
    with reading(MediaWiki, dump(tmp_path, page("A", "x"), page("A/B", "[[../]] [[#Ferie]]"))) as read:
        assert pages_in(read.pages["B"].html) == [read.key("A"), f"{read.key('B')}#Ferie"]


def test_simple_templates_are_written_out_and_others_stay_visible(tmp_path: Path) -> None:
    path = dump(
        tmp_path,
        page("Side", "{{Boks|titel=Havn|{{Navn}}}} {{#invoke:x|y}} {{Ukendt|a=1}} {{Loop}} {{Betinget|x}}"),
        page("Skabelon:Boks", "{{{titel}}}-{{{1}}}-{{{2|?}}}<noinclude>Hjælp</noinclude>", 10),
        page("Skabelon:Navn", "<includeonly>Bo</includeonly>", 10),
        page("Skabelon:Loop", "{{Loop}}", 10),
        page("Skabelon:Betinget", "{{#if:{{{1|}}}|ja|nej}}", 10),
    )
    with reading(MediaWiki, path) as read:
        words = plain(read.pages["Side"].html)
        assert words == "Havn-Bo-? {{#invoke:x|y}} {{Ukendt|a=1}} {{Loop}} ja"
        assert read.left_out()["parts", "a template that is not simple is shown as it was typed"] == 3


def test_a_template_may_write_the_rows_of_a_table(tmp_path: Path) -> None:
    html = html_of(tmp_path, "{|\n{{Række|a|b}}\n{{Række|c|d}}\n|}", page("Skabelon:Række", "{{!}}-\n{{!}} {{{1}}}\n{{!}} {{{2}}}", 10))  # fmt: skip
    assert plain(html) == "a | b\nc | d"


def test_pictures_are_looked_for_beside_the_dump(tmp_path: Path) -> None:
    (tmp_path / "images" / "a" / "ab").mkdir(parents=True)
    (tmp_path / "images" / "a" / "ab" / "Kaj_æøå.png").write_bytes(PNG)
    (tmp_path / "images" / "deleted").mkdir()
    (tmp_path / "images" / "deleted" / "Hemmelig.png").write_bytes(PNG)
    text = "[[Fil:Kaj æøå.png|thumb|200px|alt=Kaj|Kajen ''ved'' nat]]\n\n[[Fil:Hemmelig.png]] [[Media:Kaj æøå.png|fil]]"
    with reading(MediaWiki, dump(tmp_path, page("Side", text))) as read:
        kept(
            read.pages["Side"].html,
            '<img src="/files/x" alt="Kaj">',
            "<em>Kajen ved nat</em>",
            'href="/files/x"',
        )
        assert [why for line, _, why in read.losses.left_out if line == "files"] == [
            "Hemmelig.png is not beside the export"
        ]
        assert read.source.open_file("../../etc/passwd") is None
        assert read.source.open_file("deleted/Hemmelig.png") is None


def test_a_zip_may_hold_dump_and_pictures(tmp_path: Path) -> None:
    inside = dump(tmp_path, page("Side", "[[Fil:Kaj.png]]")).read_bytes()
    path = zipped(tmp_path / "wiki.zip", {"w/dump.xml": inside, "w/images/a/ab/Kaj.png": PNG})
    assert mediawiki.opens(path)
    with reading(MediaWiki, path) as read:
        kept(read.pages["Side"].html, "<img")


def test_history_is_kept_oldest_first_with_its_authors(tmp_path: Path) -> None:
    revisions = [
        revision("to", "2022-01-01T00:00:00Z", "Bo"), revision("et", "2021-01-01T00:00:00Z", "Anna"),
        revision("tre", "2023-01-01T00:00:00Z", "Cilla"),
        '<revision><timestamp>2021-06-01T00:00:00Z</timestamp><contributor deleted="deleted"/><text bytes="9" deleted="deleted"/></revision>',
    ]  # fmt: skip
    with reading(MediaWiki, dump(tmp_path, page("Side", revisions))) as read:
        one = read.pages["Side"]
        assert [(version.html, version.by and version.by.name) for version in one.versions] == [
            ("<p>et</p>", "Anna"),
            ("<p>to</p>", "Bo"),
        ]
        assert (one.html, one.by and one.by.name, one.edited_by and one.edited_by.name) == (
            "<p>tre</p>",
            "Anna",
            "Cilla",
        )
        assert read.left_out()["versions", "its text was deleted over there"] == 1


def test_what_is_no_text_is_left_out_and_counted(tmp_path: Path) -> None:
    path = dump(
        tmp_path, page("Side", "x"), page("Modul.json", [revision("{}", more="<model>json</model>")]),
        page("MediaWiki:Common.css", "a{}", 8), page("Modul:X", "return", 828), page("Bruger:Mette", "jeg", 2),
        page("Tom", []), page("Væk", ['<revision><timestamp>2024-01-01T00:00:00Z</timestamp><text deleted="deleted"/></revision>']),
    )  # fmt: skip
    with reading(MediaWiki, path) as read:
        assert set(read.pages) == {"Side"}
        assert sum(line == "pages" for line, _, _ in read.losses.left_out) == 6


# Bad input


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "wiki.xml: it is damaged or cut off"),
        (b"not xml at all", "wiki.xml"),
        (HEAD.encode() + b"<page><title>A", "wiki.xml: it is damaged or cut off"),
        (b"<html><body/></html>", "wiki.xml is not an export of MediaWiki"),
        (
            b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><mediawiki>&b;</mediawiki>',
            "defines entities",
        ),
        (b" " * 70_000 + b'<!DOCTYPE x [<!ENTITY a "a">]><mediawiki/>', "defines entities"),
        (b" " * 200_000 + b"<mediawiki/>", "it is not XML"),
        (HEAD.encode() + b"<a>" * 5000, "damaged"),
    ],
)
def test_what_is_no_dump_is_refused_plainly(raw: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "wiki.xml"
    path.write_bytes(raw)
    with pytest.raises(BadInput, match=says) as refused:
        MediaWiki.open(path)
    assert refused.value.reason.endswith(".")


@pytest.mark.parametrize(
    "piece",
    ["{{", "[[", "{|\n", "<ref>", "{{a|", "<b ", "<div a='", "<div>", "{{{", "<!--", "''a", "[http://x ", "<nowiki>", "&#", "\n*", "''''' ", "{{a}}", "|-\n", "== a\n", "<noinclude>", "}}", "{{a|{{b}}", "[[a|b]]", "#" * 50 + "\n"],
)  # fmt: skip
def test_hostile_wikitext_takes_no_time_and_loses_no_words(piece: str, tmp_path: Path) -> None:
    text = piece * (60_000 // len(piece)) + "\n\nsidste ord"
    path = dump(tmp_path, page("Side", text))
    started = time.monotonic()
    with reading(MediaWiki, path) as read:
        html = read.pages["Side"].html
        assert time.monotonic() - started < 15
        assert "sidste ord" in html


def test_two_thousand_headings_are_read(tmp_path: Path) -> None:
    html = html_of(tmp_path, "\n".join(f"== Afsnit {number} ==\ntekst" for number in range(2000)))
    assert html.count("<h2>") == 2000


def test_signs_that_xml_forbids_and_wrong_bytes_do_not_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "wiki.xml"
    raw = (
        (HEAD + page("Side", "før@@efter &#x1c; &#1;") + "</mediawiki>").encode().replace(b"@@", b"\x1c\xff")
    )
    path.write_bytes(raw.replace(b"&amp;#", b"&#"))
    with reading(MediaWiki, path) as read:
        assert plain(read.pages["Side"].html).startswith("før")
        assert plain(read.pages["Side"].html).split()[0].endswith("efter") or "efter" in plain(
            read.pages["Side"].html
        )


def test_hostile_names_come_out_harmless(tmp_path: Path) -> None:
    text = '[javascript:alert(1) klik] [[Fil:../../etc/passwd|<script>x</script>]] <span onclick=x>y</span> [[A"onmouseover=1]]'
    html = html_of(tmp_path, text, page('A"onmouseover=1', "z"))
    from tests.moving.wiki.reading import cleaned

    assert "<script" not in cleaned(html).html
    assert "javascript:" not in cleaned(html).html or "klik" in cleaned(html).plain
    assert 'onmouseover=1"' not in html.replace("&quot;", "")


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    dump(folder, page("Side", "[[Fil:passwd.png]]"))
    (folder / "passwd.png").symlink_to("/etc/passwd")
    with reading(MediaWiki, folder) as read:
        assert read.left_out()["files", "it is a link to somewhere else"] == 1
        assert "<img" not in read.pages["Side"].html
