"""What goes out comes back: the same tree, the same titles, the same words."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.cast import newcomer
from tests.moving.tables import changed, digest_of_all_tables
from tests.moving.wikis import a_picture, a_zip, bring
from torvet.entries import actions as entries
from torvet.entries.models import Attachment
from torvet.moving.exports.wiki import export_wiki
from torvet.moving.report import BadInput
from torvet.moving.running import run_import
from torvet.people.viewer import Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import Access, Space
from torvet.wiki import actions as wiki
from torvet.wiki.models import Page

WIKIS = (
    "wikis/publiccode-about.en.zip", "wikis/os2kitos-docs.da.zip", "wikis/varianter-handbook.nb.zip",
    "wikis/apparat-personalhandbok.nb.zip", "wikis/developer-overheid-docs-blog.nl.zip",
    "fixtures/mediawiki-export.da.xml", "fixtures/confluence-space-4.3.zip", "fixtures/confluence-space-8.5.zip",
    "fixtures/confluence-blogs.zip", "fixtures/notion-markdown-export.zip", "fixtures/notion-html-export.zip",
    "fixtures/bookstack-portable.zip", "fixtures/outline-json-export.zip",
)  # fmt: skip


def shape(space: Space) -> list[tuple[str, ...]]:
    """Every page in the order of the tree: titles from the top, sort, and its words with names instead of numbers."""
    pages = {page.pk: page for page in Page.objects.filter(space=space).select_related("entry")}
    # Pictures are written anew each time they come in, so their sizes differ.
    files = {row.key: f"{row.position} {row.name}" for row in Attachment.objects.filter(entry__in=pages)}
    places: dict[int, int] = {}
    counted: Counter[int | None] = Counter()
    for page in sorted(pages.values(), key=lambda one: (one.place, one.pk)):
        places[page.pk] = counted[page.parent_id]
        counted[page.parent_id] += 1

    def way(page: Page) -> str:
        return " > ".join(f"{places[pk]} {pages[pk].entry.title}" for pk in (*page.above, page.pk))

    def words(body: str) -> str:
        body = re.sub(
            r"/pages/(\d+)/", lambda m: f"[{way(pages[int(m[1])])}]" if int(m[1]) in pages else m[0], body
        )
        return re.sub(r"/files/([\w-]+)/", lambda m: f"[{files.get(m[1], m[0])}]", body)

    return sorted((way(page), page.sort, words(page.entry.body)) for page in pages.values())


def there_and_back(by: Viewer, space: Space, folder: Path) -> Space:
    path = folder / "out.zip"
    export_wiki(str(space.pk), path, by=by)
    first = path.read_bytes()
    export_wiki(str(space.pk), path, by=by)
    assert path.read_bytes() == first
    run_import("wiki", path, by=by, new_space="Back")
    return Space.objects.get(name="Back")


@pytest.mark.shareddata
@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("name", WIKIS)
def test_a_real_wiki_goes_out_and_comes_back_the_same(
    admin: Viewer, shared_data: Path, tmp_path: Path, name: str
) -> None:
    run_import("wiki", shared_data / name, by=admin, new_space="There")
    there = Space.objects.get(name="There")
    back = there_and_back(admin, there, tmp_path)
    assert len(shape(there)) == len(shape(back))
    for one, other in zip(shape(there), shape(back), strict=True):
        assert one == other


EVERYTHING = (
    "<h2>Part</h2><p>a <strong>b</strong> <em>c</em> <code>d</code> &lt;e&gt; * 1. # [x]</p><p>line<br>break</p>"
    "<ul><li><p>one</p><ol><li><p>deep</p></li></ol></li><li><p>two</p></li></ul>"
    '<ul data-type="taskList"><li data-type="taskItem" data-checked="true"><p>done</p></li></ul>'
    '<table><tbody><tr><td><p>no</p><ul><li><p>head</p></li></ul></td><td colspan="2"><p>wide</p></td></tr></tbody></table>'
    '<pre><code class="language-py">x = "&lt;b&gt;"\n\n# not a heading</code></pre><blockquote><p>said</p></blockquote><hr>'
    '<p><a href="https://a.example/(x)" rel="noopener noreferrer nofollow">out</a> #topic</p>'
)


@pytest.fixture
def space(admin: Viewer) -> Space:
    return spaces.open_space(
        by=admin, name="There", purpose="x", audience="y", responsible=admin.member, access=Access.CLOSED
    )


def test_everything_a_page_can_hold_comes_back(admin: Viewer, space: Space, tmp_path: Path) -> None:
    mette = newcomer("Mette Dahl")
    top = wiki.write_page(
        by=admin, space=space, title="Top: a/b & ../c", body=EVERYTHING, format="html", sort="term"
    )
    below = wiki.write_page(by=admin, space=space, title="Below", body="<p>x</p>", format="html", parent=top)
    wiki.write_page(by=admin, space=space, title="Top: a/b & ../c", body="", parent=None)
    wiki.write_page(by=admin, space=space, title="æøå", body=(
        f'<p><a href="/pages/{below.pk}/">to it</a>, <a href="/pages/{top.pk}/#h-part">its part</a>, '
        f'<span data-type="mention" data-id="member-{mette.pk}" data-label="Mette">@Mette</span>, &lt;b&gt;</p>'
    ), format="html", parent=below)  # fmt: skip
    back = there_and_back(admin, space, tmp_path)
    assert shape(back) == shape(space)
    assert Page.objects.get(space=back, entry__title="æøå").entry.mentions.get().member == mette


def test_pictures_and_files_go_along_and_names_lead_nowhere_else(admin: Viewer, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": "# ../../A\n\n![p](p.png)\n\n[q](q.pdf)",
        "p.png": a_picture(),
        "q.pdf": b"%PDF-1.4",
    }
    bring(a_zip(tmp_path / "in.zip", files), admin, new_space="There")
    there = Space.objects.get(name="There")
    back = there_and_back(admin, there, tmp_path)
    assert shape(back) == shape(there)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        names = archive.namelist()
    pk = Page.objects.get(space=there).pk
    assert names == ["torvet.yml", "a.md", f"_files/{pk}/p.webp", f"_files/{pk}/q.pdf"]


def test_it_comes_back_unchanged_the_second_time_too(admin: Viewer, space: Space, tmp_path: Path) -> None:
    wiki.write_page(by=admin, space=space, title="Top", body="x")
    there_and_back(admin, space, tmp_path)
    before = digest_of_all_tables()
    bring(tmp_path / "out.zip", admin, new_space="Back")
    assert changed(before) == []


@pytest.mark.parametrize("access", ["closed", "secret"])
def test_an_administrator_cannot_take_along_what_they_may_not_read(
    admin: Viewer, tmp_path: Path, access: str
) -> None:
    other = newcomer("Bo")
    theirs = spaces.open_space(
        by=Viewer.of(other), name="Theirs", purpose="x", audience="y", responsible=other, access=access
    )
    wiki.write_page(by=Viewer.of(other), space=theirs, title="Quiet", body="x")
    for wanted in (str(theirs.pk), "Theirs"):
        with pytest.raises(BadInput):
            export_wiki(wanted, tmp_path / "out.zip", by=admin)
    assert list(tmp_path.glob("*.zip*")) == []


def test_what_was_removed_stays_here(admin: Viewer, space: Space, tmp_path: Path) -> None:
    gone = wiki.write_page(by=admin, space=space, title="Gone", body="secret words")
    wiki.write_page(by=admin, space=space, title="Stays", body="x", parent=gone)
    entries.remove_entry(by=admin, entry=gone.entry)
    export_wiki("There", tmp_path / "out.zip", by=admin)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == ["torvet.yml", "stays.md"]


def test_the_command_says_where_it_lies(admin: Viewer, space: Space, tmp_path: Path) -> None:
    wiki.write_page(by=admin, space=space, title="Top", body="x")
    out = io.StringIO()
    call_command("export_pages", "wiki", "there", "--to", str(tmp_path / "x.zip"), stdout=out)
    assert out.getvalue() == f"1 pages of There are in {tmp_path / 'x.zip'}.\n"
    with pytest.raises(CommandError, match="no space called Nowhere"):
        call_command("export_pages", "wiki", "Nowhere", stdout=out)
