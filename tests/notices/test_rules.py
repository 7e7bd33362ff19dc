"""The rules as a table: who may do what with a must-read."""

from __future__ import annotations

import pytest

from tests.cast import house, viewer_of
from tests.notices.conftest import Town, fresh, in_days
from torvet.notices import actions, rules
from torvet.notices.models import Notice
from torvet.notices.queries.audience import Reach
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces.queries import membership_of


@pytest.fixture
def notice(town: Town) -> Notice:
    """Asked by the leader, of their own unit, on a page that Anna wrote."""
    from torvet.notices.queries.audience import Audience

    made = actions.send_notice(
        by=house(town.cast.leader),
        entry=town.entry,
        audience=Audience(units=frozenset({town.yard.pk})),
        due_on=in_days(9),
    )
    return fresh(made)


SEES = {"administrator", "community_manager", "leader"}
EDITS = {"anna", "bo"}  # they write where the page stands


@pytest.mark.parametrize(
    ("rule", "may"),
    [
        ("see", SEES),
        ("keep", SEES),
        ("export", SEES),
        ("judge", SEES | EDITS),
        ("paper", SEES),
    ],
)
def test_who_may_what(town: Town, notice: Notice, rule: str, may: set[str]) -> None:
    def asked(viewer: Viewer) -> bool:
        match rule:
            case "see":
                return rules.can_see_notice(viewer, notice)
            case "keep":
                return rules.can_keep(viewer, notice)
            case "export":
                return rules.can_export(viewer, notice)
            case "judge":
                return rules.can_judge(viewer, notice, membership_of(viewer, notice.entry.space))
        return rules.can_use_paper(viewer, notice, leads_somebody=False)

    assert {name for name, who in town.cast.people.items() if asked(viewer_of(who))} == may
    assert not asked(viewer_of(None))


def test_a_key_reads_and_confirms_and_does_nothing_else(town: Town, notice: Notice) -> None:
    key = Viewer.of(Member.objects.get(pk=town.cast.administrator.pk), via=Via.TOKEN)
    assert not rules.can_ask(key, notice.entry, Reach(is_everybody=True))
    assert not rules.can_keep(key, notice) and not rules.can_export(key, notice)
    assert not rules.can_use_paper(key, notice, leads_somebody=True)
    assert not rules.can_judge(key, notice, None)
    assert rules.can_confirm(key, is_asked=True)
    only_reading = Viewer(key.member, Via.TOKEN, frozenset({"read"}))
    assert not rules.can_confirm(only_reading, is_asked=True)


def test_who_leads_somebody_may_use_paper_and_write_down_their_own_alone(town: Town, notice: Notice) -> None:
    bo = viewer_of(town.cast.bo)
    assert rules.can_use_paper(bo, notice, leads_somebody=True)
    led = frozenset({town.office.pk})
    assert rules.can_record(bo, notice, town.office_people[0], led)
    assert not rules.can_record(bo, notice, town.yard_people[0], led)


def test_closed_is_closed(town: Town, notice: Notice) -> None:
    actions.close(by=house(town.cast.leader), notice=notice)
    closed, viewer = fresh(notice), viewer_of(town.cast.community_manager)
    assert rules.can_see_notice(viewer, closed) and rules.can_export(viewer, closed)
    assert not rules.can_keep(viewer, closed) and not rules.can_judge(viewer, closed, None)
    assert not rules.can_use_paper(viewer, closed, leads_somebody=True)
