"""A bulk export of Mattermost: channels, posts and replies, and what must stay private."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cast import newcomer
from tests.moving.tables import changed, digest_of_all_tables, kept_files
from tests.moving.talks import MORNING, bring, channel, entry_of, line, reply, said, server, user, zipped
from tests.moving.wikis import a_picture
from torvet.entries.models import Attachment, Entry, Reaction, Revision
from torvet.moving.report import BadInput
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space

KIND = "mattermost"
FIRST = f"firm:lunch/anna:{MORNING}"


def test_a_post_with_its_replies_in_order(admin: Viewer, tmp_path: Path) -> None:
    replies = [reply("Senere", 9), reply("Først", 3, edit_at=MORNING + 60_000)]
    report = bring(KIND, server(tmp_path, said("Frokost?", replies=replies, is_pinned=True)), by=admin)
    post = entry_of(FIRST)
    assert (post.kind, post.reply_count, post.space.name) == ("post", 2, "Lunch")
    assert post.pinned_at is not None
    below = Entry.objects.filter(root=post).order_by("id")
    assert [one.text for one in below] == ["Først", "Senere"]
    assert below[0].edited_at
    assert post.active_at == below[1].published_at
    assert line(report, "posts") == (1, 1, 0, 0, 0)
    assert line(report, "replies") == (2, 2, 0, 0, 0)
    # Everybody is in the team, so the channel was open to everybody.
    assert post.space.access == "open"
    assert Membership.objects.filter(space=post.space).count() == 2


def test_markdown_mentions_channels_and_emoji(admin: Viewer, tmp_path: Path) -> None:
    words = "**Hej** @bo. og @ukendt, se ~lunch og ~board :tada: `:tada: @bo`\n\n@all"
    bring(KIND, server(tmp_path, said(words), channel("board", type="P")), by=admin)
    post = entry_of(FIRST)
    bo = Member.objects.get(handle="bo")
    assert f'<a class="mention" data-mention="member-{bo.pk}" href="/people/{bo.pk}/">@Bo</a>.' in post.body
    assert f'<a href="/spaces/{post.space_id}/">~Lunch</a>' in post.body
    # What a private channel is called is known to those inside.
    assert "~board 🎉" in post.text
    assert "<code>:tada: @bo</code>" in post.body


def test_private_channels_come_only_when_wished(admin: Viewer, tmp_path: Path) -> None:
    secret = {
        "team": "firm",
        "channel": "board",
        "user": "anna",
        "message": "Fortroligt",
        "create_at": MORNING,
    }
    export = server(
        tmp_path, channel("board", type="P"), user("anna", "lunch", "board"), {"type": "post", "post": secret}
    )
    report = bring(KIND, export, by=admin)
    assert not Entry.objects.exists()
    assert report.reasons["posts", "its channel is private over there; --with-restricted brings it in"] == 1
    assert not Space.objects.filter(name="Board").exists()
    bring(KIND, export, by=admin, with_restricted=True, private_as="secret")
    space = Space.objects.get(name="Board")
    assert (space.access, [one.member.name for one in space.memberships.all()]) == ("secret", ["Anna"])
    Space.objects.update(access="open")
    with pytest.raises(BadInput, match="the channel Board is private there, but"):
        bring(KIND, export, by=admin, with_restricted=True)


def test_an_open_channel_of_a_team_that_not_everybody_is_in_is_closed_here(
    admin: Viewer, tmp_path: Path
) -> None:
    outsider = user("carl", teams=[])
    bring(KIND, server(tmp_path, outsider, said()), by=admin)
    assert entry_of(FIRST).space.access == "closed"


def test_guests_bots_and_those_who_left(admin: Viewer, tmp_path: Path) -> None:
    lines = [
        user("guest", "lunch", roles="system_guest"),
        user("gone", "lunch", delete_at=MORNING),
        {"type": "bot", "bot": {"username": "robot", "owner": "anna", "display_name": "Robot"}},
        said("Fra en robot", 1, "robot"),
        said("Fra en ukendt", 2, "stranger"),
    ]
    report = bring(KIND, server(tmp_path, *lines), by=admin)
    found = {one.handle: (one.role, one.is_bot, one.is_active) for one in Member.objects.exclude(pk=admin.id)}
    assert found["guest"] == ("guest", False, False)
    assert found["robot"] == ("member", True, False)
    assert "stranger" in found
    assert line(report, "unlisted_members") == (1, 1, 0, 0, 0)
    inside = {one.member.handle for one in Membership.objects.filter(space__name="Lunch")}
    assert inside == {"anna", "bo", "guest"}


def test_who_has_an_account_here_is_found_by_mail(admin: Viewer, tmp_path: Path) -> None:
    mine = newcomer("Anna Berg")
    Member.objects.filter(pk=mine.pk).update(email="anna@nordhavn.example")
    bring(KIND, server(tmp_path, said()), by=admin)
    assert entry_of(FIRST).author.pk == mine.pk


def test_notices_of_the_server_and_of_apps_stay_out(admin: Viewer, tmp_path: Path) -> None:
    direct: list[dict[str, Any]] = [
        {"type": "direct_channel", "direct_channel": {"members": ["anna", "bo"]}},
        {"type": "direct_post", "direct_post": {"user": "anna", "message": "Hemmeligt", "create_at": MORNING,
                                                "replies": [reply("Ja")]}},
    ]  # fmt: skip
    lines = [
        said("anna joined", 1, type="system_join_channel"),
        said("", 2, type="custom_calls"),
        said("a call", 3, type="custom_calls", replies=[reply("Godt", 4), reply("x", 5, type="system_add")]),
        {"type": "playbook", "playbook": {}},
        *direct,
    ]
    report = bring(KIND, server(tmp_path, *lines), by=admin)
    # What was answered stays, for its answers.
    assert {one.text for one in Entry.objects.all()} == {"a call", "Godt"}
    assert line(report, "posts") == (3, 1, 0, 0, 2)
    assert line(report, "replies") == (2, 1, 0, 0, 1)
    assert line(report, "direct_messages") == (2, 0, 0, 0, 2)
    assert line(report, "direct_conversations") == (1, 0, 0, 0, 1)
    assert line(report, "other_lines") == (1, 0, 0, 0, 1)


def test_cards_reactions_and_files(admin: Viewer, tmp_path: Path) -> None:
    card = {"title": "Build", "title_link": "https://ci.example.org", "text": "*grønt*",
            "fields": [{"title": "Env", "value": "prod"}]}  # fmt: skip
    reactions = [{"user": "bo", "emoji_name": "thumbsup"}, {"user": "bo", "emoji_name": "+1"},
                 {"user": "bo", "emoji_name": "kaj"}, {"user": "nobody", "emoji_name": "kaj"}]  # fmt: skip
    files = [{"path": "2024/oven.png"}, {"path": "2024/lost.pdf"}]
    export = server(
        tmp_path,
        said("Se", reactions=reactions, attachments=files),
        said(
            "",
            1,
            type="slack_attachment",
            props={"from_webhook": "true", "override_username": "CI", "attachments": [card]},
        ),
        files={"data/2024/oven.png": a_picture(), "data/profile/anna.png": a_picture()},
    )
    report = bring(KIND, export, by=admin)
    post = entry_of(FIRST)
    assert sorted(Reaction.objects.values_list("emoji", flat=True)) == [":kaj:", "👍"]
    assert Attachment.objects.get().entry == post
    assert "lost.pdf (not in the export)" in post.text
    bot = entry_of(f"firm:lunch/anna:{MORNING + 1000}")
    assert bot.body.startswith("<p><strong>CI</strong></p><blockquote><p><a href=")
    assert "Env: prod" in bot.text
    assert line(report, "files") == (1, 1, 0, 0, 0)
    assert line(report, "other_files") == (1, 0, 0, 0, 1)
    before, stored = digest_of_all_tables(), kept_files()
    bring(KIND, export, by=admin)
    assert changed(before) == []
    assert kept_files() == stored


def test_an_edit_over_there_is_a_new_version_here(admin: Viewer, tmp_path: Path) -> None:
    bring(KIND, server(tmp_path, said("Før", replies=[reply("Ja")])), by=admin)
    newer = said("Efter", edit_at=MORNING + 90_000, replies=[reply("Ja"), reply("Nej", 5)])
    report = bring(KIND, server(tmp_path, newer), by=admin)
    post = entry_of(FIRST)
    assert (post.text, post.version, post.reply_count) == ("Efter", 2, 2)
    assert Revision.objects.get(entry=post).text == "Før"
    assert line(report, "replies") == (2, 1, 0, 1, 0)


def test_two_at_the_same_moment_are_two_and_the_same_twice_is_one(admin: Viewer, tmp_path: Path) -> None:
    export = server(tmp_path, said("En"), said("To"), said("En"))
    report = bring(KIND, export, by=admin)
    assert sorted(one.text for one in Entry.objects.all()) == ["En", "To"]
    assert line(report, "posts") == (3, 2, 0, 0, 1)
    before = digest_of_all_tables()
    bring(KIND, export, by=admin)
    assert changed(before) == []


def test_lines_alone_without_a_zip(admin: Viewer, tmp_path: Path) -> None:
    export = server(tmp_path, said())

    with zipfile.ZipFile(export) as archive:
        (tmp_path / "import.jsonl").write_bytes(b"\xef\xbb\xbf" + archive.read("import.jsonl"))
    bring(KIND, tmp_path / "import.jsonl", by=admin)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("line_of_it", "why"),
    [
        ('{"type":"post","post":', r"import\.jsonl, line 6 is not JSON as expected"),
        ("[]", r"import\.jsonl, line 6 is not what an export of Mattermost has there"),
        ('{"type":5}', "line 6 is not what an export of Mattermost has there"),
        ('{"type":"user","user":{}}', "line 6 has no username that can be one"),
        ('{"type":"channel","channel":{"team":"firm"}}', "line 6 has no name that can be one"),
        ('{"type":"post","post":{"team":"firm","channel":"lunch","message":"x"}}', "line 6 has no time"),
        ('{"type":"post","post":{"team":"firm","channel":"lunch","create_at":1e99}}', "line 6 has no time"),
        ("{" * 100_000, "line 6 is not JSON as expected"),
    ],
)
def test_a_broken_line_ends_the_import_with_its_number(
    line_of_it: str, why: str, admin: Viewer, tmp_path: Path
) -> None:
    before = digest_of_all_tables()
    with pytest.raises(BadInput, match=why):
        bring(KIND, server(tmp_path, line_of_it, said()), by=admin)
    assert changed(before) == []


def test_what_is_no_export_is_said_to_be_none(admin: Viewer, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no import\.jsonl in it"):
        bring(KIND, zipped(tmp_path / "x.zip", {"users.json": "[]"}), by=admin)
    (tmp_path / "empty.jsonl").write_bytes(b"")
    with pytest.raises(BadInput, match="is empty"):
        bring(KIND, tmp_path / "empty.jsonl", by=admin)
