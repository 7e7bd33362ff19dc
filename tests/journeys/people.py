"""Colleagues for a running Torvet, made with the real actions inside its own data folder and database."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.plugins.browser import DESKTOP, PHONE
from tests.plugins.servers import PASSWORD, Town

BOTH_WIDTHS = pytest.mark.parametrize(
    "screen",
    [{"viewport": DESKTOP}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}],
    ids=["desk", "phone"],
)

START = """
import json, django
django.setup()
from torvet.entries import actions as entries
from torvet.people import actions as people
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces import actions as spaces

def house(member):
    return Viewer.of(member, via=Via.HOUSE)

"""
COLLEAGUES = """
mette = people.make_member(email="mette@nordhavn.example", name="Mette Dahl", password=PASSWORD, title="Engineer")
bo = people.make_member(email="bo@nordhavn.example", name="Bo Dijkstra", password=PASSWORD, title="Welder")
ada = Member.objects.get(role="administrator")
square = spaces.open_space(
    by=house(ada), name="The quay", purpose="What everybody should know", audience="All of us", responsible=ada)
for who in (mette, bo):
    spaces.join(by=house(who), space=square)
post = entries.publish_post(by=house(ada), space=square, title="The crane is back", body="It turns again. #crane")
entries.edit_entry(by=house(ada), entry=post, version=post.version, title="The crane is back",
    body="It turns again, **slowly**. #crane\\n\\n| Day | Hours |\\n|---|---|\\n| Monday | 4 |\\n\\n```\\ncrane --turn\\n```")
comment = entries.add_comment(by=house(bo), on=post, body="Good work, @[Mette Dahl](member-%d)!" % mette.pk)
entries.react(by=house(mette), entry=post, emoji="\\N{THUMBS UP SIGN}")
entries.bookmark(by=house(ada), entry=post)
unit = people.save_unit(by=house(ada), name="Harbour", parent=None, leader=mette)
from torvet.wiki import actions as wiki
from torvet.wiki.models import Page
page = wiki.write_page(by=house(mette), space=square, title="How we lift", body="## First\\n\\nLook up.\\n\\n## Then\\n\\nLift.")
wiki.write_page(by=house(bo), space=square, title="Slings", body="Which ones to take", parent=page)
Page.objects.filter(pk=page.pk).update(confirmed_until="2026-01-01")
kept = wiki.write_page(by=house(mette), space=square, title="Lifting gear", body="Checked once a year. See [[Slings]] and [[Hooks]].")
wiki.want_approval(by=house(mette), page=kept)
wiki.edit_page(by=house(bo), page=kept, title="Lifting gear", body="Checked twice a year. See [[Slings]] and [[Hooks]].", version=1)
wiki.report_page(by=house(bo), page=kept, what="outdated", words="The new rule is twice")
from datetime import timedelta
from django.utils import timezone
from torvet.notices import actions as notices
from torvet.notices.models import Notice
from torvet.notices.queries.audience import Audience
late = notices.send_notice(by=house(ada), entry=kept.entry, audience=Audience(spaces=frozenset({square.pk})),
    due_on=timezone.localdate(), note="Before you lift")
notices.confirm(by=house(bo), notice=late, version=kept.entry.version)
Notice.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
print(json.dumps({"notice": late.pk, "kept": kept.pk, "page": page.pk, "mette": mette.pk, "bo": bo.pk, "space": square.pk, "post": post.pk, "unit": unit.pk}))
"""


@dataclass(frozen=True)
class Colleagues:
    """Mette and Bo, who are in The quay with the administrator; ids to make addresses of."""

    mette: int
    bo: int
    space: int
    post: int
    unit: int
    page: int
    kept: int
    notice: int


def run_inside(town: Town, code: str) -> str:
    """Run Python inside an installation: what it printed last. Fails the test when it fails."""
    ran = subprocess.run(
        [sys.executable, "-c", f"PASSWORD = {PASSWORD!r}\n{START}{code}"],
        env=town.all_environment() | {"DJANGO_SETTINGS_MODULE": "torvet.config.settings"},
        cwd=town.data.parent, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if ran.returncode:
        pytest.fail(ran.stderr[-3000:])
    return ran.stdout.strip().splitlines()[-1]


def make_colleagues(town: Town) -> Colleagues:
    return Colleagues(**json.loads(run_inside(town, COLLEAGUES)))


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
