"""What tests of questions begin with."""

from __future__ import annotations

from tests.cast import house, viewer_of
from torvet.entries.models import Entry
from torvet.entries.queries import get_visible
from torvet.forum import actions
from torvet.forum.models import Forum, Thread
from torvet.forum.queries import questions
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

KEY = "bako duri femi golu rita navo"


def ask(space: Space, by: Member, title: str = "How long may the crane stand?", **said: str) -> Thread:
    made = actions.ask_question(by=house(by), space=space, title=title, **said)
    return seen(made.pk, house(by))


def answer(question: Thread, by: Member, body: str = "Two hours, then it is moved.") -> Entry:
    made = actions.give_answer(by=house(by), question=seen(question.pk, house(by)), body=body)
    return reread(made, by)


def seen(pk: int, viewer: Viewer) -> Thread:
    """The question as this viewer reads it now."""
    found = questions.get_visible(viewer, pk)
    assert found is not None
    return found


def reread(entry: Entry, by: Member) -> Entry:
    found = get_visible(viewer_of(by), entry.pk)
    assert found is not None
    return found


def allow_anonymous(space: Space) -> Forum:
    return Forum.objects.create(space=space, allows_anonymous=True)
