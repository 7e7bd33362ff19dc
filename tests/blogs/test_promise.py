""" "I answer within n days", and whether it is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.blogs.loops import article_in, ask, blog_of, drain
from tests.cast import Cast, house, signed_in
from torvet.blogs import actions
from torvet.blogs.models import Question
from torvet.blogs.queries.promise import Promise, promise_of, promises_of
from torvet.entries import actions as entries

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def asked(blog, article, by, days_ago: float, answered_after: float | None = None) -> Question:
    comment = ask(article, by)
    at = NOW - timedelta(days=days_ago)
    answer = None if answered_after is None else at + timedelta(days=answered_after)
    waited = None if answered_after is None else int(answered_after * 24 * 60 * 60)
    Question.objects.filter(pk=comment.pk).update(asked_at=at, answered_at=answer, waited=waited)
    return Question.objects.get(pk=comment.pk)


def test_who_promises_nothing_has_no_figure(cast: Cast):
    blog = blog_of(cast)
    ask(article_in(blog), cast.bo)
    assert promise_of(blog) is None
    assert "Answers within" not in signed_in(cast.bo).get(blog.url).content.decode()


def test_a_promise_counts_what_was_answered_in_time_late_and_not_at_all(cast: Cast):
    blog = blog_of(cast, promise_days=5)
    article = article_in(blog)
    asked(blog, article, cast.bo, 20, answered_after=2)
    asked(blog, article, cast.bo, 20, answered_after=4.9)
    asked(blog, article, cast.bo, 20, answered_after=8)
    asked(blog, article, cast.bo, 9)  # late
    asked(blog, article, cast.bo, 1)  # open, but not due
    asked(blog, article, cast.bo, 100)  # long ago
    aside = asked(blog, article, cast.bo, 9)
    actions.set_question_aside(by=house(cast.leader), question=aside)
    assert promise_of(blog) == Promise(days=5, kept=2, due=4, open=2, set_aside=1)


def test_everybody_reads_it_on_the_blog_and_on_the_leaders_page(cast: Cast):
    blog = blog_of(cast, promise_days=5)
    article = article_in(blog)
    asked(blog, article, cast.bo, 20, answered_after=2)
    asked(blog, article, cast.bo, 9)
    for address in (blog.url, "/leaders/"):
        page = signed_in(cast.outsider).get(address).content.decode()
        assert "Answers within 5 days" in page and "kept for 1 of 2 in 90 days" in page
        assert "1 comment is open" in page


def test_a_removed_comment_is_no_longer_due(cast: Cast):
    blog = blog_of(cast, promise_days=5)
    row = asked(blog, article_in(blog), cast.bo, 9)
    entries.remove_entry(by=house(cast.bo), entry=row.comment)
    drain()
    assert promise_of(blog) == Promise(5, 0, 0, 0, 0)


def test_blogs_with_other_promises_are_counted_in_one_statement(cast: Cast):
    strict, easy = blog_of(cast, promise_days=1), blog_of(cast, promise_days=10)
    for blog in (strict, easy):
        asked(blog, article_in(blog), cast.bo, 20, answered_after=4)
    with CaptureQueriesContext(connection) as captured:
        found = promises_of([strict, easy])
    assert len(captured) == 1
    assert (found[strict.pk].kept, found[easy.pk].kept) == (0, 1)


def test_an_answer_counts_from_when_it_was_asked_and_not_any_more_when_it_is_removed(cast: Cast):
    blog = blog_of(cast, promise_days=5)
    asked_now = ask(article_in(blog), cast.bo)
    answer = entries.add_comment(by=house(cast.leader), on=asked_now, body="Here is how.")
    drain()
    assert promise_of(blog) == Promise(days=5, kept=1, due=1, open=0, set_aside=0)
    entries.remove_entry(by=house(cast.leader), entry=answer)
    drain()
    assert promise_of(blog) == Promise(days=5, kept=0, due=0, open=1, set_aside=0)
