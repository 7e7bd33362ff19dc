"""Books of BookStack."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.moving.wiki.reading import kept, pages_in, plain, reading, zipped
from torvet.moving.imports.wiki import bookstack
from torvet.moving.imports.wiki.bookstack import BookStack
from torvet.moving.report import BadInput

# Nothing here asks a database.
pytestmark = pytest.mark.once

PNG = b"\x89PNG\r\n"


def book(folder: Path, *pages: dict[str, Any], files: dict[str, bytes] | None = None, **more: Any) -> Path:
    said = {"instance": {"version": "v25"}, "book": {"id": 1, "name": "Bog", "pages": list(pages)} | more}
    inside: dict[str, Any] = {"data.json": json.dumps(said)}
    return zipped(folder / "b.zip", inside | {f"files/{name}": raw for name, raw in (files or {}).items()})


def a_page(id: int = 100, name: str = "Side", html: str = "", **more: Any) -> dict[str, Any]:
    return {"id": id, "name": name, "html": html, "priority": id} | more


@pytest.mark.shareddata
def test_the_sample_is_read_whole(shared_data: Path) -> None:
    path = shared_data / "fixtures" / "bookstack-portable.zip"
    assert bookstack.opens(path)
    with reading(BookStack, path) as read:
        assert read.tree() == {
            "Håndbog": None,
            "Ansættelse": "Håndbog",
            "Ferie": "Ansættelse",
            "Tjekliste": "Håndbog",
        }
        assert (read.losses.links_found, read.losses.links_resolved, read.losses.left_out) == (2, 2, [])
        assert read.pages["Håndbog"].topics == ("ejer: It",)
        leave = read.pages["Ferie"]
        assert pages_in(leave.html) == ["page-101"]
        assert leave.attached == ("att7.png/Bilag æøå.png",)
        kept(
            leave.html, '<img src="/files/x" alt="x">', '<a href="/files/x">bilag</a>', "https://example.org"
        )
        assert "<h2>" not in leave.html, "a heading that says the title again"
        kept(read.pages["Tjekliste"].html, '<li data-type="taskItem" data-checked="false"><p>opgave</p></li>')
        assert read.pages["Ansættelse"].order < read.pages["Tjekliste"].order


def test_chapters_and_pages_are_one_order(tmp_path: Path) -> None:
    path = book(
        tmp_path, a_page(1, "C", priority=3), a_page(2, "A", priority=1),
        chapters=[{"id": 9, "name": "B", "priority": 2, "description": "om b", "pages": [a_page(3, "Under")]}],
    )  # fmt: skip
    with reading(BookStack, path) as read:
        top = sorted((one for one in read.all if one.parent == "book-1"), key=lambda one: one.order)
        assert [one.title for one in top] == ["A", "B", "C"]
        assert read.tree()["Under"] == "B"
        assert plain(read.pages["B"].html) == "om b"


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ('<p class="callout warning">x</p>', '<aside data-callout="warning"><p>x</p></aside>'),
        ('<p class="callout success">x</p>', '<aside data-callout="tip"><p>x</p></aside>'),
        ('<ul><li class="task-list-item"><input type="checkbox" checked="checked">a</li></ul>', '<li data-type="taskItem" data-checked="true">a</li>'),
        ('<pre><code class="language-php">a\nb</code></pre>', '<pre><code class="language-php">a\nb</code></pre>'),
        ("<details><summary>T</summary><p>x</p></details>", "<p><strong>T</strong></p><p>x</p>"),
        ("<h1>A</h1><h2>B</h2>", "<h2>A</h2><h3>B</h3>"),
        ('<iframe src="https://v.example/1"></iframe>', '<a href="https://v.example/1">'),
        ('<p><a href="#bkmrk-x">op</a></p><h2 id="bkmrk-x">Et <i>afsnit</i></h2>', 'href="page:page-100#Et%20afsnit"'),
        ("<script>alert(1)</script>x", "x"),
    ],
)  # fmt: skip
def test_html_is_read(html: str, wanted: str, tmp_path: Path) -> None:
    with reading(BookStack, book(tmp_path, a_page(html=html))) as read:
        assert wanted in read.pages["Side"].html
        assert "alert" not in read.pages["Side"].html


def test_references_lead_to_pages_chapters_and_headings(tmp_path: Path) -> None:
    html = (
        '<a href="[[bsexport:page:101]]#bkmrk-1">a</a><a href="[[bsexport:chapter:9]]">b</a><a href="[[bsexport:book:1]]">c</a>'
        '<a href="[[bsexport:page:7]]">d</a><img src="[[bsexport:image:../../x.png]]" alt="billede">'
    )
    path = book(
        tmp_path,
        a_page(html=html),
        a_page(101, "To", '<h2 id="bkmrk-1">Her</h2>'),
        chapters=[{"id": 9, "name": "K"}],
    )
    with reading(BookStack, path) as read:
        assert pages_in(read.pages["Side"].html) == ["page-101#Her", "chapter-9", "book-1"]
        assert [target for _, target in read.losses.broken] == ["page 7"]
        assert plain(read.pages["Side"].html) == "abcdbillede"
        assert read.left_out()["files", "../../x.png is not in the export"] == 1


def test_a_link_into_the_old_wiki_that_leads_nowhere_is_counted(tmp_path: Path) -> None:
    html = (
        '<a href="/shelves/x">a</a> <a href="javascript:alert(1)">b</a> <a href="mailto:bo@x.example">c</a>'
    )
    with reading(BookStack, book(tmp_path, a_page(html=html))) as read:
        assert [target for _, target in read.losses.broken] == ["/shelves/x"]
        assert read.pages["Side"].html.count("href=") == 1


def test_missing_files_drafts_and_templates_are_counted(tmp_path: Path) -> None:
    path = book(
        tmp_path, a_page(attachments=[{"name": "Væk", "file": "vaek.pdf"}]), a_page(2, "K", draft=True), a_page(3, "T", template=True),
        a_page(100, "Igen"),
    )  # fmt: skip
    with reading(BookStack, path) as read:
        assert set(read.pages) == {"Bog", "Side"}
        assert sum(read.left_out().values()) == 4


def test_a_chapter_or_a_page_may_stand_alone(tmp_path: Path) -> None:
    said = {"instance": {}, "page": a_page(5, "Alene", "<p>x</p>")}
    with reading(BookStack, zipped(tmp_path / "p.zip", {"data.json": json.dumps(said)})) as read:
        assert read.tree() == {"Alene": None}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("{", "data.json: it is not JSON as expected"), ("[]", "is not an export of BookStack"),
        ("[" * 100_000, "data.json: it is not JSON"), ('{"instance": {}, "book": 5}', "is not an export of BookStack"),
    ],
)  # fmt: skip
def test_what_is_no_book_is_refused_plainly(raw: str, says: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {"data.json": raw})
    assert not bookstack.opens(path)
    with pytest.raises(BadInput, match=says) as refused:
        BookStack.open(path)
    assert refused.value.reason.startswith("b.zip, data.json")


def test_things_of_the_wrong_kind_are_passed_over(tmp_path: Path) -> None:
    odd = a_page(html=5, tags="x", attachments={"a": 1}, images=[5], priority="først", name=None)  # type: ignore[arg-type]  # wrong kinds on purpose
    with reading(
        BookStack, book(tmp_path, odd, 5, a_page(2, "", markdown=["x"]), tags=[5, {"name": 3}])
    ) as read:  # type: ignore[arg-type]  # wrong kinds on purpose
        assert len(read.all) == 3


@pytest.mark.parametrize(
    "piece", ["<div>", "<ul><li>", "<b>", "<table><tr><td>", "<a href='", "&", "<!--", "<p>"]
)
def test_hostile_html_takes_no_time_and_loses_no_words(piece: str, tmp_path: Path) -> None:
    started = time.monotonic()
    with reading(
        BookStack, book(tmp_path, a_page(html="<p>første ord</p>" + piece * (200_000 // len(piece)) + "slut"))
    ) as read:
        assert "første ord" in read.pages["Side"].html
    assert time.monotonic() - started < 15
