"""What goes out comes back: the same tree, the same titles, the same words."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from torvet.entries.models import Attachment
from torvet.moving.exports.wiki import export_wiki
from torvet.moving.running import run_import
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki.models import Page

WIKIS = (
    "publiccode-about.en", "os2kitos-docs.da", "varianter-handbook.nb", "apparat-personalhandbok.nb",
    "developer-overheid-docs-blog.nl",
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
@pytest.mark.parametrize("name", WIKIS)
def test_a_real_wiki_goes_out_and_comes_back_the_same(
    admin: Viewer, shared_data: Path, tmp_path: Path, name: str
) -> None:
    run_import("wiki", shared_data / "wikis" / f"{name}.zip", by=admin, new_space="There")
    there = Space.objects.get(name="There")
    back = there_and_back(admin, there, tmp_path)
    assert len(shape(there)) == len(shape(back))
    for one, other in zip(shape(there), shape(back), strict=True):
        assert one == other
