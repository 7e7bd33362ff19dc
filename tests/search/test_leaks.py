"""Nobody finds what they may not read: not its words, not that it is there, not how many there are."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from tests.cast import Cast, house, newcomer, viewer_of
from tests.search.finding import answer, find, ids, index_all, write
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.people.models import Member, Unit
from torvet.people.viewer import Via, Viewer
from torvet.search import queries
from torvet.search.actions import complete
from torvet.search.found import KINDS, Found
from torvet.search.reading import condition, rule, visible
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership

pytestmark = pytest.mark.django_db

CANARIES = {
    "open": "cnryopenqx",
    "closed": "cnryclosedqy",
    "secret": "cnrysecretqz",
    "guests": "cnryguestsqw",
}
# Written down here by hand, and not read from the rules: who may read what is written where.
READS = {
    "administrator": {"open"},
    "community_manager": {"open"},
    "leader": {"open"},
    "anna": {"open", "closed", "secret", "guests"},
    "bo": {"open", "closed", "secret", "guests"},
    "outsider": {"open"},
    "guest": {"guests"},
    "removed": {"open"},
    "deactivated": set(),
}
COLLEAGUES = READS.keys() - {"guest", "deactivated"}


@pytest.fixture
def town(cast: Cast) -> Cast:
    """A post, a comment and a topic with a canary in each space."""
    for name, canary in CANARIES.items():
        space = cast.spaces[name]
        owner = Member.objects.get(pk=space.responsible_id)
        thread = write(
            owner, space, f"{canary} stands here, {canary}samtale #{canary}", title=f"{canary} title"
        )
        answer(owner, thread, f"{canary} again")
    index_all()
    complete()
    return cast


def everything(found: Found) -> str:
    """All that an answer says."""
    return repr(found)


@pytest.mark.parametrize("name", READS)
def test_each_visitor_finds_exactly_what_they_may_read(town: Cast, name: str) -> None:
    member = town.people[name]
    for space, canary in CANARIES.items():
        may_read = space in READS[name]
        asked = (canary, canary[:6], f'"{canary} stands"', f"#{canary}", f"{canary}samtale", canary[2:])
        for q in asked:
            for order in ("newest", "best"):
                found = find(member, q, order=order)
                says = canary in everything(found)
                assert says == may_read, (name, q, order)
                if not may_read:
                    own = {hit.thing.space.pk for hit in found.hits}
                    assert town.spaces[space].pk not in own
        for kind in KINDS:
            found = find(member, canary, kind=kind)
            assert (canary in everything(found)) == (may_read and kind in {"post", "comment", "topic"}), (
                name,
                kind,
            )
        found = find(member, canary, space=town.spaces[space].pk)
        assert found.number == (2 if may_read else 0)


@pytest.mark.parametrize("name", READS)
def test_search_and_the_reading_rule_agree(town: Cast, name: str) -> None:
    viewer = viewer_of(town.people[name])
    readable = set(Entry.objects.visible_to(viewer).values_list("pk", flat=True))
    found = set()
    for canary in CANARIES.values():
        found |= set(ids(find(town.people[name], canary, size=100)))
    assert found == readable


def test_visitors_and_closed_accounts_find_nothing(town: Cast) -> None:
    writes_only = Viewer(member=town.anna, via=Via.TOKEN, scopes=frozenset({"write"}))
    for viewer in (viewer_of(None), viewer_of(town.deactivated), writes_only):
        for kind in (None, *KINDS):
            assert queries.search(viewer, CANARIES["open"], kind=kind) == Found()


def test_secret_spaces_are_found_by_those_inside_only(town: Cast) -> None:
    for name in READS:
        member = town.people[name]
        for q, space, knows in (
            ("heron", town.secret, {"anna", "bo"}),
            ("Brest", town.secret, {"anna", "bo"}),
            ("decisions", town.closed, COLLEAGUES),
            ("crane", town.guests, COLLEAGUES | {"guest"}),
        ):
            found = [hit.id for hit in find(member, q).spaces]
            assert (space.pk in found) == (name in knows), (name, q)
            assert [hit.id for hit in find(member, q, kind="space").hits] == found, (name, q)


def test_a_filter_does_not_tell_that_a_secret_space_is_there(town: Cast) -> None:
    hidden = find(town.outsider, 'in:"Project Heron" word')
    absent = find(town.outsider, 'in:"Project Horse" word')
    assert (hidden.hits, hidden.unknown) == ((), ("in:Project Heron",))
    assert (absent.hits, absent.unknown) == ((), ("in:Project Horse",))


def test_a_guest_finds_only_the_people_of_their_spaces(town: Cast) -> None:
    stranger = newcomer("Anna Bergström")
    complete()
    assert [hit.id for hit in find(town.guest, "anna").people] == [town.anna.pk]
    assert {hit.id for hit in find(town.bo, "anna").people} == {town.anna.pk, stranger.pk}
    assert find(town.guest, "from:anna.bergstroem word").unknown == ("from:anna.bergstroem",)


def test_closed_accounts_are_not_found_among_people(town: Cast) -> None:
    assert find(town.anna, "Dora").people == ()
    Member.objects.filter(pk=town.bo.pk).update(is_active=False)  # before any worker comes
    assert find(town.anna, "Dijkstra").people == ()


def test_a_removed_entry_is_gone_with_its_answers_and_topics_and_from_the_count(town: Cast) -> None:
    thread = Entry.objects.get(space=town.open, root=None)
    canary = CANARIES["open"]
    assert find(town.bo, canary).number == 2
    entries.remove_entry(by=house(Member.objects.get(pk=thread.author_id)), entry=thread)
    for _ in range(2):  # before the worker has come, and after
        for q in (canary, f"#{canary}", canary[:6]):
            found = find(town.bo, q, space=town.open.pk)
            assert (found.hits, found.number) == ((), 0)
        assert canary not in everything(find(town.bo, canary, kind="topic"))
        index_all()


def test_who_is_taken_out_of_a_space_finds_nothing_more_of_it_at_once(town: Cast) -> None:
    assert find(town.bo, CANARIES["closed"]).number == 2
    membership = Membership.objects.select_related("space", "member").get(space=town.closed, member=town.bo)
    spaces.remove_member(by=house(town.anna), membership=membership)
    assert find(town.bo, CANARIES["closed"]) == Found(spaces=(), topics=())


def test_one_more_secret_entry_changes_no_answer_for_those_outside(town: Cast) -> None:
    write(town.leader, town.open, "The harbour master and the harbour", title="Harbour")
    write(town.leader, town.open, "Harbourmaster wanted for the harbour")
    index_all()
    asked = ("harbour", "harb", "harbour master", "#harbour", '"the harbour"', "harbour zeppelin", "zeppelin")

    def answers() -> list[Found]:
        return [
            find(town.outsider, q, order=order, kind=kind)
            for q in asked for order in ("newest", "best") for kind in (None, *KINDS)
        ]  # fmt: skip

    before = answers()
    assert any(found.hits for found in before)
    write(town.bo, town.secret, "harbour zeppelin harbourside #harbour", title="Harbour zeppelin")
    index_all()
    assert answers() == before


def test_the_index_keeps_no_text_that_could_be_shown(town: Cast) -> None:
    """Words as stems in any case folded, so a dump of the index is no dump of what was written."""
    body = "Capital Letters, Punctuation! And Ünïcode"
    entry = write(town.bo, town.secret, body)
    index_all()
    table = "search_words"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST(words AS text) FROM {table}")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert "capit" in kept.lower()
    assert body not in kept
    assert entry.pk


def test_every_kind_is_asked_through_its_rule() -> None:
    """A kind without a rule of its own would be found by everybody."""
    for kind in KINDS:
        assert not visible(kind, Viewer()).exists()
        assert rule(kind, Viewer()).sql == "1 = 0"


@pytest.mark.parametrize("name", READS)
def test_the_compiled_rule_is_the_rule_of_this_very_viewer(cast: Cast, name: str) -> None:
    """It was compiled for a stand-in; all that differs is who looks, and when."""
    viewer = viewer_of(cast.people[name])
    if not viewer.can_read:
        return
    for kind in KINDS:
        sql, values = condition(visible(kind, viewer)).query.sql_with_params()
        compiled = rule(kind, viewer)
        assert compiled.sql == f"EXISTS ({sql})"
        assert [_without_time(value) for value in compiled.values] == [
            _without_time(value) for value in values
        ]
        assert viewer.id in values or not viewer.is_guest


def _without_time(value: object) -> object:
    is_time = isinstance(value, datetime) or (isinstance(value, str) and value[:2] == "20")
    return "now" if is_time else value


def test_guests_do_not_find_people_by_where_they_work(town: Cast) -> None:
    unit = Unit.objects.create(name="Department of zeppelins")
    Member.objects.filter(pk=town.anna.pk).update(unit=unit, version=99)
    complete()
    assert [hit.id for hit in find(town.bo, "zeppelins").people] == [town.anna.pk]
    assert find(town.guest, "zeppelins").people == ()
    hit = find(town.guest, "anna").people[0]
    assert "zeppelins" not in hit.snippet_html + hit.snippet
