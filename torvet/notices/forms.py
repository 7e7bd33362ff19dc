"""What is typed to ask people, to give them more time, and to write down who signed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torvet.notices.actions.ask import LONGEST_NOTE
from torvet.notices.queries.audience import Audience, Reach, roles_in, sites_in, spaces_in, units_by_depth
from torvet.people.viewer import Viewer

MOST_NAMES = 500
A_DAY = {"invalid": _("Write the day like this: 2027-03-31."), "required": _("By when? Choose a day.")}


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget, error_messages=A_DAY)


class Boxes(forms.MultipleChoiceField):
    """Boxes to tick; what is not offered to this viewer is not taken."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label, required=False,
            error_messages={"invalid_choice": _("One of those is not there any more. Please choose again.")},
        )  # fmt: skip


class AskForm(forms.Form):
    units = Boxes(_("Units, with those below them"))
    sites = Boxes(_("Sites"))
    roles = Boxes(_("Roles"))
    spaces = Boxes(_("Members of spaces"))
    people = forms.CharField(
        label=_("People, one on each line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A name, a handle or an e-mail address."),
    )
    due_on = day_field(_("To be confirmed by"))
    note = forms.CharField(
        label=_("A line to those you ask"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, viewer: Viewer, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, list[tuple[str, str]]] = {
            "units": [(str(unit.pk), "\u2003" * depth + unit.name) for unit, depth in units_by_depth(reach)],
            "sites": [(str(site.pk), site.name) for site in sites_in(reach)],
            "roles": [(role.value, str(role.label)) for role in roles_in(reach)],
            "spaces": [(str(space.pk), space.name) for space in spaces_in(viewer, reach)],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, Boxes)
            field.choices = choices
            if not choices:
                del self.fields[name]

    def names(self) -> list[str]:
        """What stands on the lines, each once."""
        lines = (
            " ".join(line.split()) for line in self.cleaned_data["people"].replace(",", "\n").splitlines()
        )
        return list(dict.fromkeys(line for line in lines if line))[:MOST_NAMES]

    def audience(self, members: frozenset[int]) -> Audience:
        def ids(name: str) -> frozenset[int]:
            return frozenset(int(value) for value in self.cleaned_data.get(name, ()))

        return Audience(
            units=ids("units"), sites=ids("sites"), roles=frozenset(self.cleaned_data.get("roles", ())),
            spaces=ids("spaces"), members=members,
        )  # fmt: skip


class DateForm(forms.Form):
    due_on = day_field(_("New date"))


class PaperForm(forms.Form):
    """Who signed, when, and which version stands on the sheet."""

    signed_on = day_field(_("Day they signed"))
    version = forms.IntegerField(
        label=_("Version on the sheet"), min_value=1, max_value=2**31 - 1,
        error_messages={"required": _("Which version? It stands at the top of the sheet.")},
    )  # fmt: skip
