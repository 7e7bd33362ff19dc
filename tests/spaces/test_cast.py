"""The cast is what its table says; every other test leans on it."""

import pytest

from tests.cast import Cast
from torvet.spaces.models import Membership

TABLE = {
    "administrator": {"open": "member"},
    "community_manager": {"open": "member"},
    "leader": {"open": "owner"},
    "anna": {"open": "moderator", "closed": "owner", "secret": "member", "guests": "owner"},
    "bo": {"open": "member", "closed": "member", "secret": "owner", "guests": "member"},
    "outsider": {},
    "guest": {"guests": "member"},
    "removed": {},
    "deactivated": {"open": "member"},
}


def test_the_cast_stands_where_its_table_says(cast: Cast) -> None:
    places = {space.pk: name for name, space in cast.spaces.items()}
    found: dict[str, dict[str, str]] = {name: {} for name in cast.people}
    names = {member.pk: name for name, member in cast.people.items()}
    for row in Membership.objects.all():
        found[names[row.member_id]][places[row.space_id]] = row.standing
    assert found == TABLE


@pytest.mark.parametrize("name", ["open", "closed", "secret", "guests"])
def test_the_number_of_members_is_kept(cast: Cast, name: str) -> None:
    space = cast.spaces[name]
    assert space.member_count == Membership.objects.filter(space=space).count()
