"""Archives from outside: honest ones are read, everything else is refused by name and harms nothing."""

from __future__ import annotations

import io
import json
import random
import resource
import struct
import time
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from torvet.base.archives import ArchiveRefused, SafeArchive
from torvet.base.json_lists import LONGEST_ELEMENT, NotJson, TooLong, iter_list

LINK, DEVICE = 0o120777, 0o060600


def info(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (2026, 11, 21, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = mode << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def make(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in entries:
            archive.writestr(info(name) if isinstance(name, str) else name, inside)
    return made.getvalue()


def central(raw: bytes, place: int = 0) -> int:
    """Where the entry with this number stands in the list at the archive's end."""
    found = raw.index(b"PK\x01\x02")
    for _ in range(place):
        found = raw.index(b"PK\x01\x02", found + 4)
    return found


def changed(raw: bytes, at: int, value: bytes) -> bytes:
    return raw[:at] + value + raw[at + len(value) :]


def encrypted() -> bytes:
    raw = make(("a.json", b"[]"))
    return changed(changed(raw, central(raw) + 8, b"\x01\x00"), 6, b"\x01\x00")


def overlapping() -> bytes:
    raw = make(("a.json", b"[1]"), ("b.json", b"[2]"))
    return changed(raw, central(raw, 1) + 42, struct.pack("<I", 0))


def lying_about_size(size: int) -> bytes:
    raw = make(("a.json", b"[" + b"1," * 5000 + b"1]"))
    return changed(raw, central(raw) + 24, struct.pack("<I", size))


def wrong_sum() -> bytes:
    raw = make(("a.json", b"[1, 2, 3]"))
    return changed(raw, central(raw) + 16, b"\0\0\0\0")


def many(count: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for number in range(count):
            archive.writestr(f"{number}", b"")
    return made.getvalue()


def hiding_its_number(count: int) -> bytes:
    raw = many(count)
    end = raw.rindex(b"PK\x05\x06")
    return changed(raw, end + 8, b"\x01\x00\x01\x00")


def nested(depth: int) -> bytes:
    raw = make(("a.json", b"[1]"))
    for _ in range(depth):
        raw = make(("inner.zip", raw))
    return raw


def with_method(method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("a.json", "[]")
    return made.getvalue()


def named_with_nul() -> bytes:
    return make(("a.jsonXb.json", b"[]")).replace(b"a.jsonXb.json", b"a.json\0b.json")


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "up": (lambda: make(("../evil", b"x")), "unsafe_name", "../evil"),
    "up within": (lambda: make(("a/../../evil", b"x")), "unsafe_name", "a/../../evil"),
    "up with a backslash": (lambda: make(("a\\..\\..\\evil", b"x")), "unsafe_name", "a/../../evil"),
    "absolute": (lambda: make(("/etc/passwd", b"x")), "unsafe_name", "/etc/passwd"),
    "drive": (lambda: make(("C:/evil", b"x")), "unsafe_name", "C:/evil"),
    "control character": (lambda: make(("a\nb", b"x")), "unsafe_name", "a?b"),
    "NUL": (named_with_nul, "unsafe_name", "a.json?b.json"),
    "endless name": (lambda: make(("a" * 2000, b"x")), "unsafe_name", "a" * 200),
    "empty part": (lambda: make(("a//b", b"x")), "unsafe_name", "a//b"),
    "link": (lambda: make((info("link", LINK), b"/etc/passwd")), "not_a_file", "link"),
    "device": (lambda: make((info("disk", DEVICE), b"")), "not_a_file", "disk"),
    "same name": (lambda: make(("a", b"1"), ("a", b"2")), "twice", "a"),
    "same but for case": (lambda: make(("Straße", b"1"), ("STRASSE", b"2")), "twice", "STRASSE"),
    "same when composed": (lambda: make(("é", b"1"), ("e\u0301", b"2")), "twice", "é"),
    "file and folder": (lambda: make(("a", b"1"), ("a/b", b"2")), "twice", "a"),
    "encrypted": (encrypted, "encrypted", "a.json"),
    "overlapping": (overlapping, "overlapping", "b.json"),
    "bomb": (lambda: make(("a", b"0" * 5_000_000)), "bomb", "a"),
    "LZMA": (lambda: with_method(zipfile.ZIP_LZMA), "method", "a.json"),
    "too many": (lambda: many(1001), "too_many", ""),
    "too many, said to be one": (lambda: hiding_its_number(30_000), "too_many", ""),
    "too much": (
        lambda: make(*((str(n), random.Random(n).randbytes(300_000)) for n in range(4))),
        "too_large",
        "",
    ),
    "not a zip": (lambda: b"GIF89a" * 100, "not_a_zip", ""),
    "nothing": (lambda: b"", "not_a_zip", ""),
}


@pytest.fixture
def put(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(raw: bytes) -> Path:
        (tmp_path / "export.zip").write_bytes(raw)
        return tmp_path / "export.zip"

    return write


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_archive_is_refused_by_name_before_anything_is_read(case, put, tmp_path):
    raw, code, entry = REFUSED[case]
    path = put(raw())
    most = 1_000_000 if case == "too much" else 10**9
    with pytest.raises(ArchiveRefused) as caught, SafeArchive(path, most_entries=1000, most_bytes=most):
        pass
    assert (caught.value.code, caught.value.entry) == (code, entry)
    assert "export.zip" in str(caught.value)
    assert entry in str(caught.value)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("raw", [lying_about_size(100), lying_about_size(50_000), wrong_sum()])
def test_an_archive_that_lies_is_refused_while_it_is_read(raw, put):
    with SafeArchive(put(raw)) as archive, pytest.raises(ArchiveRefused) as caught:
        list(archive.iter_json_array("a.json"))
    assert (caught.value.code, caught.value.entry) == ("broken", "a.json")


def test_a_bomb_that_lies_about_its_size_stops_at_what_it_said(put):
    raw = make(("a", b"0" * 30_000_000))
    raw = changed(raw, central(raw) + 24, struct.pack("<I", 900_000))
    with SafeArchive(put(raw)) as archive, pytest.raises(ArchiveRefused):
        archive.open("a").read()


def test_an_archive_cut_anywhere_is_refused_in_plain_words(put):
    whole = make(*((f"day/{n}.json", json.dumps([{"text": "hej" * n}] * 9).encode()) for n in range(20)))
    for part in range(64):
        cut = put(whole[: len(whole) * part // 64])
        with pytest.raises(ArchiveRefused) as caught, SafeArchive(cut) as archive:
            for name in archive.names():
                list(archive.iter_json_array(name))
        assert "export.zip" in str(caught.value)


def test_random_damage_never_breaks_out_as_another_error(put):
    whole = make(*((f"day/{n}.json", json.dumps([{"text": "hej" * n}] * 9).encode()) for n in range(10)))
    chance = random.Random(7)
    for _ in range(300):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            with SafeArchive(put(bytes(raw))) as archive:
                for name in archive.names():
                    list(archive.iter_json_array(name))
        except ArchiveRefused:
            pass


def test_an_honest_archive_is_read(put):
    raw = make(
        ("__MACOSX/._a.json", b"x"),
        ("mappe/.DS_Store", b"x"),
        ("mappe/", b""),
        ("mappe/blåbær.json", b'[1, {"a": [2]}]'),
        (unicodedata.normalize("NFD", "mappe/é.txt"), b"hej"),
        ("zeros", b"\0" * 900_000),
    )
    with SafeArchive(put(raw)) as archive:
        assert archive.names() == ["mappe/blåbær.json", "mappe/é.txt", "zeros"]
        assert list(archive.iter_json_array("mappe/blåbær.json")) == [1, {"a": [2]}]
        assert archive.read_json("mappe/blåbær.json") == [1, {"a": [2]}]
        assert archive.open("mappe/é.txt").read() == b"hej"
        assert archive.size("zeros") == len(archive.open("zeros").read()) == 900_000
        with pytest.raises(ArchiveRefused, match="it is not in the archive"):
            archive.open("other")
        with pytest.raises(ArchiveRefused) as caught:
            archive.read_json("mappe/blåbær.json", limit=5)
        assert caught.value.code == "too_large"


def test_names_in_utf8_that_nobody_marked_are_read(put):
    raw = make(("bl_b_r.json", b"[]")).replace(b"bl_b_r.json", "blåbr.json".encode())
    with SafeArchive(put(raw)) as archive:
        assert archive.names() == ["blåbr.json"]


def test_archives_within_archives_are_opened_only_so_deep(put):
    with SafeArchive(put(nested(2))) as archive, archive.inner("inner.zip") as within:
        assert within.names() == ["inner.zip"]
        with pytest.raises(ArchiveRefused) as caught, within.inner("inner.zip"):
            pass
    assert caught.value.code == "nested"
    assert str(caught.value).startswith("export.zip, inner.zip, inner.zip: ")
    with SafeArchive(put(nested(1))) as archive, archive.inner("inner.zip") as within:
        assert within.read_json("a.json") == [1]


def test_a_missing_file_is_named(tmp_path):
    with (
        pytest.raises(ArchiveRefused, match=r"nowhere\.zip: it cannot be opened"),
        SafeArchive(tmp_path / "nowhere.zip"),
    ):
        pass


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1}',
        b"[1,",
        b"[1 2]",
        b"[1,]",
        b"[1]x",
        b"",
        b"\xff\xfe[",
        b"[NaN]",
        b'["a',
        b"[" * 100_000,
        b"[tru]",
    ],
)
def test_what_is_not_a_json_list_is_refused_by_name(raw, put):
    with SafeArchive(put(make(("a.json", raw)))) as archive, pytest.raises(ArchiveRefused) as caught:
        list(archive.iter_json_array("a.json"))
    assert (caught.value.code, caught.value.entry) == ("not_json", "a.json")


class Pieces:
    """A source that gives a few bytes at a time, so that every cut happens."""

    def __init__(self, raw: bytes, size: int) -> None:
        self._raw = io.BytesIO(raw)
        self._size = size

    def read(self, size: int = -1, /) -> bytes:
        return self._raw.read(self._size)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 100_000])
def test_a_list_is_the_same_however_it_is_cut(size):
    things = [1234567, -1.5e10, 'æøå 👩 \\u " \n', None, True, [], {}, {"a": [{"b": "c" * 200}]}, "\ud800", 0]
    for raw in (json.dumps(things), json.dumps(things, indent=2), " \n" + json.dumps(things) + "\r\n"):
        assert list(iter_list(Pieces(raw.encode(), size))) == things
        assert list(iter_list(Pieces(b"\xef\xbb\xbf" + raw.encode(), size))) == things
    assert list(iter_list(Pieces(b" [ ] ", size))) == []
    with pytest.raises(NotJson):
        list(iter_list(Pieces(b"[12, 13", size)))


def test_one_element_may_be_two_megabytes_and_no_more():
    fits = json.dumps(["x" * (LONGEST_ELEMENT - 10)]).encode()
    assert len(next(iter_list(io.BytesIO(fits)))) == LONGEST_ELEMENT - 10
    for endless in (b'["' + b"x" * (LONGEST_ELEMENT + 10) + b'"]', b'["' + b"x" * 50_000_000):
        with pytest.raises(TooLong):
            list(iter_list(io.BytesIO(endless)))


def test_memory_does_not_grow_with_the_list(put):
    def parts() -> Iterator[bytes]:
        yield b"["
        for number in range(20_000):
            yield (
                json.dumps({"id": number, "text": random.Random(number).randbytes(150).hex()}).encode() + b","
            )
        yield b"0]"

    path = put(b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.json", "w") as entry:
        for part in parts():
            entry.write(part)
    tracemalloc.start()
    with SafeArchive(path) as archive:
        size = archive.size("a.json")
        assert sum(1 for _ in archive.iter_json_array("a.json")) == 20_001
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 6_000_000
    assert peak < 2_000_000


def test_a_million_hidden_entries_cost_neither_time_nor_memory(put):
    one = b"PK\x01\x02" + bytes(42)
    listed = one * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(listed), 0, 0)
    path = put(listed + end)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(ArchiveRefused) as caught, SafeArchive(path):
        pass
    assert caught.value.code == "too_many"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    assert time.process_time() - start < 10
