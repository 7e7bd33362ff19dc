"""The audit says exactly what happened."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast, house, newcomer, signed_in
from tests.notices.conftest import MoveTo, Town, fresh, hand_out, in_days
from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.agreement import actions as agreement
from torvet.base.sheets import cell, sheet
from torvet.notices import actions
from torvet.notices.actions.look import look_again
from torvet.notices.models import Confirmation, Notice
from torvet.notices.wording import checksum
from torvet.people import actions as people
from torvet.people import away
from torvet.people.models import Absence, Member
from torvet.wiki import actions as wiki

HEADS = [
    "Name", "Unit", "Site", "Handle", "E-mail", "State", "Version", "Counts", "Title", "SHA-256 of title and text",
    "Confirmed", "How", "Joined", "Left", "Away",
]  # fmt: skip


def read(browser: Client, notice: Notice) -> list[list[str]]:
    answer = browser.get(f"/notices/{notice.pk}/export.csv")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def when(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def edit(town: Town, body: str) -> int:
    town.page.refresh_from_db()
    wiki.edit_page(
        by=house(town.cast.anna), page=town.page, title="How we lift", body=body, version=town.entry.version
    )
    return town.entry.version


def test_the_export_matches_exactly_what_happened(cast: Cast, move_to: MoveTo) -> None:
    """Two units of two; one on leave with a deputy, one joins, one leaves; a trifling and a significant edit."""
    by = house(cast.administrator)
    yard = people.save_unit(by=by, name="Yard", parent=None, leader=cast.leader)
    office = people.save_unit(by=by, name="Office", parent=None, leader=None)
    site = people.save_site(by=by, name="Quay", country="dk", time_zone="")
    anders = newcomer("Anders Kaj", unit=yard, site=site)
    birte = newcomer("Birte Lov", unit=yard)
    carl = newcomer("Carl Går", unit=office)
    dorte = newcomer("Dorte Ser", unit=office)
    ebbe = newcomer("Ebbe Kom")
    page = wiki.write_page(by=house(cast.anna), space=cast.open, title="How we lift", body="Look up frist.")
    town = Town(cast, yard, office, page, [], [])
    away.set_away(by=house(birte), member=birte, from_on=in_days(-1), until_on=in_days(20), deputy=anders)
    hand_out()

    sent = actions.send_notice(
        by=house(cast.community_manager), entry=town.entry, audience=town.both, due_on=in_days(10)
    )
    hand_out()
    move_to(1)
    first = {who: actions.confirm(by=house(who), notice=fresh(sent), version=1) for who in (anders, carl)}
    in_place = actions.confirm(by=house(anders), notice=fresh(sent), version=1, in_place_of=birte)

    move_to(2)  # a trifle: what was confirmed stands
    assert edit(town, "Look up first.") == 2
    actions.call_small(by=house(cast.community_manager), notice=fresh(sent), version=2)
    hand_out()

    move_to(3)  # one joins, one leaves
    people.change_profile(by=by, member=Member.objects.get(pk=ebbe.pk), changes={"unit": office})
    people.deactivate(by=by, member=Member.objects.get(pk=carl.pk))
    hand_out()
    second = actions.confirm(by=house(ebbe), notice=fresh(sent), version=2)

    move_to(4)  # something else altogether: everybody again
    assert edit(town, "Look up first, and wear the helmet.") == 3
    actions.ask_again(by=house(cast.anna), notice=fresh(sent), version=3)
    hand_out()
    move_to(5)
    third = actions.confirm(by=house(anders), notice=fresh(sent), version=3)

    browser = signed_in(cast.community_manager)
    assert browser.get(f"/notices/{sent.pk}/export.csv").status_code == 404, "not before the date"
    assert fresh(sent).due_on == timezone.localdate(sent.sent_at) + timedelta(
        days=11
    )  # a week from the new text
    move_to(12)
    look_again()
    hand_out()

    seals = {1: checksum("How we lift", "Look up frist."), 2: checksum("How we lift", "Look up first."),
             3: checksum("How we lift", "Look up first, and wear the helmet.")}  # fmt: skip
    joined, left = (
        when(row.at) for row in fresh(sent).changes.filter(kind__in=["joined", "left"]).order_by("pk")
    )
    leave = Absence.objects.get()
    a = ["Anders Kaj", "Yard", "Quay", anders.handle, anders.email, "confirmed"]
    b = ["Birte Lov", "Yard", "", birte.handle, birte.email, "away"]
    c = ["Carl Går", "Office", "", carl.handle, carl.email, "not asked any more"]
    d = ["Dorte Ser", "Office", "", dorte.handle, dorte.email, "not yet confirmed"]
    e = ["Ebbe Kom", "Office", "", ebbe.handle, ebbe.email, "not yet confirmed"]
    no_day, title = ["", "", ""], "How we lift"
    assert read(browser, sent) == [
        HEADS,
        [*a, "1", "no", title, seals[1], when(first[anders].confirmed_at), "by themselves", *no_day],
        [*a, "3", "yes", title, seals[3], when(third.confirmed_at), "by themselves", *no_day],
        [*b, "1", "no", title, seals[1], when(in_place.confirmed_at), "in their place, by Anders Kaj", "", "", f"{leave.from_on} – {leave.until_on}"],
        [*c, "1", "no", title, seals[1], when(first[carl].confirmed_at), "by themselves", "", f"{left} (the account was opened or closed)", ""],
        [*d, "", "", "", "", "", "", *no_day],
        [*e, "2", "no", title, seals[2], when(second.confirmed_at), "by themselves", f"{joined} (the audience changed)", "", ""],
    ]  # fmt: skip
    assert Activity.objects.filter(verb=verbs.EXPORTED_NOTICE, by=cast.community_manager).count() == 1

    printed = browser.get(f"/notices/{sent.pk}/audit/").text
    for words in (
        "Anders Kaj",
        "in their place, by Anders Kaj",
        seals[3],
        "a small change",
        "counts no more",
    ):
        assert words in printed


@pytest.fixture
def late(town: Town) -> Notice:
    """Past its date; one has confirmed."""
    made = actions.send_notice(
        by=house(town.cast.community_manager), entry=town.entry, audience=town.both, due_on=in_days(10)
    )
    actions.confirm(by=house(town.yard_people[0]), notice=made, version=1)
    Notice.objects.update(due_on=in_days(-1))
    return fresh(made)


def test_who_may_take_the_list_along(town: Town, late: Notice) -> None:
    may = {
        name for name, who in town.cast.people.items() if name != "deactivated"
        and signed_in(who).get(f"/notices/{late.pk}/export.csv").status_code == 200
    }  # fmt: skip
    assert may == {"administrator", "community_manager"}


def test_the_agreement_can_keep_names_back(town: Town, late: Notice) -> None:
    browser = signed_in(town.cast.community_manager)
    assert "Yrsa B" in browser.get(f"/notices/{late.pk}/").text
    agreement.change_term(
        by=house(town.cast.administrator), key="confirmations", state="groups", reason="Numbers do"
    )
    page = browser.get(f"/notices/{late.pk}/").text
    assert "Yrsa B" not in page and "The agreement lets numbers be shown, and no names." in page
    assert browser.get(f"/notices/{late.pk}/export.csv").status_code == 404
    assert browser.get(f"/notices/{late.pk}/audit/").status_code == 404
    assert "Yrsa B" not in browser.get(f"/notices/{late.pk}/print/").text


def test_a_name_that_is_a_formula_runs_nowhere(town: Town, late: Notice) -> None:
    Member.objects.filter(pk=town.yard_people[1].pk).update(name='=HYPERLINK("http://evil.example";"A")')
    Member.objects.filter(pk=town.yard_people[2].pk).update(name='Quote " and, comma\nline')
    rows = read(signed_in(town.cast.administrator), late)
    names = {row[0] for row in rows}
    assert '\'=HYPERLINK("http://evil.example";"A")' in names
    assert 'Quote " and, comma\nline' in names
    assert not [value for row in rows for value in row if value[:1] in set("=+-@\t\r＝＋－＠")]


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        "\u200b=1",
        "\xa0+1",
        "|x",
        "%x",
    ],
)
def test_no_cell_begins_a_formula(value: str) -> None:
    assert cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["Åse", "1", "a=b", "", "'x", "3 + 4", "2026-11-30", "–"])
def test_other_cells_stay_as_they_are(value: str) -> None:
    assert cell(value) == value


def test_a_sheet_is_read_back_as_it_was_written() -> None:
    rows = [("a", 'b"c', "d,e"), ("f\ng", None, 7)]
    text = b"".join(sheet(rows)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["a", 'b"c', "d,e"], ["f\ng", "", "7"]]


def test_paper_stands_in_the_audit_with_who_wrote_it_down(town: Town, late: Notice) -> None:
    actions.record_paper(
        by=house(town.cast.leader),
        notice=late,
        members=[town.yard_people[3]],
        version=1,
        signed_on=in_days(0),
    )
    row = next(row for row in read(signed_in(town.cast.administrator), late) if row[0] == "Yrsa D")
    assert (row[5], row[6], row[11]) == ("confirmed", "1", "on paper, written down by Leif Strand")


def test_the_words_of_what_was_removed_are_not_in_the_audit(town: Town, late: Notice) -> None:
    from torvet.entries import actions as entries

    entries.remove_entry(by=house(town.cast.anna), entry=town.entry)
    hand_out()
    browser = signed_in(town.cast.administrator)
    rows = read(browser, late)
    assert rows[-1][0] == "Yrsa I" and not any("How we lift" in value for row in rows for value in row)
    assert "How we lift" not in browser.get(f"/notices/{late.pk}/audit/").text
    assert Confirmation.objects.count() == 1
