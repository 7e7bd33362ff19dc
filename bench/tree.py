"""A tree of 5,000 pages: `python -m bench.tree` in an empty TORVET_DATA (after `torvet migrate`), SQLite or PostgreSQL.

Prints median and 95th percentile of CPU milliseconds (each the best of three) for reading the branch of a page (the top, and each level along the
way, as the page shows it), of a level of 1,000 pages, of the whole page through every middleware, and of the lists
of what needs care.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")
os.environ.setdefault("TORVET_RATE_LIMITS", "off")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench.pages import cookie, get, measure
from torvet.entries.models import Entry
from torvet.people import actions as people
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space
from torvet.wiki import queries
from torvet.wiki.actions import Linked, keep_links_of
from torvet.wiki.models import Page

TOPS, MIDDLES, LEAVES = (
    20,
    12,
    15,
)  # 20 × (1 + 12 × (1 + 15)) = 3,860, and one branch of 1,140 beside each other
WIDE = 1140


def shape() -> Iterator[int | None]:
    """The place of each page's parent in the list of pages, in order; about 5,000."""
    at = 0
    for _top in range(TOPS):
        yield None
        top, at = at, at + 1
        for _middle in range(MIDDLES):
            yield top
            middle, at = at, at + 1
            for _leaf in range(LEAVES):
                yield middle
                at += 1
    for _ in range(WIDE):
        yield 0


@transaction.atomic
def build(owner: Member, space: Space) -> None:
    now = timezone.now()
    parents = list(shape())
    made = Entry.objects.bulk_create(
        [
            Entry(
                kind="page", space=space, author=owner, title=f"Page {number}", published_at=now, active_at=now,
                body=f"<p>Words {number}</p>", text=f"Words {number}",
            )
            for number in range(len(parents))
        ],
        batch_size=500,
    )  # fmt: skip
    trails: list[str] = []
    rows = []
    for number, parent in enumerate(parents):
        trails.append("," if parent is None else f"{trails[parent]}{made[parent].pk},")
        rows.append(
            Page(
                entry=made[number], space=space, parent_id=None if parent is None else made[parent].pk,
                trail=trails[number], place=number, owner=owner,
            )
        )  # fmt: skip
    Page.objects.bulk_create(rows, batch_size=500)
    dice = random.Random(3)
    keep_links_of([
        Linked(
            entry.pk, space.pk, entry.title,
            "".join(f'<p><a href="/pages/{dice.choice(made).pk}/">x</a></p>' for _ in range(4)),
        )
        for entry in made
    ])  # fmt: skip


def main() -> None:
    call_command("migrate", verbosity=0)
    owner = Member.objects.filter(email="tree@bench.example").first()
    if owner is None:
        owner = people.make_member(
            email="tree@bench.example", name="Tree Bench", password="korrekt hest batteri"
        )
        space = spaces.open_space(
            by=Viewer.of(owner, via=Via.HOUSE), name="Handbook", purpose="p", audience="a", responsible=owner
        )
        start = time.perf_counter()
        build(owner, space)
        print(f"built in {time.perf_counter() - start:.1f} s")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    space = Space.objects.get(name="Handbook")
    viewer, key = Viewer.of(owner), cookie(owner)
    pages = list(Page.objects.select_related("entry__space", "owner").order_by("pk"))
    some = random.Random(5).sample(pages, 60)
    widest = [page for page in pages if page.parent_id == pages[0].pk][-60:]
    print(connection.vendor, len(pages), "pages")
    print("the branch of a page      ", measure(lambda page: queries.tree(viewer, space, page), some))
    print("among 1,152 siblings      ", measure(lambda page: queries.tree(viewer, space, page), widest))
    print("the top alone             ", measure(lambda _page: queries.tree(viewer, space), some))
    print("a part of a long level    ", measure(lambda _page: queries.level(viewer, space, pages[0]), some))
    print("what speaks of it         ", measure(lambda page: queries.linked_from(viewer, page), some))
    print("the whole page            ", measure(lambda page: get(page.url, key), some))
    print("links that lead nowhere   ", measure(lambda _page: queries.broken_links(viewer, space), some[:10]))
    print("pages nobody finds        ", measure(lambda _page: queries.orphans(viewer, space), some[:10]))


if __name__ == "__main__":
    main()
