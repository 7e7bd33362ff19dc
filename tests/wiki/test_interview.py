"""The guided interview: kept as one goes, one's own until it is a page, and nothing typed is lost."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, signed_in, viewer_of
from tests.notifications.telling import comment, post
from tests.wiki.test_handover import leaves, write
from torvet.base.rules import Forbidden
from torvet.people import actions as people
from torvet.wiki.actions import handing, noting
from torvet.wiki.interview import QUESTIONS
from torvet.wiki.models import HandedLine, HandedState, HandOver, Note, Page, Sort

pytestmark = pytest.mark.django_db

FIRST, SECOND = "/handover/interview/1/", "/handover/interview/2/"


def test_one_question_a_screen_kept_as_one_goes_and_resumed(cast: Cast) -> None:
    leaves(cast.bo, cast.bo)
    browser = signed_in(cast.bo)
    assert browser.get("/handover/interview/").headers["Location"] == FIRST
    shown = browser.get(FIRST).content.decode()
    assert "What do people call you about?" in shown and "Write no passwords here" in shown
    assert browser.post(FIRST, {"text": "About the crane", "to": "next"}).headers["Location"] == SECOND
    assert browser.post(SECOND, {"text": "", "to": "skip"}).headers["Location"] == "/handover/interview/3/"
    assert browser.get("/handover/interview/").headers["Location"] == "/handover/interview/3/"
    assert "About the crane" in browser.get(FIRST).content.decode()
    stopped = browser.post("/handover/interview/3/", {"text": "Half a thought", "to": "list"})
    assert stopped.headers["Location"] == f"/people/{cast.bo.pk}/handover/"
    assert "Answered: 2" in browser.get(f"/people/{cast.bo.pk}/handover/").content.decode()
    last = browser.post(f"/handover/interview/{len(QUESTIONS)}/", {"text": "", "to": "skip"})
    assert last.headers["Location"] == f"/people/{cast.bo.pk}/handover/"


def test_skipping_loses_nothing_that_stands_there(cast: Cast) -> None:
    leaves(cast.bo, cast.bo)
    browser = signed_in(cast.bo)
    browser.post(FIRST, {"text": "About the crane", "to": "next"})
    browser.post(FIRST, {"text": "", "to": "skip"})
    assert Note.objects.get().text == "About the crane"
    browser.post(FIRST, {"text": "More", "to": "skip"})
    assert (Note.objects.get().text, Note.objects.get().is_skipped) == ("More", False)


def test_a_text_that_is_too_long_stays_typed(cast: Cast) -> None:
    leaves(cast.bo, cast.bo)
    answer = signed_in(cast.bo).post(FIRST, {"text": "x" * 100_001, "to": "next"})
    assert answer.status_code == 422
    assert "too long" in answer.content.decode() and "x" * 1000 in answer.content.decode()


def test_nobody_else_reads_what_is_not_yet_a_page(cast: Cast) -> None:
    found = leaves(cast.bo, cast.bo)
    note = noting.keep_answer(
        by=viewer_of(cast.bo), hand_over=found, question="half_done", text="The gate cnry"
    )
    handing.show_hand_over(by=viewer_of(cast.bo), hand_over=found)
    for name, member in cast.people.items():
        if name in {"bo", "deactivated"}:
            continue
        browser = signed_in(member)
        assert "cnry" not in browser.get(found.url).content.decode(), name
        assert browser.get(f"/handover/notes/{note.pk}/").status_code == 404, name
        assert browser.post(f"/handover/notes/{note.pk}/", {"text": "x", "to": "page"}).status_code == 404, (
            name
        )
        with pytest.raises(Forbidden):
            noting.keep_answer(by=viewer_of(member), hand_over=found, question="half_done", text="Mine")
    assert Note.objects.get().text == "The gate cnry"


def test_an_answer_is_looked_over_and_becomes_a_page_below_the_hand_over(cast: Cast) -> None:
    found = leaves(cast.bo, cast.bo)
    browser = signed_in(cast.bo)
    to = browser.post(FIRST, {"text": "The **crane**", "to": "page"}).headers["Location"]
    shown = browser.get(to).content.decode()
    assert "<strong>crane</strong>" in shown and "What people asked Bo Dijkstra" in shown
    typed = {
        "title": "About the crane", "text": "The **crane** and the gate", "space": str(cast.closed.pk), "sort": "procedure",
        "successor": f"{cast.anna.name} @{cast.anna.handle}",
    }  # fmt: skip
    looked = browser.post(to, {**typed, "to": "look"}).content.decode()
    assert "and the gate" in looked and not Page.objects.exists()
    assert Note.objects.get().text == "The **crane** and the gate"
    assert browser.post(to, {**typed, "to": "page"}).status_code == 302
    page = Page.objects.get(entry__title="About the crane")
    assert (page.parent and page.parent.entry.title) == "Hand-over of Bo Dijkstra"
    assert (page.sort, page.owner, page.space) == (Sort.PROCEDURE, cast.bo, cast.closed)
    line = HandedLine.objects.get(page=page)
    assert (line.state, line.successor) == (HandedState.ASKED, cast.anna)
    handing.take_over(by=viewer_of(cast.anna), line=line)
    assert Page.objects.get(pk=page.pk).owner == cast.anna
    noting.keep_answer(by=viewer_of(cast.bo), hand_over=found, question="promised", text="A boat")
    second = noting.publish_note(
        by=viewer_of(cast.bo), note=Note.objects.select_related("hand_over__member").get(question="promised"),
        space=cast.closed, title="Promises", text="A boat",
    )  # fmt: skip
    assert second.parent == page.parent
    assert "This is a page now" in browser.get(FIRST).content.decode()


@pytest.mark.parametrize(("change", "said"), [
    ({"title": " "}, "Give the page a title"), ({"space": "987654321"}, "Choose a space"), ({"text": " "}, "no words yet"),
    ({"successor": "Ulla Udenfor"}, "is not in Board room"), ({"successor": "Nobody At All"}, "We know nobody of that name"),
])  # fmt: skip
def test_what_cannot_be_published_stays_typed_and_nothing_is_written(
    cast: Cast, change: dict[str, str], said: str
) -> None:
    leaves(cast.bo, cast.bo)
    browser = signed_in(cast.bo)
    to = browser.post(FIRST, {"text": "The crane", "to": "page"}).headers["Location"]
    typed = {
        "title": "About",
        "text": "The crane and more",
        "space": str(cast.closed.pk),
        "sort": "plain",
        "successor": "",
        "to": "page",
    }
    answer = browser.post(to, typed | change)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Page.objects.exists()
    assert Note.objects.get().text == ("The crane and more" if "text" not in change else "The crane")


def test_nobody_writes_where_they_may_not(cast: Cast) -> None:
    leaves(cast.outsider, cast.outsider)
    browser = signed_in(cast.outsider)
    to = browser.post(FIRST, {"text": "The crane", "to": "page"}).headers["Location"]
    assert "You are in no space" in browser.get(to).content.decode()
    assert (
        browser.post(
            to, {"title": "x", "text": "y", "space": str(cast.closed.pk), "sort": "plain", "to": "page"}
        ).status_code
        == 422
    )
    assert not Page.objects.exists()


def test_an_answer_they_once_gave_becomes_a_page_or_is_set_aside(cast: Cast) -> None:
    asked = post(cast.anna, cast.closed, "Which sling for 4 tons?")
    given = comment(cast.bo, asked, "The **blue** one")
    aside = comment(cast.bo, post(cast.anna, cast.open, "Is it raining?"), "Yes")
    found = leaves(cast.bo, cast.bo)
    browser = signed_in(cast.bo)
    shown = browser.get(found.url).content.decode()
    assert "Which sling" in shown and "Is it raining" in shown
    browser.post("/handover/notes/", {"entry": aside.pk, "aside": "1"})
    to = browser.post("/handover/notes/", {"entry": given.pk}).headers["Location"]
    form = browser.get(to).content.decode()
    assert "The **blue** one" in form and f'value="{cast.closed.pk}" selected' in form
    browser.post(
        to,
        {
            "title": "Slings",
            "text": "The blue one",
            "space": str(cast.closed.pk),
            "sort": "plain",
            "to": "page",
        },
    )
    assert Page.objects.get(entry__title="Slings").space == cast.closed
    shown = browser.get(found.url).content.decode()
    assert "Which sling" not in shown and "Is it raining" not in shown
    assert browser.post("/handover/notes/", {"entry": asked.pk}).status_code == 404
    assert signed_in(cast.anna).post("/handover/notes/", {"entry": given.pk}).status_code == 404


def test_what_was_written_is_still_there_when_they_come_back(cast: Cast) -> None:
    found = leaves(cast.bo, cast.bo)
    noting.keep_answer(by=viewer_of(cast.bo), hand_over=found, question="promised", text="A boat")
    people.deactivate(by=house(cast.administrator), member=cast.bo)
    people.reactivate(by=house(cast.administrator), member=cast.bo)
    leaves(cast.bo, cast.bo)
    number = next(number for number, asked in enumerate(QUESTIONS, 1) if asked.key == "promised")
    assert "A boat" in signed_in(cast.bo).get(f"/handover/interview/{number}/").content.decode()
    assert HandOver.objects.count() == 1


def test_questions_are_few_plain_and_never_about_passwords() -> None:
    assert 8 <= len(QUESTIONS) <= 10
    assert len({asked.key for asked in QUESTIONS}) == len(QUESTIONS)
    for asked in QUESTIONS:
        assert str(asked.asks).endswith("?") and len(str(asked.asks)) < 70, asked.key
        assert "password" not in f"{asked.asks} {asked.helps}".lower(), asked.key


def test_a_title_with_braces_does_no_harm(cast: Cast) -> None:
    people.change_profile(by=house(cast.bo), member=cast.bo, changes={"name": "Bo {0} {name}"})
    leaves(cast.bo, cast.bo)
    browser = signed_in(cast.bo)
    to = browser.post(FIRST, {"text": "x", "to": "page"}).headers["Location"]
    assert "Bo {0} {name}" in browser.get(to).content.decode()
    assert write(cast.bo, cast.open, "x").pk
