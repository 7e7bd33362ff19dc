"""What all readers share: telling formats apart, archives that mean harm, times, and the repair of XML."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.moving.wiki.entities import HOME, entities
from tests.moving.wiki.reading import zipped
from torvet.moving.imports.wiki import bookstack, confluence, confluence_html, mediawiki, notion, outline
from torvet.moving.imports.wiki.boxes import Box
from torvet.moving.imports.wiki.confluence import Confluence
from torvet.moving.imports.wiki.times import moment, moment_in_words
from torvet.moving.report import BadInput

# Nothing here asks a database.
pytestmark = pytest.mark.once

READERS = {
    "mediawiki": mediawiki, "confluence": confluence, "confluence_html": confluence_html, "notion": notion,
    "bookstack": bookstack, "outline": outline,
}  # fmt: skip
SAMPLES = {
    "mediawiki-export.da.xml": "mediawiki", "confluence-space-4.3.zip": "confluence", "confluence-space-8.5.zip": "confluence",
    "confluence-blogs.zip": "confluence", "notion-markdown-export.zip": "notion", "notion-html-export.zip": "notion",
    "bookstack-portable.zip": "bookstack", "outline-json-export.zip": "outline", "slack-modern.zip": "", "humhub-mysqldump.zip": "",
    "mattermost-all-objects.zip": "", "viva-engage-network-export.zip": "", "workplace-graph-json.zip": "", "mbox-edge-cases.mbox": "",
}  # fmt: skip


@pytest.mark.shareddata
@pytest.mark.parametrize("name", SAMPLES)
def test_each_export_is_known_by_its_own_reader_alone(name: str, shared_data: Path) -> None:
    path = shared_data / "fixtures" / name
    assert [one for one, reader in READERS.items() if reader.opens(path)] == [SAMPLES[name]] * bool(
        SAMPLES[name]
    )


@pytest.mark.shareddata
def test_no_folder_of_markdown_is_taken_for_something_else(shared_data: Path) -> None:
    for path in sorted((shared_data / "wikis").glob("*.zip")):
        assert [one for one, reader in READERS.items() if reader.opens(path)] == [], path.name


def test_what_is_not_there_is_nobodys(tmp_path: Path) -> None:
    assert [one for one, reader in READERS.items() if reader.opens(tmp_path / "nothing.zip")] == []
    assert [one for one, reader in READERS.items() if reader.opens(tmp_path)] == []


def raw(files: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in files.items():
            archive.writestr(name, inside)
    return made.getvalue()


def with_symlink() -> bytes:
    made = io.BytesIO(raw({"entities.xml": entities(HOME)}))
    with zipfile.ZipFile(made, "a") as archive:
        link = zipfile.ZipInfo("attachments/10/1/1")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return made.getvalue()


def lying() -> bytes:
    found = bytearray(raw({"entities.xml": entities(HOME)}))
    at = found.rfind(b"PK\x01\x02")
    found[at + 24 : at + 28] = struct.pack("<L", 20)
    return bytes(found)


def damaged() -> bytes:
    found = bytearray(raw({"entities.xml": entities(HOME)}))
    found[found.find(b"entities.xml") + 40] ^= 0xFF
    return bytes(found)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip slip": (
        lambda: raw({"entities.xml": "x", "../../x": "y"}),
        r"space.zip, \.\./\.\./x: its name leads outside",
    ),
    "a bomb": (
        lambda: raw({"entities.xml": b" " * 40_000_000}),
        "space.zip, entities.xml: it unpacks to far more",
    ),
    "a symlink": (with_symlink, "attachments/10/1/1: it is a link or a device"),
    "a lying size": (lying, "entities.xml: it is damaged"),
    "damaged": (damaged, "entities.xml: it is damaged"),
    "nothing of ours": (lambda: raw({"a.txt": "x"}), "there is no entities.xml in it"),
    "no zip": (lambda: b"hello", "space.zip: it is not a zip file"),
}


@pytest.mark.parametrize("what", BAD)
def test_an_archive_that_means_harm_is_refused_with_its_entry(what: str, tmp_path: Path) -> None:
    make, says = BAD[what]
    path = tmp_path / "space.zip"
    path.write_bytes(make())
    with pytest.raises(BadInput, match=says) as refused:
        Confluence.open(path)
    assert refused.value.reason.endswith(".")


def test_telling_formats_apart_refuses_a_slip_too(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="leads outside"):
        notion.opens(zipped(tmp_path / "n.zip", {"../x.md": "x"}))


def test_a_folder_is_read_without_following_links(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_text("x")
    (tmp_path / "in" / "b.md").symlink_to("/etc/passwd")
    (tmp_path / "in" / "c").symlink_to("/etc")
    os.mkfifo(tmp_path / "in" / "pipe")
    box = Box.open(tmp_path / "in")
    assert box.names() == ["a.md"]
    assert sorted(box.links) == ["b.md", "c", "pipe"]
    (tmp_path / "in" / "a.md").unlink()
    (tmp_path / "in" / "a.md").symlink_to("/etc/passwd")
    with pytest.raises(BadInput, match=r"in, a.md: it cannot be opened"):
        box.stream("a.md")


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2024-01-05T08:00:00Z", datetime(2024, 1, 5, 8, tzinfo=UTC)),
        ("2024-01-05 08:00:00.5", datetime(2024, 1, 5, 8, 0, 0, 500000, tzinfo=UTC)),
        ("2024-01-05T08:00:00.123456789+02:00", datetime(2024, 1, 5, 6, 0, 0, 123456, tzinfo=UTC)),
        ("", None), ("yesterday", None), ("0001-01-01T00:00:00+14:00", None), ("9" * 500, None), ("1970-01-01", None),
    ],
)  # fmt: skip
def test_times_of_databases(written: str, at: datetime | None) -> None:
    assert moment(written) == at


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("January 5, 2024 8:00 AM", datetime(2024, 1, 5, 8, tzinfo=UTC)), ("5. januar 2024", datetime(2024, 1, 5, tzinfo=UTC)),
        ("5. oktober 2024 14:30", datetime(2024, 10, 5, 14, 30, tzinfo=UTC)), ("2024/01/05 20:15", datetime(2024, 1, 5, 20, 15, tzinfo=UTC)),
        ("January 5, 2024 → January 6, 2024", datetime(2024, 1, 5, tzinfo=UTC)), ("05/01/2024", datetime(2024, 1, 5, tzinfo=UTC)),
        ("snart", None),
    ],
)  # fmt: skip
def test_times_in_words(written: str, at: datetime | None) -> None:
    assert moment_in_words(written) == at


def test_a_clock_that_runs_ahead_gives_now() -> None:
    found = moment("2999-01-01T00:00:00Z")
    assert found and found <= datetime.now(UTC)


def test_a_large_export_is_read_without_holding_it(tmp_path: Path) -> None:
    import tracemalloc

    from tests.moving.wiki.entities import page

    # Few and long ones: memory is counted allocation by allocation, which takes its time.
    words = " ".join(f"{number:0>109}" for number in range(1_000))
    path = tmp_path / "space.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("entities.xml", "w") as file,
    ):
        file.write(entities(HOME).removesuffix("</hibernate-generic>").encode())
        for number in range(11, 131):
            file.write(page(number, f"Side {number}", f"<p>{words}</p>").encode())
        file.write(b"</hibernate-generic>")
    tracemalloc.start()
    source = Confluence.open(path)
    for _ in source.pages():
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    source.close()
    # 120 pages of 110 kB are 13 MB of words.
    assert most < 6_000_000
