"""Questions, answers and pages in one line each, and a finder that takes titles with a word in common as alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from tests.cast import house
from torvet.entries import actions as entries
from torvet.entries import queries, similar
from torvet.entries.models import Entry
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.forum.models import Thread
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki import actions as wiki
from torvet.wiki.models import Page


def by_words(
    viewer: Viewer, title: str, body: str, *, kinds: Collection[str], without: int, limit: int
) -> list[Entry]:
    words = set(title.lower().split())
    rows = queries.visible(viewer).filter(root=None, kind__in=kinds).exclude(pk=without).order_by("pk")
    return [entry for entry in rows if words & set(entry.title.lower().split())][:limit]


@contextmanager
def found_by_words() -> Iterator[None]:
    before = similar._finder
    similar.find_with(by_words)
    try:
        yield
    finally:
        similar._finder = before


def ask(by: Member, space: Space, title: str, body: str = "Who knows?", key_digest: str = "") -> Thread:
    entry = entries.publish_thread(by=house(by), space=space, kind=QUESTION.key, title=title, body=body)
    Thread.objects.create(entry=entry, key_digest=key_digest)
    return Thread.objects.select_related("entry__space", "entry__author__unit").get(pk=entry.pk)


def answer(by: Member, thread: Thread, body: str = "So it is done", *, accepted: bool = False) -> Entry:
    said = entries.add_comment(by=house(by), on=thread.entry, body=body, kind=ANSWER.key)
    if accepted:
        Thread.objects.filter(pk=thread.pk).update(accepted=said)
    return said


def write(by: Member, space: Space, title: str, body: str = "Words") -> Page:
    return wiki.write_page(by=house(by), space=space, title=title, body=body)
