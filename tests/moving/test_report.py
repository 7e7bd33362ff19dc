from __future__ import annotations

import pytest

from torvet.moving.report import MOST_LISTED, CountsDisagree, Outcome, Report


def test_a_report_whose_figures_do_not_add_up_is_not_given() -> None:
    report = Report("people", "people.csv")
    report.find("members", 2)
    report.settle("members", Outcome.IMPORTED)
    with pytest.raises(CountsDisagree, match="members: 2 found, 1 accounted for"):
        report.as_json()


def test_a_thing_counted_twice_is_noticed() -> None:
    report = Report("people", "people.csv")
    report.find("members")
    report.settle("members", Outcome.IMPORTED)
    report.skip("members", "line 2", "no name")
    with pytest.raises(CountsDisagree):
        report.check()


def test_a_report_has_the_agreed_shape() -> None:
    report = Report("slack", "export.zip", is_dry_run=True, seconds=1.234)
    report.line("members")
    report.find("entries", 3)
    report.settle("entries", Outcome.IMPORTED, 2)
    report.skip("entries", "general/2024-03-01.json, 1.1", "somebody joined")
    assert report.as_json() == {
        "kind": "slack",
        "file": "export.zip",
        "dry_run": True,
        "seconds": 1.23,
        "counts": {
            "members": {"found": 0, "imported": 0, "updated": 0, "unchanged": 0, "skipped": 0},
            "entries": {"found": 3, "imported": 2, "updated": 0, "unchanged": 0, "skipped": 1},
        },
        "skipped": [{"what": "entries", "where": "general/2024-03-01.json, 1.1", "why": "somebody joined"}],
    }


def test_all_that_is_skipped_is_counted_and_the_first_thousand_listed() -> None:
    report = Report("slack", "export.zip")
    for number in range(MOST_LISTED + 5):
        report.find("entries")
        report.skip("entries", str(number), "not a message")
    assert len(report.skipped) == MOST_LISTED
    assert report.as_json()["counts"]["entries"]["skipped"] == MOST_LISTED + 5
    assert report.reasons["entries", "not a message"] == MOST_LISTED + 5
