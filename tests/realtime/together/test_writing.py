"""Two people write one page: each sees the other's letters, and the page says what they wrote."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from django.db import DatabaseError
from pycrdt import Text

from tests.cast import Cast, house
from tests.realtime.pages import Switchboard, until
from tests.realtime.together.sockets import Writer, add_paragraph, is_saved, stands, text_of, write_page
from torvet.entries.models import Revision
from torvet.realtime.models import Sitting
from torvet.realtime.together import keeping
from torvet.realtime.together import room as room_module
from torvet.realtime.together import rooms as rooms_module
from torvet.realtime.together.document import TITLE
from torvet.wiki import actions as wiki
from torvet.wiki import queries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_module, "SAVED_AFTER", 0.3)


def test_two_writers_see_each_others_letters_and_the_page_is_saved_as_they_type(
    switchboard: Switchboard, cast: Cast
) -> None:
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    bo = Writer(switchboard).join(cast.bo, page.pk)
    anna.type_words(" Slowly.", block=2)
    assert bo.reads("Then lift. Slowly.")
    bo.type_words(" Both of us.", block=2)
    assert anna.reads("Slowly. Both of us.")
    assert is_saved(page, "<p>Then lift. Slowly. Both of us.</p>")
    assert anna.was_told(saved=True)
    assert anna.html == bo.html


def test_opening_a_page_changes_nothing_in_it(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    before = stands(page)
    Writer(switchboard).join(cast.anna, page.pk).leave()
    Writer(switchboard).join(cast.bo, page.pk).leave()
    switchboard.wait_for(switchboard.live.rooms.end_all())
    assert stands(page) == before
    assert not Revision.objects.filter(entry=page.entry).exists()


def test_the_title_is_written_together_and_an_empty_one_is_not_saved(
    switchboard: Switchboard, cast: Cast
) -> None:
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    bo = Writer(switchboard).join(cast.bo, page.pk)
    anna.change(lambda doc: doc.get(TITLE, type=Text).insert(0, "This is "))
    assert until(lambda: bo.title == "This is How we lift")
    assert until(lambda: stands(page)[0] == "This is How we lift", 6)
    bo.change(lambda doc: doc.get(TITLE, type=Text).clear())
    bo.type_words(" Up.", block=1)
    assert is_saved(page, "Look up. Up.")
    assert stands(page)[0] == "This is How we lift"


def test_one_sitting_makes_one_earlier_version_and_somebody_new_another(
    switchboard: Switchboard, cast: Cast
) -> None:
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    for number in range(3):
        anna.type_words(f" {number}.", block=1)
        assert is_saved(page, f" {number}.")
    (kept,) = Revision.objects.filter(entry=page.entry)
    assert (kept.version, kept.replaced_by_id) == (1, cast.anna.pk)
    assert "Look up.</p>" in kept.body
    assert stands(page)[2] == 4
    bo = Writer(switchboard).join(cast.bo, page.pk)
    bo.type_words(" And Bo.", block=1)
    assert is_saved(page, "And Bo.")
    newest = Revision.objects.filter(entry=page.entry).first()
    assert newest is not None
    assert (newest.version, newest.replaced_by_id) == (4, cast.bo.pk)
    anna.type_words(" And Anna.", block=1)
    assert is_saved(page, "And Anna.")
    assert Revision.objects.filter(entry=page.entry).count() == 2
    # Whoever typed last is the author of what stands.
    assert Revision.objects.filter(entry=page.entry).first().replaced_by_id == cast.anna.pk


def test_what_was_written_without_a_connection_is_merged_when_it_is_back(
    switchboard: Switchboard, cast: Cast
) -> None:
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    bo = Writer(switchboard).join(cast.bo, page.pk)
    bo.leave()
    bo.type_words(" Written on the train.", block=1)
    bo.change(lambda doc: add_paragraph(doc, "A whole paragraph on the train."))
    anna.type_words("In the office: ", block=1, at=0)
    assert is_saved(page, "In the office: Look up.")
    bo.join(cast.bo, page.pk)
    assert anna.reads("In the office: Look up. Written on the train.")
    assert anna.reads("A whole paragraph on the train.")
    assert is_saved(page, "A whole paragraph on the train.")
    assert until(lambda: anna.html == bo.html)


def test_edits_without_a_connection_outlive_a_restart_of_the_server(
    cast: Cast, switchboard: Switchboard
) -> None:
    page = write_page(cast.anna, cast.closed)
    bo = Writer(switchboard).join(cast.bo, page.pk)
    bo.type_words(" Before.", block=1)
    assert is_saved(page, "Before.")
    bo.leave()
    bo.type_words(" Offline.", block=1)
    switchboard.wait_for(switchboard.live.rooms.end_all())
    switchboard.live.rooms.is_closing = False
    assert not switchboard.live.rooms.rooms
    anna = Writer(switchboard).join(cast.anna, page.pk)
    anna.type_words(" Meanwhile.", block=2)
    bo.join(cast.bo, page.pk)
    assert anna.reads("Look up. Before. Offline.")
    assert is_saved(page, "Look up. Before. Offline.")
    assert stands(page)[1].count("Look up.") == 1


def test_what_the_plain_form_saved_meanwhile_joins_what_is_being_written(
    switchboard: Switchboard, cast: Cast
) -> None:
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    anna.type_words(" With both eyes.", block=1)
    shown = queries.get_visible(house(cast.bo), page.pk)
    assert shown is not None
    wiki.edit_page(
        by=house(cast.bo), page=shown, title="How we lift safely", version=1,
        body="## First\n\nLook up.\n\nThen lift.\n\nAnd set down gently.\n\nThe end.",
    )  # fmt: skip
    assert anna.reads("And set down gently.", within=4)
    assert anna.reads("The end.")
    assert is_saved(page, "Look up. With both eyes.")
    title, html, _version = stands(page)
    assert title == "How we lift safely"
    assert "And set down gently." in html
    assert html.count("Then lift.") == 1
    bodies = "".join(Revision.objects.filter(entry=page.entry).values_list("body", flat=True))
    assert "And set down gently." in bodies  # Bo's own save stays a version


def test_when_both_changed_the_same_paragraph_both_stay(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    anna.type_words(" With both eyes.", block=1)
    shown = queries.get_visible(house(cast.bo), page.pk)
    assert shown is not None
    wiki.edit_page(
        by=house(cast.bo), page=shown, title="How we lift", version=1, body="## First\n\nLook down."
    )
    assert anna.reads("Look down.", within=4)
    assert is_saved(page, "Look up. With both eyes.")
    assert is_saved(page, "Look down.")


def test_a_page_saved_by_the_form_between_two_sittings_is_taken_in(
    switchboard: Switchboard, cast: Cast
) -> None:
    page = write_page(cast.anna, cast.closed)
    bo = Writer(switchboard).join(cast.bo, page.pk)
    bo.type_words(" One.", block=1)
    assert is_saved(page, "One.")
    bo.leave()
    bo.type_words(" Offline.", block=1)
    switchboard.wait_for(switchboard.live.rooms.end_all())
    switchboard.live.rooms.is_closing = False
    shown = queries.get_visible(house(cast.anna), page.pk)
    assert shown is not None
    text = "## First\n\nAlways look up. One.\n\nThen lift."
    wiki.edit_page(
        by=house(cast.anna), page=shown, title="How we lift", version=shown.entry.version, body=text
    )
    bo.join(cast.bo, page.pk)
    # The same paragraph, changed in two places: neither is lost, nothing is doubled.
    assert bo.reads("Always look up. One. Offline.")
    assert "And set down." not in bo.html
    assert is_saved(page, "Always look up. One. Offline.")


def test_a_room_nobody_is_in_leaves_memory(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms_module, "LINGERS", 1.0)
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    anna.type_words(" Last words.", block=1)
    anna.leave()
    assert is_saved(page, "Last words.")
    held = weakref.ref(next(iter(switchboard.live.rooms.rooms.values())))
    assert until(lambda: not switchboard.live.rooms.rooms, 5)
    gc.collect()
    assert held() is None
    assert bytes(Sitting.objects.get(page=page).state)


def test_a_server_that_stops_saves_first(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_module, "SAVED_AFTER", 60.0)
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    anna.type_words(" Just now.", block=1)
    assert until(lambda: any(room.is_dirty for room in switchboard.live.rooms.rooms.values()))
    switchboard.wait_for(switchboard.live.rooms.end_all())
    assert "Just now." in stands(page)[1]
    assert anna.code == 1012


@pytest.mark.parametrize("problem", [DatabaseError("gone"), RuntimeError("a mistake of ours")])
def test_what_could_not_be_saved_is_tried_again_also_when_everybody_has_left(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    tried: list[int] = []
    save = keeping.save

    def fails_once(page: int, *args: Any, **kwargs: Any) -> Any:
        tried.append(page)
        if len(tried) == 1:
            raise problem
        return save(page, *args, **kwargs)

    monkeypatch.setattr(keeping, "save", fails_once)
    monkeypatch.setattr(rooms_module, "SAVES_AGAIN_AFTER", 1.0)
    monkeypatch.setattr(rooms_module, "LINGERS", 0.1)
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    anna.type_words(" Not lost.", block=1)
    assert until(lambda: bool(tried))
    anna.leave()
    assert is_saved(page, "Not lost.")
    assert len(tried) == 2


def test_typing_without_a_pause_is_saved_all_the_same(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_module, "SAVED_AFTER", 60.0)
    monkeypatch.setattr(room_module, "SAVED_AT_LEAST", 0.5)
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    anna.type_words(" On and on", block=1)
    assert is_saved(page, "On and on")


def test_two_who_come_at_once_get_one_document(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    writers = [Writer(switchboard) for _ in range(4)]
    for writer in writers:
        writer.join(cast.bo, page.pk)
    assert len({writer.html for writer in writers}) == 1
    writers[0].change(lambda doc: text_of(doc, 1).insert(0, "Once: "))
    assert all(writer.reads("Once: Look up.") for writer in writers)
    assert len({writer.told[0]["sitting"] for writer in writers}) == 1
