"""The company and its people: founded, imported, given units and words about themselves."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

from torvet.demo.company.logins import ADMINISTRATOR, COMPANY, LOGINS, PASSWORD
from torvet.demo.pictures.faces import face
from torvet.moving.running import run_import
from torvet.people import actions as people
from torvet.people.models import Member, Role, Unit
from torvet.people.photos import keep_photo
from torvet.people.queries import company
from torvet.people.viewer import Viewer

FOLDER = Path(__file__).parent / "company"
PEOPLE = FOLDER / "people.csv"
TOP = "exec"  # the unit that all others stand below


class Occupied(Exception):
    """Another company lives in this database; says its name."""


def is_built() -> bool:
    """Whether the demo company is here already. Raises Occupied when another one is."""
    ours = company()
    if ours is None:
        return False
    found = Member.objects.filter(email__in=[login.email for login in LOGINS]).count()
    if ours.name != COMPANY or found != len(LOGINS):
        raise Occupied(ours.name)
    return True


def found() -> Viewer:
    """Name the company, bring its people in, give the logins their password. Gives the administrator."""
    administrator = people.found_company(
        name=COMPANY, email=ADMINISTRATOR.email, member_name="Lars Nielsen", password=PASSWORD, language="da"
    )
    by = people.as_house(administrator)
    report = run_import("people", PEOPLE, by=by)
    if report.skipped:
        raise ValueError(f"people.csv: {report.skipped}")
    _grow_tree(by)
    for login in LOGINS:
        member = Member.objects.get(handle=login.handle)
        if not member.has_usable_password():
            people.open_account(member=member, name=member.name, password=PASSWORD)
    people.change_role(
        by=by, member=Member.objects.get(handle="nicoline.overgaard"), role=Role.COMMUNITY_MANAGER
    )
    return by


def _grow_tree(by: Viewer) -> None:
    top = Unit.objects.get(external_id=TOP)
    for unit in Unit.objects.exclude(pk=top.pk).select_related("leader"):
        people.save_unit(by=by, name=unit.name, parent=top, leader=unit.leader, unit=unit)


def tell_about_themselves() -> None:
    """What some people wrote on their own profile, with a picture that was drawn for them."""
    told = tomllib.loads((FOLDER / "profiles.toml").read_text(encoding="utf-8"))
    for handle, profile in told.items():
        member = Member.objects.get(handle=handle)
        changes = {"about": profile["about"]}
        if "face" in profile:
            changes["photo"] = keep_photo(io.BytesIO(face(**profile["face"])))
        people.change_profile(by=people.as_house(member), member=member, changes=changes)
