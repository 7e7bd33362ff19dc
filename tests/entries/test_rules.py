"""What everybody may do with an entry, as a table: who, where, which verbs."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, viewer_of
from torvet.entries import actions, rules
from torvet.entries.models import Entry
from torvet.people.viewer import Via, Viewer
from torvet.spaces.models import Membership

pytestmark = pytest.mark.django_db

ALL = {"comment", "react", "edit", "remove", "restore", "pin", "bookmark", "watch", "close"}
AUTHOR = ALL - {"restore", "pin"}
READER = {"comment", "react", "bookmark", "watch"}
RUNS = READER | {"remove", "pin", "close"}

# Bo writes in each space. Who may do what with it:
TABLE = [
    ("open", "bo", AUTHOR),
    ("open", "leader", RUNS),
    ("open", "anna", RUNS),
    ("open", "outsider", READER),
    ("open", "community_manager", READER | {"remove"}),
    ("open", "administrator", READER | {"remove"}),
    ("open", "guest", set()),
    ("open", "deactivated", set()),
    ("closed", "bo", AUTHOR),
    ("closed", "anna", RUNS),
    ("closed", "outsider", set()),
    ("closed", "removed", set()),
    ("closed", "administrator", set()),
    ("closed", "community_manager", set()),
    ("closed", "guest", set()),
    ("secret", "bo", AUTHOR | {"pin"}),
    ("secret", "anna", READER),
    ("secret", "administrator", set()),
    ("guests", "guest", READER),
    ("guests", "bo", AUTHOR),
    ("guests", "outsider", set()),
]


def written_by_bo(cast: Cast, where: str) -> Entry:
    return actions.publish_post(by=house(cast.bo), space=getattr(cast, where), body="What Bo says")


@pytest.mark.parametrize(
    ("where", "who", "may"), TABLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_everybody_may_do_just_what_the_table_says(cast: Cast, where: str, who: str, may: set[str]) -> None:
    entry = written_by_bo(cast, where)
    viewer = viewer_of(cast.people[who])
    membership = Membership.objects.filter(space=entry.space, member_id=viewer.id).first()
    assert {verb for verb, yes in rules.abilities(viewer, entry, membership).items() if yes} == may


@pytest.mark.parametrize(
    ("where", "who", "may"), TABLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_somebody_may_do_nothing_with_they_do_not_see(
    cast: Cast, where: str, who: str, may: set[str]
) -> None:
    entry = written_by_bo(cast, where)
    sees = Entry.objects.visible_to(viewer_of(cast.people[who])).filter(pk=entry.pk).exists()
    assert sees is bool(may)


def test_a_token_that_only_reads_changes_nothing(cast: Cast) -> None:
    entry = written_by_bo(cast, "open")
    viewer = Viewer(cast.bo, Via.TOKEN, frozenset({"read"}))
    membership = Membership.objects.get(space=cast.open, member=cast.bo)
    assert not any(rules.abilities(viewer, entry, membership).values())


def test_in_an_archived_space_people_read_and_write_nothing(cast: Cast) -> None:
    from torvet.spaces.actions import archive_space

    entry = written_by_bo(cast, "open")
    archive_space(by=house(cast.leader), space=cast.open)
    entry.space.refresh_from_db()
    membership = Membership.objects.get(space=cast.open, member=cast.bo)
    may = {verb for verb, yes in rules.abilities(viewer_of(cast.bo), entry, membership).items() if yes}
    assert may == {"remove", "bookmark", "watch"}


def test_only_who_removed_an_entry_or_runs_the_space_brings_it_back(cast: Cast) -> None:
    entry = written_by_bo(cast, "open")
    actions.remove_entry(by=house(cast.anna), entry=entry)

    def may_restore(who: str) -> bool:
        viewer = viewer_of(cast.people[who])
        membership = Membership.objects.filter(space=cast.open, member_id=viewer.id).first()
        return rules.can_restore(viewer, entry, membership)

    assert {who for who in cast.people if may_restore(who)} == {"anna", "leader"}
