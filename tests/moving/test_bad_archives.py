"""Archives that are broken, hostile or somebody else's: a plain sentence, and nothing written."""

from __future__ import annotations

import io
import json
import random
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.moving.exports import DAY, FIRST, MODERN, Export, bring, message, person, room
from tests.moving.tables import changed, digest_of_all_tables, kept_files
from torvet.entries.models import Entry
from torvet.moving.report import BadInput
from torvet.moving.running import run_import
from torvet.people.models import Member
from torvet.people.viewer import Viewer


def zipped(**files: Any) -> bytes:
    """A zip with these files; `__` in a name is a slash, `_0` a dot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in files.items():
            archive.writestr(name.replace("__", "/").replace("_0", "."), inside)
    return made.getvalue()


def slipped(name: str) -> bytes:
    """An export in which one more entry has this name."""
    made = io.BytesIO(export_bytes())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")
    return made.getvalue()


def export_bytes(change: Callable[[Export], None] = lambda export: None) -> bytes:
    export = Export(message("Hej"), message("Hej igen", at=1))
    change(export)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in export.files.items():
            archive.writestr(name, inside if isinstance(inside, (bytes, str)) else json.dumps(inside))
    return made.getvalue()


def with_file(name: str, inside: Any) -> bytes:
    return export_bytes(lambda export: export.files.update({name: inside}))


def encrypted() -> bytes:
    """As an archive with a password says it: the flag on every entry."""
    raw = bytearray(export_bytes())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(sign)
        while at >= 0:
            raw[at + place] |= 1
            at = raw.find(sign, at + 4)
    return bytes(raw)


def damaged() -> bytes:
    raw = bytearray(export_bytes())
    raw[raw.find(b"general/") + 30] ^= 0xFF
    return bytes(raw)


def bomb() -> bytes:
    return with_file("general/2024-03-02.json", b"[" + b" " * 40_000_000 + b"]")


def lying_about_its_size() -> bytes:
    raw = bytearray(with_file("general/2024-03-02.json", json.dumps([message("x" * 5000, at=5)])))
    at = raw.rfind(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<L", 20)
    return bytes(raw)


def deep() -> str:
    return '[{"type":"message","user":"U1","ts":"1709280000.000100","text":"a","blocks":' + "[" * 100_000


BAD_ZIPS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "not a zip file"),
    "a text": (lambda: b"Hello, this is a letter.", "not a zip file"),
    "truncated": (lambda: export_bytes()[:-40], "not a zip file"),
    "encrypted": (encrypted, "users.json: it is encrypted"),
    "damaged": (damaged, f"general/{DAY}: it is damaged"),
    "zip slip": (lambda: slipped("../../etc/passwd"), r"\.\./\.\./etc/passwd: its name leads outside"),
    "an absolute name": (lambda: slipped("/etc/passwd"), "/etc/passwd: its name leads outside"),
    "a drive": (lambda: slipped("C:\\windows\\x"), "leads outside"),
    "a bomb": (bomb, "general/2024-03-02.json: it unpacks to far more"),
    "a lying size": (lying_about_its_size, "2024-03-02.json: it is damaged"),
    "Mattermost": (lambda: zipped(import_0jsonl='{"type":"version"}'), "no users.json in it. It seems to be a Mattermost"),
    "a workbook": (lambda: zipped(xl__workbook_0xml="<x/>"), "It seems to be an Excel workbook"),
    "another zip": (lambda: zipped(photo_0jpg="x"), "there is no users.json in it"),
    "half of it": (lambda: zipped(users_0json="[]"), "not a whole Slack export: there is no channels.json"),
}  # fmt: skip
BAD_INSIDES: dict[str, tuple[str, Any, str]] = {
    "users no list": ("users.json", {"ok": True}, "users.json: it is not JSON as expected .a list was expected"),
    "users no JSON": ("users.json", "<html>", "users.json: it is not JSON"),
    "users cut off": ("users.json", '[{"id":"U1"},', "users.json: it is not JSON"),
    "a user is a text": ("users.json", ["U1"], "users.json, number 1 is not what a Slack export has there"),
    "a user's id is a number": ("users.json", [{"id": 7}], "users.json, number 1 has an id that is not a text"),
    "a user's id is a list": ("users.json", [{"id": ["U1"]}], "users.json, number 1 has an id"),
    "a user's id is a novel": ("users.json", [{"id": "U" * 65}], "users.json, number 1 has an id"),
    "a channel without id": ("channels.json", [{"name": "general"}], "channels.json, number 1 has an id"),
    "a channel without name": ("channels.json", [{"id": "C1", "name": 5}], "channels.json, number 1 has no name"),
    "a day no list": (f"general/{DAY}", {"messages": []}, f"general/{DAY}: it is not JSON as expected"),
    "a message is a number": (f"general/{DAY}", [message(), 5], f"general/{DAY}, number 2 is not what"),
    "a time is a number": (f"general/{DAY}", [message() | {"ts": 1.5}], "number 1: 1.5 is not the time of a message"),
    "a time is missing": (f"general/{DAY}", [{"text": "x"}], "number 1: nothing is not the time of a message"),
    "a time is a word": (f"general/{DAY}", [message() | {"ts": "now"}], "'now' is not the time of a message"),
    "year 0": (f"general/{DAY}", [message() | {"ts": "-62167219200.000100"}], "is not the time of a message"),
    "year 9999": (f"general/{DAY}", [message() | {"ts": "253402300799.000100"}], "is not the time of a message"),
    "tomorrow's year": (f"general/{DAY}", [message() | {"ts": "33000000000.000100"}], "is not the time of a message"),
    "a thread is a list": (f"general/{DAY}", [message(thread_ts=["1"])], r"\['1'\] is not the time of a message"),
    "too deep": (f"general/{DAY}", deep(), f"general/{DAY}: it is not JSON"),
    "not a number": (f"general/{DAY}", '[{"ts": NaN}]', f"general/{DAY}: it is not JSON"),
    "one endless message": (f"general/{DAY}", [message("".join(map(str, range(500_000))))], "one of its elements is too large"),
    "direct messages no list": ("dms.json", {"id": "D1"}, "dms.json: it is not JSON as expected"),
    "a direct message no day": ("D1/2024-03-01.json", "nothing", "D1/2024-03-01.json: it is not JSON"),
}  # fmt: skip


def refuse(raw: bytes, says: str, admin: Viewer, folder: Path) -> None:
    path = folder / "export.zip"
    path.write_bytes(raw)
    before = digest_of_all_tables()
    for is_dry_run in (True, False):
        with pytest.raises(BadInput, match=says) as refused:
            run_import("slack", path, by=admin, is_dry_run=is_dry_run)
        assert refused.value.reason.startswith("export.zip")
        assert refused.value.reason.endswith(".")
        assert "Traceback" not in refused.value.reason
    assert changed(before) == []
    assert kept_files() == set()


@pytest.mark.parametrize("what", BAD_ZIPS)
def test_an_archive_that_cannot_be_read_is_refused_with_its_entry(
    admin: Viewer, tmp_path: Path, what: str
) -> None:
    make, says = BAD_ZIPS[what]
    refuse(make(), says, admin, tmp_path)


@pytest.mark.parametrize("what", BAD_INSIDES)
def test_an_export_with_something_wrong_inside_is_refused_with_its_entry(
    admin: Viewer, tmp_path: Path, what: str
) -> None:
    name, inside, says = BAD_INSIDES[what]
    refuse(with_file(name, inside), says, admin, tmp_path)


def test_an_archive_cut_off_anywhere_is_refused(admin: Viewer, tmp_path: Path) -> None:
    whole = MODERN.read_bytes()
    before = digest_of_all_tables()
    path = tmp_path / "export.zip"
    for step in range(1, 64):
        path.write_bytes(whole[: len(whole) * step // 64])
        with pytest.raises(BadInput, match=r"^export\.zip"):
            run_import("slack", path, by=admin)
    assert changed(before) == []


def test_an_archive_with_flipped_bytes_comes_in_whole_or_not_at_all(admin: Viewer, tmp_path: Path) -> None:
    whole = MODERN.read_bytes()
    dice = random.Random(7)
    path = tmp_path / "export.zip"
    refused = 0
    for _ in range(60):
        raw = bytearray(whole)
        for _ in range(3):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        path.write_bytes(raw)
        try:
            run_import("slack", path, by=admin, is_dry_run=True).check()
        except BadInput:
            refused += 1
    assert refused > 20
    assert not Entry.objects.exists()


def test_a_fault_while_writing_leaves_nothing_behind(
    admin: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torvet.moving.imports.slack.pins import Pins

    def fail(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Pins, "write", fail)
    before = digest_of_all_tables()
    with pytest.raises(RuntimeError, match="disk is full"):
        bring(MODERN, tmp_path, by=admin)
    assert changed(before) == []
    assert kept_files() == set()


HOSTILE = [
    "<javascript:alert(1)|klik> <data:text/html,<script>|data> <vbscript:x|y>",
    "<img src=x onerror=alert(1)> <svg/onload=alert(1)> <iframe src=//evil.example></iframe>",
    "\u202ereversed\u2066 \x00NUL \x1b[31mred \ud800half \U000e0041tag",
    '"><script>alert(1)</script>',
    "<https://evil.example/\"onmouseover=alert(1)|x> <https://a.example|<b>bold</b>>",
    "<@U1|\"><script>x</script>> <#C9|<img src=x>> <!date^1^{x}^javascript:alert(1)|<i>i</i>>",
    "`<script>` ```<script>alert(1)</script>``` *<b>*",
    "{{7*7}} {% now %} ${7*7} <%= 7 %>",
    "*" * 5_000 + "_" * 5_000 + "`" * 5_001 + "<" * 5_000,
    "[" * 20_000, "&" * 20_000, "&gt;" * 5_000, ":" * 20_000, "<@" * 10_000, "• " * 5_000,
]  # fmt: skip


HARMLESS = re.compile(
    r"</?(p|br|strong|em|s|code|pre|ul|li|blockquote)>|</a>"
    r'|<a href="https://[^"]*" rel="noopener noreferrer nofollow">'
    r'|<a class="(mention|topic)"( data-mention="member-\d+")? href="/(people|topics)/[^"]*">'
)


def test_hostile_words_come_out_harmless(admin: Viewer, tmp_path: Path) -> None:
    export = Export(*[message(text, at) for at, text in enumerate(HOSTILE)])
    bring(export, tmp_path, by=admin)
    assert Entry.objects.count() == len(HOSTILE)
    for body in Entry.objects.values_list("body", flat=True):
        # As words anything may stand there; as markup nothing but this.
        assert [tag for tag in re.findall("<[^>]*>", body) if not HARMLESS.fullmatch(tag)] == []
        assert not set(body) & set("\x00\x1b\u202e\u2066\ud800")


def test_hostile_names_come_out_harmless(admin: Viewer, tmp_path: Path) -> None:
    evil = "<script>\u202e\x00\ud83d"
    export = Export(message("Hej <@U1>", reactions=[{"name": evil, "users": ["U1"], "count": 1}]))
    export.files["users.json"] = [
        person("U1", evil, email="a@\ud800.example", title=evil, real_name=evil, tz=evil,
               profile={"title": evil * 100, "phone": evil * 100}),
        person("U2") | {"name": "", "real_name": None, "profile": {"display_name": 5}},
    ]  # fmt: skip
    export.files["channels.json"] = [
        room("C1", "general", purpose={"value": evil * 200}, topic=5, pins={"id": 1})
    ]
    bring(export, tmp_path, by=admin)
    member = Entry.objects.get().author
    assert member.name == "<script>"
    assert "&lt;script&gt;" in Entry.objects.get().body
    assert member.email.endswith(".slack.invalid")
    assert Member.objects.filter(name="U2").exists()


def test_things_of_the_wrong_kind_inside_a_message_are_passed_over(admin: Viewer, tmp_path: Path) -> None:
    strange: dict[str, Any] = {
        "blocks": {"type": "rich_text"}, "files": [5, {"id": ["F"]}, {"name": {"a": 1}}], "attachments": "x",
        "reactions": {"name": "tada"}, "edited": "yesterday", "user_profile": [], "subtype": ["bot"], "bot_id": 9,
        "username": None, "pinned_to": 3, "replies": "no", "thread_ts": None,
    }  # fmt: skip
    users: list[Any] = [None, 5, [], {"id": "U1"}]
    export = Export(message("Hej", **strange), message("Igen", 1, user={"id": "U1"}, reactions=[
        {"name": "tada", "users": users, "count": "many"}, {"name": ["x"], "users": 5, "count": -3}, 7,
    ]))  # fmt: skip
    export.files["channels.json"] = [
        room("C1", "general", members=("U1",)) | {"members": [None, 5, "U1", "U1", ["U2"]], "created": "soon"}
    ]
    report = bring(export, tmp_path, by=admin)
    assert report.counts()["messages"]["imported"] == 2


def test_an_authors_claim_to_rule_is_ignored(admin: Viewer, tmp_path: Path) -> None:
    export = Export(message())
    export.files["users.json"] = [
        person("U1", email="admin@nordhavn.example", is_admin=True, is_owner=True, is_primary_owner=True),
        person("U2", is_admin=True, role="administrator", is_superuser=True, password="x", is_active=True),
    ]
    bring(export, tmp_path, by=admin)
    assert Entry.objects.get().author_id == admin.id
    other = Member.objects.exclude(pk=admin.id).get()
    assert (other.role, other.is_active, other.has_usable_password()) == ("member", False, False)


def test_a_time_in_a_moment_is_taken_for_now(admin: Viewer, tmp_path: Path) -> None:
    from django.utils import timezone

    soon = int(timezone.now().timestamp()) + 3600
    bring(Export(message(at=soon - FIRST)), tmp_path, by=admin)
    assert Entry.objects.get().published_at <= timezone.now()
