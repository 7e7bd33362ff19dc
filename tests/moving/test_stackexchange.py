"""A dump of Stack Exchange: questions, answers, comments, scores, and what was accepted."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import house, newcomer
from tests.moving.tables import changed, digest_of_all_tables
from tests.moving.talks import bring, dump, entry_of, line, row
from torvet.activity.models import Activity
from torvet.entries.models import Entry, EntryTopic, Revision, Vote, Watch
from torvet.forum.models import Forum, Thread
from torvet.moving.imports.talk.threads import Threads
from torvet.moving.report import BadInput
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

KIND = "stackexchange"
POSTS = [
    row(3, ParentId=1, Score="5"),  # answers may come before their question
    row(1, AcceptedAnswerId=3, Score="-2", LastEditDate="2024-03-02T09:00:00.000"),
    row(4, ParentId=1, OwnerUserId=None, OwnerDisplayName="guest7"),
]


def test_a_question_its_answers_and_the_accepted_one(admin: Viewer, tmp_path: Path) -> None:
    report = bring(KIND, dump(tmp_path, POSTS), by=admin)
    question, answer = entry_of("post:1"), entry_of("post:3")
    assert (question.kind, question.title, question.votes, question.votes_before) == (
        "question",
        "Question 1",
        -2,
        -2,
    )
    assert (answer.kind, answer.root_id, answer.reply_to_id, answer.votes) == (
        "answer",
        question.pk,
        question.pk,
        5,
    )
    assert question.reply_count == 2
    assert question.edited_at and question.edited_at.day == 2
    assert question.published_at == question.created_at
    thread = Thread.objects.get(pk=question.pk)
    assert thread.accepted == answer
    # No export says when; it cannot have been before the answer was there.
    assert thread.accepted_at == thread.solved_at == thread.answered_at == answer.published_at
    assert line(report, "accepted") == (1, 1, 0, 0, 0)
    names = EntryTopic.objects.filter(entry=question).values_list("topic__name", flat=True)
    assert sorted(names) == ["kitchen", "lunch"]
    assert not Watch.objects.exists()  # nobody's account is open
    assert Activity.objects.filter(verb="imported").count() == 1


def test_every_post_says_where_it_stood_and_who_wrote_it(admin: Viewer, tmp_path: Path) -> None:
    users = [{"Id": 13, "DisplayName": "Sofie Lund"}, {"Id": 99, "DisplayName": "Wrote nothing"}]
    bring(KIND, dump(tmp_path, POSTS, Users=users), by=admin)
    body = entry_of("post:3").body
    assert 'href="https://cooking.example.com/a/3"' in body
    assert 'href="https://cooking.example.com/users/13"' in body
    assert "by Sofie Lund" in entry_of("post:3").text
    assert "CC BY-SA" in body
    assert "guest7" in entry_of("post:4").text
    assert not Member.objects.filter(name="Wrote nothing").exists()


def test_authors_are_closed_accounts_and_the_forum_is_closed(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, dump(tmp_path, POSTS), by=admin)
    shells = Member.objects.exclude(pk=admin.id)
    assert sorted(shells.values_list("name", flat=True)) == ["Somebody who left", "user11", "user13"]
    assert not any(one.is_active or one.has_usable_password() for one in shells)
    space = Forum.objects.get().space
    assert (space.name, space.access, space.member_count) == ("cooking.example.com", "closed", 1)


def test_comments_stand_below_what_they_comment(admin: Viewer, tmp_path: Path) -> None:
    comments = [
        {
            "Id": 1,
            "PostId": 3,
            "Text": "Do you *mean* `oven`?",
            "CreationDate": "2024-03-01T10:00:00",
            "UserId": 11,
        },
        {"Id": 2, "PostId": 77, "Text": "Lost", "CreationDate": "2024-03-01T10:00:00", "UserId": 11},
    ]
    report = bring(KIND, dump(tmp_path, POSTS, Comments=comments), by=admin)
    comment = entry_of("comment:1")
    assert (comment.kind, comment.reply_to, comment.root) == (
        "comment",
        entry_of("post:3"),
        entry_of("post:1"),
    )
    assert comment.body == "<p>Do you <em>mean</em> <code>oven</code>?</p>"
    assert line(report, "comments") == (2, 1, 0, 0, 1)
    assert ("comments", "what it answers is not in the export") in report.reasons


def test_a_vote_tells_the_day_of_accepting(admin: Viewer, tmp_path: Path) -> None:
    votes = [{"Id": 1, "PostId": 3, "VoteTypeId": 1, "CreationDate": "2024-03-05T00:00:00.000"},
             {"Id": 2, "PostId": 3, "VoteTypeId": 2, "CreationDate": "2024-03-04T00:00:00.000"}]  # fmt: skip
    bring(KIND, dump(tmp_path, POSTS, Votes=votes), by=admin)
    assert Thread.objects.get().accepted_at.isoformat() == "2024-03-05T00:00:00+00:00"  # type: ignore[union-attr]


def test_what_is_closed_there_is_closed_here_with_a_reason(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, dump(tmp_path, [row(1, ClosedDate="2024-03-03T10:00:00.000")]), by=admin)
    question = entry_of("post:1")
    assert question.closed_at and question.closed_at.day == 3
    assert question.closed_why == "It was closed where it came from."


def test_other_kinds_of_posts_are_counted(admin: Viewer, tmp_path: Path) -> None:
    posts = [row(1), row(2, PostTypeId="5"), row(3, PostTypeId="42"), row(4, ParentId=50)]
    report = bring(KIND, dump(tmp_path, posts), by=admin)
    assert line(report, "other_posts") == (2, 0, 0, 0, 2)
    assert report.reasons["other_posts", "a post of a kind that nobody knows here"] == 1
    assert report.reasons["answers", "what it answers is not in the export"] == 1


def test_twice_changes_nothing_and_a_look_first_counts_the_same(admin: Viewer, tmp_path: Path) -> None:
    path = dump(tmp_path, POSTS)
    before = digest_of_all_tables()
    looked = bring(KIND, path, by=admin, is_dry_run=True)
    assert changed(before) == []
    first = bring(KIND, path, by=admin)
    assert looked.counts() == first.counts()
    before = digest_of_all_tables()
    again = bring(KIND, path, by=admin)
    assert changed(before) == []
    for name, numbers in again.counts().items():
        assert numbers["unchanged"] == first.counts()[name]["imported"], name


# Again, with a newer dump


def test_a_newer_dump_brings_words_answers_scores_and_the_accepted(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, dump(tmp_path, POSTS), by=admin)
    newer = [
        row(3, ParentId=1, Score="9"),
        row(
            1,
            AcceptedAnswerId=5,
            Score="-2",
            Body="<p>Better words</p>",
            LastEditDate="2024-03-09T09:00:00.000",
        ),
        row(4, ParentId=1, OwnerUserId=None, OwnerDisplayName="guest7"),
        row(5, ParentId=1),
    ]
    report = bring(KIND, dump(tmp_path, newer), by=admin)
    question = entry_of("post:1")
    assert "Better words" in question.text
    assert (question.version, question.reply_count) == (2, 3)
    assert "Words of 1" in Revision.objects.get(entry=question).text
    # A score alone makes no new version.
    answer = entry_of("post:3")
    assert (answer.votes, answer.votes_before, answer.version, answer.edited_at) == (9, 9, 1, None)
    assert Thread.objects.get(pk=question.pk).accepted == entry_of("post:5")
    assert line(report, "answers") == (3, 1, 1, 1, 0)
    assert line(report, "accepted") == (1, 0, 1, 0, 0)
    before = digest_of_all_tables()
    bring(KIND, dump(tmp_path, newer), by=admin)
    assert changed(before) == []


def test_votes_given_here_are_kept_when_the_score_changes(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, dump(tmp_path, POSTS), by=admin)
    Vote.objects.create(entry=entry_of("post:3"), member_id=admin.id)
    bring(KIND, dump(tmp_path, [row(3, ParentId=1, Score="7"), *POSTS[1:]]), by=admin)
    assert entry_of("post:3").votes == 7 + 1


def test_what_was_changed_or_accepted_here_stays(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, dump(tmp_path, POSTS), by=admin)
    Entry.objects.filter(pk=entry_of("post:4").pk).update(version=2, text="Ours")
    Thread.objects.update(accepted=entry_of("post:4"))
    newer = [row(3, ParentId=1, Score="5"), row(1, AcceptedAnswerId=6, Score="-2", LastEditDate="2024-03-02T09:00:00.000"),
             row(4, ParentId=1, OwnerUserId=None, OwnerDisplayName="guest7", Body="<p>Theirs</p>"), row(6, ParentId=1)]  # fmt: skip
    report = bring(KIND, dump(tmp_path, newer), by=admin)
    assert entry_of("post:4").text == "Ours"
    assert report.reasons["answers", "edited or removed here since"] == 1
    assert Thread.objects.get().accepted == entry_of("post:4")
    assert report.reasons["accepted", "another answer was accepted here since"] == 1


def test_a_new_score_does_not_touch_words_that_were_changed_here(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, dump(tmp_path, POSTS), by=admin)
    Entry.objects.filter(pk=entry_of("post:3").pk).update(version=2, text="Ours", body="<p>Ours</p>")
    for score, said in (("6", "Words of 3"), ("8", "Theirs")):
        newer = [row(3, ParentId=1, Score=score, Body=f"<p>{said}</p>"), *POSTS[1:]]
        bring(KIND, dump(tmp_path, newer), by=admin)
        assert entry_of("post:3").text == "Ours"
    # When both changed over there, what stands here stays altogether.
    assert entry_of("post:3").votes == 6


def test_answers_to_a_question_that_was_removed_here_stay_out(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, dump(tmp_path, POSTS), by=admin)
    question = entry_of("post:1")
    Entry.objects.filter(pk=question.pk).update(removed_at=question.published_at)
    report = bring(KIND, dump(tmp_path, [*POSTS, row(8, ParentId=1)]), by=admin)
    assert report.reasons["answers", "its thread was removed here since"] == 1


def test_an_import_that_is_cut_off_leaves_nothing(
    admin: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Threads, "write", fail)
    before = digest_of_all_tables()
    with pytest.raises(KeyboardInterrupt):
        bring(KIND, dump(tmp_path, POSTS), by=admin)
    assert [table for table in changed(before) if "sequence" not in table] == []


# Where to


def test_it_goes_into_the_space_that_is_named(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, dump(tmp_path, POSTS), by=admin, new_space="Cooking")
    space = Space.objects.get(name="Cooking")
    bring(KIND, dump(tmp_path, [*POSTS, row(9)]), by=admin)  # it finds its way back alone
    bring(KIND, dump(tmp_path, [*POSTS, row(9)]), by=admin, space=str(space.pk))
    assert Entry.objects.exclude(space=space).count() == 0
    with pytest.raises(BadInput, match=r"already here, in the space Cooking\."):
        bring(KIND, dump(tmp_path, POSTS), by=admin, new_space="Other")
    report = bring(KIND, dump(tmp_path, POSTS), by=admin, new_space="Other", called="a second one")
    assert line(report, "questions") == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("access", "why"), [("closed", "archived or closed to you"), ("secret", "you cannot see")]
)
def test_it_finds_its_way_back_only_for_those_who_may_write_there(
    access: str, why: str, admin: Viewer, tmp_path: Path
) -> None:
    bring(KIND, dump(tmp_path, POSTS), by=admin, new_space="Cooking")
    Space.objects.filter(name="Cooking").update(access=access)
    other = newcomer("Other Administrator")
    Member.objects.filter(pk=other.pk).update(role="administrator")
    with pytest.raises(BadInput, match=why) as refused:
        bring(KIND, dump(tmp_path, [*POSTS, row(9)]), by=house(Member.objects.get(pk=other.pk)))
    assert ("Cooking" in str(refused.value)) == (access == "closed")


@pytest.mark.only_postgres
def test_nobody_votes_past_an_import_that_changes_the_score(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, dump(tmp_path, POSTS), by=admin)
    with CaptureQueriesContext(connection) as asked:
        bring(KIND, dump(tmp_path, [row(3, ParentId=1, Score="7"), *POSTS[1:]]), by=admin)
    rows = [
        one["sql"] for one in asked if 'FROM "entries_entry"' in one["sql"] and "FOR UPDATE" in one["sql"]
    ]
    assert len(rows) >= 1


def test_a_space_with_its_name_is_not_taken_by_mistake(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, dump(tmp_path, POSTS), by=admin, called="one")
    with pytest.raises(
        BadInput, match=r"There is a space called cooking\.example\.com already\. Say --space"
    ):
        bring(KIND, dump(tmp_path, POSTS), by=admin, called="two")


def test_mail_addresses_are_no_part_of_a_dump_so_nobody_here_is_taken_for_an_author(
    admin: Viewer, tmp_path: Path
) -> None:
    mine = newcomer("Sofie Lund")
    bring(KIND, dump(tmp_path, POSTS, Users=[{"Id": 13, "DisplayName": "Sofie Lund"}]), by=admin)
    assert entry_of("post:3").author != mine


BOMB = b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><posts><row Id="&b;"/></posts>'


@pytest.mark.parametrize(
    ("posts", "why"),
    [
        (BOMB, "Posts.xml: it defines entities of its own"),
        (b"<posts><row Id='1'", "Posts.xml: it is damaged or cut off"),
        (b"Dear all", "Posts.xml: it is not XML|damaged"),
        (b'<posts><row Id="x" PostTypeId="1" CreationDate="2024-03-01"/></posts>', "row 1 has an Id that is no number"),
        (b'<posts><row Id="1" PostTypeId="1" CreationDate="soon"/></posts>', "row 1 has no time at which"),
        (b'<posts><row Id="1" PostTypeId="1" CreationDate="0001-01-01"/></posts>', "row 1 has no time at which"),
    ],
)  # fmt: skip
def test_a_dump_that_cannot_be_is_refused_with_its_place(
    posts: bytes, why: str, admin: Viewer, tmp_path: Path
) -> None:
    path = tmp_path / "dump"
    (path / "cooking.example.com").mkdir(parents=True)
    (path / "cooking.example.com" / "Posts.xml").write_bytes(posts)
    before = digest_of_all_tables()
    with pytest.raises(BadInput, match=why):
        bring(KIND, path, by=admin)
    assert changed(before) == []


def test_what_is_no_dump_is_said_to_be_none(admin: Viewer, tmp_path: Path) -> None:
    (tmp_path / "cooking.7z").write_bytes(b"7z\xbc\xaf")
    with pytest.raises(BadInput, match="is packed as 7z"):
        bring(KIND, tmp_path / "cooking.7z", by=admin)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="is no dump of Stack Exchange"):
        bring(KIND, tmp_path / "empty", by=admin)
    with pytest.raises(BadInput, match="is not the address of a site"):
        bring(KIND, dump(tmp_path, POSTS), by=admin, address="what is this")


def test_odd_rows_lose_nothing(admin: Viewer, tmp_path: Path) -> None:
    posts = [
        row(
            1,
            Title="",
            Tags="|bread|c++|",
            Score="many",
            Body="<script>x()</script><p>Words <b>stay</b>, m<sup>2</sup>"
            ' <img src="https://pictures.example/a.png" alt="enter image description here"></p>',
        ),
        row(2, Title="T" * 230, Body="w " * 30_000, OwnerUserId="-1"),
        row(1, Title="Twice"),
    ]
    report = bring(KIND, dump(tmp_path, posts), by=admin)
    first, long = entry_of("post:1"), entry_of("post:2")
    assert first.title == "A question without a title"
    assert "x()" not in first.body
    assert "<strong>stay</strong>" in first.body
    assert first.text.startswith("Words stay, m² https://pictures.example/a.png")
    assert long.title.endswith("…")
    assert len(long.title) == 200
    assert long.attachments.get().size > 59_000
    assert long.author.is_bot
    assert report.reasons["questions", "the same message twice"] == 1
