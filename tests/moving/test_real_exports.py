"""The real files beside this repository, against the facts that their README gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.moving.tables import changed, digest_of_all_tables
from torvet.entries.models import Entry, Reaction
from torvet.moving.running import run_import
from torvet.people.models import Member, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

pytestmark = [pytest.mark.shareddata, pytest.mark.slow]


def found(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    return {line: numbers["found"] for line, numbers in counts.items() if numbers["found"]}


def test_a_whole_company_comes_in_twice(admin: Viewer, shared_data: Path) -> None:
    path = shared_data / "people" / "nordhavn-people-1000.csv"
    first = run_import("people", path, by=admin)
    assert found(first.counts()) == {"members": 1001, "units": 12, "sites": 10, "managers": 1000}
    assert first.skipped == []
    assert Member.objects.exclude(external_id="").count() == 1001
    assert Member.objects.filter(external_id__startswith="E", is_active=False).count() == 15
    assert Unit.objects.filter(leader=None).count() == 0
    before = digest_of_all_tables()
    second = run_import("people", path, by=admin)
    assert changed(before) == []
    assert all(line["unchanged"] == line["found"] for line in second.counts().values())


def test_the_export_of_a_community_comes_in_twice(admin: Viewer, shared_data: Path) -> None:
    path = shared_data / "conversations" / "slack-export-dataviz-community.zip"
    counts = run_import("slack", path, by=admin).counts()
    # 71 users, 16 channels, 375 day files, 1,382 messages, 89 with reactions, 67 with a file.
    assert (counts["members"]["found"], counts["members"]["imported"]) == (71, 71)
    assert (counts["spaces"]["found"], counts["spaces"]["imported"]) == (16, 16)
    assert counts["days"]["found"] == 375
    assert counts["messages"]["found"] == 1382
    assert counts["messages_with_reactions"]["found"] == 89
    assert counts["messages_with_files"]["found"] == 67
    # How it adds up: 351 are notices that somebody joined (320) or left (3), of names and purposes (13 + 2 + 2), of
    # archiving (9), one of a pin and one of an app; none is answered, so none is kept. There are no threads.
    assert counts["messages"]["skipped"] == 320 + 3 + 13 + 2 + 2 + 9 + 1 + 1 == 351
    assert counts["messages"]["imported"] == Entry.objects.count() == 1382 - 351
    assert counts["comments"]["found"] == 0
    # One of the 199 reactions was given to a join notice.
    assert (counts["reactions"]["found"], counts["reactions"]["skipped"]) == (199, 1)
    assert Reaction.objects.count() == 198
    assert counts["files"] == {"found": 67, "imported": 0, "updated": 0, "unchanged": 0, "skipped": 67}
    assert Space.objects.filter(access="open").count() == 16
    before = digest_of_all_tables()
    again = run_import("slack", path, by=admin).counts()
    assert changed(before) == []
    assert found(again) == found(counts)
    assert sum(line["imported"] + line["updated"] for line in again.values()) == 0


def test_years_of_threads_come_in_twice(admin: Viewer, shared_data: Path) -> None:
    path = shared_data / "conversations" / "slack-export-ubuntu-threads.zip"
    counts = run_import("slack", path, by=admin).counts()
    # 3,256 users, 4 channels, 80 days, 29,680 messages, 2,758 threads; every message is a post or an answer.
    assert found(counts) == {
        "members": 3256, "spaces": 4, "memberships": 3385, "days": 80, "messages": 29_680, "entries": 4_528,
        "comments": 25_152, "threads": 2_758, "messages_with_reactions": 476, "reactions": 476, "other_files": 1,
    }  # fmt: skip
    assert 4_528 + 25_152 == 29_680
    assert counts["messages"]["imported"] == Entry.objects.count() == 29_680
    assert Entry.objects.roots().filter(reply_count__gt=0).count() == 2_758
    assert sum(Entry.objects.roots().values_list("reply_count", flat=True)) == 25_152
    before = digest_of_all_tables()
    again = run_import("slack", path, by=admin).counts()
    assert changed(before) == []
    assert found(again) == found(counts)
    assert sum(line["imported"] + line["updated"] for line in again.values()) == 0
