"""Ids of every kind of thing in the world."""

from __future__ import annotations

from tests.safety.world.canaries import World
from torvet.blogs.models import Article, Blog, Delegate, Draft, Outcome, OutcomeSource, Question
from torvet.entries.models import Attachment, Entry
from torvet.forum.models import Asked, NotMyField, SubForum, Thread
from torvet.ideas.models import Idea
from torvet.notices.models import Notice
from torvet.people.models import Absence, Member
from torvet.spaces.models import Invitation, JoinRequest, Membership, Space
from torvet.wiki.models import Page, Remark, Report, Suggestion


def _entries() -> list[int]:
    """Of every space each opener (live, removed, scheduled) and the first comment."""
    openers = Entry.objects.filter(root=None)
    first = {entry.root_id: entry.pk for entry in Entry.objects.filter(root__isnull=False).order_by("-pk")}
    return sorted([*openers.values_list("pk", flat=True), *first.values()])


def _one_of_each() -> list[int]:
    """An entry of each kind, of the secret space where there is one."""
    last: dict[str, int] = {}
    for kind, pk in Entry.objects.filter(space__access="secret").order_by("pk").values_list("kind", "pk"):
        last[kind] = pk
    return sorted(last.values())


def ids(world: World) -> dict[str, list[int]]:
    """Ids of every kind of thing; the matrix asks each address with the right kind and with wrong ones."""
    return {
        "entry": _entries(),
        "stranger": _one_of_each(),
        "page": list(Page.objects.values_list("pk", flat=True)),
        "article": list(Article.objects.values_list("pk", flat=True)),
        "report": list(Report.objects.values_list("pk", flat=True)),
        "space": list(Space.objects.values_list("pk", flat=True)),
        "member": list(Member.objects.values_list("pk", flat=True)),
        "invitation": list(Invitation.objects.values_list("pk", flat=True)),
        "request": list(JoinRequest.objects.values_list("pk", flat=True)),
        "membership": list(Membership.objects.values_list("pk", flat=True)),
        "file": list(Attachment.objects.values_list("key", flat=True)),
        "suggestion": list(Suggestion.objects.values_list("pk", flat=True)),
        "blog": list(Blog.objects.values_list("pk", flat=True)),
        "outcome": list(Outcome.objects.values_list("pk", flat=True)),
        "source": list(OutcomeSource.objects.values_list("entry_id", flat=True)),
        "comment": list(Question.objects.values_list("pk", flat=True)),
        "question": list(Thread.objects.values_list("pk", flat=True)),
        "answer_id": list(Entry.objects.filter(kind="answer").values_list("pk", flat=True)),
        "answer": list(Entry.objects.filter(kind="answer").values_list("pk", flat=True)),
        "draft": list(Draft.objects.values_list("pk", flat=True)),
        "delegate": list(Delegate.objects.values_list("pk", flat=True)),
        "idea": list(Idea.objects.values_list("pk", flat=True)),
        "notice": list(Notice.objects.values_list("pk", flat=True)),
        "absence": list(Absence.objects.values_list("pk", flat=True)),
        "sub": list(SubForum.objects.values_list("pk", flat=True)),
        "asked": list(Asked.objects.values_list("pk", flat=True)),
        "field": list(NotMyField.objects.values_list("pk", flat=True)),
        "remark": list(Remark.objects.values_list("pk", flat=True)),
    }
