"""Who is told what of writing in somebody's name, and where it leads."""

from __future__ import annotations

import pytest

from tests.blogs.company import article, delegate, draft, leaders_blog
from tests.cast import Cast, house, signed_in, viewer_of
from torvet.activity.outbox import drain
from torvet.blogs import actions
from torvet.entries import actions as entries
from torvet.notifications.models import Notification
from torvet.notifications.queries import told
from torvet.people import actions as people
from torvet.people.models import Member


@pytest.fixture(autouse=True)
def nothing_told_yet(cast: Cast) -> None:
    while drain():
        pass
    Notification.objects.all().delete()


def heard(member: Member) -> list[str]:
    while drain():
        pass
    return [line.sentence for line in told(viewer_of(member)).things]


def leads_to(member: Member) -> str:
    return told(viewer_of(member)).things[0].target


def test_the_way_of_a_draft_is_told_to_whom_it_concerns_and_to_nobody_else(cast: Cast) -> None:
    blog = leaders_blog(cast, wants_review=True)
    delegate(blog, cast.anna, may_publish=True)
    assert heard(cast.anna) == ["Leif Strand lets you write in a blog in Town square"]
    begun = draft(blog, cast.anna)
    assert heard(cast.leader) == []
    actions.submit_draft(by=house(cast.anna), draft=begun, version=1)
    waiting = "Anna Åberg wrote an article for a blog in Town square: it waits for your nod"
    assert heard(cast.leader) == [waiting] and leads_to(cast.leader) == begun.url
    actions.send_back(by=house(cast.leader), draft=begun, version=1, reason="Say why.")
    assert heard(cast.anna)[0] == "Leif Strand sent your draft in Town square back. See what is missing."
    assert leads_to(cast.anna) == begun.url
    assert Notification.objects.filter(member=cast.leader, read_at=None).count() == 0
    out = actions.publish_draft(by=house(cast.leader), draft=begun, version=1)
    assert heard(cast.anna)[0] == "Leif Strand published what you wrote: “What we do about the crane”"
    assert leads_to(cast.anna) == f"/e/{out.pk}/"
    assert heard(cast.bo) == heard(cast.administrator) == []


def test_nothing_of_a_drafts_words_is_told(cast: Cast) -> None:
    blog = leaders_blog(cast, wants_review=True)
    delegate(blog, cast.anna)
    begun = draft(blog, cast.anna, title="Canary title", body=f"Canary body @{cast.bo.handle}")
    actions.submit_draft(by=house(cast.anna), draft=begun, version=1)
    assert heard(cast.bo) == []
    assert "anary" not in signed_in(cast.leader).get("/told/").content.decode()


def test_a_mention_in_what_somebody_wrote_for_another_names_both(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    article(blog, cast.anna, body=f"Thank you, @{cast.bo.handle}")
    assert heard(cast.bo) == ["Anna Åberg for Leif Strand mentioned you in Town square"]


def test_nobody_is_told_who_reacted_to_an_article_nor_that_somebody_did(cast: Cast) -> None:
    blog = leaders_blog(cast)
    out = article(blog, cast.leader)
    entries.react(by=house(cast.bo), entry=out.entry, emoji="👍")
    assert heard(cast.leader) == []
    for reader in (cast.leader, cast.anna, cast.administrator):
        page = signed_in(reader).get(f"/e/{out.pk}/reactions/").content.decode()
        assert cast.bo.name not in page.partition("<main")[2].partition("</main")[0] and "👍" in page
    comment = entries.add_comment(by=house(cast.anna), on=out.entry, body="Yes")
    entries.react(by=house(cast.bo), entry=comment, emoji="👍")
    assert heard(cast.anna) == ["Bo Dijkstra reacted to your comment in Town square"]


def test_the_leader_and_who_wrote_for_them_both_hear_of_answers(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    out = article(blog, cast.anna)
    entries.add_comment(by=house(cast.bo), on=out.entry, body="When?")
    assert "Bo Dijkstra commented on your article in Town square" in heard(cast.leader)
    assert "Bo Dijkstra commented on an article you follow in Town square" in heard(cast.anna)


def test_a_blog_opened_in_a_leaders_name_is_told_to_the_leader(cast: Cast) -> None:
    blog = actions.open_blog(
        by=house(cast.community_manager), space=cast.open, name="Bridge", leader=cast.leader
    )
    assert heard(cast.leader) == ["Camilla Mørk opened a blog in your name in Town square"]
    assert leads_to(cast.leader) == blog.url


def test_who_keeps_the_blog_of_somebody_who_left_is_told(cast: Cast) -> None:
    blog = actions.open_blog(by=house(cast.community_manager), space=cast.open, name="Bo's", leader=cast.bo)
    people.deactivate(by=house(cast.administrator), member=cast.bo)
    assert "Somebody who had a blog in Town square has left. You look after it now." in heard(cast.leader)
    assert any(line.target == blog.url for line in told(viewer_of(cast.leader)).things)
