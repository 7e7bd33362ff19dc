"""The five real wikis beside this repository, against the facts that their README gives, and against themselves."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import pytest

from tests.moving.links import relative_links
from tests.moving.tables import changed, digest_of_all_tables, kept_files
from torvet.entries.models import Entry
from torvet.moving.models import Origin
from torvet.moving.report import Report
from torvet.moving.running import run_import
from torvet.people.viewer import Viewer
from torvet.wiki.models import Page

pytestmark = [pytest.mark.shareddata, pytest.mark.slow]

# file, pages, of them drafts, pictures in the archive that pages show
WIKIS = [
    ("publiccode-about.en", 278, 0),
    ("os2kitos-docs.da", 73, 0),
    ("varianter-handbook.nb", 17, 0),
    ("apparat-personalhandbok.nb", 16, 0),
    ("developer-overheid-docs-blog.nl", 217, 4),
]


# Every other old wiki of which there is a sample: file, pages found, of them brought in, comments, earlier versions.
SAMPLES = [
    ("mediawiki-export.da.xml", 8, 5, 0, 2),
    ("confluence-space-4.3.zip", 6, 2, 4, 6),
    ("confluence-space-8.5.zip", 6, 2, 1, 0),
    ("confluence-blogs.zip", 3, 1, 0, 0),
    ("notion-markdown-export.zip", 4, 4, 0, 0),
    ("notion-html-export.zip", 4, 4, 0, 0),
    ("bookstack-portable.zip", 4, 4, 0, 0),
    ("outline-json-export.zip", 4, 2, 0, 0),
]


def bring(path: Path, by: Viewer, **wishes: str) -> Report:
    return run_import("wiki", path, by=by, **{"new_space": "Handbook"} | wishes)


@pytest.mark.parametrize(("name", "pages", "drafts"), WIKIS)
def test_a_whole_wiki_comes_in_twice(
    admin: Viewer, shared_data: Path, name: str, pages: int, drafts: int
) -> None:
    path = shared_data / "wikis" / f"{name}.zip"
    counts = bring(path, admin).counts()
    assert counts["pages"]["found"] == pages
    assert (counts["pages"]["imported"], counts["pages"]["skipped"]) == (pages - drafts, drafts)
    assert Page.objects.count() == counts["pages"]["imported"] + counts["folders"]["imported"]
    files = kept_files()
    before = digest_of_all_tables()
    again = bring(path, admin).counts()
    assert changed(before) == []
    assert kept_files() == files
    assert sum(line["imported"] + line["updated"] for line in again.values()) == 0
    assert {line: found["found"] for line, found in again.items()} == {
        line: found["found"] for line, found in counts.items()
    }


@pytest.mark.parametrize(("name", "found", "kept", "comments", "versions"), SAMPLES)
def test_a_wiki_of_another_sort_comes_in_twice(
    admin: Viewer, shared_data: Path, name: str, found: int, kept: int, comments: int, versions: int
) -> None:
    path = shared_data / "fixtures" / name
    counts = bring(path, admin).counts()
    assert (counts["pages"]["found"], counts["pages"]["imported"]) == (found, kept)
    assert counts["comments"]["imported"] == comments
    assert counts["versions"]["imported"] == versions
    assert Page.objects.count() == kept + counts["folders"]["imported"]
    before = digest_of_all_tables()
    again = bring(path, admin).counts()
    assert changed(before) == []
    assert sum(line["imported"] + line["updated"] for line in again.values()) == 0


@pytest.mark.parametrize("name", [name for name, _pages, _drafts in WIKIS])
def test_links_that_lead_somewhere_there_lead_to_the_same_here(
    admin: Viewer, shared_data: Path, name: str
) -> None:
    path = shared_data / "wikis" / f"{name}.zip"
    bring(path, admin)
    here = dict(Origin.objects.filter(type="page").values_list("source_id", "local_id"))
    bodies = dict(Entry.objects.filter(kind="page").values_list("pk", "body"))
    links = relative_links(path)
    lost = []
    for file, target, leads in links:
        body = bodies[here[file]]
        page = here.get(leads)
        wanted = f'href="/pages/{page}/' if page else f"/{quote(PurePosixPath(leads).stem)}."
        if wanted not in body:
            lost.append((file, target))
    assert len(lost) <= len(links) * 0.03
    for body in bodies.values():
        for pk in re.findall(r'href="/pages/(\d+)/', body):
            assert int(pk) in bodies
