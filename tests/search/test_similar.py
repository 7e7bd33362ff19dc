"""What is similar to what somebody types: the nearest first, for what was answered too, and nothing they may not read."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from tests.search.finding import answer_to, ask, find, index_all, similar_to, write
from tests.search.test_hostile import HOSTILE
from tests.search.test_leaks import READS
from torvet.entries import actions as entries
from torvet.entries.actions.place import place_threads
from torvet.entries.models import Entry
from torvet.entries.similar import similar
from torvet.forum.models import Thread
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.search import usage
from torvet.search.actions import complete
from torvet.search.index import index
from torvet.search.notions import RARE, notions, worth_of
from torvet.search.usage import Usage
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership

pytestmark = pytest.mark.django_db

BUDGET = 6  # the member who asks; count, compounds, texts, threads, openers


@pytest.fixture
def town(cast: Cast) -> Cast:
    """Questions about other things, so that a word can be rare."""
    for what in ("lunch", "parking", "keys", "printers", "holidays"):
        ask(
            cast.anna,
            cast.open,
            f"Where are the {what} today",
            f"I looked for the {what} and the door was shut",
        )
    index_all()
    return cast


def test_the_nearest_comes_first_and_what_has_nothing_of_it_not_at_all(town: Cast) -> None:
    torque = ask(town.anna, town.open, "What torque for flange bolts", "M16 bolts, greased")
    bolts = ask(town.bo, town.open, "Ordering bolts", "Who orders them?")
    index_all()
    assert similar_to(town.bo, "torque of a flange bolt") == [torque.pk, bolts.pk]
    assert similar_to(town.bo, "quantum chromodynamics") == []


def test_a_title_counts_more_than_a_text(town: Cast) -> None:
    inside = ask(town.anna, town.open, "Something else", "Somewhere there is a gasket")
    titled = ask(town.anna, town.open, "Which gasket", "Somewhere there is a part")
    index_all()
    assert similar_to(town.bo, "gasket") == [titled.pk, inside.pk]


def test_what_is_typed_as_text_counts_less_than_the_title(town: Cast) -> None:
    crane = ask(town.anna, town.open, "The crane squeaks")
    winch = ask(town.anna, town.open, "The winch squeals")
    index_all()
    assert similar_to(town.bo, "winch", "it stands beside the crane") == [winch.pk, crane.pk]
    assert similar_to(town.bo, "crane", "it stands beside the winch") == [crane.pk, winch.pk]


def test_a_question_is_found_by_what_was_answered(town: Cast) -> None:
    question = ask(town.anna, town.open, "The big one makes a noise", "Since Monday")
    answer_to(town.bo, question, "That is the slewing bearing, it wants lithium grease")
    index_all()
    assert similar_to(town.anna, "lithium grease") == [question.pk]


def test_all_texts_are_weighed_not_the_newest(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torvet.search.similar.WEIGHED", 30)
    old = ask(
        town.anna, town.open, "How to grease the slewing bearing", "Lithium grease on the slewing bearing"
    )
    index_all()
    made = Entry.objects.bulk_create(
        Entry(kind="question", space=town.open, author=town.bo, title=f"Bearing {number}", text="A bearing",
              language="en", published_at=timezone.now())
        for number in range(100)
    )  # fmt: skip
    complete()
    usage.forget()
    assert similar_to(town.bo, "grease slewing bearing")[0] == old.pk
    assert len(made) == 100


@pytest.mark.parametrize(
    ("language", "said", "typed"),
    [
        ("da", "Sygefraværspolitik for medarbejdere", "fravær blandt medarbejderne"),
        ("nb", "Sykefraværsoppfølging av ansatte", "fravær hos en ansatt"),
        ("sv", "Semesterersättning för anställda", "ersättning till en anställd"),
        ("nl", "Reiskostenvergoeding voor medewerkers", "vergoeding medewerker"),
        ("en", "Travelling expenses of employees", "travelled expense for an employee"),
    ],
)
def test_forms_of_words_and_compounds_in_five_languages(
    town: Cast, language: str, said: str, typed: str
) -> None:
    question = ask(town.anna, town.open, said)
    Entry.objects.filter(pk=question.pk).update(language=language)
    index_all()
    assert similar_to(town.bo, typed)[:1] == [question.pk]


def test_half_a_word_breaks_nothing(town: Cast) -> None:
    question = ask(town.anna, town.open, "Sygefraværspolitik i huset")
    index_all()
    for length in range(1, len("sygefraværspolitik i huset") + 1):
        found = similar_to(town.bo, "sygefraværspolitik i huset"[:length])
        assert found == [question.pk] or length < len("syge"), length
    assert similar_to(town.bo, "huset sygefravæ")[0] == question.pk


def test_only_the_kinds_that_are_wanted(town: Cast) -> None:
    made = {
        kind: ask(town.anna, town.open, f"Gasket as {kind}", kind=kind).pk
        for kind in ("question", "discussion", "idea")
    }
    made["post"] = write(town.anna, town.open, "A gasket in a post").pk
    index_all()
    for kind, pk in made.items():
        assert similar_to(town.bo, "gasket", kinds=(kind,)) == [pk]
    assert set(similar_to(town.bo, "gasket", kinds=tuple(made))) == set(made.values())
    assert similar_to(town.bo, "gasket", kinds=()) == []


def test_an_answer_to_another_kind_is_not_found(town: Cast) -> None:
    post = write(town.anna, town.open, "A post")
    entries.add_comment(by=house(town.bo), on=post, body="gasket")
    index_all()
    assert similar_to(town.bo, "gasket") == []


def test_not_the_one_that_is_asked_for_and_not_more_than_wanted(town: Cast) -> None:
    made = [ask(town.anna, town.open, f"Gasket {number}").pk for number in range(4)]
    answer_to(town.bo, Entry.objects.get(pk=made[0]), "Gasket gasket gasket")
    index_all()
    assert set(similar_to(town.bo, "gasket", without=made[0])) == set(made[1:])
    assert len(similar_to(town.bo, "gasket", limit=2)) == 2
    assert similar_to(town.bo, "gasket", limit=0) == []


@pytest.mark.parametrize("settled", ["accepted", "confirmed", "solved_at"])
def test_of_two_alike_the_settled_one_comes_first(town: Cast, settled: str) -> None:
    first = ask(town.anna, town.open, "Which gasket for the pump")
    second = ask(town.anna, town.open, "Which gasket for the pump")
    answered = answer_to(town.bo, first, "That one")
    index_all()
    thread = Thread.objects.create(entry=first)
    Thread.objects.create(entry=second)
    assert similar_to(town.bo, "gasket for the pump") == [second.pk, first.pk]
    setattr(thread, settled, timezone.now() if settled == "solved_at" else answered)
    thread.save()
    assert similar_to(town.bo, "gasket for the pump") == [first.pk, second.pk]


def test_a_question_that_repeats_another_gives_the_other_once(town: Cast) -> None:
    other = ask(town.anna, town.open, "Seal of the pump")
    repeats = ask(town.bo, town.open, "Which gasket here")
    ask(town.bo, town.open, "Unrelated")
    index_all()
    Thread.objects.create(entry=repeats, same_as=Thread.objects.create(entry=other))
    assert similar_to(town.anna, "gasket") == [other.pk]
    assert similar_to(town.anna, "gasket or seal") == [other.pk]
    assert similar_to(town.anna, "gasket", without=other.pk) == []


def test_a_question_that_repeats_a_hidden_one_is_shown_itself(town: Cast) -> None:
    hidden = ask(town.bo, town.secret, "Seal of the pump")
    repeats = ask(town.bo, town.open, "Which gasket here")
    index_all()
    Thread.objects.create(entry=repeats, same_as=Thread.objects.create(entry=hidden))
    assert similar_to(town.outsider, "gasket") == [repeats.pk]
    assert similar_to(town.bo, "gasket") == [hidden.pk]


# Nobody finds what they may not read.


@pytest.fixture
def secrets(town: Cast) -> dict[str, Entry]:
    """A question in each space, and an answer to it, each with words of their own."""
    made = {}
    for name, space in town.spaces.items():
        owner = Member.objects.get(pk=space.responsible_id)
        made[name] = ask(owner, space, f"Question cnry{name}", f"About gaskets cnry{name}")
        answer_to(owner, made[name], f"Answered cnry{name}said")
    index_all()
    return made


@pytest.mark.parametrize("name", READS)
def test_each_visitor_finds_exactly_what_they_may_read(
    town: Cast, secrets: dict[str, Entry], name: str
) -> None:
    member = town.people[name]
    for space, question in secrets.items():
        for typed in (f"cnry{space}", f"cnry{space}said"):
            assert similar_to(member, typed) == ([question.pk] if space in READS[name] else []), typed
    readable = {secrets[space].pk for space in READS[name]}
    assert set(similar_to(member, "gaskets", limit=20)) == readable


def test_visitors_and_tokens_that_only_write_find_nothing(town: Cast, secrets: dict[str, Entry]) -> None:
    writes_only = Viewer(member=town.anna, via=Via.TOKEN, scopes=frozenset({"write"}))
    for viewer in (viewer_of(None), viewer_of(town.deactivated), writes_only):
        assert similar(viewer, "gaskets", kinds=("question",)) == []


def test_one_more_secret_question_changes_nothing_outside(town: Cast, secrets: dict[str, Entry]) -> None:
    for number in range(3):
        ask(town.leader, town.open, f"Gaskets and seals {number}", "zeppelin " * number)
    index_all()
    asked = ("gaskets", "gaskets and seals of a zeppelin", "zeppelin", "gask", "heron zeppelin", "cnrysecret")

    def answers() -> list[list[int]]:
        usage.forget()
        return [
            similar_to(who, q, limit=limit)
            for who in (town.outsider, town.guest)
            for q in asked
            for limit in (1, 5)
        ]

    before = answers()
    assert any(before)
    for number in range(RARE // 2):
        hidden = ask(
            town.bo, town.secret, f"Gaskets, seals and a zeppelin {number}", "zeppelin heron cnrysecret"
        )
        answer_to(town.anna, hidden, "zeppelin gaskets")
    index_all()
    assert answers() == before


def test_many_hidden_ones_leave_room_for_the_one_that_may_be_read(
    town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule is asked before anything is cut off."""
    monkeypatch.setattr("torvet.search.similar.WEIGHED", 3)
    mine = ask(town.leader, town.open, "A note", "gasket")
    for number in range(8):
        ask(town.bo, town.secret, f"Gasket gasket {number}", "gasket " * 20)
    index_all()
    assert similar_to(town.outsider, "gasket") == [mine.pk]


def test_many_of_other_kinds_leave_room_for_the_one_that_is_wanted(
    town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torvet.search.similar.WEIGHED", 3)
    wanted = ask(town.leader, town.open, "A note", "gasket")
    for number in range(8):
        ask(town.bo, town.open, f"Gasket gasket {number}", "gasket " * 20, kind="idea")
    index_all()
    assert similar_to(town.anna, "gasket") == [wanted.pk]


def test_what_is_removed_is_gone_before_the_worker_comes(town: Cast) -> None:
    question = ask(town.anna, town.open, "Which gasket")
    answered = answer_to(town.bo, question, "lithium")
    index_all()
    entries.remove_entry(by=house(town.bo), entry=answered)
    for _once in range(2):
        assert similar_to(town.anna, "lithium") == []
        assert similar_to(town.anna, "gasket") == [question.pk]
        index_all()
    entries.remove_entry(by=house(town.anna), entry=question)
    for _once in range(2):
        assert similar_to(town.bo, "gasket") == []
        index_all()


def test_a_thread_that_moves_takes_its_readers_along(town: Cast) -> None:
    question = ask(town.anna, town.guests, "Which gasket")
    answer_to(town.bo, question, "lithium")
    index_all()
    assert similar_to(town.guest, "gasket") == similar_to(town.guest, "lithium") == [question.pk]
    place_threads(by=house(town.anna), threads=[question.pk], space=town.closed)
    for _once in range(2):
        assert similar_to(town.guest, "gasket") == similar_to(town.guest, "lithium") == []
        assert similar_to(town.outsider, "gasket") == []
        index_all()
    assert similar_to(town.bo, "lithium") == [question.pk]
    place_threads(by=house(town.anna), threads=[question.pk], space=town.guests)
    index_all()
    assert similar_to(town.guest, "lithium") == [question.pk]


def test_who_is_taken_out_of_a_space_finds_nothing_more_of_it_at_once(
    town: Cast, secrets: dict[str, Entry]
) -> None:
    membership = Membership.objects.select_related("space", "member").get(space=town.closed, member=town.bo)
    spaces.remove_member(by=house(town.anna), membership=membership)
    assert similar_to(town.bo, "cnryclosed") == []


def test_a_guest_of_very_many_spaces_finds_by_the_rule_alone(
    town: Cast, secrets: dict[str, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torvet.search.reading.MOST_SPACES", 0)
    assert similar_to(town.guest, "gaskets", limit=20) == [secrets["guests"].pk]


# Anything may be typed.


def test_nothing_that_is_typed_is_an_error(town: Cast) -> None:
    ask(town.anna, town.open, "One crane in the harbour")
    index_all()
    for typed in HOSTILE:
        assert len(similar_to(town.bo, typed)) <= 5, typed
        assert len(similar_to(town.bo, "crane", typed)) <= 5, typed


def test_only_small_words_find_by_them_and_emoji_nothing(town: Cast) -> None:
    question = ask(town.anna, town.open, "Og hvad så")
    Entry.objects.filter(pk=question.pk).update(language="da")
    index_all()
    assert similar_to(town.bo, "og hvad så") == [question.pk]
    assert similar_to(town.bo, "😀 !!! ???") == []
    assert similar_to(town.bo, "   ") == []


def test_a_very_long_text_stays_a_small_question(town: Cast) -> None:
    ask(town.anna, town.open, "The crane squeaks")
    index_all()
    long = " ".join(f"word{number}" for number in range(20_000))
    assert len(notions(long, long)) <= 40
    with CaptureQueriesContext(connection) as captured:
        assert similar_to(town.bo, "crane", long)
    assert len(captured) <= BUDGET
    with CaptureQueriesContext(connection) as captured:
        assert not similar_to(town.bo, f"crane {long}", long)  # one word of so many is chance
    assert len(captured) <= BUDGET


def test_what_it_costs_does_not_grow(town: Cast) -> None:
    def statements(member: Member) -> int:
        similar_to(member, "crane", "squeaks")
        with CaptureQueriesContext(connection) as captured:
            assert similar_to(member, "crane that squeaks in the harbour", "squeaks and squeals all day")
        return len(captured)

    ask(town.anna, town.guests, "The crane squeaks")
    index_all()
    assert statements(town.bo) <= BUDGET
    assert statements(town.guest) <= BUDGET + 1  # the spaces of a guest
    for number in range(30):
        answer_to(town.bo, ask(town.anna, town.guests, f"The crane squeaks {number}"), "It squeals")
    index_all()
    assert statements(town.bo) <= BUDGET


# Frequent words are told from a sample.


def test_a_frequent_word_is_not_counted_and_still_weighs(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torvet.search.usage.SLICES", 4)
    monkeypatch.setattr("torvet.search.usage.SIZE", 5)
    monkeypatch.setattr("torvet.search.usage.SEEN", 3)
    monkeypatch.setattr("torvet.search.similar.MOST_CANDIDATES", 12)
    for number in range(40):
        ask(town.anna, town.open, "The pump", f"leaks {number}")
    valve = ask(town.anna, town.open, "Valve", "of the pump")
    both = ask(town.anna, town.open, "Valve of the pump")
    index_all()
    usage.forget()
    assert 20 < usage.usage().in_texts(("pump",)) <= 60
    assert usage.usage().in_texts(("valv",)) == 0
    asked: list[list[str]] = []
    counted = index().number_with
    monkeypatch.setattr(
        type(index()), "number_with", lambda _self, words, most: asked.extend(words) or counted(words, most)
    )
    # The rare word brings them, the frequent one puts them in their order.
    assert similar_to(town.bo, "valve pump") == [both.pk, valve.pk]
    assert all("pump" not in words for words in asked) and asked
    # Nothing but a frequent word: by titles.
    assert len(similar_to(town.bo, "pump")) == 5


def test_worth_changes_by_doublings_and_not_among_the_rare() -> None:
    assert worth_of(1.0, 1, 100_000) == worth_of(1.0, RARE, 100_000)
    assert (
        worth_of(1.0, RARE, 100_000) > worth_of(1.0, 16 * RARE, 100_000) > worth_of(1.0, 100_000, 100_000) > 0
    )
    assert worth_of(0.3, RARE, 100_000) < worth_of(1.0, RARE, 100_000)
    assert worth_of(1.0, 0, 0) > 0
    assert Usage(0).in_texts(("x",)) == 0


def test_a_new_company_has_nothing_similar(db: None) -> None:
    someone = newcomer("Nina Ny")
    assert similar_to(someone, "anything") == []


def test_the_search_shows_questions_and_ideas_as_what_they_are_and_says_what_is_answered(town: Cast) -> None:
    made = {
        kind: ask(town.anna, town.open, f"Gasket as {kind}", kind=kind)
        for kind in ("question", "discussion", "idea")
    }
    answered = answer_to(town.bo, made["question"], "Take the other gasket")
    index_all()
    Thread.objects.create(entry=made["question"], accepted=answered)
    for kind, entry in made.items():
        found = find(town.bo, "gasket", kind=kind).hits
        assert [(hit.id, hit.url, hit.is_settled) for hit in found] == [
            (entry.pk, entry.url, kind == "question")
        ]
        listed = signed_in(town.bo).get(f"/search/?q=gasket&kind={kind}").content.decode()
        assert ("Solved" in listed) == (kind == "question")
    assert [hit.id for hit in find(town.bo, "gasket", kind="comment").hits] == [answered.pk]
    assert find(town.bo, "gasket", kind="post").hits == ()
