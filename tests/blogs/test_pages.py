"""The screens of blogs, as people meet them."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.blogs.company import LEAD, article, delegate, draft, leaders_blog, picture
from tests.cast import Cast, house, signed_in
from torvet.blogs import actions
from torvet.blogs.models import Article, Blog, Draft
from torvet.entries import actions as entries
from torvet.people import actions as people


def html(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_a_delegates_article_says_who_wrote_it_for_whom_wherever_it_stands(cast: Cast) -> None:
    blog = leaders_blog(cast, promise_days=3)
    delegate(blog, cast.anna, may_publish=True)
    out = article(blog, cast.anna)
    reader = signed_in(cast.outsider)
    said = "written by Anna Åberg for Leif Strand"
    assert said in html(reader, out.url)
    assert said in html(reader, blog.url)
    assert said in html(reader, "/blogs/")
    for address in ("/company/", cast.open.url):
        card = html(reader, address)
        assert out.entry.title in card and "written by" in card and cast.anna.name in card
    assert out.entry.author == cast.leader and out.written_by == cast.anna


def test_what_a_leader_wrote_says_nothing_of_others(cast: Cast) -> None:
    blog = leaders_blog(cast)
    out = article(blog, cast.leader)
    assert "written by" not in html(signed_in(cast.outsider), out.url)
    assert out.entry.written_by is None


def test_an_article_page_has_all_that_belongs_to_it(cast: Cast) -> None:
    blog = leaders_blog(cast)
    key = picture(cast.leader)
    first = article(blog, cast.leader, title="Part one", series="The crane", cover=key, alt="A crane at dawn")
    second = article(blog, cast.leader, title="Part two", series="The crane")
    other = article(blog, cast.leader, title="Something else #cranes")
    page = html(signed_in(cast.bo), first.url)
    assert LEAD in page and page.count(LEAD) == 1
    assert "A crane at dawn" in page and "1 min to read" in page
    assert "Part 1 of 2" in page and second.url in page
    assert other.url in page
    assert 'name="body"' in page


def test_leaders_and_blogs_are_listed_with_the_newest_that_the_reader_may_read(cast: Cast) -> None:
    blog = leaders_blog(cast, promise_days=3)
    article(blog, cast.leader, title="The old one")
    newest = article(blog, cast.leader, title="The new one")
    for address in ("/blogs/", "/leaders/"):
        page = html(signed_in(cast.outsider), address)
        assert blog.name in page and newest.entry.title in page and "The old one" not in page
    assert "Answers within 3 days" in html(signed_in(cast.outsider), "/leaders/")
    assert blog.name not in html(signed_in(cast.guest), "/blogs/")


def test_a_guest_is_not_told_of_units(cast: Cast) -> None:
    unit = people.save_unit(by=house(cast.administrator), name="Cranes unit", parent=None, leader=None)
    blog = actions.open_blog(by=house(cast.anna), space=cast.guests, name="For customers", unit=unit)
    for address in ("/blogs/", blog.url, f"/api/v1/blogs/{blog.pk}"):
        assert "Cranes unit" not in html(signed_in(cast.guest), address)
        assert "Cranes unit" in html(signed_in(cast.bo), address)


def test_a_delegate_writes_and_a_leader_publishes_in_the_browser(cast: Cast) -> None:
    blog = leaders_blog(cast, wants_review=True)
    delegate(blog, cast.anna, may_publish=True)
    anna, leif = signed_in(cast.anna), signed_in(cast.leader)
    answer = anna.post(
        f"{blog.url}drafts/new/", {"title": "Hello", "lead": "In short.", "body": "At length."}
    )
    begun = Draft.objects.get()
    assert answer.url == begun.url
    assert "Publish now" not in html(anna, begun.url)
    assert anna.post(f"{begun.url}publication/", {"version": 1}).status_code == 404
    assert anna.post(f"{begun.url}review/", {"version": 1}).status_code == 302
    back = leif.post(f"{begun.url}review/not-yet/", {"version": 1, "reason": "Say why."})
    assert back.status_code == 302
    assert "Say why." in html(anna, begun.url)
    anna.post(f"{begun.url}edit/", {"version": 1, "title": "Hello", "lead": "In short.", "body": "Because."})
    anna.post(f"{begun.url}review/", {"version": 2})
    assert "1 draft waits for you" in html(leif, blog.url)
    stale = leif.post(f"{begun.url}publication/", {"version": 1})
    assert stale.status_code == 409 and "has changed since you looked" in stale.content.decode()
    out = leif.post(f"{begun.url}publication/", {"version": 2})
    assert out.url == Article.objects.get().url
    assert not Draft.objects.exists()


def test_a_form_that_does_not_fit_comes_back_with_everything_typed(cast: Cast) -> None:
    blog = leaders_blog(cast)
    leif = signed_in(cast.leader)
    typed = {
        "title": "Kept title",
        "lead": "y" * 401,
        "body": "Kept words",
        "alt": "Kept alt",
        "series": "Kept series",
    }
    answer = leif.post(f"{blog.url}drafts/new/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "The lead is too long" in page
    for kept in ("Kept title", "y" * 401, "Kept words", "Kept alt", "Kept series"):
        assert kept in page


def test_a_past_time_is_refused_and_the_draft_stays(cast: Cast) -> None:
    blog = leaders_blog(cast)
    begun = draft(blog, cast.leader)
    answer = signed_in(cast.leader).post(
        f"{begun.url}schedule/", {"version": 1, "day": "2020-01-01", "hour": "08:00"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "That time has passed" in page and "2020-01-01" in page
    assert Draft.objects.get().publish_at is None


def test_opening_a_blog_in_the_browser(cast: Cast) -> None:
    leif = signed_in(cast.leader)
    assert cast.open.name in html(leif, "/blogs/new/")
    answer = leif.post(
        "/blogs/new/",
        {"name": "From the bridge", "space": cast.open.pk, "leader": "@leif.strand", "promise_days": "3"},
    )
    blog = Blog.objects.get()
    assert answer.url == blog.url and blog.leader == cast.leader and blog.promise_days == 3
    assert signed_in(cast.outsider).get("/blogs/new/").status_code == 404
    kept = signed_in(cast.bo).get(f"{blog.url}settings/")
    assert kept.status_code == 404


def test_who_keeps_a_blog_names_and_ends_delegates(cast: Cast) -> None:
    blog = leaders_blog(cast)
    leif = signed_in(cast.leader)
    guest = leif.post(f"{blog.url}delegates/", {"member": f"@{cast.guest.handle}", "may_publish": "on"})
    assert guest.status_code == 422
    assert leif.post(f"{blog.url}delegates/", {"member": f"@{cast.anna.handle}"}).status_code == 302
    named = blog.delegates.get()
    assert not named.may_publish and not named.may_answer
    assert cast.anna.name in html(leif, f"{blog.url}delegates/")
    assert signed_in(cast.bo).post(f"{blog.url}delegates/{named.pk}/delete/").status_code == 404
    assert leif.post(f"{blog.url}delegates/{named.pk}/delete/").status_code == 302
    assert not blog.delegates.exists()


def test_pages_cost_the_same_for_one_and_for_many(cast: Cast) -> None:
    blog = leaders_blog(cast)
    first = article(blog, cast.leader, title="One", series="The crane")
    reader = signed_in(cast.bo)
    addresses = ("/blogs/", "/leaders/", blog.url, first.url)
    before = {address: statements(reader, address) for address in addresses}
    for number in range(6):
        later = article(blog, cast.leader, title=f"Later {number}", series="The crane")
        entries.add_comment(by=house(cast.anna), on=later.entry, body="Yes")
    second = leaders_blog(cast, name="Another")
    article(second, cast.leader, title="Elsewhere")
    for address, cost in before.items():
        assert statements(reader, address) <= cost + 1, address
    assert before[first.url] <= 19 and before["/blogs/"] <= 10


def statements(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)  # what is kept in the process is kept now
    with CaptureQueriesContext(connection) as asked:
        html(client, address)
    return len(asked)


@pytest.mark.parametrize("address", ["drafts/", "drafts/new/", "settings/", "delegates/"])
def test_what_is_not_for_readers_is_not_there_for_them(cast: Cast, address: str) -> None:
    blog = leaders_blog(cast)
    assert signed_in(cast.bo).get(f"{blog.url}{address}").status_code == 404
    assert signed_in(cast.leader).get(f"{blog.url}{address}").status_code == 200
