"""Proposing an idea, also from something that was said elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import actions as entries
from torvet.entries import queries as entry_queries
from torvet.entries import rules as entry_rules
from torvet.entries.models import Entry
from torvet.ideas import rules
from torvet.ideas.kinds import IDEA
from torvet.ideas.models import Concern, Idea, IdeaRoom
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


@transaction.atomic
def propose_idea(
    *,
    by: Viewer,
    room: IdeaRoom,
    title: str,
    body: str = "",
    format: str = "markdown",
    concern: str = "",
    source: Entry | None = None,
    may_be_wider: bool = False,
    files: Sequence[str] = (),
    alts: Mapping[str, str] | None = None,
) -> Idea:
    """Propose something in a room. `source` is what it was captured from.

    Raises Refused without a title, in a room that is closed, and when words from `source` would come to people who may
    not read them there, unless `may_be_wider` says that this was thought of.
    """
    membership = membership_of(by, room.space)
    require(entry_rules.can_post(by, room.space, membership))
    if not room.is_open:
        raise Refused(_("This room takes no more ideas."))
    if not title.strip():
        raise Refused(_("Give your idea a title: what should be done, in a few words."))
    if concern not in ("", *Concern.values):
        raise Refused(_("Choose what it is about from the list."))
    if source is not None:
        _check_source(by, source, room, may_be_wider)
    entry = entries.publish_thread(
        by=by, space=room.space, kind=IDEA.key, title=title, body=body, format=format, files=files, alts=alts
    )
    idea = Idea.objects.create(
        entry=entry,
        room=room,
        decider=_decider_of(room),
        decide_by=timezone.localdate() + timedelta(days=room.days_to_decide),
        concern=concern,
        source=source,
    )
    record(
        verbs.PROPOSED_IDEA,
        by=by,
        about=idea.decider,
        space_id=room.pk,
        entry_id=entry.pk,
        thread_id=entry.pk,
    )
    return idea


def _check_source(by: Viewer, source: Entry, room: IdeaRoom, may_be_wider: bool) -> None:
    # Asked again: it may have been removed, or kept to fewer, while the form was open.
    found = entry_queries.get_visible(by, source.pk)
    if found is None:
        raise Refused(
            _("What you wanted to keep is not there any more. Take the quote out, and propose it yourself.")
        )
    if rules.is_wider(found.space, room.space) and not may_be_wider:
        raise Refused(
            _(
                "The words come from %(space)s, and other people read this room. Say that they may be told here."
            )
            % {"space": found.space.name}
        )


def _decider_of(room: IdeaRoom) -> Member | None:
    """The room's, while they can still decide; else nobody by name, and who runs the space decides."""
    decider = room.decider
    if decider is None:
        return None
    membership = membership_of(Viewer.of(decider), room.space)
    return decider if rules.can_be_decider(decider, room.space, membership) else None
