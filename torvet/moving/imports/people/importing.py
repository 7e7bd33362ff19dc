"""A company's people from a CSV file: members, units, sites, bosses and leaders.

1. Read the file; whatever is wrong with it as a whole ends it here.
2. Compare with who is here, and count. A dry run ends here, so it gives the same counts as the run itself.
3. Write, in the same transaction as 2.
"""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.entries.actions.bulk import show_new_names
from torvet.moving.imports.people.planning import ORIGINS, Plan, make_plan, without_repeats
from torvet.moving.imports.people.table import read_rows
from torvet.moving.models import Origin
from torvet.moving.origins import wait_for_other_imports
from torvet.moving.progress import Progress
from torvet.moving.report import Outcome, Report
from torvet.people import bulk
from torvet.people.viewer import Viewer


def import_people(path: Path, *, by: Viewer, report: Report, progress: Progress) -> None:
    """Bring the people of a file in. Raises BadInput, and writes nothing then."""
    report.line("members", "units", "sites", "managers")
    rows = []
    for row in read_rows(path):
        rows.append(row)
        report.find("members")
        progress("Reading", len(rows), None)
    usable = without_repeats(rows, report)
    if report.is_dry_run:
        make_plan(usable, by=by, report=report)
        return
    # One transaction around both: what was compared must still be so when it is written.
    with transaction.atomic():
        wait_for_other_imports()
        write(make_plan(usable, by=by, report=report), by=by, report=report, progress=progress)


@transaction.atomic
def write(plan: Plan, *, by: Viewer, report: Report, progress: Progress) -> None:
    """Do what was planned."""
    progress("Writing", 0, len(plan.people))
    bulk.add_sites(by=by, sites=[site for site in plan.sites.values() if site._state.adding])
    bulk.change_sites(by=by, sites=plan.changed_sites)
    bulk.add_units(by=by, units=[unit for unit in plan.units.values() if unit._state.adding])
    for person in plan.people:
        # Units and sites have their ids only now; Django copies them when the attribute is set.
        person.member.unit, person.member.site = person.member.unit, person.member.site
    new = [person.member for person in plan.people if person.is_new]
    bulk.add_members(by=by, members=new)
    progress("Writing", len(new), len(plan.people))
    changed = [person for person in plan.people if person.outcome is Outcome.UPDATED]
    for person in plan.new_bosses:
        person.member.manager = person.boss
    bulk.forget_addresses(person.member for person in changed if person.has_new_address)
    bulk.change_members(by=by, members=[person.member for person in changed])
    bulk.set_bosses(by=by, members=[person.member for person in plan.new_bosses])
    show_new_names(by=by, members=[person.member.pk for person in changed if person.is_shown_otherwise])
    bulk.close_members(by=by, members=[person.member for person in changed if person.is_closing])
    _lead(plan, by)
    _keep_origins(plan)
    if new or changed or plan.new_bosses or plan.changed_sites or plan.changed_units:
        record(verbs.IMPORTED, by=by, kind=report.kind, counts=report.counts())
    progress("Writing", len(plan.people), len(plan.people))


def _lead(plan: Plan, by: Viewer) -> None:
    for unit, leader in plan.new_leaders:
        unit.leader = leader
    led = [unit for unit, leader in plan.new_leaders]
    bulk.change_units(by=by, units=list({unit.pk: unit for unit in (*plan.changed_units, *led)}.values()))


def _keep_origins(plan: Plan) -> None:
    new: list[Origin] = []
    renewed: list[Origin] = []
    for person in plan.people:
        if person.origin is None:
            new.append(ORIGINS.new("member", person.source_id, person.member.pk, person.digest))
        elif person.origin.digest != person.digest:
            person.origin.digest, person.origin.local_id = person.digest, person.member.pk
            renewed.append(person.origin)
    for key, origin, digest in plan.unit_origins:
        if origin is None:
            new.append(ORIGINS.new("unit", key, plan.units[key].pk, digest))
        else:
            origin.digest, origin.local_id = digest, plan.units[key].pk
            renewed.append(origin)
    ORIGINS.keep(new)
    ORIGINS.renew(renewed)
