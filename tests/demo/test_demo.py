"""The demo company: built whole from an empty database, in five languages, and left alone the second time."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db.models import Q

from torvet.activity.models import Activity
from torvet.blogs.models import Article, Blog, Draft
from torvet.demo.building import build
from torvet.demo.company.logins import EMPLOYEE, LEADER, LOGINS, PASSWORD
from torvet.demo.founding import PEOPLE
from torvet.demo.pages import read_pages
from torvet.demo.plays import read_plays
from torvet.entries import queries
from torvet.entries.models import Attachment, Card, Entry, Mention, Reaction, Revision
from torvet.forum.models import Forum, Thread
from torvet.moving.progress import Progress
from torvet.notifications.models import Notification
from torvet.people.actions import as_house
from torvet.people.models import NOBODYS, Member, Role
from torvet.spaces.models import Access, Membership, Space
from torvet.wiki.models import HandOver, Page, Report, Suggestion, WorkingText
from torvet.wiki.queries import handover

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
NOW = datetime(2026, 3, 12, 13, 30, tzinfo=UTC)  # a Thursday afternoon
NAMES = re.compile(r"(?<![\w@])@([a-z][\w.-]*\w)|@\{(\w+)\}")


@pytest.fixture(scope="module")
def town(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
):
    """Built once for all tests of this file, and taken out again afterwards."""
    from django.db import transaction
    from django.test import override_settings

    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("files"))):  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        try:
            build(progress=Progress.silent(), now=NOW)
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _standing(town: None) -> None:
    """Every test looks at the same town and writes nothing."""


def the_employee() -> Member:
    return Member.objects.get(handle=EMPLOYEE.handle)


def test_the_company_has_its_people_spaces_and_conversations() -> None:
    openers = Entry.objects.roots().filter(kind="post").count()
    replies = Entry.objects.replies().filter(root__kind="post").count()
    assert (
        Member.objects.exclude(email__endswith=NOBODYS).count()
        == len(PEOPLE.read_text(encoding="utf-8").splitlines()) - 1 + 2
    )
    assert openers == len(read_plays()) >= 110
    assert replies == sum(len(play.answers) for play in read_plays()) >= 440
    asked = Entry.objects.roots().filter(kind="question")
    assert asked.filter(forum_thread__solved_at__isnull=False).count() >= 2
    assert asked.filter(forum_thread__same_as__isnull=False).count() == 1
    assert asked.filter(author__email__endswith=NOBODYS).count() == 1 and asked.count() >= 7
    assert Reaction.objects.count() > 1000
    assert {space.access for space in Space.objects.all()} == set(Access.values)
    assert Member.objects.filter(role=Role.GUEST, memberships__space__has_guests=True).count() == 2


def test_leaders_write_and_others_write_for_them() -> None:
    articles = Article.objects.select_related("entry__written_by", "blog__leader", "cover")
    assert {article.entry.language for article in articles} == {"da", "nb", "sv", "nl"}
    assert len(articles) >= 7 and all(article.lead for article in articles)
    assert any(article.written_by and article.blog.leader == article.entry.author for article in articles)
    assert sum(article.cover is not None for article in articles) >= 5
    assert all(article.entry.reply_count and article.entry.reactions for article in articles)
    assert Draft.objects.filter(state="waiting").count() == 1
    assert Blog.objects.filter(leader__handle=LEADER.handle, promise_days=3).count() == 1


def test_people_write_in_all_five_languages() -> None:
    for language in ("da", "nb", "sv", "nl", "en"):
        assert Entry.objects.roots().filter(language=language).count() >= 2, language


def test_everything_happened_before_now_and_ids_follow_time() -> None:
    times = list(Entry.objects.order_by("id").values_list("published_at", flat=True))
    assert times == sorted(times)
    assert NOW - timedelta(days=60) < times[0] < times[-1] < NOW
    assert times[-1] > NOW - timedelta(minutes=25)
    assert Activity.objects.filter(created_at__gt=NOW).count() == 0
    assert not Notification.objects.filter(updated_at__gt=NOW).exists()
    assert not Membership.objects.filter(joined_at__gt=NOW).exists()


def test_everyone_who_is_named_is_linked() -> None:
    units = {"log"}
    for play in read_plays():
        for said in (play, *play.answers):
            named = {handle or unit for handle, unit in NAMES.findall(said.text)}
            known = set(Member.objects.filter(handle__in=named).values_list("handle", flat=True))
            assert named - units == known, said.text
    said = [NAMES.findall(said.text) for play in read_plays() for said in (play, *play.answers)]
    assert Mention.objects.count() == sum(len(set(names)) for names in said)


def test_pictures_say_what_they_show() -> None:
    pictures = Attachment.objects.filter(is_picture=True)
    assert pictures.count() >= 12
    assert not pictures.filter(alt="").exists()
    assert Attachment.objects.filter(is_picture=False).count() >= 4


def test_there_are_edits_a_removal_pins_and_bookmarks() -> None:
    assert Revision.objects.exists()
    assert Entry.objects.filter(removed_at__isnull=False, root__isnull=False).count() == 1
    assert Entry.objects.filter(pinned_at__isnull=False).count() >= 6
    assert the_employee().bookmarks.count() >= 4


def test_nothing_waits_and_every_opener_has_its_card() -> None:
    assert not Activity.objects.filter(fanned_out_at=None).exists()
    assert Card.objects.filter(entry__root=None).count() == Entry.objects.roots().count()


def test_the_employee_has_news_and_has_read_the_rest() -> None:
    nadia = as_house(the_employee())
    told = Notification.objects.visible_to(nadia)
    assert 3 <= told.unread().count() <= 15
    assert told.filter(read_at__isnull=False).count() >= 10
    spaces = Membership.objects.filter(member=nadia.id)
    fresh = [
        row for row in spaces if Entry.objects.roots().filter(space=row.space, published_at__gt=row.read_at)
    ]
    assert 2 <= len(fresh) < len(spaces) - 2


def test_the_employee_sees_nothing_of_what_is_secret() -> None:
    nadia = as_house(the_employee())
    closed = Space.objects.filter(Q(access=Access.SECRET) | Q(access=Access.CLOSED)).exclude(
        memberships__member=nadia.id
    )
    assert closed.count() == 4
    assert not queries.visible(nadia).filter(space__in=closed).exists()


def test_only_the_logins_have_a_password() -> None:
    able = {
        member.email for member in Member.objects.exclude(role=Role.GUEST) if member.has_usable_password()
    }
    assert able == {login.email for login in LOGINS}
    assert all(Member.objects.get(email=login.email).check_password(PASSWORD) for login in LOGINS)


def test_a_second_run_changes_nothing_and_prints_the_logins() -> None:
    before = (Member.objects.count(), Entry.objects.count(), Activity.objects.count())
    said = io.StringIO()
    call_command("demo", stdout=said)
    assert (Member.objects.count(), Entry.objects.count(), Activity.objects.count()) == before
    assert all(login.email in said.getvalue() for login in LOGINS)
    assert PASSWORD in said.getvalue()


def test_the_company_has_written_down_what_it_knows() -> None:
    told = read_pages()
    pages = {
        page.entry.title: page for page in Page.objects.select_related("entry", "parent__entry", "owner")
    }
    assert set(pages) >= {page.title for page in told}
    for page in told:
        kept = pages[page.title]
        assert (kept.parent.entry.title if kept.parent else "") == page.under
        assert kept.owner.handle == page.by
    due = {page.title for page in told if page.due is not None and page.due <= 0}
    assert {title for title, page in pages.items() if page.confirmed_until <= NOW.date()} == due
    saved = [len(page.edits) for page in told if not page.approval]
    assert Revision.objects.filter(entry__page__isnull=False).count() == sum(saved)
    assert WorkingText.objects.count() == len([page for page in told if page.approval])
    assert Suggestion.objects.open().count() == sum(len(page.suggestions) for page in told) == 1
    assert Report.objects.count() == sum(len(page.reports) for page in told) == 1
    assert not Entry.objects.filter(kind="page", text__contains="[[").exists()


def test_somebody_leaves_and_has_begun_to_hand_over() -> None:
    found = HandOver.objects.select_related("member").get()
    assert found.done_at is None and NOW.date() < found.leaves_on
    lars, nadia = (
        as_house(Member.objects.get(handle=handle)) for handle in ("lars.nielsen", EMPLOYEE.handle)
    )
    shown = handover.hands(lars, handover.get_visible(lars, found.member_id) or found)
    assert shown.settled_number == 1 and len(shown.pages.things) >= 3
    assert [line.page.entry.title for line in handover.asked_of(nadia) if line.page]
    assert queries.visible(nadia).filter(kind="page", page__children__isnull=False).exists()


def test_people_discuss_in_fora_and_some_of_it_waits() -> None:
    """Four fora of both sorts; something is solved, pinned, closed and unanswered, in four languages."""
    assert sorted(Forum.objects.values_list("sort", flat=True)) == ["social", "work", "work", "work"]
    talks = Thread.objects.filter(entry__kind="discussion").select_related("entry")
    assert talks.filter(solved_at__isnull=False).count() >= 2
    assert talks.filter(entry__pinned_at__isnull=False, entry__closed_at__isnull=False).exists()
    assert talks.unanswered().filter(entry__closed_at=None).count() >= 3
    assert {"da", "nb", "sv", "nl"} <= set(talks.values_list("entry__language", flat=True))
    assert talks.filter(sub_forum__isnull=False).exists()
