from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import newcomer
from tests.moving.exports import PEOPLE
from tests.moving.tables import changed, digest_of_all_tables
from torvet.activity.models import Activity
from torvet.moving.report import BadInput, Report
from torvet.moving.running import run_import
from torvet.people import actions as people
from torvet.people.models import Member, Role, Session, Site, Unit
from torvet.people.viewer import Viewer

COLUMNS = (
    "employee_id,email,display_name,title,department_key,department,location,country,locale,timezone,manager_id,level,"
    "phone,status"
)


class Company:
    """Writes a people file row by row and imports it."""

    def __init__(self, admin: Viewer, folder: Path) -> None:
        self.admin = admin
        self.path = folder / "people.csv"

    def bring(self, *rows: str, columns: str = COLUMNS, encoding: str = "utf-8", **options: bool) -> Report:
        self.path.write_bytes("\n".join((columns, *rows)).encode(encoding))
        report = run_import("people", self.path, by=self.admin, **options)
        report.check()
        return report


@pytest.fixture
def company(admin: Viewer, tmp_path: Path) -> Company:
    return Company(admin, tmp_path)


def row(
    number: str, *, name: str = "Anna And", email: str = "", boss: str = "", level: int = 3, status: str = "active",
    title: str = "Konsulent", unit: str = "it,IT", locale: str = "da-DK",
) -> str:  # fmt: skip
    address = email or f"{number.lower()}@nordhavn.example"
    return f"{number},{address},{name},{title},{unit},Odense,DK,{locale},Europe/Copenhagen,{boss},{level},+45 1,{status}"


def counts(report: Report, line: str) -> dict[str, int]:
    return {what: number for what, number in report.counts()[line].items() if number}


def why(report: Report) -> list[tuple[str, str]]:
    return [(one["where"], one["why"]) for one in report.skipped]


def test_a_real_file_comes_in_whole(admin: Viewer) -> None:
    report = run_import("people", PEOPLE, by=admin)
    assert counts(report, "members") == {"found": 30, "imported": 30}
    chief = Member.objects.get(external_id="E10001")
    assert (chief.name, chief.title, chief.email) == (
        "Eivind Haug", "Administrerende direktør", "eivind.haug@nordhavn.example",
    )  # fmt: skip
    assert (chief.unit.name, chief.site.name, chief.manager) == ("Direktion", "København", None)
    assert chief.unit.leader == chief
    assert (chief.language, chief.time_zone, chief.role) == ("da", "Europe/Copenhagen", Role.LEADER)
    boss = Member.objects.get(external_id="E10002")
    assert boss.manager == chief
    assert boss.handle == "boeje.jespersen"


def test_importing_twice_changes_nothing(admin: Viewer) -> None:
    run_import("people", PEOPLE, by=admin)
    before = digest_of_all_tables()
    report = run_import("people", PEOPLE, by=admin)
    assert changed(before) == []
    for line in report.counts().values():
        assert line["unchanged"] == line["found"]


def test_a_dry_run_writes_nothing_and_counts_the_same(admin: Viewer) -> None:
    before = digest_of_all_tables()
    looked = run_import("people", PEOPLE, by=admin, is_dry_run=True)
    assert changed(before) == []
    done = run_import("people", PEOPLE, by=admin)
    assert looked.counts() == done.counts()
    assert looked.skipped == done.skipped


def test_nobody_who_was_imported_has_a_password_or_rights(company: Company) -> None:
    company.bring(row("1", boss="2", level=3), row("2", level=1))
    for member in Member.objects.exclude(pk=company.admin.id):
        assert not member.has_usable_password()
    assert set(Member.objects.exclude(pk=company.admin.id).values_list("role", flat=True)) == {
        Role.MEMBER, Role.LEADER,
    }  # fmt: skip


def test_an_account_is_found_by_its_address_whatever_its_case(company: Company) -> None:
    here = newcomer("Anna Old")
    Member.objects.filter(pk=here.pk).update(email="anna@nordhavn.example")
    report = company.bring(row("1", email="ANNA@Nordhavn.example", name="Anna New"))
    assert counts(report, "members") == {"found": 1, "updated": 1}
    here.refresh_from_db()
    assert (here.name, here.external_id, here.version) == ("Anna New", "1", 2)
    assert here.has_usable_password()


def test_nobody_is_found_by_name(company: Company) -> None:
    newcomer("Pieter van Dijk")
    report = company.bring(row("1", name="Pieter van Dijk"), row("2", name="Pieter van Dijk"))
    assert counts(report, "members") == {"found": 2, "imported": 2}
    assert Member.objects.filter(name="Pieter van Dijk").count() == 3


def test_a_new_address_is_taken_over_by_number(company: Company) -> None:
    company.bring(row("1", email="anna.and@nordhavn.example"))
    report = company.bring(row("1", email="anna.berg@nordhavn.example", name="Anna Berg"))
    assert counts(report, "members") == {"found": 1, "updated": 1}
    assert Member.objects.get(external_id="1").email == "anna.berg@nordhavn.example"


def test_an_administrators_address_is_not_changed_by_a_file(company: Company) -> None:
    Member.objects.filter(pk=company.admin.id).update(external_id="1")
    report = company.bring(row("1", email="thief@elsewhere.example"))
    assert why(report) == [("line 2", "an administrator's e-mail address is changed by hand, not by a file")]
    assert Member.objects.get(pk=company.admin.id).email == "admin@nordhavn.example"


def test_a_role_is_never_taken_away_or_given_to_somebody_here(company: Company) -> None:
    here = newcomer("Cleo", Role.COMMUNITY_MANAGER)
    company.bring(row("1", email=here.email, level=1), row("2", boss="1"))
    here.refresh_from_db()
    assert here.role == Role.COMMUNITY_MANAGER


def test_what_was_changed_here_stays_until_the_file_says_something_new(company: Company) -> None:
    company.bring(row("1", title="Konsulent"))
    Member.objects.filter(external_id="1").update(title="Kaffemester")
    company.bring(row("1", title="Konsulent"))
    assert Member.objects.get(external_id="1").title == "Kaffemester"
    report = company.bring(row("1", title="Chef"))
    assert counts(report, "members") == {"found": 1, "updated": 1}
    assert Member.objects.get(external_id="1").title == "Chef"


def test_a_leaver_loses_every_way_in(company: Company) -> None:
    company.bring(row("1"))
    member = Member.objects.get(external_id="1")
    Session.objects.create(session_key="s", session_data="", expire_date="2030-01-01T00:00Z", member=member)
    people.make_token(by=Viewer.of(member), name="t", scopes=frozenset({"read"}))
    company.bring(row("1", status="inactive"))
    member.refresh_from_db()
    assert not member.is_active
    assert member.deactivated_at
    assert not member.sessions.exists()
    assert not member.access_tokens.exists()
    assert Activity.objects.filter(verb="deactivated", about=member).exists()


def test_an_account_closed_here_is_not_opened_by_a_file(company: Company) -> None:
    company.bring(row("1"))
    people.deactivate(by=company.admin, member=Member.objects.get(external_id="1"))
    report = company.bring(row("1", title="Chef"))
    assert why(report) == [("line 2", "the account was closed here; open it here, if it is to be used again")]
    assert not Member.objects.get(external_id="1").is_active


def test_a_shell_that_another_import_made_is_opened_by_the_list_of_people(company: Company) -> None:
    shell = people.make_member(email="1@nordhavn.example", name="Anna", password=None, is_active=False)
    report = company.bring(row("1"))
    shell.refresh_from_db()
    assert counts(report, "members") == {"found": 1, "updated": 1}
    assert shell.is_active
    assert shell.epoch == 2


def test_nobody_closes_the_account_that_imports(company: Company) -> None:
    report = company.bring(row("1", email="admin@nordhavn.example", status="inactive"))
    assert why(report) == [("line 2", "nobody closes the account that runs the import")]


def test_a_unit_is_called_as_the_companys_language_calls_it(company: Company) -> None:
    people.change_company(by=company.admin, name="Nordhavn", brand="#0b7a4b", language="da")
    company.bring(
        row("1", unit="fin,Economie", locale="nl-NL"),
        row("2", unit="fin,Economie", locale="nl-NL"),
        row("3", unit="fin,Økonomi", locale="da-DK"),
        row("4", unit="log,Logistik", locale="sv-SE"),
    )
    assert dict(Unit.objects.values_list("external_id", "name")) == {"fin": "Økonomi", "log": "Logistik"}


def test_a_unit_without_a_key_is_known_by_its_name(company: Company) -> None:
    known = Unit.objects.create(name="Salg")
    plain = "email,name,department"
    company.bring("a@x.example,Anna,salg", columns=plain)
    assert Member.objects.get(email="a@x.example").unit == known
    assert Unit.objects.count() == 1


def test_the_highest_person_leads_a_unit_that_nobody_leads(company: Company) -> None:
    company.bring(row("1", level=3), row("2", level=1), row("3", level=1))
    unit = Unit.objects.get()
    assert unit.leader.external_id == "2"
    Unit.objects.update(leader=Member.objects.get(external_id="1"))
    company.bring(row("1", level=3), row("2", level=1), row("3", level=0, title="Chef"))
    assert Unit.objects.get().leader.external_id == "1"


def test_bosses_in_a_circle_and_unknown_ones_are_told_and_left_empty(company: Company) -> None:
    report = company.bring(
        row("1", boss="2"), row("2", boss="3"), row("3", boss="1"), row("4", boss="4"), row("5", boss="E999"),
        row("6", boss="1"), row("7", boss="6@nordhavn.example"), row("8", boss="Anna And"),
    )  # fmt: skip
    bosses = dict(Member.objects.exclude(external_id="").values_list("external_id", "manager__external_id"))
    assert bosses == {"1": None, "2": None, "3": None, "4": None, "5": None, "6": "1", "7": "6", "8": None}
    assert counts(report, "managers") == {"found": 8, "imported": 2, "skipped": 6}
    assert why(report) == [
        ("line 2", "stands above itself"), ("line 3", "stands above itself"), ("line 4", "stands above itself"),
        ("line 5", "stands above itself"), ("line 6", "nobody has this number or address"),
        ("line 9", "nobody has this number or address"),
    ]  # fmt: skip


def test_a_circle_through_somebody_who_is_not_in_the_file_is_seen(company: Company) -> None:
    company.bring(row("1"), row("2", boss="1"))
    report = company.bring(row("1", boss="2"))
    assert why(report) == [("line 2", "stands above itself")]
    assert Member.objects.get(external_id="1").manager is None


def test_rows_that_cannot_be_used_are_told_with_their_lines(company: Company) -> None:
    report = company.bring(
        row("1"), row("2", email="not an address"), row("1", email="other@x.example"), row("3", email="1@nordhavn.example"),
        row("4", name="N" * 121), row("5", title="T" * 161), row("6", name=" "), "7,,Nobody", "",
        row("8", email="ærlig@nordhavn.example"),
    )  # fmt: skip
    assert counts(report, "members") == {"found": 9, "imported": 1, "skipped": 8}
    assert sorted(why(report)) == [
        ("line 11", "not an e-mail address"),
        ("line 3", "not an e-mail address"),
        ("line 4", "the same number as in line 2"),
        ("line 5", "the same e-mail address as in line 2"),
        ("line 6", "the name has 121 characters; 120 fit"),
        ("line 7", "title has 161 characters; 160 fit"),
        ("line 8", "no name"),
        ("line 9", "no e-mail address"),
    ]


def test_a_line_is_told_as_an_editor_counts_it(company: Company) -> None:
    report = company.bring('1,a@x.example,"Anna\nAnd",,,,,,,,,,,', row("2", email="broken"))
    assert why(report) == [("line 4", "not an e-mail address")]
    assert Member.objects.get(external_id="1").name == "Anna And"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_any_usual_separator_and_encoding_is_read(company: Company, sign: str, encoding: str) -> None:
    report = company.bring(
        sign.join(("a@x.example", "Åse Nygård", "Økonomi")), columns=sign.join(("E-mail", "Name", "Department")),
        encoding=encoding,
    )  # fmt: skip
    assert counts(report, "members") == {"found": 1, "imported": 1}
    member = Member.objects.get(email="a@x.example")
    assert (member.name, member.unit.name, member.handle) == ("Åse Nygård", "Økonomi", "aase.nygaard")


def test_two_people_who_would_have_one_handle_get_two(company: Company) -> None:
    company.bring(row("1", name="Anna And"), row("2", name="Anna And"), row("3", name="ANNA AND"))
    assert sorted(Member.objects.exclude(external_id="").values_list("handle", flat=True)) == [
        "anna.and", "anna.and2", "anna.and3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b"", "is empty"),
        (b"name,title\nAnna,Chef\n", "has no column email"),
        (b"email,title\na@x.example,Chef\n", "has no column display_name"),
        (b"Hello, this is a letter.\n", "has no column email and none display_name"),
        (b"PK\x03\x04 and so on", "workbook or an archive"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "has no column email"),
        (b'email,name\na@x.example,"Anna' + b"\n" * 60, "a quotation mark is opened here and never closed"),
        (b"email,name\na@x.example," + b"x" * 200_000, "line 2: field larger than field limit"),
    ],
)
def test_a_file_that_is_no_list_of_people_is_refused_whole(
    admin: Viewer, tmp_path: Path, written: bytes, says: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(written)
    before = digest_of_all_tables()
    with pytest.raises(BadInput, match=says) as refused:
        run_import("people", path, by=admin)
    assert "people.csv" in refused.value.reason
    assert changed(before) == []


def test_a_missing_column_names_those_that_are_needed(admin: Viewer, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("title\nChef\n")
    with pytest.raises(BadInput, match="needs a column email, and display_name"):
        run_import("people", path, by=admin)


def test_a_site_keeps_what_somebody_wrote_here(company: Company) -> None:
    Site.objects.create(name="Odense", country="SE")
    report = company.bring(row("1"))
    assert counts(report, "sites") == {"found": 1, "updated": 1}
    site = Site.objects.get()
    assert (site.country, site.time_zone) == ("SE", "Europe/Copenhagen")


def test_one_activity_stands_for_the_run(company: Company) -> None:
    company.bring(row("1"), row("2"))
    told = Activity.objects.get(verb="imported")
    assert told.by_id == company.admin.id
    assert told.details["counts"]["members"]["imported"] == 2
    assert "1@nordhavn.example" not in str(told.details)


def test_signs_that_turn_text_around_are_dropped_from_names(company: Company) -> None:
    company.bring(row("1", name="Anna\u202e dnA\x00"))
    assert Member.objects.get(external_id="1").name == "Anna dnA"
