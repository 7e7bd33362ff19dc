"""What an administrator types to change the agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from torvet.agreement.actions import LARGEST_GROUP
from torvet.agreement.register import SMALLEST_ALLOWED, Processing, State

STATES: dict[State, Promise] = {
    State.OFF: _("Off"),
    State.GROUPS: _("Only about groups"),
    State.ON: _("On"),
}


class ReasonField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Everybody reads this reason, now and later."),
            error_messages={"required": _("Please say why. Everybody will see the reason.")},
        )  # fmt: skip


class TermForm(forms.Form):
    state = forms.ChoiceField(label=_("From now on"), widget=forms.RadioSelect)
    reason = ReasonField()

    def __init__(self, *args: Any, processing: Processing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        state.choices = [(choice.value, STATES[choice]) for choice in processing.states]


class SmallestForm(forms.Form):
    size = forms.IntegerField(
        label=_("Smallest group"), min_value=SMALLEST_ALLOWED, max_value=LARGEST_GROUP,
        help_text=_("A figure about fewer people than this is never shown to anybody."),
    )  # fmt: skip
    reason = ReasonField()
