"""What is out: its lead, its history, its cover, and what happens when somebody leaves."""

from __future__ import annotations

import pytest

from tests.blogs.company import LEAD, article, delegate, draft, leaders_blog, picture
from tests.cast import Cast, house, signed_in, viewer_of
from torvet.base.rules import Forbidden, Refused
from torvet.blogs import actions, lead
from torvet.blogs.models import Article, Blog, Draft
from torvet.blogs.queries import articles
from torvet.entries import actions as entries
from torvet.entries.actions import EditConflict
from torvet.entries.models import Attachment, Entry
from torvet.people import actions as people
from torvet.people.models import Member
from torvet.search.actions import complete
from torvet.search.queries import search


@pytest.mark.parametrize(
    ("words", "has_lead", "parted"),
    [
        ("<p>In short.</p><p>At length.</p>", True, ("In short.", "<p>At length.</p>")),
        ("<p>In short.</p><p>At length.</p>", False, ("", "<p>In short.</p><p>At length.</p>")),
        ("<h2>Head</h2><p>x</p>", True, ("", "<h2>Head</h2><p>x</p>")),
        ("<p>A &lt; B &amp; C</p>", True, ("A < B & C", "")),
        (f"<p>{'y' * 401}</p>", True, ("", f"<p>{'y' * 401}</p>")),
        ("", True, ("", "")),
    ],
)
def test_a_lead_is_the_first_paragraph(words: str, has_lead: bool, parted: tuple[str, str]) -> None:
    found = lead.apart(words, has_lead=has_lead)
    assert (found.lead, found.body) == parted


def test_the_lead_stands_in_the_words_so_that_history_search_and_programs_have_it(cast: Cast) -> None:
    out = article(leaders_blog(cast), cast.leader)
    assert out.entry.text.startswith(LEAD)
    actions.edit_article(
        by=house(cast.leader),
        article=out,
        version=1,
        title=out.entry.title,
        lead="Another lead.",
        body="Body",
    )
    entry = Entry.objects.get(pk=out.pk)
    assert entry.version == 2 and entry.text.startswith("Another lead.")
    assert LEAD in entry.revisions.get().text
    assert LEAD in signed_in(cast.bo).get(f"{out.url}history/1/").content.decode()
    while complete():
        break
    hits = search(viewer_of(cast.bo), "another lead").hits
    assert [(hit.kind, hit.url) for hit in hits] == [("article", out.url)]


def test_an_article_found_by_search_says_who_wrote_it(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    out = article(blog, cast.anna)
    complete()
    page = signed_in(cast.bo).get("/search/?q=crane&kind=article").content.decode()
    assert out.url in page and "written by Anna Åberg for Leif Strand" in page


def test_a_program_that_changes_the_words_keeps_lead_cover_and_series(cast: Cast) -> None:
    out = article(
        leaders_blog(cast), cast.leader, cover=picture(cast.leader), alt="A crane", series="The crane"
    )
    entries.edit_entry(
        by=house(cast.leader), entry=out.entry, title="New", body="New lead.\n\nNew words.", version=1
    )
    fresh = Article.objects.select_related("cover", "series").get(pk=out.pk)
    assert (fresh.lead, fresh.cover, str(fresh.series)) == ("New lead.", out.cover, "The crane")


def test_two_who_change_an_article_at_once_keep_both_texts(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    out = article(blog, cast.leader, body="One.\n\nTwo.\n\nThree.")
    typed = {"title": out.entry.title, "lead": LEAD, "version": 1}
    anna, leif = signed_in(cast.anna), signed_in(cast.leader)
    assert (
        anna.post(f"{out.url}edit/", typed | {"body": "One, by Anna.\n\nTwo.\n\nThree."}).status_code == 302
    )
    clash = leif.post(f"{out.url}edit/", typed | {"body": "One.\n\nTwo.\n\nThree, by Leif."})
    page = clash.content.decode()
    assert clash.status_code == 409 and "One, by Anna." in page and "Three, by Leif." in page
    assert page.count(LEAD) == 1, "the lead stands in its own field, and not in the text as well"
    with pytest.raises(EditConflict):
        actions.edit_article(by=house(cast.leader), article=out, version=1, title="x", lead="", body="x")


def test_a_cover_is_changed_and_taken_away(cast: Cast) -> None:
    old, new = picture(cast.leader), picture(cast.leader)
    out = article(leaders_blog(cast), cast.leader, cover=old, alt="Old")
    said = {"title": "T", "lead": "L", "body": "B"}
    revision = Entry.objects.get(pk=out.pk).revision
    out = actions.edit_article(by=house(cast.leader), article=out, version=1, **said, cover=new, alt="New")
    assert out.cover is not None and out.cover.key == new
    assert Entry.objects.get(pk=out.pk).revision > revision, "the card is drawn anew"
    assert Attachment.objects.get(key=old).entry is None
    with pytest.raises(Refused, match="what is to be seen"):
        actions.edit_article(by=house(cast.leader), article=out, version=2, **said, cover=new, alt=" ")
    out = Article.objects.select_related("entry__space", "blog", "cover").get(pk=out.pk)
    out = actions.edit_article(by=house(cast.leader), article=out, version=2, **said, cover="")
    assert out.cover is None


def test_related_and_series_show_only_what_the_reader_may_read(cast: Cast) -> None:
    blog = leaders_blog(cast)
    shown = article(blog, cast.leader, title="Seen", series="The crane")
    gone = article(blog, cast.leader, title="Gone", series="The crane")
    secret = actions.open_blog(by=house(cast.bo), space=cast.secret, name="Heron", leader=cast.bo)
    hidden = article(secret, cast.bo, title="Hidden")
    entries.remove_entry(by=house(cast.leader), entry=gone.entry)
    reader = viewer_of(cast.outsider)
    assert articles.place_in_series(reader, shown) is None
    assert hidden not in articles.related(reader, shown)
    assert hidden in articles.related(viewer_of(cast.anna), shown)
    page = signed_in(cast.outsider).get(shown.url).content.decode()
    assert "Hidden" not in page and "Gone" not in page


def test_a_removed_article_is_gone_from_blog_and_lists(cast: Cast) -> None:
    blog = leaders_blog(cast)
    out = article(blog, cast.leader)
    entries.remove_entry(by=house(cast.leader), entry=out.entry)
    reader = signed_in(cast.bo)
    assert reader.get(out.url).status_code == 404
    for address in (blog.url, "/blogs/", "/leaders/"):
        assert out.entry.title not in reader.get(address).content.decode()


def test_closing_the_comments_of_an_article_needs_a_reason_and_a_delegate_may(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    out = article(blog, cast.anna)
    assert signed_in(cast.bo).get(out.url).content.decode().count('name="body"') == 1
    anna = signed_in(cast.anna)
    assert anna.post(f"/e/{out.pk}/closing/", {"why": ""}).status_code == 422
    assert anna.post(f"/e/{out.pk}/closing/", {"why": "Answered in the next one."}).status_code == 302
    page = signed_in(cast.bo).get(out.url).content.decode()
    assert "Answered in the next one." in page and 'name="body"' not in page


def leave(cast: Cast, member: Member) -> None:
    people.deactivate(by=house(cast.administrator), member=member)


def test_when_a_leader_leaves_what_is_out_stays_and_nobody_speaks_for_them(cast: Cast) -> None:
    blog = actions.open_blog(by=house(cast.leader), space=cast.open, name="Bo's", leader=cast.bo)
    delegate(blog, cast.outsider, by=cast.bo, may_publish=True)
    out = article(blog, cast.outsider)
    begun = draft(blog, cast.outsider, title="Half done")
    from datetime import timedelta

    from django.utils import timezone

    actions.schedule_draft(
        by=house(cast.outsider), draft=begun, version=1, publish_at=timezone.now() + timedelta(hours=1)
    )
    leave(cast, cast.bo)
    reader = signed_in(cast.community_manager)
    page = reader.get(out.url).content.decode()
    assert "Bo Dijkstra is no longer at the company." in page and LEAD in page
    assert (
        "is no longer at the company. What was written here stays." in reader.get(blog.url).content.decode()
    )
    begun.refresh_from_db()
    assert begun.publish_at is None and not blog.delegates.exists()
    assert signed_in(cast.outsider).get(begun.url).status_code == 404
    owner = signed_in(cast.leader)
    assert "Half done" in owner.get(f"{blog.url}drafts/").content.decode()
    fresh = Draft.objects.select_related("blog__space", "blog__leader").get(pk=begun.pk)
    with pytest.raises(Forbidden):
        actions.publish_draft(by=house(cast.leader), draft=fresh, version=1)
    with pytest.raises(Forbidden):
        entries.edit_entry(
            by=house(cast.outsider),
            entry=Entry.objects.select_related("space").get(pk=out.pk),
            title="x",
            body="x",
            version=1,
        )
    kept = owner.post(f"{blog.url}settings/", {"name": "The yard's", "leader": ""})
    assert kept.status_code == 302
    changed = Blog.objects.select_related("space", "leader").get(pk=blog.pk)
    fresh = Draft.objects.select_related("blog__space", "blog__leader").get(pk=begun.pk)
    out = actions.publish_draft(by=house(cast.leader), draft=fresh, version=1)
    assert changed.leader is None and out.entry.author == cast.outsider


def test_when_a_delegate_leaves_what_they_scheduled_falls_back_and_the_leader_is_told(cast: Cast) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from torvet.activity.outbox import drain

    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    begun = draft(blog, cast.anna)
    actions.schedule_draft(
        by=house(cast.anna), draft=begun, version=1, publish_at=timezone.now() + timedelta(hours=1)
    )
    leave(cast, cast.anna)
    begun.refresh_from_db()
    assert begun.publish_at is None and "has left" in begun.reason
    while drain():
        pass
    assert "did not come out" in signed_in(cast.leader).get("/told/").content.decode()


def test_a_new_name_of_the_writer_is_on_the_card(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    article(blog, cast.anna)
    people.change_profile(by=house(cast.anna), member=cast.anna, changes={"name": "Anna Berg"})
    from torvet.activity.outbox import drain

    while drain():
        pass
    card = signed_in(cast.bo).get(cast.open.url).content.decode()
    assert "Anna Berg" in card and "Anna Åberg" not in card.partition("<main")[2]
