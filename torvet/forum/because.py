"""Why somebody may know something, in words: for who asks, and for who is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torvet.entries.knowing import ANSWERED, OWNS
from torvet.entries.models import Entry


@dataclass(frozen=True)
class Because:
    """An entry that whoever reads this may read, and what somebody did there: a word of entries/knowing.py."""

    entry: Entry
    what: str


def of_them(because: Sequence[Because]) -> str:
    """As it stands behind a name: `owns the page “Cranes”, and answered 3 like this`."""
    owned, answered, wrote = _sorted(because)
    parts = []
    if owned:
        parts.append(_("owns the page “{title}”").format(title=owned[0].entry.title))
    if answered:
        number = len(answered)
        one_or_more = ngettext("answered one like this", "answered {number} like this", number)
        parts.append(one_or_more.format(number=number))
    if wrote and not parts:
        parts.append(_("wrote about it"))
    return _joined(parts)


def of_you(because: Sequence[Because]) -> str:
    """As it is said to the one who is asked: `you own the page “Cranes”, and answered 3 like this`."""
    owned, answered, wrote = _sorted(because)
    parts = []
    if owned:
        parts.append(_("you own the page “{title}”").format(title=owned[0].entry.title))
    if answered:
        number = len(answered)
        one_or_more = ngettext("you answered one like this", "you answered {number} like this", number)
        parts.append(one_or_more.format(number=number))
    if wrote and not parts:
        parts.append(_("you wrote about it"))
    return _joined(parts)


def _sorted(because: Sequence[Because]) -> tuple[list[Because], list[Because], list[Because]]:
    owned = [one for one in because if one.what == OWNS]
    answered = [one for one in because if one.what == ANSWERED]
    return owned, answered, [one for one in because if one.what not in {OWNS, ANSWERED}]


def _joined(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("{first}, and {second}").format(first=parts[0], second=parts[1])
