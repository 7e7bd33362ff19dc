"""Who may ask, answer, accept, confirm and point to another question, as a table over the cast."""

from __future__ import annotations

import pytest

from tests.cast import Cast, viewer_of
from tests.forum.making import ask
from torvet.forum import rules
from torvet.spaces.queries import membership_of

EVERYBODY = {"administrator", "community_manager", "leader", "anna", "bo", "outsider", "removed"}
INSIDE = {"anna", "bo"}

# space -> (who asked, {what one may: who})
TABLE = {
    "open": ("outsider", {
        "ask": EVERYBODY, "answer": EVERYBODY, "accept": {"outsider"}, "confirm": {"leader", "anna"},
        "mark_same": {"outsider", "leader", "anna"},
    }),
    "closed": ("bo", {
        "ask": INSIDE, "answer": INSIDE, "accept": {"bo"}, "confirm": {"anna"}, "mark_same": INSIDE,
    }),
    "guests": ("guest", {
        "ask": INSIDE | {"guest"}, "answer": INSIDE | {"guest"}, "accept": {"guest"}, "confirm": {"anna"},
        "mark_same": {"guest", "anna"},
    }),
}  # fmt: skip


@pytest.mark.parametrize("where", TABLE)
def test_who_may_do_what(cast: Cast, where: str) -> None:
    asker, allowed = TABLE[where]
    space = getattr(cast, where)
    entry = ask(space, getattr(cast, asker)).entry
    found: dict[str, set[str]] = {what: set() for what in allowed}
    for name, member in cast.people.items():
        viewer = viewer_of(member)
        membership = membership_of(viewer, space)
        for what in allowed:
            about = space if what == "ask" else entry
            if getattr(rules, f"can_{what}")(viewer, about, membership):
                found[what].add(name)
    assert found == allowed


def test_whoever_knows_the_field_may_confirm(cast: Cast) -> None:
    entry = ask(cast.open, cast.outsider).entry
    bo = viewer_of(cast.bo)
    assert rules.can_confirm(bo, entry, membership_of(bo, cast.open), knows=True)
    assert not rules.can_confirm(viewer_of(None), entry, None, knows=True)
