"""The feed with a key: read as one member, ended at once, and valid for what reads it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.blogs.company import article, delegate, leaders_blog
from tests.cast import Cast, house, signed_in
from torvet.activity.models import Activity
from torvet.blogs import actions
from torvet.blogs.models import Blog, FeedKey
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.people import actions as people
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def address(blog: Blog, key: str) -> str:
    return f"{blog.url}feed/{key}/"


def test_a_feed_reader_reads_the_blog_without_signing_in(cast: Cast) -> None:
    blog = leaders_blog(cast, about="Fish & <chips>")
    delegate(blog, cast.anna, may_publish=True)
    first = article(blog, cast.leader, title="One")
    # An import may have brought what no XML can hold.
    Entry.objects.filter(pk=first.pk).update(title="On\x0be")
    article(
        blog,
        cast.anna,
        title="Two & <b>more</b>",
        lead="A < B & C",
        body="Look [here](/spaces/) \x0b ![x](/files/abc/x.png)",
    )
    key = actions.make_feed_key(by=house(cast.bo), blog=blog)
    answer = Client().get(address(blog, key))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    feed = ElementTree.fromstring(answer.content)
    assert feed.findtext("a:subtitle", namespaces=ATOM) == "Fish & <chips>"
    told = feed.findall("a:entry", ATOM)
    assert [entry.findtext("a:title", namespaces=ATOM) for entry in told] == ["Two & <b>more</b>", "One"]
    assert told[0].findtext("a:author/a:name", namespaces=ATOM) == "Anna Åberg for Leif Strand"
    assert told[0].findtext("a:summary", namespaces=ATOM) == "A < B & C"
    words = told[0].findtext("a:content", namespaces=ATOM) or ""
    assert 'href="http://127.0.0.1:8000/spaces/"' in words and "<img" not in words
    for entry in [feed, *told]:
        for name in ("id", "title", "updated"):
            assert entry.findtext(f"a:{name}", namespaces=ATOM), name
    assert key not in answer.content.decode()


def test_the_key_is_shown_once_and_kept_as_a_digest(cast: Cast) -> None:
    blog = leaders_blog(cast)
    bo = signed_in(cast.bo)
    page = bo.post(f"{blog.url}feed/").content.decode()
    key = page.partition(f"{blog.url}feed/")[2].partition("/")[0]
    assert len(key) > 40 and Client().get(address(blog, key)).status_code == 200
    assert key not in bo.get(blog.url).content.decode()
    assert key not in str(FeedKey.objects.values()) and key not in str(Activity.objects.values())


def test_a_key_ends_at_once_in_every_way(cast: Cast) -> None:
    blog = leaders_blog(cast)
    bo = signed_in(cast.bo)

    def new() -> str:
        return actions.make_feed_key(by=house(cast.bo), blog=blog)

    old, key = new(), new()
    assert Client().get(address(blog, old)).status_code == 404, "a new one takes the place of the old"
    assert bo.post(f"{blog.url}feed/delete/").status_code == 302
    assert Client().get(address(blog, key)).status_code == 404
    key = new()
    people.deactivate(by=house(cast.administrator), member=cast.bo)
    assert Client().get(address(blog, key)).status_code == 404
    assert not FeedKey.objects.exists()


def test_a_key_reads_no_more_than_its_member_at_that_moment(cast: Cast) -> None:
    blog = actions.open_blog(by=house(cast.anna), space=cast.closed, name="Board", subject="Decisions")
    out = article(blog, cast.anna, title="Behind doors")
    key = actions.make_feed_key(by=house(cast.bo), blog=blog)
    assert "Behind doors" in Client().get(address(blog, key)).content.decode()
    entries.remove_entry(by=house(cast.anna), entry=out.entry)
    assert "Behind doors" not in Client().get(address(blog, key)).content.decode()
    membership = Membership.objects.select_related("space", "member").get(space=cast.closed, member=cast.bo)
    spaces.remove_member(by=house(cast.anna), membership=membership)
    assert Client().get(address(blog, key)).status_code == 404
    # Their own key, for a blog out of sight: they can still end it.
    assert signed_in(cast.bo).post(f"{blog.url}feed/delete/").status_code == 302


def test_a_key_opens_one_blog_and_nothing_else(cast: Cast) -> None:
    blog, other = leaders_blog(cast), leaders_blog(cast, name="Another")
    key = actions.make_feed_key(by=house(cast.bo), blog=blog)
    assert Client().get(address(other, key)).status_code == 404
    wrong = [Client().get(address(blog, "wrong")), Client().get(address(Blog(pk=99), key))]
    assert {answer.status_code for answer in wrong} == {404}
    assert Client().get("/api/v1/me", headers={"authorization": f"Bearer {key}"}).status_code == 401
    assert Client().post(address(blog, key)).status_code == 405


@pytest.mark.parametrize("who", ["guest", "deactivated"])
def test_who_cannot_read_the_blog_makes_no_key(cast: Cast, who: str) -> None:
    blog = leaders_blog(cast)
    assert signed_in(cast.people[who]).post(f"{blog.url}feed/").status_code in {302, 404}
    assert not FeedKey.objects.exists()
