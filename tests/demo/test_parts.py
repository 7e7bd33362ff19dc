"""The tools that the demo is built with."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from torvet.activity.models import Activity
from torvet.demo import papers
from torvet.demo.clock import own_time
from torvet.demo.pictures import SCENES, draw
from torvet.demo.plays import BadPlay, read_plays
from torvet.demo.times import HOME, answers, moment
from torvet.people import actions as people

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_working_days_skip_the_weekend() -> None:
    assert moment("D1 08:30", MONDAY).astimezone(HOME).strftime("%a %H:%M") == "Fri 08:30"
    assert moment("-20m", MONDAY) == MONDAY - timedelta(minutes=20)


def test_answers_come_in_order_in_working_hours_and_never_from_tomorrow() -> None:
    times = answers(moment("D5 16:00", MONDAY), 25, MONDAY, random.Random(1))
    assert times == sorted(times)
    assert all(7 <= at.astimezone(HOME).hour < 18 and at.astimezone(HOME).weekday() < 5 for at in times)
    hurried = answers(MONDAY - timedelta(minutes=20), 12, MONDAY, random.Random(1))
    assert hurried == sorted(hurried)
    assert MONDAY - timedelta(minutes=20) < hurried[0] < hurried[-1] < MONDAY


def test_the_clock_is_set_for_everything_and_put_back() -> None:
    real = timezone.now
    with own_time(MONDAY) as clock:
        assert timezone.now() - MONDAY < timedelta(seconds=1)
        assert Activity(verb="x").created_at - MONDAY < timedelta(seconds=1)
        clock.set(MONDAY - timedelta(days=1))
        assert timezone.now() > MONDAY
    assert timezone.now is real
    assert abs(Activity(verb="x").created_at - timezone.now()) < timedelta(minutes=1)


def test_a_play_that_is_not_understood_says_where(tmp_path: Path) -> None:
    (tmp_path / "odd.txt").write_text(
        "== torvet | D1 09:00 | anna\nreactions: many\nText\n", encoding="utf-8"
    )
    with pytest.raises(BadPlay, match=r"odd\.txt, line 2"):
        read_plays(tmp_path)


def test_a_typo_stands_in_the_first_version_only(tmp_path: Path) -> None:
    text = (
        "== torvet | D1 09:00 | anna\ntypo: Friday => Monday\nSee you Monday\n- bo [👍2; removed anna]: No\n"
    )
    (tmp_path / "one.txt").write_text(text, encoding="utf-8")
    (play,) = read_plays(tmp_path)
    assert (play.first_text, play.text) == ("See you Friday", "See you Monday")
    assert (play.answers[0].reactions, play.answers[0].removed_by) == ({"👍": 2}, "anna")


def test_every_typo_of_the_plays_is_really_in_the_text() -> None:
    for play in read_plays():
        for said in (play, *play.answers):
            assert said.typo[1] in said.text


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_picture_is_the_same_every_time(name: str) -> None:
    drawn = draw(name)
    assert drawn == draw(name)
    assert Image.open(io.BytesIO(drawn)).size == (1200, 750)


def test_files_are_what_their_names_say() -> None:
    assert all(papers.write(name).startswith(b"\xef\xbb\xbf") for name in papers.TABLES)
    assert all(papers.write(name).startswith(b"%PDF-1.4") for name in papers.LEAFLETS)


@pytest.mark.django_db
def test_the_demo_leaves_another_company_alone() -> None:
    people.found_company(
        name="Sydhavn", email="a@sydhavn.example", member_name="A B", password="correct-horse-7"
    )
    with pytest.raises(CommandError, match="Sydhavn"):
        call_command("demo")
