"""How articles landed: by unit, in steps, never about a few, and seen by those who answer for the blog alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.blogs.loops import article_in, blog_of, crowd, drain
from tests.cast import Cast, house, signed_in, viewer_of
from torvet.agreement import actions as agreement
from torvet.blogs.models import Landing
from torvet.blogs.queries import figures
from torvet.entries import actions as entries
from torvet.people.models import Member, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(cast: Cast):
    """A company over three units; people work in the first two and in a team below the first."""
    top = Unit.objects.create(name="Nordhavn A/S")
    sales, works = (
        Unit.objects.create(name="Sales", parent=top),
        Unit.objects.create(name="Works", parent=top),
    )
    team = Unit.objects.create(name="Sales North", parent=sales)
    return {
        "sales": crowd(20, sales),
        "team": crowd(5, team),
        "works": crowd(30, works),
        "top": crowd(3, top),
    }


def react(article, people, emoji: str = "👍") -> None:
    for member in people:
        entries.react(by=house(member), entry=article.entry, emoji=emoji)
        drain()


def seen(cast: Cast, blog) -> dict[str, dict[str, int]]:
    """emoji -> unit -> figure, of the newest article."""
    rows = figures.landed(viewer_of(cast.leader), blog).things[0].rows
    return {row.emoji: {figure.name: figure.number for figure in row.figures} for row in rows}


def test_units_are_counted_with_all_below_them_and_small_ones_with_the_others(cast: Cast, company):
    blog = blog_of(cast)
    article = article_in(blog)
    react(article, company["works"][:16] + company["sales"][:6] + company["team"][:4] + company["top"])
    # Sales is the smaller of the two: what cannot be told is counted there too.
    assert seen(cast, blog) == {"👍": {"Works": 15}}


def test_fewer_than_the_smallest_group_are_not_told(cast: Cast, company):
    blog = blog_of(cast)
    article = article_in(blog)
    react(article, company["works"][:4])
    assert seen(cast, blog) == {"👍": {}}
    page = signed_in(cast.leader).get(f"/blogs/{blog.pk}/loop/landing/").content.decode()
    assert "it could be about fewer than 5 people" in page


def test_what_is_left_is_never_about_a_few(cast: Cast, company):
    blog = blog_of(cast)
    article = article_in(blog)
    react(article, company["works"][:10] + company["sales"][:2])
    assert seen(cast, blog) == {"👍": {"Works": 5}}, "ten beside a total of twelve would tell of two"


def test_one_more_reaction_moves_no_figure(cast: Cast, company):
    blog = blog_of(cast)
    article = article_in(blog)
    react(article, company["works"][:14] + company["sales"][:6])
    before = seen(cast, blog)
    react(article, company["works"][14:15])
    assert seen(cast, blog) == before


def test_the_leader_and_delegates_are_not_counted_by_unit(cast: Cast, company):
    works = Unit.objects.get(name="Works")
    Member.objects.filter(pk__in=[cast.leader.pk, cast.anna.pk]).update(unit=works)
    blog = blog_of(cast)
    article = article_in(blog)
    react(article, [cast.leader, cast.anna, *company["works"][:8]])
    landing = Landing.objects.get(row="👍")
    assert (landing.total, list(landing.steps.values())) == (10, [5])


def test_sums_over_articles_and_topics_are_sums_of_what_is_shown(cast: Cast, company):
    blog = blog_of(cast)
    for number in range(2):
        react(article_in(blog, f"Part {number}", body="About #quality"), company["works"][:12])
    leader = viewer_of(cast.leader)
    assert [(line.name, line.rows[0].number) for line in figures.by_unit(leader, blog)] == [("Works", 10)]
    assert [(line.name, line.rows[0].number) for line in figures.by_topic(leader, blog)] == [("#quality", 10)]


def test_a_larger_smallest_group_takes_back_what_is_too_small_now(cast: Cast, company):
    blog = blog_of(cast)
    article = article_in(blog)
    react(article, company["works"][:16])
    assert seen(cast, blog) == {"👍": {"Works": 10}}
    agreement.change_smallest_group(by=viewer_of(cast.administrator), size=12, reason="Safer")
    assert seen(cast, blog) == {"👍": {}}


def test_the_agreement_can_turn_it_off(cast: Cast, company):
    agreement.change_term(by=viewer_of(cast.administrator), key="landing", state="off", reason="No")
    blog = blog_of(cast)
    react(article_in(blog), company["works"][:10])
    assert not Landing.objects.exists()
    page = signed_in(cast.leader).get(f"/blogs/{blog.pk}/loop/landing/").content.decode()
    assert "the agreement says no" in page


def test_nobody_is_named_on_the_page(cast: Cast, company):
    blog = blog_of(cast)
    article = article_in(blog)
    react(article, company["works"][:16])
    page = signed_in(cast.leader).get(f"/blogs/{blog.pk}/loop/landing/").content.decode()
    assert "Works" in page and "Kim" not in page


def test_in_a_closed_space_only_its_members_are_counted(cast: Cast, company):
    blog = blog_of(cast)
    people, everybody = figures.people_in(cast.closed, ()), figures.people_in(cast.open, ())
    assert set(people) == {cast.anna, cast.bo}
    assert everybody.count() > 50 and cast.guest not in set(everybody) and blog.pk


def test_the_page_costs_the_same_for_one_article_and_for_five(cast: Cast, company):
    blog = blog_of(cast)
    react(article_in(blog), company["works"][:6])
    browser = signed_in(cast.leader)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/blogs/{blog.pk}/loop/landing/").status_code == 200
        return len(captured)

    statements()
    few = statements()
    for number in range(4):
        react(article_in(blog, f"More {number}"), company["works"][:6])
    assert statements() <= few
