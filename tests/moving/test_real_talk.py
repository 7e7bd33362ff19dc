"""The real conversations beside this repository, against the facts that their README gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import F, Sum

from tests.moving.tables import changed, digest_of_all_tables
from torvet.entries.models import Attachment, Entry
from torvet.forum.models import Forum, SubForum, Thread
from torvet.moving.report import Report
from torvet.moving.running import run_import
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

pytestmark = [pytest.mark.shareddata, pytest.mark.slow]


def found_of(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    return {line: numbers["found"] for line, numbers in counts.items() if numbers["found"]}


def twice(kind: str, path: Path, *, by: Viewer) -> Report:
    """Import a file, and again: the second time changes no row of any table."""
    first = run_import(kind, path, by=by)
    before = digest_of_all_tables()
    again = run_import(kind, path, by=by)
    assert changed(before) == []
    assert found_of(again.counts()) == found_of(first.counts())
    for numbers in again.counts().values():
        assert numbers["imported"] == numbers["updated"] == 0
    return first


def test_a_community_of_stack_exchange_comes_in_twice(admin: Viewer, shared_data: Path) -> None:
    counts = twice(
        "stackexchange", shared_data / "conversations" / "stackexchange-matheducators.zip", by=admin
    ).counts()
    # 397 questions, 1,507 answers, 362 users, 189 accepted. One of the 362 wrote nothing but a note about a tag, and one
    # stands for all four whose accounts were deleted.
    assert counts["questions"]["imported"] == counts["questions"]["found"] == 397
    assert counts["answers"]["imported"] == counts["answers"]["found"] == 1507
    assert counts["accepted"]["imported"] == counts["accepted"]["found"] == 189
    assert (counts["members"]["found"], counts["members"]["imported"]) == (362, 361)
    assert counts["other_posts"] == {
        "found": 157,
        "imported": 0,
        "updated": 0,
        "unchanged": 0,
        "skipped": 157,
    }
    assert Entry.objects.filter(kind="question", root=None).count() == 397
    # Every answer stands right below its question.
    assert Entry.objects.filter(kind="answer", reply_to=F("root")).count() == 1507
    assert Thread.objects.filter(accepted__root=F("entry"), solved_at=F("accepted_at")).count() == 189
    # Scores: as the file has them, 21 below zero.
    scores = Entry.objects.aggregate(Sum("votes"), Sum("votes_before"))
    assert scores == {"votes__sum": 12_828, "votes_before__sum": 12_828}
    assert Entry.objects.filter(votes__lt=0).count() == 21
    assert Entry.objects.filter(closed_at__isnull=False).count() == 22
    assert Entry.objects.get(title="Encouraging class participation").votes == 37
    space = Forum.objects.get().space
    assert (space.name, space.access) == ("matheducators.stackexchange.com", "closed")
    assert space.memberships.get().member == admin.member


def test_a_forum_of_discourse_comes_in_twice(admin: Viewer, shared_data: Path) -> None:
    report = twice("discourse", shared_data / "conversations" / "discourse-matheducators.zip", by=admin)
    counts = report.counts()
    # 397 topics, 1,904 posts: of one topic 8 posts beyond the first twenty are not in the zip.
    assert counts["topics"]["imported"] == counts["topics"]["found"] == 397
    assert (counts["posts"]["found"], counts["posts"]["imported"], counts["posts"]["skipped"]) == (
        1904,
        1896,
        8,
    )
    assert {(one["what"], one["where"]) for one in report.skipped} == {("posts", "t/1817.json")}
    assert counts["accepted"]["imported"] == counts["accepted"]["found"] == 189
    assert counts["sub_fora"]["imported"] == SubForum.objects.count() == 12
    assert Entry.objects.count() == 1896
    assert Thread.objects.filter(accepted__root=F("entry"), accepted__kind="answer").count() == 189
    assert Thread.objects.filter(sub_forum=None).count() == 81  # those without a category over there
    # Likes of people whom the export does not name count as votes from before.
    assert Entry.objects.get(title="Encouraging class participation").votes_before == 37


def test_a_server_of_mattermost_comes_in_twice(admin: Viewer, shared_data: Path) -> None:
    counts = twice(
        "mattermost", shared_data / "conversations" / "mattermost-bulk-chat.zip", by=admin
    ).counts()
    # 961 users, 3 channels, 1,201 posts + 6,723 replies.
    assert counts["members"]["imported"] == counts["members"]["found"] == 961
    assert counts["spaces"]["imported"] == Space.objects.filter(access="open").count() == 3
    assert counts["posts"]["imported"] == Entry.objects.filter(kind="post").count() == 1201
    assert counts["replies"]["imported"] == Entry.objects.filter(kind="comment").count() == 6723
    assert sum(Entry.objects.roots().values_list("reply_count", flat=True)) == 6723


def test_the_archive_of_a_mailing_list_comes_in_twice(admin: Viewer, shared_data: Path) -> None:
    report = twice("mbox", shared_data / "conversations" / "mailing-list-notmuch-2009.mbox", by=admin)
    counts = report.counts()
    # 53 messages, 29 replies, 18 people. One message is told twice, two people were only written to, and one reply
    # answers a mail of another list.
    assert (counts["messages"]["found"], counts["messages"]["imported"]) == (53, 52)
    assert ("messages", "the same message twice") in report.reasons
    assert counts["replies"]["imported"] == counts["replies"]["found"] == 29
    assert (counts["members"]["found"], counts["members"]["imported"]) == (18, 16)
    assert counts["missing_openers"]["found"] == 1
    assert counts["threads"]["imported"] == Entry.objects.roots().filter(kind="discussion").count() == 24
    assert Entry.objects.filter(kind="comment").count() == 52 - 24
    assert Forum.objects.get().space.name == "notmuch"


def test_the_sample_of_all_that_mattermost_writes(admin: Viewer, shared_data: Path) -> None:
    counts = twice("mattermost", shared_data / "fixtures" / "mattermost-all-objects.zip", by=admin).counts()
    assert found_of(counts) == {
        "members": 4, "spaces": 3, "memberships": 3, "posts": 4, "replies": 2, "reactions": 2, "files": 2, "pins": 1,
        "emoji": 1, "direct_conversations": 2, "direct_messages": 2, "other_files": 1,
    }  # fmt: skip
    assert (counts["spaces"]["imported"], counts["posts"]["imported"]) == (2, 2)  # not the private one
    assert not Entry.objects.filter(text__contains="Fortroligt").exists()


def test_the_sample_of_odd_mail(admin: Viewer, shared_data: Path) -> None:
    counts = twice("mbox", shared_data / "fixtures" / "mbox-edge-cases.mbox", by=admin).counts()
    assert counts["messages"]["imported"] == counts["messages"]["found"] == 6
    thread = Entry.objects.get(title="Rød båd på østkajen")
    assert "Den røde båd ligger på østkajen." in thread.text
    assert thread.author.name == "Søren nh"
    assert thread.reply_count == 3
    assert Attachment.objects.get().name == "årsmøde.png"  # a picture that no program can open
    assert "From denne linje er undsluppet" in Attachment.objects.get().entry.text
    assert "tlf" not in Attachment.objects.get().entry.text
