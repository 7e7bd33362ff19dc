"""Drafts: two who write at once, the nod, the time that comes, and that nothing of them is told before they are out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.blogs.company import article, delegate, draft, leaders_blog, picture
from tests.cast import Cast, house, signed_in, viewer_of
from torvet.activity.outbox import drain
from torvet.base.policies import routes
from torvet.base.rules import Forbidden, Refused
from torvet.blogs import actions
from torvet.blogs.models import Article, Blog, Draft
from torvet.entries import actions as entries
from torvet.entries.models import Attachment, Entry
from torvet.people import actions as people
from torvet.search.queries import search
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership


def soon(**later: float) -> Any:
    return timezone.now() + timedelta(**(later or {"hours": 1}))


def time_comes(begun: Draft) -> None:
    Draft.objects.filter(pk=begun.pk).update(publish_at=timezone.now() - timedelta(seconds=1))


def test_nothing_of_a_draft_reaches_anybody_who_does_not_write_there(cast: Cast) -> None:
    """A canary over every route that takes no number, and over all that take this draft's, its blog's or a member's."""
    blog = leaders_blog(cast, wants_review=True)
    delegate(blog, cast.anna)
    out = article(blog, cast.leader)
    canary = "cnrydraftq"
    key = picture(cast.anna, alt=f"{canary} picture")
    begun = draft(
        blog, cast.anna, title=f"{canary} title", lead=f"{canary} lead", body=f"{canary} body #{canary} @{cast.bo.handle}",
        cover=key, alt=f"{canary} picture", series=f"{canary[::-1]} series",
    )  # fmt: skip
    actions.submit_draft(by=house(cast.anna), draft=begun, version=1)
    while drain():
        pass
    numbers = {begun.pk, blog.pk, out.pk, cast.open.pk, cast.leader.pk, cast.anna.pk}
    for reader in (cast.bo, cast.administrator, cast.guest):
        client = signed_in(reader)
        client.raise_request_exception = False
        for address in addresses(numbers, key):
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            said = body.decode(errors="replace") + str(answer.headers)
            assert canary not in said, (reader.name, address)
        assert not search(viewer_of(reader), canary).hits
    assert not Entry.objects.filter(title__contains=canary).exists()


def addresses(numbers: set[int], key: str) -> list[str]:
    found = []
    for address, _pattern in routes():
        if any(word in address for word in ("sign-out", "first-run", "media", "static")):
            continue
        if "<int:" not in address and "<str:key>" not in address:
            found.append("/" + address.replace("<str:name>", key))
            continue
        for number in numbers:
            filled = address.replace("<int:", "<").replace("<str:key>", key).replace("<str:name>", "x.webp")
            parts = [str(number) if part.startswith("<") else part for part in filled.split("/")]
            found.append("/" + "/".join(parts).lstrip("^"))
    return found


def test_two_who_write_at_once_keep_both_texts(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna)
    begun = draft(blog, cast.leader, body="One.\n\nTwo.\n\nThree.")
    anna, leif = signed_in(cast.anna), signed_in(cast.leader)
    words = {"title": begun.title, "lead": begun.lead, "version": 1}
    assert (
        anna.post(f"{begun.url}edit/", words | {"body": "One, by Anna.\n\nTwo.\n\nThree."}).status_code == 302
    )
    clash = leif.post(
        f"{begun.url}edit/", words | {"lead": "Leif's lead", "body": "One.\n\nTwo.\n\nThree, by Leif."}
    )
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "One, by Anna." in page and "Three, by Leif." in page and "Anna Åberg saved a change" in page
    assert "Leif&#x27;s lead" in page and begun.lead in page
    assert Draft.objects.get().version == 2
    again = {
        "title": begun.title,
        "lead": begun.lead,
        "body": "One, by Anna.\n\nTwo.\n\nThree, by Leif.",
        "version": 2,
    }
    assert leif.post(f"{begun.url}edit/", again).status_code == 302
    assert "One, by Anna." in Draft.objects.get().body and Draft.objects.get().version == 3


def test_a_draft_that_is_gone_meanwhile_is_said_and_nothing_breaks(cast: Cast) -> None:
    blog = leaders_blog(cast)
    begun = draft(blog, cast.leader)
    actions.publish_draft(by=house(cast.leader), draft=begun, version=1)
    for act in (
        lambda: actions.publish_draft(by=house(cast.leader), draft=begun, version=1),
        lambda: actions.change_draft(by=house(cast.leader), draft=begun, version=1, title="New"),
    ):
        with pytest.raises(Refused, match="no longer there"):
            act()
    assert Article.objects.count() == 1


def test_the_words_of_a_draft_and_its_pictures_are_those_of_the_article(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna)
    key = picture(cast.anna)
    inner = picture(cast.anna)
    body = f"Look:\n\n![A crane](/files/{inner}/crane.webp)\n\nGood."
    begun = draft(blog, cast.anna, body=body, cover=key, alt="A crane at dawn")
    leif = signed_in(cast.leader)
    for one in (key, inner):
        assert leif.get(f"/files/{one}/x.webp").status_code == 200, "who reviews a draft sees its pictures"
        assert signed_in(cast.bo).get(f"/files/{one}/x.webp").status_code == 404
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=9))
    assert entries.remove_unused_files() == 0
    out = actions.publish_draft(by=house(cast.leader), draft=begun, version=1)
    assert out.cover is not None and out.cover.alt == "A crane at dawn"
    for one in (key, inner):
        assert signed_in(cast.bo).get(f"/files/{one}/x.webp").status_code == 200
    assert {file.entry_id for file in Attachment.objects.all()} == {out.pk}


def test_a_picture_that_was_left_out_again_comes_out_nowhere(cast: Cast) -> None:
    blog = leaders_blog(cast)
    old, new = picture(cast.leader), picture(cast.leader)
    begun = draft(blog, cast.leader, cover=old, alt="Old", body="Words")
    begun = actions.change_draft(
        by=house(cast.leader), draft=begun, version=1, title="T", body="Words", cover=new, alt="New"
    )
    out = actions.publish_draft(by=house(cast.leader), draft=begun, version=2)
    assert [file.key for file in out.entry.attachments.all()] == [new]
    assert signed_in(cast.bo).get(f"/files/{old}/x.webp").status_code == 404


@pytest.mark.parametrize(
    ("said", "missing"),
    [({"title": ""}, "needs a title"), ({"lead": "", "body": ""}, "no words yet")],
)
def test_an_article_comes_out_whole(cast: Cast, said: dict[str, str], missing: str) -> None:
    blog = leaders_blog(cast)
    begun = draft(blog, cast.leader, **said)
    with pytest.raises(Refused, match=missing):
        actions.publish_draft(by=house(cast.leader), draft=begun, version=1)


def test_a_cover_says_what_is_to_be_seen_and_is_a_picture_of_ones_own(cast: Cast) -> None:
    blog = leaders_blog(cast)
    begun = draft(blog, cast.leader, cover=picture(cast.leader, alt=""), alt="")
    with pytest.raises(Refused, match="what is to be seen"):
        actions.publish_draft(by=house(cast.leader), draft=begun, version=1)
    with pytest.raises(Refused, match="no longer there"):
        draft(blog, cast.leader, cover=picture(cast.bo))


def test_what_was_scheduled_comes_out_once_whoever_looks_twice(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    begun = draft(blog, cast.anna)
    actions.schedule_draft(by=house(cast.anna), draft=begun, version=1, publish_at=soon())
    assert actions.publish_due() == 0 and not Article.objects.exists()
    time_comes(begun)
    assert actions.publish_due() == 1
    assert actions.publish_due() == 0
    out = Article.objects.get()
    assert (out.entry.author, out.written_by) == (cast.leader, cast.anna)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("later", [{"seconds": -1}, {"days": -400}, {"days": 367}])
def test_a_time_that_has_passed_or_lies_far_ahead_is_refused(cast: Cast, later: dict[str, float]) -> None:
    begun = draft(leaders_blog(cast), cast.leader)
    with pytest.raises(Refused, match=r"time has passed|more than a year"):
        actions.schedule_draft(by=house(cast.leader), draft=begun, version=1, publish_at=soon(**later))


def ends_delegation(cast: Cast, blog: Blog) -> None:
    actions.end_delegate(
        by=house(cast.leader), delegate=blog.delegates.select_related("blog__space", "member").get()
    )


def takes_away_publishing(cast: Cast, blog: Blog) -> None:
    delegate(blog, cast.anna, may_publish=False)


def asks_for_review(cast: Cast, blog: Blog) -> None:
    Blog.objects.filter(pk=blog.pk).update(wants_review=True)


def archives_the_space(cast: Cast, blog: Blog) -> None:
    spaces.archive_space(by=house(cast.leader), space=cast.open)


@pytest.mark.parametrize(
    "change", [ends_delegation, takes_away_publishing, asks_for_review, archives_the_space]
)
def test_who_lost_the_right_meanwhile_publishes_nothing_and_is_told(cast: Cast, change: Any) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    begun = draft(blog, cast.anna)
    actions.schedule_draft(by=house(cast.anna), draft=begun, version=1, publish_at=soon())
    change(cast, blog)
    time_comes(begun)
    assert actions.publish_due() == 0
    begun.refresh_from_db()
    assert begun.publish_at is None and "Its time had come" in begun.reason
    assert not Article.objects.exists()
    while drain():
        pass
    assert "did not come out" in signed_in(cast.anna).get("/told/").content.decode()


def test_a_change_takes_back_the_time_and_the_question(cast: Cast) -> None:
    """Whoever gave the nod or the time has not read these words."""
    blog = leaders_blog(cast)
    delegate(blog, cast.anna)
    begun = draft(blog, cast.anna)
    actions.submit_draft(by=house(cast.anna), draft=begun, version=1)
    actions.schedule_draft(by=house(cast.leader), draft=begun, version=1, publish_at=soon())
    changed = actions.change_draft(by=house(cast.anna), draft=begun, version=1, title="Another")
    assert changed.publish_at is None and changed.state == "draft"


def test_a_delegate_without_the_right_publishes_by_no_way(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna)
    begun = draft(blog, cast.anna)
    with pytest.raises(Forbidden):
        actions.publish_draft(by=house(cast.anna), draft=begun, version=1)
    with pytest.raises(Forbidden):
        actions.schedule_draft(by=house(cast.anna), draft=begun, version=1, publish_at=soon())
    out = actions.publish_draft(by=house(cast.leader), draft=begun, version=1)
    assert out.written_by == cast.anna
    with pytest.raises(Forbidden):  # she wrote it, and still may not change what is out
        entries.edit_entry(by=house(cast.anna), entry=out.entry, title="New", body="New", version=1)


def test_when_the_delegation_ends_so_does_the_right_to_change_what_is_out(cast: Cast) -> None:
    blog = leaders_blog(cast)
    named = delegate(blog, cast.anna, may_publish=True)
    out = article(blog, cast.anna)
    edited = entries.edit_entry(
        by=house(cast.anna), entry=out.entry, title="Mended", body="Mended", version=1
    )
    assert edited.title == "Mended" and edited.author == cast.leader
    assert edited.revisions.get().replaced_by == cast.anna
    anna = signed_in(cast.anna)
    assert "Edit" in anna.get(f"/e/{out.pk}/menu/").content.decode()
    actions.end_delegate(by=house(cast.leader), delegate=named)
    assert anna.get(f"{out.url}edit/").status_code == 404
    assert f"/e/{out.pk}/edit/" not in anna.get(f"/e/{out.pk}/menu/").content.decode()
    entry = Entry.objects.select_related("space", "author").get(pk=out.pk)
    with pytest.raises(Forbidden):
        entries.edit_entry(by=house(cast.anna), entry=entry, title="Again", body="Again", version=2)


def test_a_leader_who_left_the_space_is_not_spoken_for_there(cast: Cast) -> None:
    """A delegate cannot put a leader's words where the leader could not."""
    closed = actions.open_blog(by=house(cast.anna), space=cast.closed, name="Board", leader=cast.bo)
    delegate(closed, cast.anna, by=cast.bo, may_publish=True)
    begun = draft(closed, cast.anna)
    spaces.remove_member(
        by=house(cast.anna),
        membership=Membership.objects.select_related("space", "member").get(
            space=cast.closed, member=cast.bo
        ),
    )
    with pytest.raises(Refused, match="cannot write in"):
        actions.publish_draft(by=house(cast.anna), draft=begun, version=1)


def test_in_a_blog_of_no_leader_whoever_wrote_it_speaks(cast: Cast) -> None:
    blog = actions.open_blog(by=house(cast.anna), space=cast.open, name="Safety", subject="Safety")
    delegate(blog, cast.bo, by=cast.anna)
    begun = draft(blog, cast.bo)
    out = actions.publish_draft(by=house(cast.anna), draft=begun, version=1)
    assert (out.entry.author, out.written_by) == (cast.bo, None)
    later = draft(blog, cast.bo)
    people.deactivate(by=house(cast.administrator), member=cast.bo)
    later = Draft.objects.select_related("blog__space", "blog__leader").get(pk=later.pk)
    out = actions.publish_draft(by=house(cast.anna), draft=later, version=1)
    assert (out.entry.author, out.written_by) == (cast.anna, cast.bo)


def test_following_a_leader_brings_what_others_wrote_for_them(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    people.follow(by=house(cast.outsider), member=cast.leader)
    out = article(blog, cast.anna)
    assert out.entry.title in signed_in(cast.outsider).get("/").content.decode()
