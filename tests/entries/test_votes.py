"""A vote is one yes from each; what counts is the rows, and what came from elsewhere."""

from __future__ import annotations

import pytest

from tests.cast import Cast, viewer_of
from torvet.activity.models import Activity
from torvet.base.rules import Forbidden
from torvet.entries import actions
from torvet.entries.models import Entry, Vote

pytestmark = pytest.mark.django_db

MAY = {"leader": True, "anna": False, "bo": True, "outsider": True, "guest": False, "deactivated": False}


@pytest.fixture
def idea(cast: Cast) -> Entry:
    """An idea of anna's in the open space."""
    return actions.publish_thread(
        by=viewer_of(cast.anna),
        space=cast.open,
        kind="idea",
        title="Shorter forms",
        body="Two pages will do.",
    )


@pytest.mark.parametrize("who", MAY)
def test_who_takes_part_votes_but_not_for_their_own(cast: Cast, idea: Entry, who: str) -> None:
    by = viewer_of(cast.people[who])
    if MAY[who]:
        assert actions.give_vote(by=by, entry=idea).votes == 1
    else:
        with pytest.raises(Forbidden):
            actions.give_vote(by=by, entry=idea)
        assert not Vote.objects.exists()


def test_a_post_takes_no_votes(cast: Cast) -> None:
    post = actions.publish_post(by=viewer_of(cast.anna), space=cast.open, body="Good morning.")
    with pytest.raises(Forbidden):
        actions.give_vote(by=viewer_of(cast.bo), entry=post)


def test_a_second_vote_changes_nothing_and_a_first_can_be_taken_back(cast: Cast, idea: Entry) -> None:
    Entry.objects.filter(pk=idea.pk).update(votes=-3, votes_before=-3)
    by = viewer_of(cast.bo)
    for _again in range(2):
        assert actions.give_vote(by=by, entry=idea).votes == -2
    assert list(Activity.objects.filter(verb="voted").values_list("by_id", flat=True)) == [cast.bo.pk]
    for _again in range(2):
        assert actions.take_back_vote(by=by, entry=idea).votes == -3
    idea.refresh_from_db()
    assert (idea.votes, Vote.objects.count()) == (-3, 0)
