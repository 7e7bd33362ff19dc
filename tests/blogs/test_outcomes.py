"""You said, we did: what was linked, who sees it, and who is told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.blogs.loops import article_in, ask, blog_of, crowd, drain
from tests.cast import Cast, house, signed_in, viewer_of
from torvet.base.rules import Forbidden, Refused
from torvet.blogs import actions
from torvet.blogs.models import Outcome
from torvet.blogs.queries import outcomes
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.notifications.models import Notification, Told
from torvet.people.models import Member

pytestmark = pytest.mark.django_db


def post(by: Member, space, words: str = "The doors are too heavy") -> Entry:
    return entries.publish_post(by=house(by), space=space, body=words)


def tell(by: Member, space, *sources: Entry, title: str = "Lighter doors") -> Outcome:
    outcome = actions.tell_outcome(
        by=house(by), space=space, title=title, body="They are here.", sources=[entry.pk for entry in sources]
    )
    drain()
    return outcome


def told(outcome: Outcome) -> set[int]:
    rows = Notification.objects.filter(verb=Told.OUTCOME, entry=outcome.pk)
    return set(rows.values_list("member_id", flat=True))


def test_everybody_who_wrote_answered_or_reacted_is_told_once(cast: Cast):
    said = post(cast.bo, cast.open)
    entries.add_comment(by=house(cast.outsider), on=said, body="Yes")
    entries.react(by=house(cast.leader), entry=said, emoji="👍")
    outcome = tell(cast.anna, cast.open, said)
    assert told(outcome) == {cast.bo.pk, cast.outsider.pk, cast.leader.pk}
    Notification.objects.update(read_at="2026-01-01T00:00Z")
    more = post(cast.community_manager, cast.open, "And the windows")
    entries.add_comment(by=house(cast.bo), on=more, body="Yes, those too")
    actions.link_sources(by=house(cast.anna), outcome=outcome, sources=[more.pk])
    drain()
    assert told(outcome) == {cast.bo.pk, cast.outsider.pk, cast.leader.pk, cast.community_manager.pk}
    assert Notification.objects.filter(verb=Told.OUTCOME, member=cast.bo).count() == 1


def test_who_cannot_read_the_outcome_is_not_told_of_it(cast: Cast):
    said = post(cast.bo, cast.open)
    entries.add_comment(by=house(cast.outsider), on=said, body="Yes")
    outcome = tell(cast.anna, cast.closed, said)
    assert told(outcome) == {cast.bo.pk}


def test_a_linked_comment_reaches_those_around_it_alone(cast: Cast):
    article = article_in(blog_of(cast))
    asked = ask(article, cast.bo)
    ask(article, cast.outsider, "Something else")
    outcome = tell(cast.leader, cast.open, asked)
    assert told(outcome) == {cast.bo.pk}


def test_three_hundred_people_are_told_in_few_statements(cast: Cast):
    said = post(cast.bo, cast.open)
    for member in crowd(300):
        Entry.objects.create(
            kind="comment", space=cast.open, author=member, root=said, reply_to=said, text="Me too",
            published_at=said.published_at,
        )  # fmt: skip
    drain()
    outcome = actions.tell_outcome(
        by=house(cast.anna), space=cast.open, title="Done", body="Really.", sources=[said.pk]
    )
    with CaptureQueriesContext(connection) as captured:
        drain()
    assert len(told(outcome)) == 301 and len(captured) < 80


def test_a_reader_sees_only_the_sources_they_may_read_and_no_count_of_the_others(cast: Cast):
    public, secret = post(cast.bo, cast.open), post(cast.anna, cast.secret, "Quietly planned for months")
    outcome = tell(cast.anna, cast.open, public, secret)
    assert outcomes.sources_of(viewer_of(cast.anna), outcome) == [public, secret]
    assert outcomes.sources_of(viewer_of(cast.outsider), outcome) == [public]
    for address in ("/outcomes/", outcome.entry.url):
        page = signed_in(cast.outsider).get(address).content.decode()
        assert "too heavy" in page and "Quietly planned" not in page


def test_the_entries_say_what_became_of_them_to_those_who_may_read_that(cast: Cast):
    said = post(cast.bo, cast.open)
    comment = entries.add_comment(by=house(cast.outsider), on=said, body="Yes")
    tell(cast.anna, cast.closed, comment, title="Doors changed")
    assert "Doors changed" in signed_in(cast.bo).get(said.url).content.decode()
    assert "Doors changed" not in signed_in(cast.outsider).get(said.url).content.decode()


def test_what_cannot_be_read_cannot_be_linked(cast: Cast):
    secret = post(cast.anna, cast.secret)
    with pytest.raises(Refused, match="leads to nothing that you can read"):
        tell(cast.outsider, cast.open, secret)
    assert not Outcome.objects.exists() and not Entry.objects.filter(kind="outcome").exists()


def test_addresses_of_every_sort_are_understood(cast: Cast):
    article = article_in(blog_of(cast))
    comment = ask(article, cast.bo)
    said = post(cast.bo, cast.open)
    addresses = (
        f"https://torvet.example/e/{said.pk}/\n/articles/{article.pk}/#c{comment.pk} /articles/{article.pk}/"
    )
    outcome = actions.tell_outcome(
        by=house(cast.anna), space=cast.open, title="Done", body="So", addresses=addresses
    )
    linked = outcomes.sources_of(viewer_of(cast.anna), outcome)
    assert linked == [said, comment, article.entry]


def test_an_address_that_is_none_comes_back_with_everything_typed(cast: Cast):
    form = {
        "space": cast.open.pk,
        "title": "Lighter doors",
        "body": "They are here.",
        "addresses": "somewhere",
    }
    page = signed_in(cast.anna).post("/outcomes/new/", form)
    text = page.content.decode()
    assert page.status_code == 422 and "“somewhere” leads to nothing" in text
    assert all(words in text for words in ("Lighter doors", "They are here.", ">somewhere<"))


def test_without_a_source_or_a_title_it_is_refused(cast: Cast):
    with pytest.raises(Refused, match="what led to it"):
        tell(cast.anna, cast.open)
    with pytest.raises(Refused, match="a title"):
        tell(cast.anna, cast.open, post(cast.bo, cast.open), title=" ")


def test_twice_the_same_is_once(cast: Cast):
    said = post(cast.bo, cast.open)
    outcome = tell(cast.anna, cast.open, said, said)
    actions.link_sources(by=house(cast.anna), outcome=outcome, addresses=f"/e/{said.pk}/")
    assert outcome.sources.count() == 1


def test_an_outcome_cannot_lead_to_itself_nor_in_a_circle(cast: Cast):
    first = tell(cast.anna, cast.open, post(cast.bo, cast.open))
    second = tell(cast.anna, cast.open, first.entry, title="And then this")
    for own in (first.entry, second.entry):
        with pytest.raises(Refused, match="cannot lead to itself"):
            actions.link_sources(by=house(cast.anna), outcome=first, sources=[own.pk])


def test_a_removed_source_is_gone_and_comes_back(cast: Cast):
    said = post(cast.bo, cast.open)
    outcome = tell(cast.anna, cast.open, said)
    entries.remove_entry(by=house(cast.bo), entry=said)
    assert outcomes.sources_of(viewer_of(cast.anna), outcome) == []
    entries.restore_entry(by=house(cast.bo), entry=said)
    assert outcomes.sources_of(viewer_of(cast.anna), outcome) == [said]


def test_only_who_told_it_links_more_and_the_last_source_stays(cast: Cast):
    said = post(cast.bo, cast.open)
    outcome = tell(cast.anna, cast.open, said)
    with pytest.raises(Forbidden):
        actions.link_sources(by=house(cast.bo), outcome=outcome, sources=[said.pk])
    assert signed_in(cast.administrator).get(f"/outcomes/{outcome.pk}/sources/").status_code == 404
    with pytest.raises(Refused, match="Link another first"):
        actions.unlink_source(by=house(cast.anna), outcome=outcome, entry=said)


def test_who_may_not_write_in_the_space_tells_nothing_there(cast: Cast):
    said = post(cast.bo, cast.open)
    with pytest.raises(Forbidden):
        tell(cast.outsider, cast.closed, said)


def test_the_list_is_filtered_by_space_and_costs_the_same_for_one_and_for_ten(cast: Cast):
    browser = signed_in(cast.anna)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/outcomes/").status_code == 200
        return len(captured)

    tell(cast.anna, cast.open, post(cast.bo, cast.open), title="Doors")
    tell(cast.anna, cast.closed, post(cast.bo, cast.closed), title="Windows")
    statements()
    few = statements()
    for number in range(8):
        tell(cast.anna, cast.open, post(cast.bo, cast.open), title=f"Doors {number}")
    assert statements() == few
    page = browser.get(f"/outcomes/?space={cast.closed.pk}").content.decode()
    assert "Windows" in page and "Doors" not in page
    assert "Windows" not in signed_in(cast.outsider).get("/outcomes/").content.decode()
