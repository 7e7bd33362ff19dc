"""Writing, indexing and finding, in one line each."""

from __future__ import annotations

from tests.cast import house, viewer_of
from torvet.activity.models import Activity
from torvet.entries import actions as entries
from torvet.entries.actions.publish import publish_thread
from torvet.entries.models import Entry
from torvet.entries.similar import similar
from torvet.people.models import Member
from torvet.search import queries
from torvet.search.found import Found
from torvet.search.readers import index
from torvet.spaces.models import Space


def index_all() -> None:
    """What the worker does, with only this reader."""
    for activity in Activity.objects.waiting():
        index(activity)
        Activity.objects.filter(pk=activity.pk).update(fanned_out_at=activity.created_at)


def write(by: Member, space: Space, body: str, title: str = "", language: str = "") -> Entry:
    """A post; `language` stands for what the detector would have said of a longer text."""
    entry = entries.publish_post(by=house(by), space=space, body=body, title=title)
    if language:
        Entry.objects.filter(pk=entry.pk).update(language=language)
    return entry


def answer(by: Member, on: Entry, body: str) -> Entry:
    return entries.add_comment(by=house(by), on=on, body=body)


def find(member: Member | None, q: str, **options: object) -> Found:
    return queries.search(viewer_of(member), q, **options)  # type: ignore[arg-type]


def ids(found: Found) -> list[int]:
    return [hit.id for hit in found.hits]


def ask(by: Member, space: Space, title: str, body: str = "", kind: str = "question") -> Entry:
    """A question, or another opener that has a title."""
    return publish_thread(by=house(by), space=space, kind=kind, title=title, body=body)


def answer_to(by: Member, question: Entry, body: str) -> Entry:
    return entries.add_comment(by=house(by), on=question, body=body, kind="answer")


def similar_to(member: Member | None, title: str, body: str = "", **options: object) -> list[int]:
    """The ids of what is similar to this for somebody."""
    asked = {"kinds": ("question", "discussion", "page", "article"), **options}
    return [entry.pk for entry in similar(viewer_of(member), title, body, **asked)]  # type: ignore[arg-type]
