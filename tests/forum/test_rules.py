"""Who may do what in fora: tables over the cast."""

from __future__ import annotations

import pytest

from tests.cast import Cast, viewer_of
from tests.forum.fora import discussion, now, question
from torvet.entries import rules as entry_rules
from torvet.forum import rules
from torvet.spaces.queries import membership_of

EVERYBODY = (
    "administrator", "community_manager", "leader", "anna", "bo", "outsider", "guest", "removed", "deactivated",
)  # fmt: skip
WRITES_IN_OPEN = {"administrator", "community_manager", "leader", "anna", "bo", "outsider", "removed"}


def those_who(cast: Cast, rule, thing, space) -> set[str]:
    found = set()
    for who in EVERYBODY:
        viewer = viewer_of(cast.people[who])
        if rule(viewer, thing, membership_of(viewer, space)):
            found.add(who)
    return found


@pytest.mark.parametrize(
    ("where", "who"),
    [
        ("open", {"leader", "anna", "community_manager", "administrator"}),  # open ones belong to everybody
        ("closed", {"anna"}),
        ("secret", {"bo"}),
        ("guests", {"anna"}),
    ],
)
def test_who_makes_a_space_a_forum(cast: Cast, where: str, who: set[str]):
    space = cast.spaces[where]
    assert those_who(cast, rules.can_keep_forum, space, space) == who


@pytest.mark.parametrize(
    ("where", "who"),
    [
        ("open", WRITES_IN_OPEN),
        ("closed", {"anna", "bo"}),
        ("secret", {"anna", "bo"}),
        ("guests", {"anna", "bo", "guest"}),
    ],
)
def test_who_starts_a_discussion(cast: Cast, where: str, who: set[str]):
    space = cast.spaces[where]
    assert those_who(cast, rules.can_discuss, space, space) == who


def test_a_discussion_is_solved_and_sorted_by_its_author_and_who_runs_the_space(cast: Cast):
    entry = now(discussion(cast.bo, cast.open))
    assert those_who(cast, rules.can_solve, entry, cast.open) == {"bo", "anna", "leader"}
    assert those_who(cast, rules.can_sort, entry, cast.open) == {"bo", "anna", "leader"}


def test_a_question_is_solved_by_an_answer_and_not_by_a_mark(cast: Cast):
    entry = now(question(cast.bo, cast.open))
    assert those_who(cast, rules.can_solve, entry, cast.open) == set()


@pytest.mark.parametrize(
    ("where", "who"), [("open", {"leader", "anna"}), ("closed", {"anna"}), ("secret", {"bo"})]
)
def test_threads_are_split_and_merged_by_those_who_run_the_space(cast: Cast, where: str, who: set[str]):
    space = cast.spaces[where]
    entry = now(discussion(cast.bo, space))
    assert those_who(cast, entry_rules.can_arrange, entry, space) == who


def test_a_post_is_not_taken_apart(cast: Cast):
    entry = now(discussion(cast.bo, cast.open))
    entry.kind = "post"
    assert those_who(cast, entry_rules.can_arrange, entry, cast.open) == set()


def test_in_an_archived_space_nothing_is_set_up_started_or_moved(cast: Cast):
    entry = now(discussion(cast.bo, cast.open))
    cast.open.archived_at = entry.space.archived_at = entry.published_at
    assert those_who(cast, rules.can_keep_forum, cast.open, cast.open) == set()
    assert those_who(cast, rules.can_discuss, cast.open, cast.open) == set()
    assert those_who(cast, rules.can_solve, entry, cast.open) == set()
    assert those_who(cast, entry_rules.can_arrange, entry, cast.open) == set()
