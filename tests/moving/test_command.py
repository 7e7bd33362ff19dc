from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.moving.exports import MODERN, PEOPLE
from tests.moving.talks import box, dump, forum, mail, row, server, topic
from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

LINE = {"found", "imported", "updated", "unchanged", "skipped"}


def run(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_data", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_json_on_standard_output_and_nothing_else(admin: Viewer) -> None:
    out, err = run("slack", str(MODERN), "--json")
    report = json.loads(out)
    assert err == ""
    assert report.keys() == {"kind", "file", "dry_run", "seconds", "counts", "skipped"}
    assert (report["kind"], report["file"], report["dry_run"]) == ("slack", "slack-modern.zip", False)
    for line in report["counts"].values():
        assert line.keys() == LINE
        assert line["found"] == sum(line.values()) - line["found"]
    for skip in report["skipped"]:
        assert skip.keys() == {"what", "where", "why"}
    counted = sum(line["skipped"] for line in report["counts"].values())
    assert counted >= len(report["skipped"])


def test_a_table_to_read_says_how_people_get_in(admin: Viewer) -> None:
    out, _err = run("people", str(PEOPLE))
    assert "members" in out
    assert "Invite people" in out


def test_a_dry_run_says_that_nothing_was_written(admin: Viewer) -> None:
    out, _err = run("slack", str(MODERN), "--dry-run")
    assert "nothing was written" in out
    assert not Entry.objects.exists()


def test_bad_input_ends_with_two_and_one_sentence(admin: Viewer, tmp_path: Path) -> None:
    path = tmp_path / "letter.zip"
    path.write_text("Dear all")
    with pytest.raises(CommandError) as refused:
        run("slack", str(path), "--json")
    assert refused.value.returncode == 2
    assert str(refused.value).startswith("letter.zip: it is not a zip file")
    assert "Nothing was imported" in str(refused.value)


def test_a_file_that_is_not_there_is_bad_input(admin: Viewer, tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(CommandError, match="not a file that can be read") as refused:
            run("people", str(path))
        assert refused.value.returncode == 2


def test_an_import_before_the_first_run_says_what_to_do(db: None) -> None:
    with pytest.raises(CommandError, match="torvet init") as refused:
        run("people", str(PEOPLE))
    assert refused.value.returncode == 2


def test_only_an_administrator_imports(admin: Viewer) -> None:
    with pytest.raises(CommandError, match=r"nobody@nordhavn\.example is not an administrator here"):
        run("people", str(PEOPLE), "--by", "nobody@nordhavn.example")
    run("people", str(PEOPLE), "--by", "ADMIN@nordhavn.example")
    assert Member.objects.count() == 31


def test_each_home_of_conversations_takes_its_own_options(admin: Viewer, tmp_path: Path) -> None:
    run("mbox", str(box(tmp_path, mail("a@x"))), "--new-space", "The list", "--as", "drift")
    run("stackexchange", str(dump(tmp_path, [row(1)])), "--address", "kitchen.example.org")
    run(
        "discourse",
        str(forum(tmp_path, topic(1))),
        "--address",
        "https://forum.example.org",
        "--with-restricted",
    )
    out, _err = run("mattermost", str(server(tmp_path)), "--private", "secret", "--with-restricted")
    names = set(Space.objects.values_list("name", flat=True))
    assert names == {"The list", "kitchen.example.org", "forum.example.org", "Lunch"}
    assert "Authors without an account here" in out
