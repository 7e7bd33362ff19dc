"""Making a space a forum, and the parts of a large one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.base.text.characters import clean_line
from torvet.forum import rules
from torvet.forum.models import Forum, Sort, SubForum, Thread
from torvet.people.viewer import Viewer
from torvet.spaces.actions import open_space
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of

MOST_SUB_FORA = 40


@transaction.atomic
def open_forum(
    *, by: Viewer, space: Space, sort: str = Sort.PROFESSIONAL, allows_anonymous: bool = False
) -> Forum:
    """Make a space a forum; all that stands in it stays. One that is a forum already is changed to this."""
    require(rules.can_keep_forum(by, space, membership_of(by, space)))
    forum, _is_new = Forum.objects.update_or_create(
        space=space, defaults={"sort": Sort(sort), "allows_anonymous": allows_anonymous}
    )
    record(verbs.OPENED_FORUM, by=by, space_id=space.pk, sort=str(forum.sort), anonymous=allows_anonymous)
    return forum


@transaction.atomic
def open_space_with_forum(
    *, by: Viewer, sort: str = Sort.PROFESSIONAL, allows_anonymous: bool = False, **said: Any
) -> Forum:
    """A new space that is a forum from its first day; `said` is what `open_space` asks. Raises Refused as it does."""
    space = open_space(by=by, **said)
    return open_forum(by=by, space=space, sort=sort, allows_anonymous=allows_anonymous)


@transaction.atomic
def close_forum(*, by: Viewer, forum: Forum) -> None:
    """Make it a plain space again. Its threads stay what they are; its sub-fora are gone."""
    require(rules.can_keep_forum(by, forum.space, membership_of(by, forum.space)))
    space = forum.space_id
    Thread.objects.filter(sub_forum__forum=forum).update(sub_forum=None)
    forum.delete()
    record(verbs.CLOSED_FORUM, by=by, space_id=space)


@transaction.atomic
def add_sub_forum(*, by: Viewer, forum: Forum, name: str, about: str = "") -> SubForum:
    """One more part, after the others. Raises Refused without a name, with a name twice, and when there are many."""
    require(rules.can_keep_forum(by, forum.space, membership_of(by, forum.space)))
    name = _free_name(forum, name)
    standing = SubForum.objects.filter(forum=forum)
    if standing.count() >= MOST_SUB_FORA:
        raise Refused(_("A forum has at most %(most)s sub-fora.") % {"most": MOST_SUB_FORA})
    last = standing.aggregate(last=Max("place"))["last"]
    made = _saved(
        SubForum(forum=forum, name=name, about=clean_line(about)[:300], place=0 if last is None else last + 1)
    )
    _changed(by, forum)
    return made


@transaction.atomic
def change_sub_forum(*, by: Viewer, sub_forum: SubForum, name: str, about: str = "") -> SubForum:
    require(rules.can_keep_forum(by, sub_forum.forum.space, membership_of(by, sub_forum.forum.space)))
    sub_forum.name = _free_name(sub_forum.forum, name, but=sub_forum.pk)
    sub_forum.about = clean_line(about)[:300]
    _saved(sub_forum)
    _changed(by, sub_forum.forum)
    return sub_forum


@transaction.atomic
def order_sub_fora(*, by: Viewer, forum: Forum, order: Sequence[int]) -> None:
    """Put the parts in this order; those that are not named keep their order behind them."""
    require(rules.can_keep_forum(by, forum.space, membership_of(by, forum.space)))
    wanted: Mapping[int, int] = {pk: place for place, pk in enumerate(order)}
    parts = sorted(forum.sub_fora.all(), key=lambda part: wanted.get(part.pk, len(wanted)))
    for place, part in enumerate(parts):
        part.place = place
    SubForum.objects.bulk_update(parts, ["place"])
    _changed(by, forum)


@transaction.atomic
def move_sub_forum(*, by: Viewer, sub_forum: SubForum, up: bool) -> None:
    """One place up or down; at the end nothing changes."""
    order = list(SubForum.objects.filter(forum=sub_forum.forum_id).values_list("pk", flat=True))
    place = order.index(sub_forum.pk)
    other = max(place - 1, 0) if up else min(place + 1, len(order) - 1)
    order[place], order[other] = order[other], order[place]
    order_sub_fora(by=by, forum=sub_forum.forum, order=order)


@transaction.atomic
def remove_sub_forum(*, by: Viewer, sub_forum: SubForum) -> None:
    """Its threads stay, in the forum itself."""
    require(rules.can_keep_forum(by, sub_forum.forum.space, membership_of(by, sub_forum.forum.space)))
    forum = sub_forum.forum
    Thread.objects.filter(sub_forum=sub_forum).update(sub_forum=None)
    sub_forum.delete()
    _changed(by, forum)


def _free_name(forum: Forum, typed: str, but: int = 0) -> str:
    name = clean_line(typed)[:80].strip()
    if not name:
        raise Refused(_("Give the sub-forum a name."))
    others = SubForum.objects.filter(forum=forum).exclude(pk=but).values_list("name", flat=True)
    if name.casefold() in {other.casefold() for other in others}:
        raise Refused(_("There is a sub-forum with this name already."))
    return name


def _saved(sub_forum: SubForum) -> SubForum:
    try:
        with transaction.atomic():
            sub_forum.save()
    except IntegrityError as error:  # somebody else was a moment faster
        raise Refused(_("There is a sub-forum with this name already.")) from error
    return sub_forum


def _changed(by: Viewer, forum: Forum) -> None:
    record(verbs.CHANGED_FORUM, by=by, space_id=forum.space_id)
