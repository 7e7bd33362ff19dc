"""Topics of Discourse: discussions and questions with replies, likes, categories, and what must stay out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.moving.tables import changed, digest_of_all_tables
from tests.moving.talks import CATEGORIES, bring, dump, entry_of, forum, line, post, row, topic, zipped
from tests.moving.wikis import a_picture
from torvet.entries.models import Attachment, Entry
from torvet.forum.models import Forum, SubForum, Thread
from torvet.moving.report import BadInput
from torvet.people.viewer import Viewer
from torvet.spaces.actions import open_space
from torvet.spaces.models import Access, Space

KIND = "discourse"


def likes(number: int) -> list[dict[str, int]]:
    return [{"id": 2, "count": number}]


def test_a_discussion_with_its_replies(admin: Viewer, tmp_path: Path) -> None:
    posts = (
        post(1, actions_summary=likes(4)),
        post(2, "bo", reply_to_post_number=None),
        post(3, "eva", reply_to_post_number=2, version=2, updated_at="2024-03-04T08:00:00.000Z"),
    )
    report = bring(KIND, forum(tmp_path, topic(7, *posts, pinned=True)), by=admin)
    opener, first, second = (entry_of(f"topic:7:{number}") for number in (1, 2, 3))
    assert (opener.kind, opener.title, opener.votes_before, opener.reply_count) == (
        "discussion",
        "Topic 7",
        4,
        2,
    )
    assert opener.pinned_at is not None
    assert (first.kind, first.reply_to) == ("comment", opener)
    assert (second.reply_to, second.root) == (first, opener)
    assert second.edited_at
    assert Thread.objects.get(pk=opener.pk).sub_forum.name == "Kitchen"  # type: ignore[union-attr]
    assert line(report, "topics") == (1, 1, 0, 0, 0)
    assert line(report, "posts") == (3, 3, 0, 0, 0)


def test_where_an_answer_was_accepted_topics_are_questions(admin: Viewer, tmp_path: Path) -> None:
    asked = topic(7, post(1), post(2, "bo"), post(3, "eva", reply_to_post_number=2),
                  accepted_answer={"post_number": 3, "username": "eva"})  # fmt: skip
    also = topic(8, post(1), post(2, "bo"))
    other = topic(9, category_id=3)
    report = bring(KIND, forum(tmp_path, asked, also, other), by=admin)
    kinds = {number: entry_of(f"topic:{number}:1").kind for number in (7, 8, 9)}
    assert kinds == {7: "question", 8: "question", 9: "discussion"}
    answer = entry_of("topic:7:3")
    # The accepted one stands right below the question, whatever it replied to.
    assert (answer.kind, answer.reply_to) == ("answer", entry_of("topic:7:1"))
    thread = Thread.objects.get(pk=entry_of("topic:7:1").pk)
    assert (thread.accepted, thread.accepted_at) == (answer, answer.published_at)
    assert entry_of("topic:8:2").kind == "answer"
    assert line(report, "accepted") == (1, 1, 0, 0, 0)


def test_a_category_within_another_carries_its_name(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, forum(tmp_path, topic(7, category_id=3)), by=admin)
    assert list(SubForum.objects.values_list("name", "about")) == [
        ("Kitchen", "All about it"), ("Kitchen – Ovens", "")
    ]  # fmt: skip


def test_posts_that_were_not_saved_are_told_and_come_later(admin: Viewer, tmp_path: Path) -> None:
    whole = topic(7, post(1), post(2, "bo"), lacking=[7003, 7004])
    report = bring(KIND, forum(tmp_path, whole), by=admin)
    assert line(report, "posts") == (4, 2, 0, 0, 2)
    assert report.skipped[0]["why"].startswith("only its number is in the export; save /t/<topic>/posts.json")
    more = {"id": 7, "post_stream": {"posts": [post(3, "eva") | {"id": 7003}, post(4) | {"id": 7004}]}}
    report = bring(KIND, forum(tmp_path, whole, t__7__posts_0json=more), by=admin)
    assert line(report, "posts") == (4, 2, 0, 2, 0)
    assert entry_of("topic:7:1").reply_count == 3
    before = digest_of_all_tables()
    bring(KIND, forum(tmp_path, whole, t__7__posts_0json=more), by=admin)
    assert changed(before) == []


def test_what_was_not_for_everybody_stays_out(admin: Viewer, tmp_path: Path) -> None:
    posts = (
        post(1),
        post(2, post_type=2, cooked="<p>moved</p>"),
        post(3, post_type=3),
        post(4, post_type=4, cooked="<p>whispered</p>"),
        post(5, hidden=True, cooked="<p>flagged</p>"),
        post(6, deleted_at="2024-03-02T08:00:00Z", cooked="<p>deleted</p>"),
        post(7, post_type=99, cooked="<p>strange</p>"),
        post(8, "bo", reply_to_post_number=4),
    )
    export = forum(
        tmp_path,
        topic(7, *posts),
        topic(8, archetype="private_message"),
        topic(9, category_id=2),
        topic(10, visible=False),
        topic(11, deleted_at="2024-03-02T08:00:00Z"),
    )
    report = bring(KIND, export, by=admin)
    assert Entry.objects.count() == 2
    # What it replied to is left out: it stands right below the opener.
    assert entry_of("topic:7:8").reply_to == entry_of("topic:7:1")
    assert line(report, "topics") == (5, 1, 0, 0, 4)
    assert line(report, "posts") == (12, 2, 0, 0, 10)
    assert {why for _line, why in report.reasons} >= {
        "a private message; those stay private", "it was unlisted over there", "it was hidden over there",
        "a whisper among moderators", "it was deleted over there", "a post of a kind that nobody knows here",
        "its category was not for everybody over there; --with-restricted brings it in",
    }  # fmt: skip
    assert not SubForum.objects.filter(name="Board").exists()


def test_an_opener_that_was_hidden_there_opens_its_thread_without_its_words(
    admin: Viewer, tmp_path: Path
) -> None:
    export = forum(tmp_path, topic(7, post(1, hidden=True, cooked="<p>flagged</p>"), post(2, "bo")))
    report = bring(KIND, export, by=admin)
    opener = entry_of("topic:7:1").text
    assert (
        opener.startswith("The beginning of this conversation was not in the export.")
        and "flagged" not in opener
    )
    assert entry_of("topic:7:2").reply_to == entry_of("topic:7:1")
    assert line(report, "missing_openers") == (1, 1, 0, 0, 0)


def test_a_restricted_category_comes_when_wished_and_never_into_the_open(
    admin: Viewer, tmp_path: Path
) -> None:
    export = forum(tmp_path, topic(9, category_id=2))
    assert admin.member
    open_space(by=admin, name="Town", purpose="a", audience="b", responsible=admin.member, access=Access.OPEN)
    with pytest.raises(BadInput, match="Not everybody could read all of this over there, and Town is open"):
        bring(KIND, export, by=admin, space="Town", with_restricted=True)
    assert not Entry.objects.exists()
    bring(KIND, export, by=admin, with_restricted=True)
    assert entry_of("topic:9:1").space.access == Access.CLOSED
    assert Thread.objects.get().sub_forum.name == "Board"  # type: ignore[union-attr]


def test_what_is_closed_there_is_closed_here(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, forum(tmp_path, topic(7, closed=True), topic(8, archived=True)), by=admin)
    assert {one.closed_why for one in Entry.objects.all()} == {"It was closed where it came from."}


def test_replies_in_a_circle_are_cut(admin: Viewer, tmp_path: Path) -> None:
    posts = (
        post(1),
        post(2, reply_to_post_number=3),
        post(3, reply_to_post_number=2),
        post(4, reply_to_post_number=4),
    )
    report = bring(KIND, forum(tmp_path, topic(7, *posts)), by=admin)
    assert entry_of("topic:7:2").reply_to == entry_of("topic:7:1")
    assert entry_of("topic:7:3").reply_to == entry_of("topic:7:2")
    assert entry_of("topic:7:4").reply_to == entry_of("topic:7:1")
    assert line(report, "posts") == (4, 4, 0, 0, 0)
    assert line(report, "reply_loops")[0] == 1


def test_a_topic_without_its_beginning_keeps_its_title(admin: Viewer, tmp_path: Path) -> None:
    report = bring(KIND, forum(tmp_path, topic(7, post(2, "bo"), post(3))), by=admin)
    opener = entry_of("topic:7:1")
    assert opener.title == "Topic 7"
    assert opener.text.startswith("The beginning of this conversation was not in the export.")
    assert entry_of("topic:7:2").root == opener
    assert line(report, "missing_openers")[:2] == (1, 1)


COOKED = (
    '<p><a class="mention" href="/u/bo">@bo</a> <a class="mention" href="/u/nobody">@nobody</a>'
    ' <img class="emoji" alt=":tada:" src="/images/emoji/tada.png"> <a class="hashtag-cooked" href="/c/x">#kitchen</a></p>'
    '<aside class="quote" data-username="bo" data-post="2" data-topic="7"><div class="title">bo:</div>'
    "<blockquote><p>before</p></blockquote></aside>"
    '<aside class="onebox" data-onebox-src="https://example.org/a"><h3><a href="https://example.org/a">Example</a></h3>'
    '<p>preview</p></aside><div class="lightbox-wrapper"><a class="lightbox" href="/uploads/default/original/oven.png">'
    '<img src="/uploads/default/optimized/oven_2.png" alt="Our oven"><div class="meta"><svg></svg>oven 800×600</div></a></div>'
    '<div class="poll"><ul><li data-poll-option-id="a">Yes</li><li data-poll-option-id="b">No</li></ul></div>'
    '<p><a href="/t/other/8">other</a> <a href="javascript:x()">bad</a><script>x()</script></p>'
)


def test_the_words_of_a_post(admin: Viewer, tmp_path: Path) -> None:
    export = forum(
        tmp_path,
        topic(7, post(1, cooked=COOKED), post(2, "bo")),
        uploads__default__original__oven_0png=a_picture(),
    )
    bring(KIND, export, by=admin, address="https://forum.example.org")
    said = entry_of("topic:7:1")
    picture = Attachment.objects.get()
    bo = entry_of("topic:7:2").author
    assert f'data-mention="member-{bo.pk}"' in said.body
    assert "@nobody 🎉 #kitchen" in said.text
    assert "<blockquote><p><strong>bo:</strong></p><p>before</p></blockquote>" in said.body
    assert '<a href="https://example.org/a" rel="noopener noreferrer nofollow">Example</a>' in said.body
    assert f'<img src="/files/{picture.key}/' in said.body
    assert "preview" not in said.text
    assert "800" not in said.text
    assert "<ul><li><p>Yes</p></li><li><p>No</p></li></ul>" in said.body
    assert 'href="https://forum.example.org/t/other/8"' in said.body
    assert "javascript" not in said.body
    assert "From forum.example.org, by Mette" in said.text
    assert Forum.objects.get().space.name == "forum.example.org"


def test_without_an_address_links_within_the_forum_keep_their_words(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, forum(tmp_path, topic(7, post(1, cooked='<p><a href="/t/8">other</a></p>'))), by=admin)
    assert entry_of("topic:7:1").body.startswith("<p>other</p>")


def test_a_newer_export_brings_what_changed(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, forum(tmp_path, topic(7, post(1), post(2, "bo"), post(3, "eva"))), by=admin)
    newer = topic(7, post(1, cooked="<p>New</p>", version=2, updated_at="2024-03-05T08:00:00Z"),
                  post(2, "bo", actions_summary=likes(3)), post(3, "eva", user_deleted=True),
                  accepted_answer={"post_number": 2}, closed=True, tags=[{"id": 1, "name": "bread"}])  # fmt: skip
    report = bring(KIND, forum(tmp_path, newer), by=admin)
    opener, answer = entry_of("topic:7:1"), entry_of("topic:7:2")
    assert (opener.kind, opener.version, opener.closed_why != "") == ("question", 2, True)
    assert (answer.kind, answer.votes, answer.version) == ("answer", 3, 1)
    assert entry_of("topic:7:3").removed_at is not None
    assert opener.reply_count == 1
    thread = Thread.objects.get(pk=opener.pk)
    assert (thread.accepted, thread.answered_at) == (answer, answer.published_at)
    assert line(report, "posts") == (3, 0, 3, 0, 0)
    before = digest_of_all_tables()
    bring(KIND, forum(tmp_path, newer), by=admin)
    assert changed(before) == []


def test_the_same_community_twice_from_two_systems_does_not_mix(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, forum(tmp_path, topic(7)), by=admin)
    bring("stackexchange", dump(tmp_path, [row(1)]), by=admin)
    assert Space.objects.filter(forum__isnull=False).count() == 2


def test_more_categories_than_a_forum_has_parts(admin: Viewer, tmp_path: Path) -> None:
    many = {"categories": [{"id": number, "name": "Same name"} for number in range(1, 43)]}
    report = bring(KIND, forum(tmp_path, topic(7, category_id=42), site_0json=many), by=admin)
    assert line(report, "sub_fora") == (42, 40, 0, 0, 2)
    assert Thread.objects.get().sub_forum is None
    assert SubForum.objects.filter(name="Same name 40").exists()


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"readme.txt": "x"}, r"holds no topics of Discourse: there is no t/<id>\.json in it"),
        ({"t/1.json": "{"}, r"t/1\.json is not JSON as expected"),
        ({"t/1.json": "[]"}, r"t/1\.json is not what Discourse has there"),
        ({"t/1.json": topic(1, post(1, created_at="yesterday"))}, r"t/1\.json, post 1 has no time at which"),
        ({"../t/1.json": "{}"}, "its name leads outside"),
    ],
)
def test_an_export_that_cannot_be_is_refused_with_its_place(
    files: dict[str, object], why: str, admin: Viewer, tmp_path: Path
) -> None:
    before = digest_of_all_tables()
    with pytest.raises(BadInput, match=why):
        bring(KIND, zipped(tmp_path / "bad.zip", files), by=admin)
    assert changed(before) == []


def test_a_backup_is_said_to_be_one(admin: Viewer, tmp_path: Path) -> None:
    (tmp_path / "site-2024.tar.gz").write_bytes(b"\x1f\x8b")
    with pytest.raises(BadInput, match="is a backup of the whole site"):
        bring(KIND, tmp_path / "site-2024.tar.gz", by=admin)


def test_odd_shapes_lose_nothing(admin: Viewer, tmp_path: Path) -> None:
    odd = topic(7, post(1, username=None, user_id=None, name=5, cooked=None, actions_summary="x", version="2"),
                title=None, tags="x", category_id="one", accepted_answer=True)  # fmt: skip
    listed = {"topic_list": {"topics": [{"id": 7}, {"id": 8}]}}
    report = bring(KIND, forum(tmp_path, odd, latest_0json=listed, robots_0txt="x"), by=admin)
    opener = entry_of("topic:7:1")
    assert (opener.title, opener.author.name) == ("A topic without a title", "Somebody who left")
    assert opener.text == "A message without words"
    assert report.reasons["topics", "only listed; the topic itself is not in the export"] == 1
    assert line(report, "other_files") == (1, 0, 0, 0, 1)
    assert CATEGORIES
