"""After a quiet week: one small act, once a week at most, and never when it was switched off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.blogs.loops import article_in, ask, blog_of, drain
from tests.cast import Cast, house, signed_in, viewer_of
from torvet.blogs import actions
from torvet.blogs.models import Blog, Listening
from torvet.blogs.queries.quiet import What, act_for, is_quiet
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.notifications.models import Notification, Told

pytestmark = pytest.mark.django_db


def quiet_blog(cast: Cast) -> Blog:
    """Its only article is three weeks old."""
    blog = blog_of(cast)
    article = article_in(blog)
    then = timezone.now() - timedelta(days=21)
    Entry.objects.filter(pk=article.pk).update(published_at=then)
    Blog.objects.filter(pk=blog.pk).update(opened_at=then)
    drain()
    return Blog.objects.select_related("space", "leader").get(pk=blog.pk)


def reminded() -> int:
    drain()
    return Notification.objects.filter(verb=Told.QUIET_WEEK).count()


def test_a_week_without_article_or_answer_is_quiet(cast: Cast):
    blog = quiet_blog(cast)
    assert is_quiet(blog)
    comment = ask(blog.articles.get(), cast.bo)
    entries.add_comment(by=house(cast.leader), on=comment, body="Yes")
    drain()
    assert not is_quiet(blog)


def test_the_question_that_has_waited_longest_comes_first(cast: Cast):
    blog = quiet_blog(cast)
    article = blog.articles.get()
    hard = ask(article, cast.bo, "Why were we not asked? This is awful.")
    ask(article, cast.outsider, "Great article, thank you!")
    act = act_for(viewer_of(cast.leader), blog)
    assert act is not None and (act.what, act.entry) == (What.ANSWER, hard)
    page = signed_in(cast.leader).get(f"/blogs/{blog.pk}/loop/").content.decode()
    assert f"Answer {cast.bo.name}, who has waited longest." in page


def test_else_a_colleague_is_thanked_and_then_a_space_visited(cast: Cast):
    blog = quiet_blog(cast)
    leader = viewer_of(cast.leader)
    said = entries.publish_post(by=house(cast.bo), space=cast.open, body="We have mended the lift")
    act = act_for(leader, blog)
    assert act is not None and (act.what, act.entry) == (What.THANK, said)
    entries.react(by=house(cast.leader), entry=said, emoji="👏")
    act = act_for(leader, blog)
    assert act is not None and (act.what, act.space) == (What.VISIT, cast.open)


def test_the_leader_is_reminded_once_a_week(cast: Cast):
    quiet_blog(cast)
    entries.publish_post(by=house(cast.bo), space=cast.open, body="We have mended the lift")
    assert (actions.suggest_acts(), actions.suggest_acts()) == (1, 0)
    assert reminded() == 1
    Listening.objects.update(suggested_at=timezone.now() - timedelta(days=7, hours=1))
    Notification.objects.update(read_at=timezone.now())
    assert actions.suggest_acts() == 1 and reminded() == 2


def test_it_leads_to_the_loop_and_can_be_switched_off(cast: Cast):
    blog = quiet_blog(cast)
    ask(blog.articles.get(), cast.bo)
    actions.suggest_acts()
    drain()
    browser = signed_in(cast.leader)
    row = Notification.objects.get(verb=Told.QUIET_WEEK)
    assert browser.get(f"/told/{row.pk}/").url == f"/blogs/{blog.pk}/loop/"
    browser.post(f"/blogs/{blog.pk}/loop/reminder/", {"reminder": "no"})
    Listening.objects.update(suggested_at=None)
    assert actions.suggest_acts() == 0


def test_a_busy_blog_and_one_that_never_wrote_are_left_alone(cast: Cast):
    blog_of(cast)
    article_in(blog_of(cast))
    assert actions.suggest_acts() == 0
