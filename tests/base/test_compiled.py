"""What is compiled once gives what the queryset itself would give, to everybody, whoever asked first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from tests.cast import Cast, house
from torvet.base.compiled import STAND_IN, STAND_INS, Compiled
from torvet.entries import actions, queries
from torvet.entries.models import Entry
from torvet.people.looking import stand_in_like
from torvet.people.models import Member
from torvet.people.viewer import NOBODY, READ, Via, Viewer
from torvet.spaces import queries as spaces
from torvet.spaces.models import Space

pytestmark = pytest.mark.django_db


def everybody(cast: Cast) -> list[Viewer]:
    seen = [Viewer.of(member) for member in cast.people.values()]
    return [
        *seen,
        Viewer(cast.bo, Via.TOKEN, frozenset({READ})),
        Viewer(cast.bo, Via.TOKEN, frozenset()),
        NOBODY,
    ]


def test_each_reads_what_they_may_whoever_was_first(cast: Cast) -> None:
    for space in cast.spaces.values():
        actions.publish_post(by=house(cast.bo), space=space, body="Read me")
    for viewer in [*everybody(cast), *reversed(everybody(cast))]:
        allowed = set(Entry.objects.visible_to(viewer).values_list("pk", flat=True))
        assert {entry.pk for entry in Entry.objects.all() if queries.get_visible(viewer, entry.pk)} == allowed
        known = set(Space.objects.visible_to(viewer).values_list("pk", flat=True))
        assert {space.pk for space in Space.objects.all() if spaces.get_visible(viewer, space.pk)} == known


def test_a_stand_in_is_asked_as_the_viewer_would_be(cast: Cast) -> None:
    """The shape of a viewer leaves out nothing that a rule looks at."""
    for viewer in everybody(cast):
        own = Compiled.of(Entry.objects.visible_to(viewer))
        stood_in = Compiled.of(Entry.objects.visible_to(stand_in_like(*viewer.shape)))
        assert (own.sql, own.is_empty) == (stood_in.sql, stood_in.is_empty)
        assert len(own.values()) == len(stood_in.values(viewer.id))
        assert set(stood_in.values(viewer.id)) >= ({viewer.id} if viewer.can_read else set())


def test_things_are_whole(cast: Cast, django_assert_num_queries: object) -> None:
    post = actions.publish_post(by=house(cast.bo), space=cast.open, body="Whole", title="All of it")
    actions.react(by=house(cast.anna), entry=post, emoji="👏")
    rows = Entry.objects.select_related("author__unit", "space", "removed_by").annotate(again=F("title"))
    compiled = Compiled.of(rows.filter(pk=STAND_IN))
    with django_assert_num_queries(1):
        found = compiled.first(post.pk)
        assert (found.author, found.space, found.removed_by) == (cast.bo, cast.open, None)
        assert (found.author.unit, found.again) == (cast.bo.unit, "All of it")
    straight = rows.get(pk=post.pk)
    for field in Entry._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(straight, field.attname), field.name
    assert not found._state.adding


def test_lines_and_numbers(cast: Cast) -> None:
    lines = Compiled.of(
        Member.objects.filter(pk__in=STAND_INS[:2]).order_by("pk").values_list("pk", "joined_at")
    )
    members = Member.objects.filter(pk__in=[cast.anna.pk, cast.bo.pk]).order_by("pk")
    assert [tuple(line) for line in lines.things(cast.anna.pk, cast.bo.pk)] == [
        (member.pk, member.joined_at) for member in members
    ]
    assert lines.count(cast.anna.pk, cast.bo.pk) == 2


@pytest.mark.parametrize("number", [0, -1, 2**63 - 1, 2**63, 2**70, -(2**70)])
def test_a_number_that_nothing_has_finds_nothing(cast: Cast, number: int) -> None:
    assert queries.get_visible(house(cast.bo), number) is None


def test_the_time_is_the_present_one_each_time(cast: Cast) -> None:
    post = actions.publish_post(by=house(cast.bo), space=cast.open, body="Soon")
    assert queries.get_visible(house(cast.anna), post.pk)
    Entry.objects.filter(pk=post.pk).update(published_at=timezone.now() + timedelta(hours=1))
    assert queries.get_visible(house(cast.anna), post.pk) is None
