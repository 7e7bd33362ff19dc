"""The lists give just what their definition says, page after page, and cost the same whatever they show."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from torvet.entries import actions
from torvet.entries.models import Entry, Topic
from torvet.feed import queries
from torvet.feed.actions import mark_home_seen
from torvet.feed.models import HomePosition
from torvet.people.actions import follow
from torvet.people.viewer import NOBODY, Viewer
from torvet.spaces.actions import ask_to_join, change_involvement, mark_space_read

pytestmark = pytest.mark.django_db


def post(cast: Cast, by: str, where: str, body: str = "Hello") -> Entry:
    return actions.publish_post(by=house(cast.people[by]), space=cast.spaces[where], body=body)


def everything(page: object) -> list[int]:
    """All ids of a list, page by page; none may come twice."""
    found: list[int] = []
    after = None
    for _ in range(50):
        part = page(after)
        found += [row.id for row in part.things]
        after = part.next
        if after is None:
            break
    assert len(found) == len(set(found))
    return found


def slow_home(viewer: Viewer, order: str) -> list[int]:
    """The definition, in the plainest words: what home must give."""
    column = queries.ORDERS[order]
    chosen = []
    for entry in Entry.objects.visible_to(viewer).roots().select_related("space"):
        membership = (
            entry.space.memberships.filter(member_id=viewer.id).exclude(involvement="nothing").exists()
        )
        person = entry.author.followers.filter(follower_id=viewer.id).exists()
        topic = Topic.objects.filter(entry_topics__entry=entry, follows__member_id=viewer.id).exists()
        if membership or person or topic:
            chosen.append(entry)
    return [entry.pk for entry in sorted(chosen, key=lambda e: (getattr(e, column), e.pk), reverse=True)]


def busy(cast: Cast) -> None:
    for number in range(9):
        for where, by in (
            ("open", "bo"),
            ("open", "anna"),
            ("closed", "bo"),
            ("secret", "anna"),
            ("guests", "guest"),
        ):
            entry = post(cast, by, where, f"Number {number} #topic{number % 3}")
            if number % 2:
                actions.add_comment(
                    by=house(cast.anna if where != "open" else cast.leader), on=entry, body="Yes"
                )
    actions.remove_entry(by=house(cast.bo), entry=Entry.objects.filter(author=cast.bo, root=None).first())


@pytest.mark.parametrize("order", ["newest", "active"])
@pytest.mark.parametrize("who", ["anna", "bo", "outsider", "guest", "administrator", "removed", "leader"])
def test_home_is_spaces_people_and_topics_and_nothing_else(cast: Cast, who: str, order: str) -> None:
    busy(cast)
    if who in {"outsider", "administrator"}:
        follow(by=house(cast.people[who]), member=cast.bo)
        actions.follow_topic(by=house(cast.people[who]), topic=Topic.objects.get(name="topic1"))
    if who == "bo":
        change_involvement(by=house(cast.bo), space=cast.open, involvement="nothing")
    viewer = viewer_of(cast.people[who])
    assert everything(lambda at: queries.home(viewer, order=order, after=at, size=4).page) == slow_home(
        viewer, order
    )


@pytest.mark.parametrize("who", ["anna", "outsider", "guest", "administrator", "removed"])
def test_the_company_view_is_what_one_may_read(cast: Cast, who: str) -> None:
    busy(cast)
    viewer = viewer_of(cast.people[who])
    expected = list(Entry.objects.visible_to(viewer).roots().latest().values_list("pk", flat=True))
    assert everything(lambda at: queries.company(viewer, after=at, size=7)) == expected


@pytest.mark.parametrize("order", ["newest", "active"])
def test_a_topic_gives_its_threads_that_one_may_read(cast: Cast, order: str) -> None:
    busy(cast)
    topic = Topic.objects.get(name="topic1")
    for who in ("anna", "outsider", "guest"):
        viewer = viewer_of(cast.people[who])
        threads = Entry.objects.visible_to(viewer).roots().filter(entry_topics__topic=topic)
        column = queries.ORDERS[order]
        expected = list(threads.order_by(f"-{column}", "-id").values_list("pk", flat=True))
        assert (
            everything(lambda at, v=viewer: queries.on_topic(v, topic, order=order, after=at, size=3))
            == expected
        )


def test_a_visitor_and_a_deactivated_member_get_empty_lists(cast: Cast) -> None:
    busy(cast)
    for viewer in (NOBODY, viewer_of(cast.deactivated)):
        assert queries.home(viewer).page.things == []
        assert queries.company(viewer).things == []
        assert queries.bookmarked(viewer).things == []
        assert queries.in_space(viewer, cast.open).things == []


def test_what_is_removed_or_lost_falls_out_of_the_bookmarks(cast: Cast) -> None:
    kept, gone = post(cast, "bo", "closed"), post(cast, "bo", "closed")
    for entry in (kept, gone):
        actions.bookmark(by=house(cast.anna), entry=entry)
    actions.remove_entry(by=house(cast.bo), entry=gone)
    assert [row.id for row in queries.bookmarked(viewer_of(cast.anna)).things] == [kept.pk]


def test_imported_old_entries_take_their_place_in_time(cast: Cast) -> None:
    new, old = post(cast, "bo", "open"), post(cast, "bo", "open")
    Entry.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=900))
    assert [row.id for row in queries.in_space(viewer_of(cast.anna), cast.open).things] == [new.pk, old.pk]


def test_a_scheduled_entry_is_in_no_list_before_its_time(cast: Cast) -> None:
    entry = post(cast, "bo", "open")
    Entry.objects.filter(pk=entry.pk).update(published_at=timezone.now() + timedelta(hours=1))
    assert queries.home(viewer_of(cast.anna)).page.things == []


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("address", "budget"), [("/", 12), ("/company/", 12), ("/spaces/{open}/", 12), ("/bookmarks/", 12)]
)
def test_a_list_costs_the_same_for_one_entry_and_for_forty(cast: Cast, address: str, budget: int) -> None:
    address = address.format(open=cast.open.pk)
    client = signed_in(cast.anna)
    first = post(cast, "bo", "open")
    actions.bookmark(by=house(cast.anna), entry=first)
    few = statements(client, address)
    for number in range(20):
        entry = post(cast, "bo" if number % 2 else "leader", "open", f"More #t{number}")
        actions.add_comment(by=house(cast.leader), on=entry, body="One")
        actions.add_comment(by=house(newcomer(f"Ny {number}")), on=entry, body="Two")
        actions.react(by=house(cast.anna), entry=entry, emoji="👍")
        actions.bookmark(by=house(cast.anna), entry=entry)
    many = statements(client, address)
    assert many <= budget
    assert many - few <= 2  # the newest comments, and the watches of threads that are new


@pytest.mark.parametrize(("replies", "budget"), [(1, 14), (60, 14)])
def test_a_thread_costs_the_same_however_long(cast: Cast, replies: int, budget: int) -> None:
    entry = post(cast, "bo", "open")
    for number in range(replies):
        actions.add_comment(
            by=house(cast.anna if number % 2 else cast.leader), on=entry, body=f"Answer {number}"
        )
    assert statements(signed_in(cast.anna), entry.url) <= budget


def test_the_mark_of_what_is_new_goes_out_when_the_space_was_looked_at(cast: Cast) -> None:
    entry = post(cast, "bo", "open")
    client = signed_in(cast.anna)
    assert f'entry fresh" id="e{entry.pk}"' in client.get("/").content.decode()
    mark_space_read(by=house(cast.anna), space=cast.open, read_at=timezone.now())
    assert f'entry" id="e{entry.pk}"' in client.get("/").content.decode()


def test_you_are_up_to_date_stands_between_new_and_seen(cast: Cast) -> None:
    old = post(cast, "bo", "open")
    mark_home_seen(by=house(cast.anna), seen_at=timezone.now())
    new = post(cast, "bo", "open")
    page = signed_in(cast.anna).get("/").content.decode()
    assert page.index(f'id="e{new.pk}"') < page.index("You are up to date") < page.index(f'id="e{old.pk}"')


def test_the_home_position_never_goes_back_nor_into_the_future(cast: Cast) -> None:
    now = timezone.now()
    for at in (now, now - timedelta(days=3), now + timedelta(days=3)):
        mark_home_seen(by=house(cast.anna), seen_at=at)
    seen_at = HomePosition.objects.get(member=cast.anna).seen_at
    assert now <= seen_at <= timezone.now()


def test_three_new_posts_are_counted_without_ones_own(cast: Cast) -> None:
    since = timezone.now()
    for by in ("bo", "leader", "anna"):
        post(cast, by, "open")
    post(cast, "bo", "secret")
    page = signed_in(cast.anna).get("/feed/new/", {"since": since.isoformat()}).content.decode()
    assert "3 new posts" in page


@pytest.mark.parametrize("after", ["x", "W10", "bm9wZQ", "eyJhIjoxfQ", "a" * 500, "WyIyMDI2IiwxXQ"])
def test_a_cursor_that_is_not_ours_is_a_page_that_does_not_exist(cast: Cast, after: str) -> None:
    assert signed_in(cast.anna).get("/", {"after": after}).status_code == 404


def test_the_same_card_is_kept_for_everybody(cast: Cast) -> None:
    """A card may hold nothing of its reader: what two people and two languages get differs only outside it."""
    from torvet.entries import cards

    entry = post(cast, "bo", "open", "Hello @anna.aaberg")
    first = cards.cards_for([(entry.pk, entry.revision)])[entry.pk]
    for who in ("anna", "leader"):
        for language in ("da", "nl"):
            client = signed_in(cast.people[who])
            client.get("/", headers={"accept-language": language})
    cards.forget_all()
    assert cards.cards_for([(entry.pk, entry.revision)])[entry.pk] == first
    assert "csrf" not in first


def test_what_is_kept_of_a_list_is_never_that_of_another_reader_or_time(cast: Cast) -> None:
    entry = post(cast, "bo", "open", "Hello @anna.aaberg")
    anna, leader = signed_in(cast.anna), signed_in(cast.leader)

    def seen_by(client: Client, language: str = "en") -> str:
        page = client.get("/company/", headers={"accept-language": language}).content.decode()
        start = page.index(f'id="e{entry.pk}"')
        return page[start : page.index("</article>", start)]

    plain = seen_by(leader)
    assert 'class="mention me"' in seen_by(anna)
    assert 'class="mention me"' not in plain
    assert "Kommentér" in seen_by(leader, "da") or seen_by(leader, "da") != plain
    tokens = {re.findall(r'csrfmiddlewaretoken" value="(.{64})"', seen_by(leader))[0] for _ in range(2)}
    assert len(tokens) == 2
    actions.react(by=house(cast.anna), entry=entry, emoji="👏")
    actions.bookmark(by=house(cast.anna), entry=entry)
    assert 'aria-pressed="true"' in seen_by(anna)
    assert 'aria-pressed="true"' not in seen_by(leader)
    assert "👏</span> 1" in seen_by(leader)
    actions.add_comment(by=house(cast.bo), on=entry, body="First answer")
    assert "First answer" in seen_by(leader)
    actions.edit_entry(by=house(cast.bo), entry=entry, body="Hello again", version=entry.revision)
    assert "Hello again" in seen_by(leader)


def test_resuming_shows_the_oldest_unread_of_ones_own_spaces(cast: Cast) -> None:
    seen_at = timezone.now()
    posts = [post(cast, "bo", "open", f"Number {number}") for number in range(5)]
    post(cast, "leader", "open")
    change_involvement(by=house(cast.anna), space=cast.closed, involvement="nothing")
    post(cast, "bo", "closed")
    shown = [row.id for row in queries.resume(viewer_of(cast.anna), seen_at, size=3)]
    assert shown == [entry.pk for entry in reversed(posts[:3])]


def test_a_kept_card_survives_a_release_that_moves_the_icons(cast: Cast, settings: object) -> None:
    entry = post(cast, "bo", "open")
    settings.STATIC_URL = "/static/before/"
    client = signed_in(cast.anna)
    assert "/static/before/torvet/dist/icons.svg" in client.get("/").content.decode()
    settings.STATIC_URL = "/static/after/"
    page = client.get(entry.url).content.decode()
    card = page[page.index(f'id="e{entry.pk}"') : page.index('id="comments"')]
    assert "/static/after/torvet/dist/icons.svg#ellipsis" in card


def test_who_has_asked_to_come_in_is_told_so_in_the_space(cast: Cast) -> None:
    closed = cast.spaces["closed"]
    client = signed_in(cast.outsider)
    assert f'href="/spaces/{closed.pk}/requests/"' in client.get(closed.url).content.decode()
    ask_to_join(by=house(cast.outsider), space=closed, answer="Let me in")
    page = client.get(closed.url).content.decode()
    assert f'action="/spaces/{closed.pk}/requests/delete/"' in page
    assert f'href="/spaces/{closed.pk}/requests/"' not in page
