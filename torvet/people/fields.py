"""Form fields that stand for people and for units."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from torvet.people import queries
from torvet.people.models import Member
from torvet.people.names import normal_email, normal_name
from torvet.people.viewer import NOBODY, Viewer

HANDLE = re.compile(r"@([a-z0-9.]+)\s*$", re.IGNORECASE)


def written(member: Member) -> str:
    """How somebody stands in a text box: `Mette Dahl @mette.dahl`."""
    return f"{member.name} @{member.handle}"


class MemberField(forms.CharField):
    """A member, typed as a name, an e-mail address or `Name @handle`; suggestions come from /people/pick/.

    A list to choose from would hold thousands of names. Set `viewer` before use: only whom they may see is found.
    """

    viewer: Viewer = NOBODY

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 250)
        super().__init__(**kwargs)
        self.widget.attrs |= {"data-picks-member": "", "autocomplete": "off", "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Member) else value

    def clean(self, value: Any) -> Member | None:
        text = normal_name(super().clean(value) or "")
        if not text:
            return None
        found = list(self._meant_by(text).filter(is_bot=False)[:2])
        if not found:
            raise ValidationError(
                _("We know nobody of that name. Choose somebody from the list as you type.")
            )
        if len(found) > 1:
            raise ValidationError(
                _("Several people are called that. Choose the right one from the list as you type.")
            )
        return found[0]

    def _meant_by(self, text: str) -> QuerySet[Member]:
        known = Member.objects.visible_to(self.viewer).active()
        handle = HANDLE.search(text)
        if handle:
            return known.filter(handle__iexact=handle.group(1))
        if "@" in text:
            # An address would tell whether somebody is here; whoever is not visible is simply not found.
            return known.filter(email__iexact=normal_email(text))
        exactly = known.filter(Q(name__iexact=text) | Q(handle__iexact=text))
        return exactly if exactly.exists() else known.named_like(text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def unit_choices(empty: str) -> list[tuple[str, str]]:
    """Every unit, set in by its depth in the tree."""
    return [
        ("", empty),
        *((str(unit.pk), "\u2003" * depth + unit.name) for unit, depth in queries.units_by_depth()),
    ]
