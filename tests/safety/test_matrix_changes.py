"""The permission matrix, second half: every visitor tries every change on everything, and what is not theirs stays."""

from __future__ import annotations

import hashlib

import pytest
from django.apps import apps

from tests.safety.asking import LEAVES, VISITORS, addresses, asker, leaks
from tests.safety.world import INSIDE, World
from torvet.entries import rules
from torvet.entries.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.matrix, pytest.mark.slow]

CHANGES = ("POST", "PUT", "PATCH", "DELETE")


# Anna and Bo are inside everywhere, the leader in what everybody reads: nothing is hidden from them to be changed.
OUTSIDE = [name for name in VISITORS if name not in {"anna", "bo", "leader", "token_write"}]


@pytest.mark.parametrize("visitor", OUTSIDE)
def test_nobody_changes_what_is_not_theirs(world: World, visitor: str) -> None:
    """Every unsafe request on every id: the rows of spaces that the visitor is not in stay as they were."""
    hidden = [world.spaces[name].pk for name, inside in INSIDE.items() if visitor not in inside]
    if visitor == "token_read":
        hidden = [space.pk for space in world.spaces.values()]
    before = digest(hidden)
    asking = asker(world, visitor)
    broken = []
    for address in addresses(world):
        if any(word in address for word in LEAVES) or "invitations" in address:
            continue
        for method in CHANGES if address.startswith("/api/") else ("POST",):
            status, text = asking.ask(method, address)
            if status >= 500:
                broken.append((status, method, address))
            assert not leaks(world, visitor, text), (method, address)
    assert not broken, broken[:10]
    assert digest(hidden) == before


def digest(spaces: list[int]) -> str:
    """Every row that belongs to these spaces, as one hash."""
    made = hashlib.sha256()
    for label, path in {
        "spaces.Space": "pk", "spaces.Membership": "space_id", "entries.Entry": "space_id", "entries.Reaction": "entry__space_id",
        "entries.Revision": "entry__space_id", "entries.Attachment": "entry__space_id", "entries.Mention": "entry__space_id",
        "entries.Watch": "thread__space_id", "wiki.Page": "space_id", "wiki.WorkingText": "page__space_id", "wiki.Report": "page__space_id",
        "wiki.PageLink": "space_id", "wiki.ApprovalInSpace": "space_id", "wiki.Suggestion": "page__space_id",
        "blogs.Blog": "space_id", "blogs.Delegate": "blog__space_id", "blogs.Article": "blog__space_id", "blogs.Series": "blog__space_id",
        "blogs.Draft": "blog__space_id", "blogs.DraftVersion": "draft__blog__space_id", "blogs.DraftFile": "draft__blog__space_id",
        "blogs.Outcome": "entry__space_id", "blogs.OutcomeSource": "outcome__entry__space_id", "blogs.Question": "blog__space_id",
        "forum.Forum": "space_id", "forum.Thread": "entry__space_id", "forum.Waiting": "space_id", "entries.Vote": "entry__space_id",
        "blogs.Listening": "blog__space_id", "blogs.Landing": "article__blog__space_id",
        "forum.SubForum": "forum__space_id",
        "forum.Arrangement": "thread__space_id",
        "wiki.SuggestionNote": "suggestion__page__space_id", "wiki.Remark": "page__space_id", "wiki.HandedLine": "space_id", "entries.EntryTopic": "space_id",
        "notices.Notice": "entry__space_id", "notices.Confirmation": "notice__entry__space_id", "notices.Roll": "notice__entry__space_id",
        "notices.RollChange": "notice__entry__space_id", "notices.AudiencePart": "notice__entry__space_id", "notices.Wording": "notice__entry__space_id",
        "forum.Asked": "question__entry__space_id", "wiki.PageSource": "page__space_id",
    }.items():  # fmt: skip
        model = apps.get_model(label)
        rows = model._base_manager.filter(**{f"{path}__in": spaces}).order_by("pk")
        if label == "spaces.Space":
            # Asking to be let in is everybody's right.
            rows = rows.values_list(
                "pk", "name", "purpose", "access", "archived_at", "member_count", "last_published_at"
            )
        elif label == "wiki.HandedLine":
            # Taking back the day somebody leaves ends the asking; an administrator may, without reading what is asked.
            rows = rows.values_list("pk", "successor")
        else:
            rows = rows.values_list()
        made.update(repr((label, list(rows))).encode())
    return made.hexdigest()


def test_the_matrix_sees_a_change(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: were everybody allowed to remove, an outsider's own requests would change the rows."""
    place = world.spaces["open"].pk
    before = digest([place])
    asking = asker(world, "outsider")
    posts = list(Entry.objects.filter(root=None, space=place).values_list("pk", flat=True))
    for pk in posts:
        asking.ask("POST", f"/e/{pk}/removal/")
    assert digest([place]) == before
    monkeypatch.setattr(rules, "can_remove", lambda *_anybody: True)
    for pk in posts:
        asking.ask("POST", f"/e/{pk}/removal/")
    assert digest([place]) != before
