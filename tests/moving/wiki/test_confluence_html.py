"""Spaces of Confluence, as HTML."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.moving.wiki.reading import kept, pages_in, plain, reading, zipped
from torvet.moving.imports.wiki import confluence, confluence_html
from torvet.moving.imports.wiki.confluence_html import ConfluenceHtml
from torvet.moving.report import BadInput

# Nothing here asks a database.
pytestmark = pytest.mark.once

PNG = b"\x89PNG\r\n"
INDEX = """<html><head><title>Drift (DR)</title></head><body><div id="main-content"><table><tr><th>Key</th><td>DR</td></tr></table>
<h2>Available Pages:</h2><ul><li><a href="Drift_10001.html">Drift</a><ul><li><a href="Vagt_20001.html">Vagt</a></li>
<li><a href="Alarm_30001.html">Alarm: ring</a><ul><li><a href="Under_40001.html">Under</a></li></ul></li></ul></li></ul></div></body></html>"""


def page(title: str, body: str, more: str = "") -> str:
    return f"""<html><head><title>Drift : {title}</title><style>p {{}}</style></head><body><div id="main-header">
<div id="breadcrumb-section"><ol id="breadcrumbs"><li><a href="index.html">Drift</a></li></ol></div></div><div id="content">
<div class="page-metadata">Created by <span class='author'> Bo Ek</span>, last modified by <span class='editor'> Mette</span> on Apr 22, 2024</div>
<div id="main-content" class="wiki-content group">{body}</div>{more}</div></body></html>"""


def export(
    folder: Path, body: str = "<p>x</p>", more: str = "", files: dict[str, bytes] | None = None
) -> Path:
    pages = {"index.html": INDEX, "Drift_10001.html": page("Drift", body, more), "Vagt_20001.html": page("Vagt", '<h2 id="Vagt-To">To</h2>'),
             "Alarm_30001.html": page("Alarm: ring", ""), "Under_40001.html": page("Under", "")}  # fmt: skip
    return zipped(
        folder / "html.zip", {f"DR/{name}": inside for name, inside in (pages | (files or {})).items()}
    )


def html_of(folder: Path, body: str, **more: object) -> str:
    with reading(ConfluenceHtml, export(folder, body, **more)) as read:  # type: ignore[arg-type]  # files of an export by name
        return read.pages["Drift"].html


def test_tree_titles_order_people_and_dates_are_read(tmp_path: Path) -> None:
    path = export(tmp_path)
    assert confluence_html.opens(path)
    assert not confluence.opens(path)
    with reading(ConfluenceHtml, path) as read:
        assert read.source.instance == "DR"
        assert read.tree() == {"Drift": None, "Vagt": "Drift", "Alarm: ring": "Drift", "Under": "Alarm: ring"}
        assert [one.title for one in sorted(read.all, key=lambda one: one.order)] == [
            "Drift",
            "Vagt",
            "Alarm: ring",
            "Under",
        ]
        one = read.pages["Drift"]
        assert (one.key, one.by and one.by.name, one.edited_by and one.edited_by.name) == (
            "10001",
            "Bo Ek",
            "Mette",
        )
        assert one.edited_at == datetime(2024, 4, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ('<div class="confluence-information-macro confluence-information-macro-note"><p class="title">T</p><span class="aui-icon"></span><div class="confluence-information-macro-body"><p>x</p></div></div>',
         '<aside data-callout="warning"><p><strong>T</strong></p><div><p>x</p></div></aside>'),
        ('<div class="code panel pdl"><div class="codeHeader panelHeader"><b>A.java</b></div><div class="codeContent"><pre class="syntaxhighlighter-pre" data-syntaxhighlighter-params="brush: java; gutter: false">a &lt; b</pre></div></div>',
         '<p><strong>A.java</strong></p><pre><code class="language-java">a &lt; b</code></pre>'),
        ('<ul class="inline-task-list"><li class="checked" data-inline-task-id="1"><span>a</span></li><li><span>b</span></li></ul>',
         '<li data-type="taskItem" data-checked="true">a</li><li data-type="taskItem" data-checked="false">b</li>'),
        ('<a class="confluence-userlink user-mention" data-username="mette" href="https://x/~mette">Mette Dahl</a>', '<span data-type="mention" data-person="mette">Mette Dahl</span>'),
        ('<span class="status-macro aui-lozenge">KLAR</span>', "<strong>KLAR</strong>"),
        ('<div id="expander-1" class="expand-container"><div class="expand-control"><span class="expand-control-text">Mere</span></div><div class="expand-content"><p>x</p></div></div>',
         "<p><strong>Mere</strong></p>"),
        ('<div class="toc-macro"><ul><li><a href="#x">x</a></li></ul></div>y', "y"),
        ('<img class="emoticon emoticon-smile" data-emoji-fallback="🙂" src="images/icons/smile.svg">', "🙂"),
    ],
)  # fmt: skip
def test_what_macros_left_is_read(body: str, html: str, tmp_path: Path) -> None:
    assert html in html_of(tmp_path, body)


def test_links_pictures_and_files_are_found_and_go_by_their_names(tmp_path: Path) -> None:
    body = (
        '<a href="Vagt_20001.html#Vagt-To">v</a> <a href="Vaek_99001.html">w</a> <a href="attachments/10/77.pdf">fil</a>'
        '<img src="attachments/thumbnails/10/78" data-image-src="attachments/10/78.png" data-linked-resource-default-alias="kaj æøå.png">'
    )
    more = '<div class="pageSection group"><h2>Attachments:</h2><a href="attachments/10/77.pdf">Plan æøå.pdf</a> (application/pdf)</div>'
    path = export(tmp_path, body, more, files={"attachments/10/77.pdf": b"pdf", "attachments/10/78.png": PNG})
    with reading(ConfluenceHtml, path) as read:
        one = read.pages["Drift"]
        assert pages_in(one.html) == ["20001#To"]
        assert [target for _, target in read.losses.broken] == ["Vaek_99001.html"]
        assert one.attached == ("attachments/10/77.pdf/Plan æøå.pdf",)
        kept(one.html, '<img src="/files/x" alt="kaj æøå.png">')
        assert "Plan%20%C3%A6%C3%B8%C3%A5.pdf" in one.html


def test_comments_without_their_authors_are_counted(tmp_path: Path) -> None:
    more = '<div class="pageSection group"><h2>Comments:</h2><table><tr><td class="comment odd"><p>x</p></td></tr></table></div>'
    with reading(ConfluenceHtml, export(tmp_path, more=more)) as read:
        assert [line for line, _, _ in read.losses.left_out] == ["comments"]
        assert plain(read.pages["Drift"].html) == "x"


def test_a_zip_without_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no page of Confluence in it"):
        ConfluenceHtml.open(zipped(tmp_path / "x.zip", {"index.html": "<html></html>", "a.txt": "x"}))
