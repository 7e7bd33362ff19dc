"""What becomes of the things in a Slack export. Most of it on the sample that holds every feature."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import translation
from django.utils.translation import gettext

from tests.cast import newcomer
from tests.moving.exports import DAY, MODERN, Export, answer, bring, message, person, room, stamp
from tests.moving.tables import kept_files
from torvet.activity.models import Activity
from torvet.entries.models import Attachment, Entry, EntryTopic, Mention, Reaction, Watch
from torvet.moving.report import Report
from torvet.people.models import Member, Role
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access, Membership, Space, Standing


@pytest.fixture
def modern(admin: Viewer, tmp_path: Path) -> Report:
    return bring(MODERN, tmp_path, by=admin)


def said(text: str) -> Entry:
    return Entry.objects.get(text__startswith=text)


def numbers(report: Report, line: str) -> dict[str, int]:
    return {what: number for what, number in report.counts()[line].items() if number}


def test_every_thing_in_the_export_is_accounted_for(modern: Report) -> None:
    assert {line: tuple(counts.values()) for line, counts in modern.counts().items()} == {
        # found, imported, updated, unchanged, skipped
        "members": (6, 6, 0, 0, 0),
        "unlisted_members": (2, 2, 0, 0, 0),  # a stranger from a shared channel, and Slack's own bot
        "spaces": (4, 4, 0, 0, 0),
        "memberships": (21, 18, 0, 0, 3),  # one account was closed over there, in three channels
        "days": (5, 5, 0, 0, 0),
        "messages": (23, 19, 0, 0, 4),
        "entries": (18, 14, 0, 0, 4),  # joined, two changes of the channel, a call
        "comments": (5, 5, 0, 0, 0),
        "threads": (2, 2, 0, 0, 0),
        "missing_openers": (0, 0, 0, 0, 0),
        "messages_with_reactions": (2, 2, 0, 0, 0),
        "reactions": (5, 5, 0, 0, 0),
        "messages_with_files": (2, 2, 0, 0, 0),
        "files": (4, 1, 0, 0, 3),  # deleted, hidden, outside
        "pins": (1, 1, 0, 0, 0),
        "direct_conversations": (2, 0, 0, 0, 2),
        "direct_messages": (2, 0, 0, 0, 2),
        "other_files": (3, 0, 0, 0, 3),
    }
    assert Entry.objects.count() == 19


def test_nothing_of_a_direct_message_comes_in(modern: Report) -> None:
    assert not Entry.objects.filter(text__icontains="Privat besked").exists()
    assert not Entry.objects.filter(text__icontains="Gruppebesked").exists()
    told = json.dumps(modern.as_json(), ensure_ascii=False)
    assert "Privat" not in told
    assert "mpdm-" not in told


def test_a_private_channel_is_closed_and_holds_exactly_those_who_were_in_it(modern: Report) -> None:
    space = Space.objects.get(name="ledelse")
    assert space.access == Access.CLOSED
    assert set(space.memberships.values_list("member__name", flat=True)) == {
        "Bodil",
        "jonas",
        "Maja Söderström",
    }
    assert space.member_count == 3
    assert space.memberships.get(standing=Standing.OWNER).member.name == "Bodil"
    assert not space.is_default


def test_the_administrator_who_imports_does_not_come_into_private_channels(
    modern: Report, admin: Viewer
) -> None:
    assert not Membership.objects.filter(member_id=admin.id).exists()
    assert not Entry.objects.visible_to(admin).filter(text="Kun for ledelsen").exists()


def test_private_channels_can_be_kept_out_of_sight(admin: Viewer, tmp_path: Path) -> None:
    bring(MODERN, tmp_path, by=admin, private_as="secret")
    assert Space.objects.get(name="ledelse").access == Access.SECRET


def test_a_public_channel_is_open_with_its_purpose_and_its_end(modern: Report) -> None:
    general, old = Space.objects.get(name="general"), Space.objects.get(name="gammelt-projekt")
    assert (general.access, general.purpose, general.archived_at) == (Access.OPEN, "Alle i Nordhavn", None)
    assert general.has_guests  # a guest was in it, and whoever writes there must see that
    assert general.opened_at == datetime.fromtimestamp(1754712000, UTC)
    assert old.is_archived
    assert old.purpose and old.audience
    assert Space.objects.get(name="it-support").purpose == "Spørg her"


def test_authors_are_closed_accounts_without_password_or_rights(modern: Report, admin: Viewer) -> None:
    shells = Member.objects.exclude(pk=admin.id)
    assert shells.count() == 8
    for shell in shells:
        assert not shell.is_active
        assert not shell.has_usable_password()
        assert shell.role in {Role.MEMBER, Role.GUEST}
    # An owner of the workspace over there.
    assert Member.objects.get(name="Bodil").role == Role.MEMBER
    assert Member.objects.get(name="Sven Gæst").role == Role.GUEST
    assert Member.objects.get(name="ekstern.gæst").role == Role.GUEST
    assert Member.objects.get(name="Deploy").is_bot
    assert Member.objects.get(name="Tidligere Ansat").email.endswith(".slack.invalid")


def test_times_and_authors_are_the_old_ones(modern: Report) -> None:
    entry = said("Hvordan får jeg adgang")
    assert entry.author.name == "jonas"
    assert (
        entry.published_at
        == entry.created_at
        == datetime.fromtimestamp(1763712060, UTC).replace(microsecond=200)
    )
    assert entry.edited_at == datetime.fromtimestamp(1763712070, UTC)
    assert entry.active_at == datetime.fromtimestamp(1763802000, UTC).replace(microsecond=600)
    assert entry.language == "da"
    old = Space.objects.get(name="gammelt-projekt")
    assert old.last_published_at.year == 2020


def test_ids_rise_with_time(modern: Report) -> None:
    times = list(Entry.objects.order_by("pk").values_list("published_at", flat=True))
    assert times == sorted(times)


def test_a_thread_is_whole_across_days(modern: Report) -> None:
    opener = said("Hvordan får jeg adgang")
    texts = list(opener.thread_entries.order_by("pk").values_list("text", flat=True))
    assert texts[0].startswith("Du skal bruge MitID Erhverv")
    assert texts[2:] == ["Tak, det virkede!", "Et sent svar dagen efter"]
    assert opener.reply_count == 4
    assert {one.reply_to_id for one in opener.thread_entries.all()} == {opener.pk}


def test_a_deleted_opener_stays_as_a_notice(modern: Report) -> None:
    reply = said("Svar på en slettet besked")
    assert reply.root.is_removed
    assert reply.root.reply_count == 1
    assert not Entry.objects.roots().filter(removed_at=None, pk=reply.root_id).exists()


def test_reactions_have_names_and_signs(modern: Report) -> None:
    entry = said("@here Velkommen")
    assert entry.reactions == {"🎉": 2, ":nordhavn:": 1, "👍🏼": 1}
    assert set(entry.reaction_rows.values_list("member__name", "emoji")) == {
        ("jonas", "🎉"), ("Maja Söderström", "🎉"), ("Maja Söderström", ":nordhavn:"), ("jonas", "👍🏼"),
    }  # fmt: skip
    assert {row.created_at for row in entry.reaction_rows.all()} == {entry.published_at}


def test_mentions_and_links_between_channels_lead_to_our_pages(modern: Report) -> None:
    entry = said("@here Velkommen")
    maja = Member.objects.get(name="Maja Söderström")
    assert list(Mention.objects.filter(entry=entry).values_list("member", flat=True)) == [maja.pk]
    assert f'href="/people/{maja.pk}/">@Maja Söderström</a>' in entry.body
    support = Space.objects.get(name="it-support")
    assert f'<a href="/spaces/{support.pk}/">#it-support</a>' in entry.body
    assert 'href="https://example.org/a?b=1&amp;c=2"' in entry.body
    assert "👋" in entry.body


def test_what_stood_pinned_is_pinned(modern: Report) -> None:
    assert said("@here Velkommen").pinned_at == datetime.fromtimestamp(1763712900, UTC)


def test_files_come_in_or_are_named(modern: Report) -> None:
    attachment = Attachment.objects.select_related("entry", "uploaded_by").get()
    assert attachment.name == "årsrapport æøå.png"
    assert attachment.uploaded_by.name == "Bodil"
    assert len(kept_files()) == 1
    assert attachment.entry.text == "A file (was deleted)\n\nA file (not in the export)"
    outside = said("Budgettet ligger her")
    assert '<a href="https://docs.example.org/spreadsheets/d/1"' in outside.body


def test_no_address_or_key_of_slacks_files_is_kept(modern: Report) -> None:
    for entry in Entry.objects.all():
        assert "files.slack.com" not in entry.body
        assert "xox" not in entry.body


def test_bots_cards_are_read(modern: Report) -> None:
    entry = said("Release")
    assert entry.author.is_bot
    assert "<strong>Done</strong> in 3 min" in entry.body
    assert "Env: prod" in entry.text


def test_nobody_is_told_and_one_activity_stands_for_the_run(modern: Report) -> None:
    assert set(Activity.objects.exclude(verb="founded_company").values_list("verb", flat=True)) == {
        "imported"
    }
    told = Activity.objects.get(verb="imported")
    assert told.details["counts"] == modern.counts()
    assert [told.details["first_entry"], told.details["last_entry"]] == [
        Entry.objects.order_by("pk").first().pk, Entry.objects.order_by("pk").last().pk,
    ]  # fmt: skip


# Smaller exports, one question each


def test_a_colleague_is_known_by_address_and_keeps_their_account(admin: Viewer, tmp_path: Path) -> None:
    anna = newcomer("Anna Andersen", title="Chef")
    Member.objects.filter(pk=anna.pk).update(email="u1@nordhavn.example")
    export = Export(message("Hej <@U1>"), answer(0, at=5, user="U2"))
    export.files["users.json"][0] = person(
        "U1", "Ann", email="U1@NORDHAVN.example", is_admin=True, is_owner=True
    )
    report = bring(export, tmp_path, by=admin)
    assert numbers(report, "members") == {"found": 2, "imported": 1, "unchanged": 1}
    anna.refresh_from_db()
    assert (anna.name, anna.title, anna.role, anna.is_active) == ("Anna Andersen", "Chef", Role.MEMBER, True)
    entry = said("Hej")
    assert entry.author == anna
    # Somebody with an open account is told of new answers; a shell is not.
    assert list(Watch.objects.values_list("thread", "member")) == [(entry.pk, anna.pk)]
    assert Membership.objects.get(member=anna).standing == Standing.OWNER


def test_a_namesake_is_not_taken_for_the_author(admin: Viewer, tmp_path: Path) -> None:
    namesake = newcomer("Anna")
    bring(Export(message()), tmp_path, by=admin)
    assert said("Hej").author != namesake


def test_a_bot_is_not_taken_for_the_person_whose_address_it_has(admin: Viewer, tmp_path: Path) -> None:
    anna = newcomer("Anna")
    export = Export(message())
    export.files["users.json"][0] = person("U1", "Bot", email=anna.email, is_bot=True)
    bring(export, tmp_path, by=admin)
    assert said("Hej").author != anna
    assert said("Hej").author.is_bot


def test_an_answer_without_its_opener_gets_a_notice(admin: Viewer, tmp_path: Path) -> None:
    report = bring(Export(answer(-500, "Sent svar", at=5)), tmp_path, by=admin)
    assert numbers(report, "missing_openers") == {"found": 1, "imported": 1}
    reply = said("Sent svar")
    assert reply.root.text == "The beginning of this conversation was not in the export."
    assert reply.root.author.name == "Slackbot"
    assert reply.root.reply_count == 1
    assert reply.root.published_at < reply.published_at
    assert numbers(report, "threads") == {}


def test_an_answered_join_message_holds_its_thread_together(admin: Viewer, tmp_path: Path) -> None:
    joined = message("<@U2> has joined the channel", subtype="channel_join", user="U2")
    report = bring(Export(joined, answer(0, "Velkommen!")), tmp_path, by=admin)
    assert numbers(report, "entries") == {"found": 1, "imported": 1}
    assert said("Velkommen!").root.text == "@Bo has joined the channel"


def test_day_files_may_lie_in_any_order_and_say_a_thing_twice(admin: Viewer, tmp_path: Path) -> None:
    export = Export(answer(0, "Svar", at=90_000), message("Første"))
    export.files["general/2024-02-01.json"] = [
        message("Midt", at=50),
        message("Første"),
        message("Til sidst", at=99_999),
    ]
    export.files["general/.DS_Store"] = b"\x00"
    export.files["__MACOSX/general/._2024-03-01.json"] = b"\x00"
    report = bring(export, tmp_path, by=admin)
    assert list(Entry.objects.order_by("pk").values_list("text", flat=True)) == [
        "Første",
        "Midt",
        "Svar",
        "Til sidst",
    ]
    assert numbers(report, "entries") == {"found": 4, "imported": 3, "skipped": 1}
    assert numbers(report, "messages") == {"found": 5, "imported": 4, "skipped": 1}
    assert [one["why"] for one in report.skipped] == ["the same message twice"]


def test_of_a_message_told_twice_the_later_edit_counts(admin: Viewer, tmp_path: Path) -> None:
    export = Export(message("Gammel"))
    export.files["general/2024-03-02.json"] = [message("Ny", edited={"user": "U1", "ts": stamp(60)})]
    bring(export, tmp_path, by=admin)
    assert Entry.objects.get().text == "Ny"


def test_a_message_that_is_too_long_stands_beside_its_file(
    admin: Viewer, tmp_path: Path, own_files: Path
) -> None:
    long = "Ordet. " * 6_000  # 42,000 characters
    bring(Export(message(long)), tmp_path, by=admin)
    entry = Entry.objects.get()
    assert len(entry.text) < 5_000
    assert entry.text.startswith("Ordet. Ordet.")
    attachment = Attachment.objects.get(entry=entry)
    assert attachment.mime == "text/plain"
    assert (own_files / attachment.path).read_text() == long


def test_a_message_beyond_all_measure_comes_in_as_well(admin: Viewer, tmp_path: Path) -> None:
    bring(Export(message("x" * 300_000), message("<" * 50_000, at=1)), tmp_path, by=admin)
    assert Attachment.objects.count() == 2


def test_a_message_without_words_keeps_its_place(admin: Viewer, tmp_path: Path) -> None:
    report = bring(Export(message(""), answer(0, "\u200b")), tmp_path, by=admin)
    assert numbers(report, "messages") == {"found": 2, "imported": 2}
    assert Entry.objects.roots().get().text == "A message without words"


def test_old_exports_tell_of_files_in_words(admin: Viewer, tmp_path: Path) -> None:
    file = {"id": "F1", "name": "fritz.jpg", "mode": "hosted", "url_private": "https://files.slack.com/f"}
    link = "<https://x.slack.com/files/a/F1/fritz.jpg|Fritz.jpg>"
    report = bring(
        Export(
            message(f"<@U1|anna> uploaded a file: {link}", subtype="file_share", file=file),
            message(f"<@U1|anna> uploaded a file: {link} and commented: Se her", 1, subtype="file_share", file=file),
            {
                "type": "message", "subtype": "file_comment", "ts": stamp(2), "file": file,
                "text": f"<@U2|bo> commented on U1's file {link}: Flot", "comment": {"user": "U2", "comment": "Flot"},
            },
        ),
        tmp_path, by=admin,
    )  # fmt: skip
    assert list(Entry.objects.order_by("pk").values_list("text", "author__name")) == [
        ("fritz.jpg (not in the export)", "Anna"),
        ("Se her\n\nfritz.jpg (not in the export)", "Anna"),
        ("Flot\n\nfritz.jpg (not in the export)", "Bo"),
    ]
    assert numbers(report, "files") == {"found": 3, "skipped": 3}


PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.mark.parametrize("entry", ["__uploads/F1/plan.png", "general/attachments/F1-plan.png"])
def test_a_picture_in_the_archive_is_written_anew(
    admin: Viewer, tmp_path: Path, own_files: Path, entry: str
) -> None:
    export = Export(message("Se", files=[{"id": "F1", "name": "plan.png", "mode": "hosted"}]))
    export.files[entry] = PICTURE
    report = bring(export, tmp_path, by=admin)
    attachment = Attachment.objects.get()
    assert (attachment.is_picture, attachment.name, attachment.mime) == (True, "plan.webp", "image/webp")
    assert (own_files / attachment.path).read_bytes()[:4] == b"RIFF"
    assert (own_files / attachment.thumb_path).is_file()
    assert numbers(report, "files") == {"found": 1, "imported": 1}
    assert Entry.objects.get().text == "Se"


@override_settings(UPLOAD_BYTES=1000)
def test_a_file_that_is_too_large_or_empty_is_named(admin: Viewer, tmp_path: Path) -> None:
    files = [
        {"id": "F1", "name": "stor.bin"},
        {"id": "F2", "name": "tom.txt"},
        {"id": "F3", "name": "ok.txt"},
    ]
    export = Export(message("Se", files=files))
    export.files |= {
        "__uploads/F1/stor.bin": b"x" * 1001,
        "__uploads/F2/tom.txt": b"",
        "__uploads/F3/ok.txt": b"ok",
    }
    report = bring(export, tmp_path, by=admin)
    assert numbers(report, "files") == {"found": 3, "imported": 1, "skipped": 2}
    assert Entry.objects.get().text == "Se\n\nstor.bin (could not be read)\n\ntom.txt (could not be read)"
    assert len(kept_files()) == 1


def test_reactions_of_unknown_people_and_uncounted_ones_are_told(admin: Viewer, tmp_path: Path) -> None:
    reactions = [
        {"name": "+1", "users": ["U1", "U2", "U9"], "count": 5},
        {"name": "thumbsup", "users": ["U1"], "count": 1},
        {"users": ["U1"], "count": 1},
    ]
    report = bring(Export(message(reactions=reactions)), tmp_path, by=admin)
    assert numbers(report, "reactions") == {"found": 7, "imported": 2, "skipped": 5}
    assert {one["why"] for one in report.skipped} == {
        "Slack does not say whose it is", "from somebody whom the export does not list",
        "the same person gave the same sign twice", "a reaction without a name",
    }  # fmt: skip
    assert Reaction.objects.count() == 2
    assert Entry.objects.get().reactions == {"👍": 2}


def test_a_topic_is_found_in_what_opens_a_thread(admin: Viewer, tmp_path: Path) -> None:
    bring(Export(message("Se #Strategi2025"), answer(0, "Og #andet", at=60)), tmp_path, by=admin)
    row = EntryTopic.objects.select_related("entry", "topic").get()
    assert row.topic.name == "strategi2025"
    assert (row.published_at, row.active_at) == (row.entry.published_at, row.entry.active_at)
    assert row.active_at > row.published_at


def test_a_folder_that_no_list_names_is_left_out(admin: Viewer, tmp_path: Path) -> None:
    export = Export(message())
    export.files[f"hemmelig/{DAY}"] = [message("Hvem er dette?"), message("Ja", at=1)]
    report = bring(export, tmp_path, by=admin)
    assert numbers(report, "entries") == {"found": 3, "imported": 1, "skipped": 2}
    assert not Entry.objects.filter(text="Hvem er dette?").exists()


def test_of_two_channels_with_one_folder_the_private_one_has_it(admin: Viewer, tmp_path: Path) -> None:
    export = Export(message("Fortroligt"))
    export.files["groups.json"] = [room("G1", "general")]
    bring(export, tmp_path, by=admin)
    assert said("Fortroligt").space.access == Access.CLOSED


def test_a_channel_made_private_is_private_in_either_list(admin: Viewer, tmp_path: Path) -> None:
    export = Export(message("Fortroligt"))
    export.files["channels.json"] = [room("C1", "general", is_private=True)]
    bring(export, tmp_path, by=admin)
    assert said("Fortroligt").space.access == Access.CLOSED


def test_one_whose_account_was_closed_does_not_come_back_in(admin: Viewer, tmp_path: Path) -> None:
    anna = newcomer("Anna")
    export = Export(message())
    export.files["users.json"][0] = person("U1", "Anna", email=anna.email, deleted=True)
    export.files["groups.json"] = [room("G1", "ledelse")]
    report = bring(export, tmp_path, by=admin)
    assert not Membership.objects.filter(member=anna).exists()
    assert numbers(report, "memberships") == {"found": 4, "imported": 2, "skipped": 2}


def test_an_export_zipped_again_in_a_folder_is_found(admin: Viewer, tmp_path: Path) -> None:
    export = Export(message("Hej fra en mappe"))
    export.files = {f"Nordhavn Slack export/{name}": inside for name, inside in export.files.items()}
    bring(export, tmp_path, by=admin)
    assert said("Hej fra en mappe")


def test_what_is_shared_from_another_channel_is_quoted_only_when_it_is_all_there_is(
    admin: Viewer, tmp_path: Path
) -> None:
    shared = {"is_msg_unfurl": True, "is_share": True, "author_name": "Bo", "text": "Fra et andet sted"}
    bring(
        Export(message("", attachments=[shared]), message("Se selv", 1, attachments=[shared])),
        tmp_path,
        by=admin,
    )
    quoted, own = Entry.objects.order_by("pk")
    assert "<blockquote><p>Bo</p><p>Fra et andet sted</p>" in quoted.body
    assert own.text == "Se selv"


def test_what_the_import_itself_says_is_in_the_companys_language(admin: Viewer, tmp_path: Path) -> None:
    from torvet.people.actions import change_company

    change_company(by=admin, name="Nordhavn", brand="#0b7a4b", language="da")
    with translation.override("da"):
        wanted = gettext("A message without words")
    bring(Export(message("")), tmp_path, by=admin)
    assert Entry.objects.get().text == wanted
