"""The part of a forum that somebody chose, by page or by API: one that is there, or a sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _

from torvet.base.pages import LARGEST_ID
from torvet.base.rules import Refused
from torvet.forum.models import SubForum
from torvet.forum.queries.fora import sub_forum_of
from torvet.spaces.models import Space


def chosen_part(space: Space, number: int | None) -> SubForum | None:
    """The part with this number, None for the forum itself. Raises Refused for one that is not (any more) there."""
    if not number:
        return None
    part = sub_forum_of(space.pk, min(number, LARGEST_ID))
    if part is None:
        raise _elsewhere()
    return part


def refuse_part_of_another(space: Space, part: SubForum | None) -> None:
    """Raises Refused for a part of another forum."""
    if part is not None and part.forum_id != space.pk:
        raise _elsewhere()


def _elsewhere() -> Refused:
    return Refused(_("This sub-forum is not there any more. Choose another one."))
