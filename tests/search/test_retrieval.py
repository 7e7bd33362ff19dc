"""Real questions find the threads in which they were answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.retrieval import House, lines, load_forum, ranks
from torvet.entries.models import Entry
from torvet.search import actions

pytestmark = [pytest.mark.django_db, pytest.mark.shareddata, pytest.mark.slow]
ENOUGH = 0.6


def test_the_thread_of_the_accepted_answer_is_among_the_first_ten(shared_data: Path) -> None:
    """Once as asked, which the title of the question itself makes easy; once by what was answered alone, none of the
    openers of these questions being there."""
    house = House.founded()
    forum = load_forum(house)
    actions.complete()
    asked = [
        (row["query"], {forum.questions[int(row["id"][1:])]})
        for row in lines("qa-retrieval-matheducators.en.jsonl")
    ]
    assert len(asked) == 189 and Entry.objects.count() == 1904

    def share() -> float:
        return sum(place is not None for place in ranks(house.by, asked)) / len(asked)

    assert share() > 0.99
    actions.forget_entries(pk for _query, sought in asked for pk in sought)
    assert share() >= ENOUGH
