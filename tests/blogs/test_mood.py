"""Moods: off until agreed, judged by words with a reason, and counted for groups only."""

from __future__ import annotations

import pytest

from tests.blogs.loops import article_in, ask, blog_of, crowd
from tests.cast import Cast, house, signed_in, viewer_of
from torvet.agreement import actions as agreement
from torvet.blogs.models import Landing
from torvet.blogs.mood import nearest
from torvet.blogs.mood.nearest import NearestExamples
from torvet.blogs.mood.provider import provider
from torvet.blogs.mood.said import Mood
from torvet.blogs.mood.themes import themes_in
from torvet.blogs.mood.word_list import STEMMERS, WordList, words_of
from torvet.blogs.queries import figures

GLAD, NEITHER, CRITICAL = Mood.GLAD, Mood.NEITHER, Mood.CRITICAL


@pytest.mark.parametrize(
    ("language", "text", "mood"),
    [
        ("en", "This is a great help, thank you!", GLAD),
        ("en", "This is not good.", CRITICAL),
        ("en", "Not bad at all.", GLAD),
        ("en", "The meeting is on Friday.", NEITHER),
        ("da", "Det er en fantastisk god idé.", GLAD),
        ("da", "Jeg er ikke tilfreds.", CRITICAL),
        ("nb", "Dette er helt håpløst.", CRITICAL),
        ("nn", "Tusen takk, veldig bra!", GLAD),
        ("sv", "Jag är orolig och besviken.", CRITICAL),
        ("sv", "Det var inte dåligt!", GLAD),
        ("nl", "Wat een prachtig resultaat.", GLAD),
        ("nl", "Dit is niet handig.", CRITICAL),
        ("fi", "Great work everybody", GLAD),
    ],
)  # fmt: skip
def test_words_tell_the_mood_and_a_not_before_them_turns_it(language: str, text: str, mood: Mood):
    assert WordList().judge(text, language).mood == mood


def test_the_reason_is_the_words_that_decided():
    assert WordList().judge("Ikke godt, men en dejlig kantine", "da").why == ("Ikke … godt", "dejlig")
    assert WordList().judge("Mødet er flyttet", "da").why == ()


@pytest.mark.parametrize("language", STEMMERS)
def test_each_language_has_words_of_either_kind_and_some_that_turn(language: str):
    words = words_of(language)
    assert sum(weight > 0 for weight in words.weight.values()) > 80
    assert sum(weight < 0 for weight in words.weight.values()) > 80
    assert len(words.turning) > 5


def test_without_the_extra_the_word_list_judges():
    assert provider().key == ("semantic" if nearest.is_installed() else "words")


@pytest.mark.skipif(not nearest.is_installed(), reason="the extra `semantic` is not installed")
def test_with_the_extra_the_nearest_examples_are_the_reason():
    judged = NearestExamples().judge("Tak, det er virkelig en stor hjælp", "da")
    assert judged.mood == GLAD and len(judged.why) == 3


def test_a_theme_is_found_in_any_form_of_its_word():
    labels = {"kantine": "Kantine", "parkering": "Parkering"}
    assert themes_in("Kantinen er god, og kantiner er dejlige", "da", labels) == {"Kantine"}
    assert themes_in("Intet om det", "da", labels) == set()


# --- In the town --------------------------------------------------------------------------------------------------------


def agree(cast: Cast, key: str, state: str) -> None:
    agreement.change_term(by=viewer_of(cast.administrator), key=key, state=state, reason="Agreed")


@pytest.mark.django_db
def test_nothing_is_looked_through_until_the_agreement_says_so(cast: Cast):
    blog = blog_of(cast)
    article = article_in(blog)
    for member in crowd(12):
        ask(article, member, "This is great, thank you")
    assert not Landing.objects.filter(row=figures.MOOD).exists()
    page = signed_in(cast.leader).get(f"/blogs/{blog.pk}/loop/landing/").content.decode()
    assert "Off. The agreement can turn it on." in page


@pytest.mark.django_db
def test_a_mood_is_told_in_whole_steps_and_only_when_enough_wrote(cast: Cast):
    agree(cast, "mood", "groups")
    blog = blog_of(cast)
    article = article_in(blog, body="About the #canteen")
    people = crowd(16)
    for member in people[:4]:
        ask(article, member, "The canteen is great")
    shown = figures.landed(viewer_of(cast.leader), blog).things[0]
    assert (shown.mood, shown.themes) == ({}, [])
    for member in people[4:]:
        ask(article, member, "The canteen is great")
    shown = figures.landed(viewer_of(cast.leader), blog).things[0]
    assert shown.mood == {"glad": 10}, "five are left over, so that nobody can say it of all"
    assert [(theme.name, theme.number) for theme in shown.themes] == [("canteen", 15)]
    agree(cast, "mood", "off")
    assert figures.landed(viewer_of(cast.leader), blog).things[0].mood == {}


@pytest.mark.django_db
def test_a_topic_of_a_closed_space_is_no_theme_elsewhere(cast: Cast):
    from torvet.entries import actions as entries

    entries.publish_post(by=house(cast.anna), space=cast.secret, body="About the #takeover")
    agree(cast, "mood", "groups")
    blog = blog_of(cast)
    article = article_in(blog)
    for member in crowd(12):
        ask(article, member, "I heard of a takeover, and that is bad")
    assert figures.landed(viewer_of(cast.leader), blog).things[0].themes == []


@pytest.mark.django_db
def test_everybody_can_try_how_a_sentence_is_judged(cast: Cast):
    page = signed_in(cast.bo).post("/blogs/mood/", {"sentence": "This is not good"}).content.decode()
    assert "Critical" in page and "not … good" in page
