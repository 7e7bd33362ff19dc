"""The permission matrix: every visitor asks for everything, and gets nothing that they may not see.

Reading is asked here and changing in test_matrix_changes.py, so that workers share them: together more than 30,000 times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.safety.asking import ABSENT, LEAVES, VISITORS, addresses, asker, leaks
from tests.safety.world import COLLEAGUES, INSIDE, World
from torvet.entries.models import Entry
from torvet.spaces.models import Space

pytestmark = [pytest.mark.django_db, pytest.mark.matrix, pytest.mark.slow]

HTMX = {"hx-request": "true"}


def dresses(address: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The plain question; as a part of a page; and lists also with what people may type behind them."""
    yield "", {}
    if not any(letter.isdigit() for letter in address):
        yield "?q=cnry", {}
        yield "?after=W10&order=active", HTMX
    elif address.startswith(("/e/", "/spaces/")) and address.count("/") <= 3:
        yield "", HTMX


@pytest.mark.parametrize("visitor", VISITORS)
def test_nobody_reads_what_is_not_for_them(world: World, visitor: str, record_property: object) -> None:
    asking = asker(world, visitor)
    asked, wrong, broken = 0, [], []
    for address in addresses(world):
        if any(word in address for word in LEAVES):
            continue
        for query, dress in dresses(address):
            status, text = asking.ask("GET", address + query, **dress)
            asked += 1
            if status >= 500:
                broken.append((status, address + query))
            if found := leaks(world, visitor, text.replace(address + query, "")):
                wrong.append((address + query, found))
    record_property("asked", asked)
    assert not broken, broken[:10]
    assert not wrong, wrong[:10]
    assert asked > 800


@pytest.mark.parametrize("visitor", [name for name in VISITORS if not name.startswith("token")])
def test_who_may_see_it_does_see_it(world: World, visitor: str) -> None:
    """Without this the matrix would be content with empty pages."""
    asking = asker(world, visitor)
    seen = {address: asking.ask("GET", address)[1] for address in set(world.shown_at.values())}
    missing = [
        (word, address)
        for word, address in world.shown_at.items()
        if visitor in world.secrets[word] and word not in seen[address]
    ]
    assert not missing, missing[:10]


@pytest.mark.parametrize(
    "visitor", ["anonymous", "outsider", "guest", "guest_elsewhere", "removed", "token_read"]
)
def test_forbidden_and_absent_answer_alike(world: World, visitor: str) -> None:
    asking = asker(world, visitor)
    hidden = [name for name, inside in INSIDE.items() if visitor not in inside]
    entries = Entry.objects.filter(space__in=[world.spaces[name] for name in hidden], root=None)
    pages = {"/e/{}/", "/e/{}/history/", "/e/{}/menu/", "/api/v1/entries/{}", "/api/v1/entries/{}/comments"}
    pages |= {"/articles/{}/", "/articles/{}/history/", "/e/{}/reactions/", "/api/v1/articles/{}"}
    for page in sorted(pages):
        absent = asking.ask("GET", page.format(ABSENT))
        for pk in entries.values_list("pk", flat=True):
            status, text = asking.ask("GET", page.format(pk))
            assert status == absent[0], (page, pk)
            assert masked(text, pk) == masked(absent[1], ABSENT), (page, pk)
    if visitor not in COLLEAGUES or visitor == "outsider":
        secret = world.spaces["secret"].pk
        if visitor not in INSIDE["secret"]:
            for page in ("/spaces/{}/", "/spaces/{}/members/", "/spaces/{}/files/", "/api/v1/spaces/{}"):
                hit, miss = asking.ask("GET", page.format(secret)), asking.ask("GET", page.format(ABSENT))
                assert (hit[0], masked(hit[1], secret)) == (miss[0], masked(miss[1], ABSENT)), page


def masked(text: str, number: int) -> str:
    """Without the id that was asked for and what is new in every answer."""
    text = re.sub(rf"(?<=/){number}\b", "N", text)
    text = re.sub(r'(csrf-token" content=|csrfmiddlewaretoken" value=)"[^"]*"', "", text)
    return re.sub(r"(?im)^(set-cookie|content-length|ratelimit-\w+|etag):.*$", "", text)


@pytest.mark.usefixtures("compiled_anew")
def test_the_matrix_sees_a_leak(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: were every space readable, an outsider's own requests would show it."""
    from torvet.spaces import models

    monkeypatch.setattr(models.SpaceQuerySet, "readable_by", lambda self, viewer: self)
    asking = asker(world, "outsider")
    found = set()
    for pk in Entry.objects.filter(root=None).values_list("pk", flat=True):
        found |= leaks(world, "outsider", asking.ask("GET", f"/e/{pk}/")[1])
    assert found


def test_the_matrix_sees_a_leak_of_a_must_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another seeded fault: were notices read past the rule of their texts, a community manager's requests show it."""
    from torvet.notices.models import Notice, NoticeQuerySet

    asking = asker(world, "community_manager")
    addresses = [f"/notices/{pk}/" for pk in Notice.objects.values_list("pk", flat=True)]
    assert not {
        word
        for address in addresses
        for word in leaks(world, "community_manager", asking.ask("GET", address)[1])
    }
    monkeypatch.setattr(NoticeQuerySet, "visible_to", lambda self, viewer: self)
    assert {
        word
        for address in addresses
        for word in leaks(world, "community_manager", asking.ask("GET", address)[1])
    }


@pytest.mark.usefixtures("one_window")
def test_nothing_in_any_answer_was_asked_with_limits_on(world: World) -> None:
    """The matrix runs with rate limits off; this keeps that a setting and not a habit."""
    with override_settings(RATE_LIMITS=True):
        statuses = {asker(world, "anonymous").ask("POST", "/sign-in/")[0] for _ in range(40)}
    assert 429 in statuses


def test_every_space_of_the_world_is_there(world: World) -> None:
    assert {space.access for space in Space.objects.all()} == {"open", "closed", "secret"}
    assert Space.objects.filter(archived_at__isnull=False).exists()
