"""Supporting an idea, with words or without, and saying what helps to decide."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.base.rules import Refused, require
from torvet.entries import actions as entries
from torvet.entries import queries as entry_queries
from torvet.entries.kinds import COMMENT
from torvet.entries.models import Entry
from torvet.ideas import rules
from torvet.ideas.actions.locking import lock
from torvet.ideas.kinds import INPUT, SUPPORT
from torvet.ideas.models import CarriedVote, Idea, Input, InputSort, Stage
from torvet.ideas.queries.one import has_said_why, into_it, supports
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def support(*, by: Viewer, idea: Idea) -> Entry:
    """One yes; a second changes nothing. Gives the entry with its votes. Raises Refused when it takes no votes."""
    require(rules.can_support(by, idea, membership_of(by, idea.entry.space)))
    idea = lock(idea)
    _must_be_open(idea)
    return entries.give_vote(by=by, entry=idea.entry)


@transaction.atomic
def take_back_support(*, by: Viewer, idea: Idea) -> Entry:
    """The yes is gone, also from what was merged into it. A sentence that came with it stays, as a comment."""
    require(rules.can_support(by, idea, membership_of(by, idea.entry.space)))
    idea = lock(idea)
    _must_be_open(idea)
    merged = [pk for pk, _into in into_it(idea.pk)]
    # A vote given anew after this is their own, and stays when the two are separated.
    CarriedVote.objects.filter(merge__in=merged, member=by.id).delete()
    for entry in entry_queries.visible(by).filter(pk__in=merged).select_related("space").order_by("pk"):
        if entry.author_id != by.id:
            entries.take_back_vote(by=by, entry=entry)
    for said in entry_queries.visible(by).filter(root=idea.pk, kind=SUPPORT.key, author_id=by.id):
        said.kind = COMMENT.key
        said.revision += 1
        said.save(update_fields=["kind", "revision"])
    return entries.take_back_vote(by=by, entry=idea.entry)


@transaction.atomic
def say_why(*, by: Viewer, idea: Idea, body: str, format: str = "markdown") -> Entry:
    """Support it and say why, once. Gives the entry of the sentence."""
    require(rules.can_support(by, idea, membership_of(by, idea.entry.space)))
    idea = lock(idea)
    _must_be_open(idea)
    if idea.entry.is_closed:
        raise Refused(_("Comments are closed"))
    if has_said_why(by, idea):
        raise Refused(_("You have said why already. You can change what you wrote, or write a comment."))
    said = entries.add_comment(by=by, on=idea.entry, body=body, format=format, kind=SUPPORT.key)
    if not supports(by, idea):
        entries.give_vote(by=by, entry=idea.entry)
    return said


@transaction.atomic
def give_input(*, by: Viewer, idea: Idea, sort: str, body: str, format: str = "markdown") -> Entry:
    """Say what one knows of it: an experience, a fact, an objection or a wish. Gives its entry."""
    require(rules.can_give_input(by, idea, membership_of(by, idea.entry.space)))
    idea = lock(idea)
    _must_be_open(idea)
    if sort not in InputSort.values:
        raise Refused(_("Choose what it is: an experience, a fact, an objection or a wish."))
    said = entries.add_comment(by=by, on=idea.entry, body=body, format=format, kind=INPUT.key)
    Input.objects.create(entry=said, sort=sort)
    return said


def _must_be_open(idea: Idea) -> None:
    """Raises Refused, saying why nobody can support it or add to it any more."""
    if idea.is_open:
        return
    if idea.is_merged:
        raise Refused(_("This idea goes on in another. Support that one."))
    if idea.stage == Stage.DECLINED:
        raise Refused(_("This idea was declined, so it takes no more votes."))
    if idea.stage == Stage.DONE:
        raise Refused(_("This idea is done, so it takes no more votes."))
    raise Refused(_("This room is closed, so its ideas take no more votes."))
