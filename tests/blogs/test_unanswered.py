"""What waits for an answer, who sees it, and what counts as answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.blogs.loops import article_in, ask, blog_of, drain, waiting
from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from torvet.base.rules import Forbidden, Refused
from torvet.blogs import actions
from torvet.blogs.models import Question
from torvet.blogs.queries.unanswered import number_unanswered, unanswered
from torvet.entries import actions as entries

pytestmark = pytest.mark.django_db


def question(comment) -> Question:
    return Question.objects.select_related("comment__space", "blog__space").get(pk=comment.pk)


def test_comments_wait_the_oldest_first_until_the_leader_answers(cast: Cast):
    blog = blog_of(cast)
    article = article_in(blog)
    first, second = ask(article, cast.bo, "When?"), ask(article, cast.outsider, "Why?")
    assert waiting(blog) == [first.pk, second.pk]
    entries.add_comment(by=house(cast.leader), on=first, body="In May.")
    drain()
    assert waiting(blog) == [second.pk]


def test_a_delegate_answers_for_the_leader(cast: Cast):
    blog = blog_of(cast)
    comment = ask(article_in(blog), cast.bo)
    actions.answer_question(by=house(cast.anna), question=question(comment), body="We look into it.")
    assert waiting(blog) == [], "it is off the list before the worker comes"
    drain()
    assert waiting(blog) == []


def test_an_answer_further_down_the_branch_counts(cast: Cast):
    blog = blog_of(cast)
    article = article_in(blog)
    asked = ask(article, cast.bo)
    further = ask(article, cast.outsider, "I wonder too", on=asked)
    other = ask(article, cast.bo, "And the canteen?")
    entries.add_comment(by=house(cast.leader), on=further, body="Here is how.")
    drain()
    assert waiting(blog) == [other.pk]


def test_answers_of_others_and_comments_of_the_blog_itself_count_for_nothing(cast: Cast):
    blog = blog_of(cast)
    article = article_in(blog)
    asked = ask(article, cast.bo)
    ask(article, cast.outsider, "I think so", on=asked)
    ask(article, cast.leader, "Thank you all")
    ask(article, cast.anna, "See also page 3")
    assert asked.pk in waiting(blog) and len(waiting(blog)) == 2


def test_a_removed_answer_lets_it_wait_again_and_a_removed_comment_does_not_wait(cast: Cast):
    blog = blog_of(cast)
    article = article_in(blog)
    asked = ask(article, cast.bo)
    answer = entries.add_comment(by=house(cast.leader), on=asked, body="Soon.")
    drain()
    entries.remove_entry(by=house(cast.leader), entry=answer)
    drain()
    assert waiting(blog) == [asked.pk]
    entries.restore_entry(by=house(cast.leader), entry=answer)
    drain()
    assert waiting(blog) == []
    entries.remove_entry(by=house(cast.leader), entry=answer)
    entries.remove_entry(by=house(cast.bo), entry=asked)
    drain()
    assert waiting(blog) == []


def test_what_needs_no_answer_is_set_aside_with_a_name_and_can_be_taken_up_again(cast: Cast):
    blog = blog_of(cast)
    comment = ask(article_in(blog), cast.bo, "Thank you!")
    actions.set_question_aside(by=house(cast.anna), question=question(comment))
    assert waiting(blog) == [] and question(comment).set_aside_by == cast.anna
    page = signed_in(cast.leader).get(f"/blogs/{blog.pk}/loop/").content.decode()
    assert f"set aside by {cast.anna.name}" in page
    actions.take_up_question(by=house(cast.leader), question=question(comment))
    assert waiting(blog) == [comment.pk]


def test_whoever_became_a_delegate_since_is_no_longer_listed(cast: Cast):
    blog = blog_of(cast)
    ask(article_in(blog), cast.bo)
    leader = viewer_of(cast.leader)
    assert number_unanswered(leader, blog) == 1
    actions.name_delegate(by=house(cast.leader), blog=blog, member=cast.bo)
    assert number_unanswered(leader, blog) == 0


@pytest.mark.parametrize("who", ["administrator", "community_manager", "bo", "outsider", "guest", "removed"])
def test_nobody_else_sees_the_list_or_answers_from_it(cast: Cast, who: str):
    blog = blog_of(cast)
    comment = ask(article_in(blog), cast.bo)
    browser = signed_in(cast.people[who])
    for address in ("", "landing/"):
        assert browser.get(f"/blogs/{blog.pk}/loop/{address}").status_code in (403, 404)
    answered = browser.post(f"/blogs/{blog.pk}/loop/{comment.pk}/", {"body": "I am the leader"})
    assert answered.status_code in (403, 404) and waiting(blog) == [comment.pk]
    with pytest.raises(Forbidden):
        actions.answer_question(by=house(cast.people[who]), question=question(comment), body="No")
    assert signed_in(cast.leader).get(f"/blogs/{blog.pk}/loop/").status_code == 200


def test_a_delegate_who_may_not_answer_does_not_see_the_list(cast: Cast):
    blog = blog_of(cast)
    actions.name_delegate(by=house(cast.leader), blog=blog, member=cast.bo, may_publish=True)
    assert signed_in(cast.bo).get(f"/blogs/{blog.pk}/loop/").status_code == 404


def test_an_empty_answer_is_refused_with_the_form_still_there(cast: Cast):
    blog = blog_of(cast)
    comment = ask(article_in(blog), cast.bo)
    page = signed_in(cast.leader).post(f"/blogs/{blog.pk}/loop/{comment.pk}/", {"body": "   "})
    assert page.status_code == 422 and "Write something first." in page.content.decode()
    with pytest.raises(Refused):
        actions.answer_question(by=house(cast.leader), question=question(comment), body=" ")


def test_too_long_an_answer_comes_back_whole(cast: Cast):
    blog = blog_of(cast)
    comment = ask(article_in(blog), cast.bo)
    words = "word " * 30_000
    page = signed_in(cast.leader).post(f"/blogs/{blog.pk}/loop/{comment.pk}/", {"body": words})
    assert page.status_code == 422 and words.strip() in page.content.decode()


def test_the_list_costs_the_same_for_two_and_for_twenty(cast: Cast):
    blog = blog_of(cast)
    article = article_in(blog)
    leader = viewer_of(cast.leader)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = unanswered(leader, blog, size=50)
            for row in page.things:
                assert row.comment.author.name and row.comment.root and row.comment.root.title
                assert row.comment.author.unit is None
        return len(captured)

    for number in range(2):
        ask(article, cast.bo, f"Question {number}?")
    few = statements()
    for number in range(18):
        ask(article, newcomer(f"Kim {number}"), f"Question {number}?")
    assert statements() == few


def test_the_list_goes_on_where_the_page_ended(cast: Cast):
    blog = blog_of(cast)
    article = article_in(blog)
    asked = [ask(article, cast.bo, f"Question {number}?").pk for number in range(5)]
    Question.objects.filter(pk=asked[0]).update(asked_at=timezone.now() - timedelta(days=3))
    leader = viewer_of(cast.leader)
    first = unanswered(leader, blog, size=3)
    rest = unanswered(leader, blog, after=first.next, size=3)
    assert [row.pk for row in first.things + rest.things] == asked and rest.next is None
