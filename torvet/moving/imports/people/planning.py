"""Comparing a list of people with who is here: what becomes of everybody is decided and counted, nothing written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from torvet.moving.imports.people.bosses import find_bosses
from torvet.moving.imports.people.table import Row
from torvet.moving.models import Origin
from torvet.moving.origins import Origins, digest_of
from torvet.moving.report import Outcome, Report
from torvet.people import bulk
from torvet.people.models import Member, Role, Site, Unit
from torvet.people.queries import company
from torvet.people.viewer import Viewer

ORIGINS = Origins("people")


@dataclass
class Person:
    """A row, the account it is about (a new one without an id, perhaps), and what happens to it."""

    row: Row
    member: Member
    outcome: Outcome = Outcome.UNCHANGED
    origin: Origin | None = None
    digest: str = ""
    boss: Member | None = None
    is_closing: bool = False
    is_shown_otherwise: bool = False  # by another name or title
    has_new_address: bool = False

    @property
    def source_id(self) -> str:
        return self.row.number or self.row.email

    @property
    def is_new(self) -> bool:
        return self.outcome is Outcome.IMPORTED


@dataclass
class Plan:
    people: list[Person] = field(default_factory=list)
    here: list[Member] = field(default_factory=list)  # everybody who had an account before
    sites: dict[str, Site] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    new_bosses: list[Person] = field(default_factory=list)
    new_leaders: list[tuple[Unit, Member]] = field(default_factory=list)
    changed_sites: list[Site] = field(default_factory=list)
    changed_units: list[Unit] = field(default_factory=list)
    unit_origins: list[tuple[str, Origin | None, str]] = field(default_factory=list)


def make_plan(usable: list[Row], *, by: Viewer, report: Report) -> Plan:
    """Compare with what is here, and count; writes nothing."""
    plan = Plan()
    _plan_sites(plan, usable, report)
    _plan_units(plan, usable, report)
    _plan_members(plan, usable, by, report)
    _plan_bosses(plan, report)
    _plan_leaders(plan)
    report.check()
    return plan


def _where(row: Row) -> str:
    return f"line {row.line}"


def without_repeats(rows: list[Row], report: Report) -> list[Row]:
    """The rows that can be used: understood, and nobody twice (the first one counts)."""
    usable: list[Row] = []
    numbers: dict[str, int] = {}
    addresses: dict[str, int] = {}
    for row in rows:
        earlier = numbers.get(row.number) if row.number else None
        if row.problem:
            report.skip("members", _where(row), row.problem)
        elif earlier:
            report.skip("members", _where(row), f"the same number as in line {earlier}")
        elif row.email in addresses:
            report.skip("members", _where(row), f"the same e-mail address as in line {addresses[row.email]}")
        else:
            usable.append(row)
            numbers[row.number] = addresses[row.email] = row.line
    return usable


def _plan_sites(plan: Plan, rows: list[Row], report: Report) -> None:
    known = {site.name.casefold(): site for site in Site.objects.all()}
    for row in rows:
        key = row.site.casefold()
        if not key or key in plan.sites:
            continue
        report.find("sites")
        site = known.get(key)
        if site is None:
            plan.sites[key] = Site(name=row.site, country=row.country, time_zone=row.time_zone)
            report.settle("sites", Outcome.IMPORTED)
            continue
        plan.sites[key] = site
        # Only what nobody has filled in: somebody here may know better than the file.
        country, zone = site.country or row.country, site.time_zone or row.time_zone
        if (site.country, site.time_zone) != (country, zone):
            site.country, site.time_zone = country, zone
            plan.changed_sites.append(site)
            report.settle("sites", Outcome.UPDATED)
        else:
            report.settle("sites", Outcome.UNCHANGED)


def _plan_units(plan: Plan, rows: list[Row], report: Report) -> None:
    by_key = {unit.external_id: unit for unit in Unit.objects.select_related("leader") if unit.external_id}
    by_name = {unit.name.casefold(): unit for unit in Unit.objects.filter(external_id="")}
    origins = ORIGINS.known("unit")
    for key, name in _unit_names(rows).items():
        report.find("units")
        digest = digest_of(name)
        origin = origins.get(key)
        unit = by_key.get(key) or by_name.get(name.casefold())
        if unit is None:
            plan.units[key] = Unit(name=name, external_id=key)
            report.settle("units", Outcome.IMPORTED)
        elif origin and origin.digest == digest:
            # The file says what it said before: a name given here since stays.
            plan.units[key] = unit
            report.settle("units", Outcome.UNCHANGED)
            continue
        else:
            is_other = (unit.name, unit.external_id) != (name, key)
            unit.name, unit.external_id = name, key
            plan.units[key] = unit
            if is_other:
                plan.changed_units.append(unit)
            report.settle("units", Outcome.UPDATED if is_other else Outcome.UNCHANGED)
        plan.unit_origins.append((key, origin, digest))


def _unit_names(rows: list[Row]) -> dict[str, str]:
    """Key -> name: as most people of the company's language call it, else as most people do."""
    ours = company()
    language = ours.language if ours else ""
    names: dict[str, Counter[tuple[bool, str]]] = {}
    for row in rows:
        if row.unit_key:
            names.setdefault(row.unit_key, Counter())[(row.language == language, row.unit)] += 1
    return {
        key: max(counted, key=lambda name: (name[0], counted[name], name[1]))[1]
        for key, counted in names.items()
    }


def _plan_members(plan: Plan, rows: list[Row], by: Viewer, report: Report) -> None:
    plan.here = list(Member.objects.select_related("unit", "site"))
    by_number = {member.external_id: member for member in plan.here if member.external_id}
    by_mail = {member.email.casefold(): member for member in plan.here}
    origins = ORIGINS.known("member")
    has_reports = {row.manager.casefold() for row in rows if row.manager}
    claimed: dict[int, int] = {}
    for row in rows:
        member = by_number.get(row.number) if row.number else None
        namesake = by_mail.get(row.email)
        problem = _conflict(row, member, namesake)
        person = Person(row, member or namesake or _new_member(row, has_reports), digest=_digest(row))
        person.origin = origins.get(person.source_id)
        number = person.member.pk
        if person.member._state.adding:
            person.outcome = Outcome.IMPORTED
            _set_place(plan, person)
        elif number in claimed:
            problem = problem or f"the same account as in line {claimed[number]}"
        elif not problem and not (person.origin and person.origin.digest == person.digest):
            problem = _compare(plan, person, by)
        claimed[number] = row.line
        if problem:
            report.skip("members", _where(row), problem)
            continue
        plan.people.append(person)
        report.settle("members", person.outcome)


def _conflict(row: Row, member: Member | None, namesake: Member | None) -> str:
    if member is None:
        if namesake and row.number and namesake.external_id and namesake.external_id != row.number:
            return "the e-mail address belongs to somebody with another number"
    elif member.email.casefold() != row.email:
        if namesake is not None:
            return "the new e-mail address belongs to somebody else"
        if member.role == Role.ADMINISTRATOR:
            return "an administrator's e-mail address is changed by hand, not by a file"
    return ""


def _digest(row: Row) -> str:
    return digest_of(
        row.number, row.email, row.name, row.title, row.phone, row.unit_key, row.site, row.is_active
    )


def _new_member(row: Row, has_reports: set[str]) -> Member:
    leads = {row.number.casefold(), row.email} & has_reports and (row.level is None or row.level <= 2)
    return Member(
        email=row.email,
        handle=row.handle,
        name=row.name,
        title=row.title,
        phone=row.phone,
        external_id=row.number,
        role=Role.LEADER if leads else Role.MEMBER,
        language=row.language,
        time_zone=row.time_zone,
        is_active=row.is_active,
    )


def _set_place(plan: Plan, person: Person) -> bool:
    """Put the member into unit and site; tells whether that is a change. What the file leaves empty stays."""
    member, row = person.member, person.row
    before = (member.unit, member.site)
    member.unit = plan.units.get(row.unit_key, member.unit)
    member.site = plan.sites.get(row.site.casefold(), member.site)
    return before != (member.unit, member.site)


def _compare(plan: Plan, person: Person, by: Viewer) -> str:
    """Set the new values on a member who is here; gives the reason when it cannot be done."""
    member, row = person.member, person.row
    if row.is_active and not member.is_active and member.deactivated_at is not None:
        return "the account was closed here; open it here, if it is to be used again"
    if not row.is_active and member.is_active:
        if member.pk == by.id:
            return "nobody closes the account that runs the import"
        if member.role == Role.ADMINISTRATOR:
            return "an administrator's account is closed by hand, not by a file"
        person.is_closing = True
    person.has_new_address = member.email.casefold() != row.email
    person.is_shown_otherwise = member.name != row.name or member.title != (row.title or member.title)
    changed = person.is_shown_otherwise or person.has_new_address or person.is_closing
    for name, value in (("title", row.title), ("phone", row.phone), ("external_id", row.number)):
        if value and getattr(member, name) != value:
            setattr(member, name, value)
            changed = True
    member.name, member.email = row.name, row.email
    if row.is_active and bulk.is_shell(member):
        member.is_active, changed = True, True
        member.epoch += 1
    if person.is_shown_otherwise:
        member.version += 1
    if _set_place(plan, person) or changed:
        person.outcome = Outcome.UPDATED
    return ""


def _plan_bosses(plan: Plan, report: Report) -> None:
    found = find_bosses([(person.row, person.member) for person in plan.people], plan.here)
    for person in plan.people:
        if not person.row.manager:
            continue
        report.find("managers")
        boss, problem = found[person.row.line]
        member = person.member
        if boss is None:
            report.skip("managers", _where(person.row), problem)
        elif member.manager_id and (boss.pk == member.manager_id or person.outcome is Outcome.UNCHANGED):
            report.settle("managers", Outcome.UNCHANGED)
        else:
            person.boss = boss
            plan.new_bosses.append(person)
            report.settle("managers", Outcome.UPDATED if member.manager_id else Outcome.IMPORTED)


def _plan_leaders(plan: Plan) -> None:
    """A unit that nobody leads is led by the highest person in it."""
    for key, unit in plan.units.items():
        if unit.leader_id:
            continue
        inside = [
            person
            for person in plan.people
            if person.row.unit_key == key
            and person.row.level is not None
            and person.row.is_active
            and person.member.role != Role.GUEST
        ]
        if inside:
            highest = min(inside, key=lambda person: (person.row.level or 0, person.row.line))
            plan.new_leaders.append((unit, highest.member))
