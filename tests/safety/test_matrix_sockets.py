"""The permission matrix for sockets: every visitor of the fixed world opens the room of everything that has an id.

`torvet.realtime.together.entrance.admit` is all that stands between a socket and a document, so it is asked here with
every visitor's own session; tests/realtime/together opens real rooms.
"""

from __future__ import annotations

import pytest

from tests.safety.asking import ABSENT, VISITORS, asker
from tests.safety.world import INSIDE, World, ids
from torvet.realtime.door import Refusal
from torvet.realtime.together import entrance, keeping
from torvet.realtime.together.document import read_state
from torvet.wiki import rules
from torvet.wiki.models import Page

pytestmark = [pytest.mark.django_db, pytest.mark.matrix]

# Who belongs to the open space of the world; the others read there, and join before they write pages.
IN_THE_OPEN = {"administrator", "community_manager", "leader", "anna", "bo"}


def may_edit(visitor: str, space: str) -> bool:
    """Written down from the words of SECURITY.md; asks none of the product's own rules."""
    if visitor.startswith("token") or space == "archived":
        return False  # a socket takes a session and nothing else; what is archived is read only
    return visitor in (IN_THE_OPEN if space == "open" else INSIDE[space])


def answer(world: World, visitor: str, pk: int) -> tuple[int, str]:
    """(status, what the document says) of a socket that this visitor opens."""
    asking = asker(world, visitor)
    cookie = asking.client.cookies.get("sessionid")
    try:
        _admitted, viewer, page = entrance.admit(entrance.Asked(cookie.value if cookie else "", pk))
    except Refusal as refusal:
        return refusal.status, ""
    words = read_state(keeping.open_document(page, viewer).state)
    return 101, words.title + words.html


@pytest.mark.parametrize("visitor", VISITORS)
def test_a_room_is_open_to_those_who_may_edit_its_page_and_to_nobody_else(world: World, visitor: str) -> None:
    spaces = {space.pk: name for name, space in world.spaces.items()}
    pages = dict(Page.objects.filter(entry__removed_at=None).values_list("pk", "entry__space_id"))
    assert len(pages) >= 2 * len(spaces)
    absent = answer(world, visitor, ABSENT)[0]
    assert absent == (401 if visitor in {"anonymous", "deactivated"} or visitor.startswith("token") else 404)
    wrong = []
    for pk in sorted({*ids(world)["entry"], *pages}):
        status, words = answer(world, visitor, pk)
        expected = 101 if pk in pages and may_edit(visitor, spaces[pages[pk]]) else absent
        hidden = [word for word, who in world.secrets.items() if word in words and visitor not in who]
        if status != expected or hidden:
            wrong.append((pk, spaces.get(pages.get(pk, 0)), status, expected, hidden))
    assert not wrong, wrong[:10]


def test_the_matrix_sees_an_open_door(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: were everybody who reads a page allowed to edit it, an outsider would get in."""
    page = Page.objects.filter(space=world.spaces["open"]).first()
    assert page is not None
    assert answer(world, "outsider", page.pk)[0] == 404
    monkeypatch.setattr(rules, "can_edit_page", lambda *_anybody: True)
    assert answer(world, "outsider", page.pk)[0] == 101
