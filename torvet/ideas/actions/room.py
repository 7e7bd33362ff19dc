"""Opening an idea room, changing what it says, closing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Required, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.base.text.characters import clean_line, strip_forbidden
from torvet.ideas import rules
from torvet.ideas.models import Idea, IdeaRoom
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership, Space
from torvet.spaces.queries import membership_of

FURTHEST = timedelta(days=3 * 366)
MOST_DAYS = 365


class Terms(TypedDict, total=False):
    """What a room says: its question, what helps with it, who decides how soon, and when a challenge ends."""

    question: Required[str]
    about: str
    decider: Member | None
    days_to_decide: int
    ends_on: date | None


@transaction.atomic
def open_room(*, by: Viewer, space: Space, **asked: Unpack[Terms]) -> IdeaRoom:
    """Ask a question in a space. Raises Refused without a question, and in a space that asks one already."""
    require(rules.can_open_room(by, space, membership_of(by, space)))
    assert by.member is not None  # can_open_room said so
    Space.objects.select_for_update(of=("self",)).get(pk=space.pk)  # two tabs at once
    if IdeaRoom.objects.filter(space=space).exists():
        raise Refused(_("There is an idea room in %(space)s already.") % {"space": space.name})
    room = IdeaRoom(space=space, opened_by=by.member)
    _say(room, **asked)
    room.save()
    record(verbs.OPENED_IDEA_ROOM, by=by, space_id=space.pk)
    return room


@transaction.atomic
def open_room_with_space(
    *,
    by: Viewer,
    name: str,
    audience: str,
    access: str,
    **asked: Unpack[Terms],
) -> IdeaRoom:
    """A new space with its question, in one step: both, or neither."""
    require(by.member is not None and not by.is_guest)
    assert by.member is not None
    question, decider = clean_line(asked["question"]), asked.get("decider")
    if not question:
        raise Refused(_ask_something())
    space = spaces.open_space(
        by=by, name=name, purpose=question, audience=audience, responsible=by.member, access=access
    )
    if decider is not None and decider.pk != by.id and not space.is_open:
        # In a closed space they could not read what they are to decide.
        raise Refused(
            _(
                "%(name)s is not in the new space yet. Open it without a decider, invite them, and name them then."
            )
            % {"name": decider.name}
        )
    return open_room(by=by, space=space, **asked)


@transaction.atomic
def change_room(
    *,
    by: Viewer,
    room: IdeaRoom,
    **asked: Unpack[Terms],
) -> IdeaRoom:
    """Say it otherwise. Who decides and how soon holds for ideas that come from now on."""
    require(rules.can_keep_room(by, room, membership_of(by, room.space)))
    _say(room, **asked)
    room.save(update_fields=["question", "about", "decider", "days_to_decide", "ends_on"])
    record(verbs.CHANGED_IDEA_ROOM, by=by, space_id=room.pk)
    return room


@transaction.atomic
def close_room(*, by: Viewer, room: IdeaRoom) -> None:
    """It takes no more ideas and votes. What is there stays, and is decided."""
    require(rules.can_keep_room(by, room, membership_of(by, room.space)))
    if room.closed_at is None:
        room.closed_at = timezone.now()
        room.save(update_fields=["closed_at"])
        record(verbs.CLOSED_IDEA_ROOM, by=by, space_id=room.pk)


@transaction.atomic
def reopen_room(*, by: Viewer, room: IdeaRoom) -> None:
    """It takes ideas and votes again. A date that has passed is taken away."""
    require(rules.can_keep_room(by, room, membership_of(by, room.space)))
    if room.closed_at is not None or room.has_ended:
        room.closed_at = None
        room.ends_on = None if room.has_ended else room.ends_on
        room.save(update_fields=["closed_at", "ends_on"])
        record(verbs.REOPENED_IDEA_ROOM, by=by, space_id=room.pk)


@transaction.atomic
def note_export(*, by: Viewer, room: IdeaRoom) -> None:
    """Somebody takes the ideas along: what is written down before the file is made."""
    require(rules.can_keep_room(by, room, membership_of(by, room.space)))
    record(verbs.EXPORTED_IDEAS, by=by, space_id=room.pk)


def _ask_something() -> str:
    return _("Ask a question: what do you want ideas for?")


def _say(
    room: IdeaRoom,
    *,
    question: str,
    about: str = "",
    decider: Member | None = None,
    days_to_decide: int = 30,
    ends_on: date | None = None,
) -> None:
    today = timezone.localdate()
    room.question, room.about = clean_line(question), strip_forbidden(about).strip()
    if not room.question:
        raise Refused(_ask_something())
    if not 1 <= days_to_decide <= MOST_DAYS:
        raise Refused(_("Decide within 1 to 365 days."))
    if ends_on is not None and ends_on != room.ends_on and not today <= ends_on <= today + FURTHEST:
        raise Refused(_("Choose a last day from today on, within three years."))
    if decider is not None and decider.pk != room.decider_id:
        must_be_decider(decider, room.space)
    room.decider, room.days_to_decide, room.ends_on = decider, days_to_decide, ends_on


def must_be_decider(member: Member, space: Space) -> None:
    """Raises Refused for somebody who cannot decide here."""
    membership = Membership.objects.filter(member=member, space=space).first()
    if not rules.can_be_decider(member, space, membership):
        raise Refused(
            _("%(name)s cannot decide here: it must be a colleague who writes in %(space)s.")
            % {"name": member.name, "space": space.name}
        )


def pass_on_rooms(*, by: Viewer, members: Sequence[Member]) -> None:
    """These accounts are closed: what they were to decide falls to those who run the spaces."""
    ids = [member.pk for member in members]
    rooms = IdeaRoom.objects.filter(decider__in=ids)
    waiting = Idea.objects.undecided().filter(decider__in=ids)
    lost = {*rooms.values_list("pk", flat=True), *waiting.values_list("room_id", flat=True)}
    for room_id in sorted(lost):
        record(verbs.LOST_DECIDER, by=by, space_id=room_id)
    rooms.update(decider=None)
    # Of what is decided it stays written who decided.
    waiting.update(decider=None, reminded_at=None)
