"""The agreement: what holds, who changes it, and that nothing changes silently."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import timezone

from tests.cast import Cast, house, signed_in, viewer_of
from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.agreement import actions, queries, rules
from torvet.agreement.models import Agreement, Term, TermChange
from torvet.agreement.register import REGISTER, SMALLEST_GROUP, State
from torvet.base.rules import Forbidden, Refused
from torvet.people.viewer import Via, Viewer


def test_only_administrators_in_a_browser_change_it(cast: Cast) -> None:
    may = {name for name, member in cast.people.items() if rules.can_change_agreement(viewer_of(member))}
    assert may == {"administrator"}
    assert not rules.can_change_agreement(Viewer.of(cast.administrator, via=Via.TOKEN))


def test_every_line_of_the_register_is_complete_and_its_default_is_possible() -> None:
    assert len({line.key for line in REGISTER}) == len(REGISTER)
    for line in REGISTER:
        assert line.default in line.states and line.title and line.what and line.who and line.kept, line.key
        assert line.is_fixed == (len(line.states) == 1), line.key


def test_figures_about_people_are_off_until_they_are_agreed() -> None:
    assert next(line for line in REGISTER if line.key == "activity_figures").default == State.OFF


def test_a_change_is_kept_recorded_and_announced_with_its_reason(cast: Cast) -> None:
    actions.change_term(
        by=house(cast.administrator),
        key="activity_figures",
        state="groups",
        reason=" Agreed with the council ",
    )
    change = TermChange.objects.get()
    assert (change.before, change.after, change.reason, change.by) == (
        "off", "groups", "Agreed with the council", cast.administrator,
    )  # fmt: skip
    assert queries.state_of("activity_figures") == State.GROUPS
    assert queries.newest_change() == change
    assert Activity.objects.get(verb=verbs.CHANGED_TERM).details == {"change": change.pk}


def test_a_change_is_announced_for_two_weeks(cast: Cast) -> None:
    actions.change_smallest_group(by=house(cast.administrator), size=8, reason="Safer")
    assert queries.newest_change() is not None
    TermChange.objects.update(changed_at=timezone.now() - timedelta(days=14, minutes=1))
    assert queries.newest_change() is None


@pytest.mark.parametrize(
    ("key", "state"),
    [("seen_by", "on"), ("activity_figures", "on"), ("nothing", "on"), ("member_counts", "loud")],
)
def test_what_may_not_be_switched_is_not(cast: Cast, key: str, state: str) -> None:
    with pytest.raises(Refused):
        actions.change_term(by=house(cast.administrator), key=key, state=state, reason="I want to")
    assert not Term.objects.exists() and not TermChange.objects.exists()


def test_nothing_changes_without_a_reason_or_by_somebody_else(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.change_term(by=house(cast.administrator), key="member_counts", state="off", reason="  ")
    with pytest.raises(Forbidden):
        actions.change_term(by=house(cast.community_manager), key="member_counts", state="off", reason="Tidy")
    assert queries.state_of("member_counts") == State.ON and not Term.objects.exists()


def test_a_state_that_is_no_longer_possible_falls_back_to_the_default(cast: Cast) -> None:
    Term.objects.create(key="seen_by", state="on")
    Term.objects.create(key="activity_figures", state="on")
    Term.objects.create(key="gone", state="on")
    queries.forget_terms()
    assert queries.state_of("seen_by") == State.OFF
    assert queries.state_of("activity_figures") == State.OFF
    assert {line.processing.key: line.state for line in queries.lines()}["seen_by"] == State.OFF


@pytest.mark.parametrize(("size", "is_allowed"), [(2, False), (3, True), (50, True), (51, False)])
def test_the_smallest_group_has_limits(cast: Cast, size: int, is_allowed: bool) -> None:
    try:
        actions.change_smallest_group(by=house(cast.administrator), size=size, reason="Because")
    except Refused:
        assert not is_allowed
    assert queries.smallest_group() == (size if is_allowed else SMALLEST_GROUP)


def test_a_figure_about_fewer_people_is_not_shown(cast: Cast) -> None:
    assert not queries.is_shown(SMALLEST_GROUP - 1) and queries.is_shown(SMALLEST_GROUP)
    Agreement.objects.create(pk=1, smallest_group=9)
    assert not queries.is_shown(8) and queries.is_shown(9)


def test_everybody_reads_the_agreement_and_only_administrators_are_offered_changes(cast: Cast) -> None:
    for name in ("guest", "bo", "community_manager"):
        page = signed_in(cast.people[name]).get("/agreement/").content.decode()
        assert "How far somebody has read" in page and "/agreement/member_counts/" not in page
    assert "/agreement/member_counts/" in signed_in(cast.administrator).get("/agreement/").content.decode()
    assert Client().get("/agreement/").status_code == 302


@pytest.mark.parametrize("path", ["/agreement/member_counts/", "/agreement/smallest-group/"])
def test_the_forms_are_for_administrators(cast: Cast, path: str) -> None:
    assert signed_in(cast.administrator).get(path).status_code == 200
    for name in ("guest", "bo", "leader", "community_manager"):
        assert (
            signed_in(cast.people[name]).post(path, {"state": "off", "size": 9, "reason": "x"}).status_code
            == 404
        )
    assert not TermChange.objects.exists()


def test_an_administrator_changes_a_line_and_everybody_reads_why(cast: Cast) -> None:
    browser = signed_in(cast.administrator)
    answer = browser.post("/agreement/member_counts/", {"state": "off", "reason": ""})
    assert answer.status_code == 422 and not TermChange.objects.exists()
    browser.post("/agreement/member_counts/", {"state": "off", "reason": "Numbers make people compare"})
    browser.post("/agreement/smallest-group/", {"size": "7", "reason": "Small units"})
    page = signed_in(cast.bo).get("/agreement/").content.decode()
    assert "Numbers make people compare" in page and "from “On” to “Off”" in page
    assert "fewer than 7 people" in page and "from 5 to 7 people" in page
    assert browser.get("/agreement/seen_by/").status_code == 404
    assert browser.get("/agreement/nothing/").status_code == 404


def test_the_banner_says_what_changed_and_is_silent_otherwise(cast: Cast) -> None:
    banner = Template("{% load agreement %}{% announcement %}")
    assert banner.render(Context()).strip() == ""
    actions.change_smallest_group(by=house(cast.administrator), size=8, reason="<b>Safer</b>")
    said = banner.render(Context())
    assert "from 5 to 8 people" in said and "&lt;b&gt;Safer" in said
