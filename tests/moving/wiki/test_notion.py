"""Workspaces of Notion, as Markdown and as HTML."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.moving.wiki.reading import kept, pages_in, plain, reading, zipped
from torvet.moving.imports.wiki import notion
from torvet.moving.imports.wiki.notion import Notion
from torvet.moving.report import BadInput

# Nothing here asks a database.
pytestmark = pytest.mark.once

PART = "Export-11111111-2222-4333-8444-555555555555-Part-1.zip"
PNG = b"\x89PNG\r\n"


def id(number: int) -> str:
    return f"{number:032x}"


A, B, C, D = (id(number) for number in (10, 11, 12, 13))


def inner(files: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in files.items():
            archive.writestr(name, inside)
    return made.getvalue()


def page(body: str, title: str = "Side", properties: str = "") -> str:
    return (
        f'<html><head><title>{title}</title><style>p {{}}</style></head><body><article><header><h1 class="page-title">{title}'
        f'</h1>{properties}</header><div class="page-body">{body}</div></article></body></html>'
    )


def html_of(folder: Path, body: str, **more: str) -> str:
    path = zipped(folder / "n.zip", {f"Side {A}.html": page(body, **more)})
    with reading(Notion, path) as read:
        return read.pages["Side"].html


# The real ones


@pytest.mark.shareddata
def test_the_markdown_sample_is_read_whole(shared_data: Path) -> None:
    path = shared_data / "fixtures" / "notion-markdown-export.zip"
    assert notion.opens(path)
    with reading(Notion, path) as read:
        assert read.tree() == {
            "Håndbog": None, "Ferie og fravær": "Håndbog", "Opgaver": "Håndbog", "Bestil borde": "Opgaver",
        }  # fmt: skip
        assert (read.losses.links_found, read.losses.links_resolved, read.losses.left_out) == (2, 2, [])
        book = read.pages["Håndbog"]
        assert book.created_at == datetime(2024, 1, 5, 8, tzinfo=UTC)
        assert pages_in(book.html) == [read.key("Ferie og fravær"), read.key("Opgaver")]
        kept(
            book.html,
            "<th><p>Ejer</p></th><td><p>Bodil Nørgaard</p></td>",
            'data-checked="true"><p>færdig</p>',
        )
        assert '<aside data-callout="tip">Husk kalenderen' in book.html
        assert plain(read.pages["Opgaver"].html).splitlines()[-1] == "Skjult række | Maja Söderström | To-do"
        assert pages_in(read.pages["Opgaver"].html) == [read.key("Bestil borde")]
        kept(read.pages["Ferie og fravær"].html, '<img src="/files/x" alt="kaj.png">')


@pytest.mark.shareddata
def test_the_html_sample_is_read_whole(shared_data: Path) -> None:
    path = shared_data / "fixtures" / "notion-html-export.zip"
    assert notion.opens(path)
    with reading(Notion, path) as read:
        assert read.source.instance == "87fc3678-5d7f-459c-bf9f-f6ca816ec29b"
        above = "Notion-Testspace"
        assert read.tree() == {
            above: None,
            "Block Reference": above,
            "Formatting Tests": above,
            "Attachment Tests": above,
        }
        inner_pages = sorted((one for one in read.all if one.parent), key=lambda one: one.order)
        assert [one.title for one in inner_pages] == [
            "Block Reference",
            "Formatting Tests",
            "Attachment Tests",
        ]
        assert len(read.pages["Attachment Tests"].html.split('href="file:')) == 6
        html = read.pages["Block Reference"].html
        kept(
            html,
            "<h2>Emphasised Blocks</h2>",
            '<pre><code class="language-python">',
            "<h4>A Heading 3 Block</h4>",
        )
        kept(
            html,
            '<li data-type="taskItem" data-checked="false"><p>This is a todo-list item.</p>',
            r"\begin{array}{c}",
        )
        words = plain(html)
        for said in (
            "with a nested text block.",
            "…with hidden content!",
            "ordinal levels.",
            "Webpage Bookmark",
        ):
            assert said in words
        assert html.count("<aside") == 4
        assert "ˉ" not in plain(read.pages["Formatting Tests"].html), "an equation is its own text, once"
        assert (read.losses.links_found, read.losses.broken, read.losses.left_out) == (6, [], [])


# Markdown


def test_names_cut_short_encoded_and_without_ids_are_put_together(tmp_path: Path) -> None:
    files = {
        f"Top {A}.md": f"# Top: en lang titel?\n\n[x](Top/Under%20{B}.md) [y](Cut%20differently%20{C}.md) [z](https://www.notion.so/ws/Tekst-{B}?pvs=4)",
        f"Top/Under {B}.md": "# Under\n\n[op](../Top%20" + A + ".md) [væk](Væk%20" + id(99) + ".md)",
        f"Top/Under {B}/Dybt {C}.md": "# Dybt",
        "Top/kaj.png": PNG,
    }  # fmt: skip
    with reading(Notion, zipped(tmp_path / "o.zip", {PART: inner(files)})) as read:
        assert read.tree() == {"Top: en lang titel?": None, "Under": "Top: en lang titel?", "Dybt": "Under"}
        assert pages_in(read.pages["Top: en lang titel?"].html) == [B, C, B]
        assert len(read.losses.broken) == 1


def test_the_letters_of_macs_are_the_same_letters(tmp_path: Path) -> None:
    import unicodedata

    name = unicodedata.normalize("NFD", f"Håndbog {A}")
    files = {
        f"{name}.md": f"![k]({name.replace(' ', '%20')}/kåj.png)",
        f"{name}/{unicodedata.normalize('NFD', 'kåj.png')}": PNG,
    }
    with reading(Notion, zipped(tmp_path / "m.zip", files)) as read:
        kept(read.all[0].html, "<img")


def test_parts_of_an_export_are_one(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "two.zip",
        {PART: inner({f"A {A}.md": f"[b](A%20{A}/B%20{B}.md)"}), PART.replace("1.zip", "2.zip"): inner({f"A {A}/B {B}.md": "x"})},
    )  # fmt: skip
    with reading(Notion, path) as read:
        assert read.tree() == {"A": None, "B": "A"}


def test_lines_that_are_no_properties_stay_text(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "n.zip",
        {f"A {A}.md": "# A\n\nHusk: nøglen\nog taskerne\n\nSlut", f"B {B}.md": "# B\n\n- x: y\n"},
    )
    with reading(Notion, path) as read:
        assert plain(read.pages["A"].html) == "Husk: nøglen og taskerne\n\nSlut"
        assert plain(read.pages["B"].html) == "- x: y"


def test_properties_give_dates_people_and_topics(tmp_path: Path) -> None:
    text = "# A\n\nCreated by: Bo Ek\nCreated time: 2024/03/01 10:00\nLast edited time: March 5, 2024 9:15 PM\nTags: ferie, fravær\nTom:\n\nx"
    with reading(Notion, zipped(tmp_path / "n.zip", {f"A {A}.md": text})) as read:
        one = read.pages["A"]
        assert (one.created_at, one.edited_at) == (
            datetime(2024, 3, 1, 10, tzinfo=UTC),
            datetime(2024, 3, 5, 21, 15, tzinfo=UTC),
        )
        assert one.by and (one.by.key, one.by.email) == ("name:Bo Ek", "")
        assert one.topics == ("ferie", "fravær")


def test_a_database_is_a_page_with_a_table_and_rows_below_it(tmp_path: Path) -> None:
    files = {
        f"Db {A}.csv": "\ufeffName,X\nen,1\n",
        f"Db {A}_all.csv": '\ufeffName,X\nen,1\nen,2\n"to\nlinjer",<b>\n',
        f"Db {A}/en {B}.md": "# en\n\nX: 1\n", f"Db {A}/en {C}.md": "# en\n\nX: 2\n",
    }  # fmt: skip
    with reading(Notion, zipped(tmp_path / "n.zip", files)) as read:
        assert pages_in(read.pages["Db"].html) == [B, C], "rows of one name lead to one page each"
        kept(read.pages["Db"].html, "to<br>linjer", "&lt;b&gt;")
        assert {one.parent for one in read.all} == {None, A}


def test_a_database_of_many_rows_is_attached_whole(tmp_path: Path) -> None:
    rows = "Name\n" + "".join(f"række {number}\n" for number in range(1200))
    with reading(Notion, zipped(tmp_path / "n.zip", {f"Db {A}.csv": rows, f"Db {A}_all.csv": rows})) as read:
        assert read.pages["Db"].html.count("<tr>") == 1001
        assert read.pages["Db"].attached == (f"Db {A}_all.csv",)
        assert sum(read.left_out().values()) == 200


# HTML


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ('<ul class="to-do-list"><li><div class="checkbox checkbox-on"></div> <span>a</span></li></ul><ul class="to-do-list"><li><div class="checkbox checkbox-off"></div> <span>b</span></li></ul>',
         '<ul data-type="taskList"><li data-type="taskItem" data-checked="true"><div></div> a</li><li data-type="taskItem" data-checked="false"><div></div> b</li></ul>'),
        ('<ol class="numbered-list" start="1"><li>a</li></ol><ol class="numbered-list" start="2"><li>b</li></ol>', '<ol start="1"><li>a</li><li>b</li></ol>'),
        ('<ul class="toggle"><li><details><summary>T</summary><p>x</p></details></li></ul>', "<p><strong>T</strong></p><p>x</p>"),
        ('<figure class="callout"><div><span class="icon">⚠️</span></div><div><p>x</p></div></figure>', '<aside data-callout="warning"><p>x</p></aside>'),
        ('<figure class="callout"><div style="width:100%">x</div></figure>', '<aside data-callout="note">x</aside>'),
        ('<div class="column-list"><div class="column"><p>a</p></div><div class="column"><p>b</p></div></div>', "<p>a</p></div><div><p>b</p>"),
        ('<p><mark class="highlight-red">r</mark><span class="user">@Bo</span> <time>@January 1, 2024</time></p>',
         '<p>r<span data-type="mention" data-person="name:Bo">Bo</span> January 1, 2024</p>'),
        ('<span class="notion-text-equation-token"><span class="katex"><math><annotation>x^2</annotation></math><span>x2</span></span></span>', "<code>x^2</code>"),
        ('<table class="collection-content"><thead><tr><th>N</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>', "<tr><td>1</td></tr>"),
    ],
)  # fmt: skip
def test_blocks_of_html_are_read(body: str, html: str, tmp_path: Path) -> None:
    assert html in html_of(tmp_path, body)


def test_a_table_of_properties_is_kept_above_the_text(tmp_path: Path) -> None:
    table = '<table class="properties"><tbody><tr><th>Status</th><td>Klar</td></tr></tbody></table>'
    assert plain(html_of(tmp_path, "<p>x</p>", properties=table)) == "Status | Klar\n\nx"


def test_a_link_to_a_block_leads_to_its_heading(tmp_path: Path) -> None:
    files = {
        f"A {A}.html": page(f'<p><a href="B%20{B}.html#abc">x</a></p>', "A"),
        f"B {B}.html": page('<h2 id="abc">To <b>ord</b></h2>', "B"),
    }
    with reading(Notion, zipped(tmp_path / "n.zip", files)) as read:
        assert pages_in(read.pages["A"].html) == [f"{B}#To ord"]


# Bad input


def test_a_zip_in_a_zip_in_a_zip_is_not_opened(tmp_path: Path) -> None:
    deep = inner({PART: inner({f"A {A}.md": "x"})})
    with pytest.raises(BadInput, match="there is no page of Notion in it"):
        Notion.open(zipped(tmp_path / "n.zip", {PART: deep}))


def test_a_zip_that_somebody_attached_stays_a_file(tmp_path: Path) -> None:
    files = {f"A {A}.md": "[f](arkiv.zip)", "arkiv.zip": inner({"hemmelig.md": "x"})}
    with reading(Notion, zipped(tmp_path / "n.zip", files)) as read:
        assert set(read.pages) == {"A"}
        kept(read.pages["A"].html, 'href="/files/x"')


def test_a_slip_in_the_inner_zip_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"n.zip, Export-.*zip, \.\./x.md: its name leads outside") as refused:
        Notion.open(zipped(tmp_path / "n.zip", {PART: inner({"../x.md": "x"})}))
    assert refused.value.reason.endswith(".")


def test_a_bomb_in_the_inner_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="unpacks to far more"):
        Notion.open(zipped(tmp_path / "n.zip", {PART: inner({f"A {A}.md": b" " * 40_000_000})}))


def test_links_out_of_the_export_are_no_files(tmp_path: Path) -> None:
    files = {
        f"A {A}.md": "[x](../../../../etc/passwd) [y](/etc/passwd) ![z](..%2F..%2Fetc%2Fpasswd) [j](javascript:alert(1))"
    }
    with reading(Notion, zipped(tmp_path / "n.zip", files)) as read:
        assert "href=" not in read.pages["A"].html
        assert read.source.open_file("../../etc/passwd") is None


@pytest.mark.parametrize(
    "piece",
    ["[", "![", "<div>", "- [ ] ", "> ", "| a ", "`", "<aside>", "*a ", "a: b\n", "[a](b", "<details>"],
)
def test_hostile_texts_take_no_time_and_lose_no_words(piece: str, tmp_path: Path) -> None:
    started = time.monotonic()
    path = zipped(tmp_path / "n.zip", {f"A {A}.md": "første ord\n\n" + piece * (100_000 // len(piece))})
    with reading(Notion, path) as read:
        assert "første ord" in read.pages["A"].html
    assert time.monotonic() - started < 15


def test_latin_letters_of_old_windows_are_read(tmp_path: Path) -> None:
    with reading(
        Notion, zipped(tmp_path / "n.zip", {f"A {A}.md": "# A\n\nSmørrebrød".encode("cp1252")})
    ) as read:
        assert plain(read.pages["A"].html) == "Smørrebrød"
