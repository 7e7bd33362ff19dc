"""The real conversations beside this repository, against the facts that their README gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.moving.tables import changed, digest_of_all_tables
from torvet.entries.models import Entry
from torvet.forum.models import Forum, SubForum, Thread
from torvet.moving.report import Report
from torvet.moving.running import run_import
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

pytestmark = [pytest.mark.shareddata, pytest.mark.slow]


def found(report: Report) -> dict[str, int]:
    return {line: numbers["found"] for line, numbers in report.counts().items() if numbers["found"]}


def twice(kind: str, path: Path, *, by: Viewer) -> Report:
    """Import a file, and again: the second time changes no row of any table."""
    first = run_import(kind, path, by=by)
    before = digest_of_all_tables()
    again = run_import(kind, path, by=by)
    assert changed(before) == []
    assert found(again) == found(first)
    for numbers in again.counts().values():
        assert numbers["imported"] == numbers["updated"] == 0
    return first


def test_a_community_of_stack_exchange_comes_in_twice(admin: Viewer, shared_data: Path) -> None:
    report = twice("stackexchange", shared_data / "conversations" / "stackexchange-matheducators.zip", by=admin)
    print(report.counts(), report.reasons)
    assert 0


def test_a_forum_of_discourse_comes_in_twice(admin: Viewer, shared_data: Path) -> None:
    report = twice("discourse", shared_data / "conversations" / "discourse-matheducators.zip", by=admin)
    print(report.counts(), report.reasons)
    assert 0


def test_a_server_of_mattermost_comes_in_twice(admin: Viewer, shared_data: Path) -> None:
    report = twice("mattermost", shared_data / "conversations" / "mattermost-bulk-chat.zip", by=admin)
    print(report.counts(), report.reasons)
    assert 0


def test_the_archive_of_a_mailing_list_comes_in_twice(admin: Viewer, shared_data: Path) -> None:
    report = twice("mbox", shared_data / "conversations" / "mailing-list-notmuch-2009.mbox", by=admin)
    print(report.counts(), report.reasons)
    assert 0


@pytest.mark.parametrize(
    ("kind", "name"),
    [("mattermost", "mattermost-all-objects.zip"), ("mbox", "mbox-edge-cases.mbox")],
)
def test_the_samples_of_every_feature_come_in_twice(
    kind: str, name: str, admin: Viewer, shared_data: Path
) -> None:
    report = twice(kind, shared_data / "fixtures" / name, by=admin)
    print(report.counts(), report.reasons)
    for e in Entry.objects.order_by("published_at"): print(e.kind,e.published_at,e.root_id,e.reply_to_id,e.author,e.title,e.body,e.reactions)
    assert 0
