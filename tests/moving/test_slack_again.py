"""Importing again: what changed over there comes along, what was done here stays, and nobody sees more than before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import house, newcomer
from tests.moving.exports import DAY, MODERN, Export, answer, bring, message, person, room, stamp
from tests.moving.tables import changed, digest_of_all_tables, kept_files
from tests.moving.test_slack import PICTURE, numbers, said
from torvet.activity.models import Activity
from torvet.entries import actions as entries
from torvet.entries.models import Attachment, Entry, Reaction
from torvet.moving.report import BadInput
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access, Membership, Space


def test_importing_twice_changes_nothing(admin: Viewer, tmp_path: Path) -> None:
    first = bring(MODERN, tmp_path, by=admin)
    before, files = digest_of_all_tables(), kept_files()
    second = bring(MODERN, tmp_path, by=admin)
    assert changed(before) == []
    assert kept_files() == files
    for line, counts in second.counts().items():
        assert counts["imported"] == counts["updated"] == 0, line
        assert counts["unchanged"] == first.counts()[line]["imported"], line
        assert counts["skipped"] == first.counts()[line]["skipped"], line


def test_a_dry_run_writes_nothing_and_counts_the_same(admin: Viewer, tmp_path: Path) -> None:
    before = digest_of_all_tables()
    looked = bring(MODERN, tmp_path, by=admin, is_dry_run=True)
    assert changed(before) == []
    assert kept_files() == set()
    done = bring(MODERN, tmp_path, by=admin)
    assert looked.counts() == done.counts()
    assert looked.skipped == done.skipped


def test_stubs_strangers_and_left_out_things_count_the_same_the_second_time(
    admin: Viewer, tmp_path: Path
) -> None:
    export = Export(
        answer(-500, "Svar", at=5),
        message("Fra en anden", 6, by="U9", user_profile={"real_name": "Gæst"}),
        message("", 7, subtype="bot_message", user=None, username="Robot", attachments=[{"text": "Færdig"}]),
    )
    first = bring(export, tmp_path, by=admin)
    before = digest_of_all_tables()
    second = bring(export, tmp_path, by=admin)
    assert changed(before) == []
    for line, counts in second.counts().items():
        assert counts["unchanged"] == first.counts()[line]["imported"], line


@pytest.fixture
def space(admin: Viewer, tmp_path: Path) -> Space:
    bring(Export(message("Første"), answer(0, "Svar")), tmp_path, by=admin)
    return Space.objects.get()


def test_a_newer_export_adds_what_is_new(admin: Viewer, space: Space, tmp_path: Path) -> None:
    newer = Export(message("Første"), answer(0, "Svar"))
    newer.files["general/2024-03-05.json"] = [answer(0, "Sent svar", at=400_000), message("Nyt", at=400_001)]
    report = bring(newer, tmp_path, by=admin)
    assert numbers(report, "entries") == {"found": 2, "imported": 1, "unchanged": 1}
    assert numbers(report, "comments") == {"found": 2, "imported": 1, "unchanged": 1}
    opener = said("Første")
    assert opener.reply_count == 2
    assert opener.active_at == said("Sent svar").published_at
    space.refresh_from_db()
    assert space.last_published_at == said("Nyt").published_at
    assert Activity.objects.filter(verb="imported").count() == 2


def test_an_export_that_begins_later_finds_the_openers_that_came_before(
    admin: Viewer, space: Space, tmp_path: Path
) -> None:
    report = bring(Export(answer(0, "Sent svar", at=9_999)), tmp_path, by=admin)
    assert numbers(report, "missing_openers") == {}
    assert said("Sent svar").root == said("Første")


def test_a_stub_becomes_the_opener_when_it_comes(admin: Viewer, tmp_path: Path) -> None:
    bring(Export(answer(0, "Svar", at=60)), tmp_path, by=admin)
    report = bring(Export(message("Her er den", by="U2"), answer(0, "Svar", at=60)), tmp_path, by=admin)
    assert numbers(report, "entries") == {"found": 1, "updated": 1}
    opener = said("Svar").root
    assert (opener.text, opener.author.name, opener.reply_count) == ("Her er den", "Bo", 1)


def test_an_edit_over_there_comes_along_with_what_was_said_before(
    admin: Viewer, space: Space, tmp_path: Path
) -> None:
    edited = message("Første, rettet <@U2>", edited={"user": "U1", "ts": stamp(500)}, reactions=[
        {"name": "+1", "users": ["U2"], "count": 1},
    ])  # fmt: skip
    report = bring(Export(edited, answer(0, "Svar")), tmp_path, by=admin)
    assert numbers(report, "entries") == {"found": 1, "updated": 1}
    assert numbers(report, "reactions") == {"found": 1, "imported": 1}
    entry = said("Første, rettet @Bo")
    assert [revision.text for revision in entry.revisions.all()] == ["Første"]
    assert entry.edited_at
    assert entry.reactions == {"👍": 1}
    assert entry.mentions.get().member.name == "Bo"
    assert entry.reply_count == 1
    before = digest_of_all_tables()
    bring(Export(edited, answer(0, "Svar")), tmp_path, by=admin)
    assert changed(before) == []


def test_a_message_deleted_over_there_is_removed_here(admin: Viewer, space: Space, tmp_path: Path) -> None:
    gone = message("This message was deleted.", by="USLACKBOT", subtype="tombstone")
    bring(Export(gone, answer(0, "Svar")), tmp_path, by=admin)
    assert said("Svar").root.is_removed


def test_what_was_edited_or_removed_here_stays(admin: Viewer, tmp_path: Path) -> None:
    anna = newcomer("Anna")
    Member.objects.filter(pk=anna.pk).update(email="u1@nordhavn.example")
    anna.refresh_from_db()
    bring(Export(message("Et"), message("To", at=1)), tmp_path, by=admin)
    one, two = said("Et"), said("To")
    entries.edit_entry(by=house(anna), entry=one, body="Rettet her", version=one.version)
    entries.remove_entry(by=house(anna), entry=two)
    late = {"user": "U1", "ts": stamp(900)}
    report = bring(
        Export(message("Et, ændret", edited=late), message("To, ændret", at=1, edited=late)),
        tmp_path,
        by=admin,
    )
    assert numbers(report, "entries") == {"found": 2, "skipped": 2}
    whys = [skip["why"] for skip in report.skipped if skip["what"] == "entries"]
    assert whys == ["edited or removed here since"] * 2
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.text == "Rettet her"
    assert two.is_removed


def test_a_file_that_a_later_export_holds_is_attached(admin: Viewer, tmp_path: Path) -> None:
    export = Export(message("Se", files=[{"id": "F1", "name": "plan.png", "mode": "hosted"}]))
    bring(export, tmp_path, by=admin)
    export.files["__uploads/F1/plan.png"] = PICTURE
    report = bring(export, tmp_path, by=admin)
    assert numbers(report, "files") == {"found": 1, "imported": 1}
    assert Attachment.objects.get().entry.text == "Se"
    before, files = digest_of_all_tables(), kept_files()
    bring(export, tmp_path, by=admin)
    assert changed(before) == []
    assert kept_files() == files


def test_a_reaction_taken_back_here_does_not_return(admin: Viewer, tmp_path: Path) -> None:
    export = Export(message("Hej", reactions=[{"name": "+1", "users": ["U1"], "count": 1}]))
    bring(export, tmp_path, by=admin)
    Reaction.objects.all().delete()
    bring(export, tmp_path, by=admin)
    assert not Reaction.objects.exists()


# Access never widens


def test_a_space_closed_here_stays_closed_and_takes_nobody_in(
    admin: Viewer, space: Space, tmp_path: Path
) -> None:
    Space.objects.update(access=Access.CLOSED)
    export = Export(message("Første"), message("Mere", at=9))
    export.files["users.json"].append(person("U3"))
    export.files["channels.json"] = [room("C1", "general", ("U1", "U2", "U3"))]
    report = bring(export, tmp_path, by=admin)
    space.refresh_from_db()
    assert space.access == Access.CLOSED
    assert numbers(report, "memberships") == {"found": 3, "unchanged": 2, "skipped": 1}
    assert space.member_count == 2


def test_one_who_was_taken_out_here_does_not_come_back(admin: Viewer, tmp_path: Path) -> None:
    export = Export(message())
    export.files["groups.json"] = [room("G1", "ledelse")]
    bring(export, tmp_path, by=admin)
    Membership.objects.filter(space__name="ledelse", member__name="Bo").delete()
    report = bring(export, tmp_path, by=admin)
    assert not Membership.objects.filter(space__name="ledelse", member__name="Bo").exists()
    assert [skip["why"] for skip in report.skipped] == ["left or was taken out of the space since"]


def test_what_became_private_over_there_does_not_go_into_an_open_space(
    admin: Viewer, space: Space, tmp_path: Path
) -> None:
    export = Export(message("Første"), message("Fortroligt", at=9))
    export.files["groups.json"], export.files["channels.json"] = export.files["channels.json"], []
    before = digest_of_all_tables()
    with pytest.raises(BadInput, match="the channel general is private there, but its space here is open"):
        bring(export, tmp_path, by=admin)
    assert changed(before) == []
    Space.objects.update(access=Access.CLOSED)
    bring(export, tmp_path, by=admin)
    assert said("Fortroligt").space.access == Access.CLOSED


def test_a_space_renamed_over_there_is_renamed_unless_it_was_changed_here(
    admin: Viewer, space: Space, tmp_path: Path
) -> None:
    export = Export()
    export.files = {
        "users.json": export.files["users.json"],
        "channels.json": [room("C1", "alle", is_archived=True)],
        f"alle/{DAY}": [message("Første")],
    }
    report = bring(export, tmp_path, by=admin)
    assert numbers(report, "spaces") == {"found": 1, "updated": 1}
    space.refresh_from_db()
    assert (space.name, space.is_archived) == ("alle", True)
    Space.objects.update(name="Vores", version=space.version + 1)
    export.files["channels.json"] = [room("C1", "alle", purpose={"value": "Nyt formål"})]
    bring(export, tmp_path, by=admin)
    assert Space.objects.get().name == "Vores"


def test_a_shell_follows_its_name_and_an_account_in_use_does_not(
    admin: Viewer, space: Space, tmp_path: Path
) -> None:
    Member.objects.filter(name="Anna").update(is_active=True)
    export = Export(message("Første"))
    export.files["users.json"] = [person("U1", "Anna Berg"), person("U2", "Bo Berg")]
    report = bring(export, tmp_path, by=admin)
    assert numbers(report, "members") == {"found": 2, "updated": 1, "unchanged": 1}
    assert set(Member.objects.exclude(pk=admin.id).values_list("name", flat=True)) == {"Anna", "Bo Berg"}


def test_two_workspaces_do_not_meet(admin: Viewer, space: Space, tmp_path: Path) -> None:
    other = Export(message("Fra det andet"))
    for one in other.files["users.json"]:
        one["team_id"] = "T2"
        one["profile"]["email"] = f"other-{one['id'].lower()}@nordhavn.example"
    bring(other, tmp_path, by=admin)
    assert Space.objects.count() == 2
    assert Entry.objects.filter(text="Første").count() == 1


def test_people_who_come_later_find_what_they_wrote(admin: Viewer, space: Space, tmp_path: Path) -> None:
    from torvet.moving.running import run_import

    path = tmp_path / "people.csv"
    path.write_text("employee_id,email,name\n1,U1@nordhavn.example,Anna Andersen\n")
    run_import("people", path, by=admin)
    anna = Member.objects.get(external_id="1")
    assert anna.is_active
    opener = said("Første")
    assert opener.revision == 2  # its card is drawn anew, with the full name
    assert opener.author == anna
    entries.add_comment(by=house(anna), on=said("Svar"), body="Og her svarer jeg igen")
    opener.refresh_from_db()
    assert opener.reply_count == 2
