"""What people may do to people, as tables over the cast."""

from __future__ import annotations

import pytest

from tests.cast import Cast, viewer_of
from torvet.people import rules
from torvet.people.models import Member
from torvet.people.viewer import READ, Via, Viewer

EVERYBODY = [
    "visitor", "administrator", "community_manager", "leader", "anna", "bo", "outsider", "guest", "removed",
    "deactivated",
]  # fmt: skip


def viewers(cast: Cast) -> dict[str, Viewer]:
    return {"visitor": viewer_of(None)} | {name: viewer_of(member) for name, member in cast.people.items()}


def who_may(cast: Cast, rule: object, *things: object) -> set[str]:
    return {name for name, viewer in viewers(cast).items() if rule(viewer, *things)}  # type: ignore[operator]


def test_only_administrators_manage_members_units_and_the_company(cast: Cast) -> None:
    for rule in (rules.can_manage_members, rules.can_manage_units, rules.can_change_company):
        assert who_may(cast, rule) == {"administrator"}


def test_a_token_never_manages_members(cast: Cast) -> None:
    assert not rules.can_manage_members(Viewer.of(cast.administrator, via=Via.TOKEN))


def test_a_profile_is_edited_by_its_member_and_by_administrators(cast: Cast) -> None:
    assert who_may(cast, rules.can_edit_profile, cast.bo) == {"bo", "administrator"}
    assert who_may(cast, rules.can_edit_profile, cast.guest) == {"guest", "administrator"}


def test_colleagues_follow_others_and_nobody_follows_themselves(cast: Cast) -> None:
    colleagues = {"administrator", "community_manager", "leader", "anna", "outsider", "removed"}
    assert who_may(cast, rules.can_follow, cast.bo) == colleagues


def test_an_administrator_cannot_close_their_own_account(cast: Cast) -> None:
    assert who_may(cast, rules.can_deactivate, cast.bo) == {"administrator"}
    assert who_may(cast, rules.can_deactivate, cast.administrator) == set()


def test_a_token_cannot_make_tokens(cast: Cast) -> None:
    assert who_may(cast, rules.can_make_tokens) == set(EVERYBODY) - {"visitor", "deactivated"}
    assert not rules.can_make_tokens(Viewer.of(cast.bo, via=Via.TOKEN))


def test_a_reading_token_changes_no_profile(cast: Cast) -> None:
    assert not rules.can_edit_profile(Viewer(cast.bo, Via.TOKEN, frozenset({READ})), cast.bo)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("visitor", set()),
        ("deactivated", set()),
        ("outsider", set(EVERYBODY) - {"visitor"}),
        ("administrator", set(EVERYBODY) - {"visitor"}),
        ("guest", {"anna", "bo", "guest"}),
    ],
)
def test_a_guest_sees_the_people_of_their_spaces_and_colleagues_see_everybody(
    cast: Cast, who: str, sees: set[str]
) -> None:
    names = {member.pk: name for name, member in cast.people.items()}
    found = Member.objects.visible_to(viewers(cast)[who])
    assert {names[member.pk] for member in found} == sees
