"""From pages of an old wiki to pages here: all or nothing, twice nothing, and nobody sees more than before."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import newcomer
from tests.moving.tables import changed, digest_of_all_tables, kept_files
from tests.moving.wikis import MadeUp, a_bomb, a_picture, a_zip, body, bring, named, tree
from torvet.activity.models import Activity
from torvet.entries import actions as entries
from torvet.entries.models import Attachment, Entry
from torvet.moving.imports.wiki import importing, writing
from torvet.moving.imports.wiki.shapes import (
    Person,
    SourceComment,
    SourcePage,
    Version,
    file_href,
    page_href,
)
from torvet.moving.models import Origin
from torvet.moving.report import BadInput, Report
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.actions.coming import add_member
from torvet.spaces.models import Access, Space
from torvet.wiki import actions as wiki
from torvet.wiki.models import Page

SMALL = {
    "index.md": "# Handbook\n\nSee [leave](leave.md#in-summer).",
    "leave.md": "# Leave\n\n## In summer\n\nThree weeks.\n\n![A beach](beach.png)\n",
    "sub/deep.md": "# Deep\n\n[up](../index.md)",
    "beach.png": a_picture(),
}


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch, admin: Viewer, tmp_path: Path):
    def come(
        *pages: SourcePage, files: dict[str, bytes] | None = None, space: str = "Handbook", **fields: object
    ) -> Report:
        source = MadeUp(pages, files, **fields)
        monkeypatch.setattr(importing, "open_source", lambda _path, **_wishes: source)
        path = tmp_path / "made.up"
        path.touch()
        return bring(path, admin, new_space=space)

    return come


def page(key: str, html: str = "", title: str = "", **fields: object) -> SourcePage:
    return SourcePage(key=key, title=title or key, html=html, where=key, **fields)  # type: ignore[arg-type]  # any field of the page


# Whole, and once


def test_a_dry_run_counts_the_same_and_writes_nothing(admin: Viewer, tmp_path: Path) -> None:
    from torvet.moving.running import run_import

    path = a_zip(tmp_path / "w.zip", SMALL)
    before = digest_of_all_tables()
    looked = run_import("wiki", path, by=admin, is_dry_run=True, new_space="Handbook").counts()
    assert changed(before) == []
    assert kept_files() == set()
    assert looked == bring(path, admin).counts()


def test_a_space_of_its_own_is_closed_and_holds_only_the_importer(admin: Viewer, tmp_path: Path) -> None:
    bring(a_zip(tmp_path / "w.zip", SMALL), admin)
    space = Space.objects.get(name="Handbook")
    assert space.access == Access.CLOSED
    assert [membership.member for membership in space.memberships.all()] == [admin.member]


def test_twice_changes_nothing_and_a_changed_page_changes_only_itself(admin: Viewer, tmp_path: Path) -> None:
    bring(a_zip(tmp_path / "w.zip", SMALL), admin)
    before, files = digest_of_all_tables(), kept_files()
    bring(a_zip(tmp_path / "w.zip", SMALL), admin)
    assert (changed(before), kept_files()) == ([], files)
    others = {entry.pk: entry for entry in Entry.objects.exclude(title="Leave")}
    picture = Attachment.objects.get()
    newer = SMALL | {"leave.md": "# Leave\n\n## In summer\n\nFour weeks.\n\n![A beach](beach.png)\n"}
    counts = bring(a_zip(tmp_path / "w.zip", newer), admin).counts()
    assert counts["pages"] == {"found": 3, "imported": 0, "updated": 1, "unchanged": 2, "skipped": 0}
    leave = named("Leave").entry
    assert "Four weeks" in leave.body
    assert f"/files/{picture.key}/" in leave.body
    assert "Three weeks" in leave.revisions.get().body
    for pk, entry in others.items():
        assert Entry.objects.values().get(pk=pk) == {
            field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields
        }
    before = digest_of_all_tables()
    bring(a_zip(tmp_path / "w.zip", newer), admin)
    assert changed(before) == []


def test_a_picture_that_changed_is_shown_anew_and_earlier_words_keep_the_earlier_one(
    admin: Viewer, tmp_path: Path
) -> None:
    bring(a_zip(tmp_path / "w.zip", SMALL), admin)
    first = Attachment.objects.get()
    bring(a_zip(tmp_path / "w.zip", SMALL | {"beach.png": a_picture("blue")}), admin)
    leave = named("Leave").entry
    second = Attachment.objects.exclude(pk=first.pk).get()
    assert f"/files/{second.key}/" in leave.body
    assert f"/files/{first.key}/" in leave.revisions.get().body
    before = digest_of_all_tables()
    bring(a_zip(tmp_path / "w.zip", SMALL | {"beach.png": a_picture("blue")}), admin)
    assert changed(before) == []


def test_a_new_page_comes_between_its_neighbours(admin: Viewer, tmp_path: Path) -> None:
    bring(a_zip(tmp_path / "w.zip", {"a.md": "# A", "c.md": "# C"}), admin)
    bring(a_zip(tmp_path / "w.zip", {"a.md": "# A", "b.md": "# B", "c.md": "# C"}), admin)
    assert [title for _level, title in tree()] == ["A", "B", "C"]


def test_what_somebody_changed_or_removed_here_stays(admin: Viewer, tmp_path: Path) -> None:
    bring(a_zip(tmp_path / "w.zip", SMALL), admin)
    leave, deep = named("Leave"), named("Deep")
    wiki.edit_page(by=admin, page=leave, title="Leave", body="Our own words", version=leave.entry.version)
    entries.remove_entry(by=admin, entry=deep.entry)
    newer = {name: f"{said}\n\nMore." if isinstance(said, str) else said for name, said in SMALL.items()}
    report = bring(a_zip(tmp_path / "w.zip", newer), admin)
    assert body("Leave") == "<p>Our own words</p>"
    assert Entry.objects.get(pk=deep.pk).removed_at is not None
    whys = {skip["why"] for skip in report.skipped if skip["what"] == "pages"}
    assert whys == {"changed over there and here since; what stands here stays", "removed here since"}


def test_when_something_breaks_nothing_stays(
    admin: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest_of_all_tables()

    def broken(**_given: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(writing.wiki_bulk, "add_pages", broken)
    with pytest.raises(RuntimeError):
        bring(a_zip(tmp_path / "w.zip", SMALL), admin)
    assert changed(before) == []
    assert kept_files() == set()


def test_one_activity_stands_for_the_whole_run(admin: Viewer, tmp_path: Path) -> None:
    bring(a_zip(tmp_path / "w.zip", SMALL), admin)
    found = Activity.objects.filter(verb="imported")
    assert [one.details["kind"] for one in found] == ["wiki"]
    assert not Activity.objects.filter(verb="posted").exists()


# Where to


def test_pages_come_beside_those_that_are_there(admin: Viewer, tmp_path: Path) -> None:
    space = spaces.open_space(
        by=admin, name="Handbook", purpose="x", audience="y", responsible=admin.member, access="closed"
    )
    wiki.write_page(by=admin, space=space, title="Ours", body="x")
    bring(a_zip(tmp_path / "w.zip", SMALL), admin, new_space="", space=str(space.pk))
    assert [title for level, title in tree() if not level] == ["Ours", "Handbook", "Leave", "Sub"]


@pytest.mark.parametrize(("access", "name"), [("closed", "Closed"), ("secret", "Secret")])
def test_a_space_that_is_closed_to_the_importer_stays_closed(
    admin: Viewer, tmp_path: Path, access: str, name: str
) -> None:
    other = newcomer("Bo")
    there = spaces.open_space(
        by=Viewer.of(other), name=name, purpose="x", audience="y", responsible=other, access=access
    )
    before = digest_of_all_tables()
    with pytest.raises(BadInput):
        bring(a_zip(tmp_path / "w.zip", SMALL), admin, new_space="", space=str(there.pk))
    assert changed(before) == []


def test_a_wiki_that_is_here_already_does_not_come_into_another_space(admin: Viewer, tmp_path: Path) -> None:
    path = a_zip(tmp_path / "w.zip", SMALL)
    bring(path, admin)
    with pytest.raises(BadInput, match="already here, in the space Handbook"):
        bring(path, admin, new_space="Another")
    bring(path, admin, new_space="Another", called="a second one")
    assert Page.objects.filter(space__name="Another").count() == 4


def test_without_a_space_it_says_what_to_do(admin: Viewer, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--space NAME"):
        bring(a_zip(tmp_path / "w.zip", SMALL), admin, new_space="")


def test_a_restricted_wiki_does_not_come_into_an_open_space(made_up, admin: Viewer) -> None:
    spaces.open_space(
        by=admin, name="Open", purpose="x", audience="y", responsible=admin.member, access="open"
    )
    with pytest.raises(BadInput, match="Bring it into a closed space"):
        made_up(page("a"), space="Open", is_restricted=True)
    assert not Page.objects.exists()
    made_up(page("a"), space="Handbook", is_restricted=True)
    assert named("a").space.access == Access.CLOSED


# People, times, history, comments

METTE = Person("u1", "Mette Dahl", "Mette@nordhavn.example")
JON = Person("u2", "Jon <b>", "no address")
THEN = datetime(2019, 5, 1, 9, tzinfo=UTC)


def test_authors_are_found_by_address_and_never_by_name(made_up, admin: Viewer) -> None:
    here = newcomer("Mette Dahl")
    Member.objects.filter(pk=here.pk).update(email="mette@nordhavn.example")
    twin = newcomer("Jon b")
    made_up(page("a", by=METTE, created_at=THEN), page("b", by=JON))
    assert named("a").entry.author_id == here.pk
    assert named("b").entry.author_id != twin.pk
    assert not named("b").entry.author.is_active
    # Mette is not in the closed space, so she cannot answer for the page.
    assert named("a").owner == admin.member
    assert named("a").entry.published_at == THEN


def test_an_author_who_can_edit_here_answers_for_the_page(made_up, admin: Viewer) -> None:
    here = newcomer("Mette Dahl")
    Member.objects.filter(pk=here.pk).update(email="mette@nordhavn.example")
    space = spaces.open_space(
        by=admin, name="Open", purpose="x", audience="y", responsible=admin.member, access="open"
    )
    spaces.join(by=Viewer.of(Member.objects.get(pk=here.pk)), space=space)
    made_up(page("a", by=METTE), space="Open")
    assert named("a", "Open").owner_id == here.pk


def test_pages_do_not_all_fall_due_on_one_day(made_up) -> None:
    made_up(*(page(f"p{number}") for number in range(100)))
    days = list(Page.objects.values_list("confirmed_until", flat=True))
    assert min(days) > timezone.localdate() + timedelta(days=150)
    assert max(days.count(day) for day in days) <= 3


def test_earlier_versions_become_history(made_up) -> None:
    made_up(page(
        "a", "<p>three</p>", by=METTE, edited_by=JON, edited_at=THEN + timedelta(days=9),
        versions=[
            Version("old", "<p>one</p>", THEN, METTE), Version("a", "<p>two</p>", THEN + timedelta(days=3), JON),
        ],
    ))  # fmt: skip
    entry = named("a").entry
    rows = list(entry.revisions.order_by("version"))
    assert [(row.version, row.title, row.body, row.replaced_at) for row in rows] == [
        (1, "old", "<p>one</p>", THEN + timedelta(days=3)), (2, "a", "<p>two</p>", THEN + timedelta(days=9)),
    ]  # fmt: skip
    assert (entry.version, entry.published_at, entry.edited_at) == (3, THEN, THEN + timedelta(days=9))


def test_comments_stand_below_their_page_and_further_ones_are_added(made_up, admin: Viewer) -> None:
    said = [
        SourceComment("c1", "<p>first</p>", THEN, METTE),
        SourceComment("c2", "<p>reply</p>", THEN, JON, "c1"),
    ]
    made_up(page("a", comments=said))
    entry = named("a").entry
    assert entry.reply_count == 2
    assert [(row.text, row.reply_to.text) for row in Entry.objects.filter(root=entry).order_by("id")] == [
        ("first", ""),
        ("reply", "first"),
    ]
    before = digest_of_all_tables()
    made_up(page("a", comments=said))
    assert changed(before) == []
    counts = made_up(page("a", comments=[*said, SourceComment("c3", "<p>more</p>")])).counts()
    assert counts["comments"] == {"found": 3, "imported": 1, "updated": 0, "unchanged": 2, "skipped": 0}
    assert named("a").entry.reply_count == 3


def test_what_comes_below_a_page_that_few_read_here_is_read_by_those_alone(made_up, admin: Viewer) -> None:
    made_up(page("a"), page("open"))
    kept = named("a")
    wiki.keep_to_fewer(by=admin, page=kept, members=[])
    reader = newcomer("Rita Reader")
    add_member(kept.space, reader)
    said = [SourceComment("c1", "<p>secret</p>", THEN, METTE)]
    made_up(
        page("a", "<p>more</p>", comments=said),
        page("b", parent="a", comments=said),
        page("c", parent="b"),
        page("open", comments=said),
    )
    seen = set(Entry.objects.visible_to(Viewer.of(reader)).values_list("title", "text", "root__title"))
    assert seen == {("open", "", None), ("", "secret", "open")}
    here = {one.entry.title: one for one in Page.objects.select_related("entry__space", "space")}
    assert len({here[title].entry.space for title in "abc"}) == 1
    assert here["b"].entry.space.is_inner and here["b"].space == kept.space
    assert here["b"].owner == kept.owner


def test_a_person_named_in_a_page_is_mentioned(made_up, admin: Viewer) -> None:
    made_up(
        page(
            "a",
            '<p>Ask <span data-type="mention" data-person="u1">Mette</span> or <span data-type="mention" data-person="u9">Nobody</span></p>',
            by=METTE,
        )
    )
    entry = named("a").entry
    assert entry.mentions.get().member == entry.author
    assert "@Mette Dahl</a> or @Nobody" in entry.body or "@Mette Dahl</a> or Nobody" in entry.body


# The tree


def test_parents_that_lack_circle_or_lie_too_deep(made_up) -> None:
    chain = [page(f"d{level:02}", parent=f"d{level - 1:02}" if level else None) for level in range(50)]
    report = made_up(
        page("x", parent="y"),
        page("y", parent="x"),
        page("z", parent="z"),
        page("lost", parent="gone"),
        *chain,
    )
    assert Page.objects.count() == 54
    assert max(len(one.above) + 1 for one in Page.objects.all()) == 40
    whys = {skip["why"] for skip in report.skipped if skip["what"] == "places"}
    assert len(whys) == 3
    assert (0, "lost") in tree()
    assert {title for _level, title in tree()} >= {"x", "y", "z"}


def test_titles_that_are_empty_long_or_equal(made_up) -> None:
    long = "A very long title " * 20
    report = made_up(
        SourcePage("1", "  ", "", where="files/empty.md"), page("2", "<p>x</p>", long), page("3", title="Same"),
        page("4", title="Same", parent="3"), page("5", "", "Con\x00trol\x07 \ud800signs"),
    )  # fmt: skip
    titles = [title for _level, title in tree()]
    assert "empty.md" in titles
    assert titles.count("Same") == 2
    assert "Control signs" in titles
    shown = next(title for title in titles if title.startswith("A very long"))
    assert len(shown) <= 200
    assert long.strip() in named(shown).entry.text
    assert report.counts()["titles"]["skipped"] == 2


def test_the_same_key_twice_is_counted(made_up) -> None:
    counts = made_up(page("a", title="One"), page("a", title="Two")).counts()
    assert counts["pages"] == {"found": 2, "imported": 1, "updated": 0, "unchanged": 0, "skipped": 1}


def test_a_page_named_as_a_way_out_is_only_a_name(admin: Viewer, tmp_path: Path) -> None:
    bring(
        a_zip(tmp_path / "w.zip", {"..x.md": "x", "a.md": "---\ntitle: ../../etc/passwd\nslug: ../x\n---\n"}),
        admin,
    )
    assert "../../etc/passwd" in [title for _level, title in tree()]


# Words


def test_two_thousand_headings_and_their_anchors(made_up) -> None:
    html = "".join(f"<h2>Part</h2><p>{number}</p>" for number in range(2000))
    made_up(page("a", html), page("b", f'<p><a href="{page_href("a", "part-1999")}">last</a></p>'))
    assert f'href="/pages/{named("a").pk}/#h-part-2000"' in body("b")


def test_a_page_longer_than_pages_may_be_keeps_all_its_words_in_a_file(made_up) -> None:
    counts = made_up(page("a", "<p>" + "word " * 50_000 + "the end</p>")).counts()
    entry = named("a").entry
    assert len(entry.text) < 50_000
    whole = Attachment.objects.get(entry=entry)
    from django.conf import settings

    assert (Path(settings.MEDIA_ROOT) / whole.path).read_text().endswith("the end")
    assert counts["pages"]["imported"] == 1


def test_anchors_of_other_wikis_find_their_heading(made_up) -> None:
    made_up(page("a", '<h2 id="own">First part</h2><a name="named"></a><h3>Second: the rest</h3>', "Rules"), page("b", "".join(
        f'<p><a href="{page_href("a", anchor)}">{anchor}</a></p>'
        for anchor in ("own", "named", "first-part", "First_part", "Rules-FirstPart", "second-the-rest", "Rules", "no")
    )))  # fmt: skip
    shown, first, second = body("b"), "#h-first-part", "#h-second-the-rest"
    wanted = [first, second, first, first, first, second, "", ""]
    assert [
        part.partition('"')[0] for part in shown.split(f'href="/pages/{named("Rules").pk}/')[1:]
    ] == wanted


# Files


def test_pictures_stand_at_their_place_and_not_once_more_below(
    admin: Viewer, tmp_path: Path, client: Client
) -> None:
    bring(a_zip(tmp_path / "w.zip", SMALL), admin)
    row = Attachment.objects.get()
    assert (row.alt, row.is_picture, row.mime) == ("A beach", True, "image/webp")
    assert f'<p>Three weeks.</p><img src="/files/{row.key}/beach.webp" alt="A beach">' in body("Leave")
    client.force_login(admin.member)
    shown = client.get(f"/pages/{named('Leave').pk}/").content.decode()
    assert shown.count(f"/files/{row.key}/") == 1
    assert client.get(row.url).status_code == 200


def test_files_that_cannot_come_are_counted_and_the_rest_does(made_up, settings) -> None:
    settings.UPLOAD_BYTES = 300_000
    html = "".join(
        f'<p><img src="{file_href(name)}" alt="{name} words"></p>'
        for name in ("bomb.png", "gone.png", "drawing.svg", "empty.png", "big.png", "torn.png", "æ å.png")
    )
    files = {
        "bomb.png": a_bomb(), "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", "empty.png": b"",
        "big.png": b"\x89PNG\r\n\x1a\n" + bytes(400_000), "æ å.png": a_picture(), "list.csv": b"a,b\n",
        "torn.png": a_picture()[:60],
    }  # fmt: skip
    report = made_up(page("a", html, attached=("list.csv",)), files=files)
    shown = body("a")
    assert shown.count("<img") == 1
    assert "bomb.png words" in shown
    assert "gone.png words" in shown
    assert '/drawing.svg"' in shown
    counts = report.counts()
    assert counts["pictures"] == {"found": 6, "imported": 1, "updated": 0, "unchanged": 0, "skipped": 5}
    assert '/torn.png">torn.png words</a>' in shown
    assert counts["files"]["imported"] == 2
    assert {row.name for row in Attachment.objects.all()} == {
        "drawing.svg",
        "list.csv",
        "torn.png",
        "æ å.webp",
    }
    assert sum(path.stat().st_size for path in kept_files()) < 300_000
    again = made_up(page("a", html, attached=("list.csv",)), files=files).counts()
    assert again["pictures"] == counts["pictures"] | {"imported": 0, "unchanged": 1}


@pytest.mark.parametrize("name", ["../x.md", "/etc/x.md", "a/../../x.md", "C:\\x.md"])
def test_an_archive_that_leads_out_of_itself_is_refused(admin: Viewer, tmp_path: Path, name: str) -> None:
    path = tmp_path / "w.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.md", "# A")
        entry = zipfile.ZipInfo("placeholder" * 2)
        entry.filename = name
        archive.writestr(entry, "x")
    before = digest_of_all_tables()
    with pytest.raises(BadInput):
        bring(path, admin)
    assert changed(before) == []


def test_a_zip_that_unpacks_to_far_too_much_is_refused(admin: Viewer, tmp_path: Path) -> None:
    path = a_zip(tmp_path / "w.zip", {"a.md": "# A\n\n![p](p.png)", "p.png": bytes(30_000_000)})
    with pytest.raises(BadInput, match=r"p\.png"):
        bring(path, admin)
    assert not Page.objects.exists()


def test_hostile_words_are_cleaned(made_up) -> None:
    made_up(
        page(
            "a",
            '<p onclick="x()">a<script>b</script><a href="javascript:x">c</a><img src="https://spy.example/p.png" alt="d"></p><iframe src="https://x.example"></iframe>',
        )
    )
    shown = body("a")
    for bad in ("onclick", "script", "javascript", "<img", "iframe"):
        assert bad not in shown
    assert '<a href="https://spy.example/p.png"' in shown


def test_origins_are_kept(admin: Viewer, tmp_path: Path) -> None:
    bring(a_zip(tmp_path / "w.zip", SMALL), admin)
    found = {(one.source, one.instance, one.source_id) for one in Origin.objects.filter(type="page")}
    assert found == {("markdown", "w", name) for name in ("index.md", "leave.md", "sub/deep.md", "sub/")}
