"""What people type in idea rooms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from torvet.entries.forms import WordsForm
from torvet.entries.words import MAX_TITLE
from torvet.ideas.models import Concern, IdeaRoom, InputSort, Stage
from torvet.people.fields import MemberField
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access, Space

NEW = "new"
DECISIONS = [
    (Stage.CHOSEN, _("Chosen: we want to do it")),
    (Stage.TRIED, _("Tried: it is being tried out")),
    (Stage.DONE, _("Done: it is there")),
    (Stage.LOOKED_AT, _("Looked at: we know it, and decide later")),
    (Stage.HEARD, _("Heard")),
    (Stage.DECLINED, _("Declined: we will not do it")),
]


class _DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault(
            "error_messages",
            {"required": _("Choose a day."), "invalid": _("Write the day as 2026-12-31.")},
        )
        super().__init__(**kwargs)


class RoomForm(forms.Form):
    """What a room asks, and who decides."""

    question = forms.CharField(
        label=_("The question of the room"), max_length=200,
        error_messages={"required": _("Ask a question: what do you want ideas for?")},
    )  # fmt: skip
    about = forms.CharField(
        label=_("What helps people to answer it"), max_length=600, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    decider = MemberField(
        label=_("Who decides?"), required=False,
        help_text=_("Left empty, those who run the space decide. It can be changed for each idea."),
    )  # fmt: skip
    days_to_decide = forms.IntegerField(
        label=_("Within how many days?"), min_value=1, max_value=365, initial=30,
        help_text=_("Everybody sees by when an idea is decided, and when that day has passed."),
    )  # fmt: skip
    ends_on = _DayField(
        label=_("Last day for ideas and votes"), required=False,
        help_text=_("For a challenge that ends. Deciding goes on after it."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decider = self.fields["decider"]
        assert isinstance(decider, MemberField)
        decider.viewer = viewer


class NewRoomForm(RoomForm):
    """With where it is: in a space that is there, or in a new one."""

    where = forms.ChoiceField(
        label=_("Where?"),
        error_messages={"invalid_choice": _("Choose a space."), "required": _("Choose a space.")},
    )
    name = forms.CharField(
        label=_("Name of the new space"), max_length=80,
        error_messages={"required": _("Give the new space a name.")},
    )  # fmt: skip
    audience = forms.CharField(
        label=_("Who is it for?"), max_length=300,
        error_messages={"required": _("Say who it is for. People see it where they write.")},
    )  # fmt: skip
    access = forms.ChoiceField(
        label=_("Who can read it?"),
        choices=[
            (Access.OPEN, _("Everybody in the company")),
            (Access.CLOSED, _("Only its members; everybody can find it")),
        ],
        initial=Access.OPEN,
    )

    def __init__(self, *args: Any, spaces: Sequence[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = self.fields["where"]
        assert isinstance(where, forms.ChoiceField)
        where.choices = [(NEW, _("In a new space")), *((str(space.pk), space.name) for space in spaces)]

    def full_clean(self) -> None:
        """What is asked of a new space is asked for a new space only."""
        is_new = self.data.get(self.add_prefix("where"), NEW) == NEW
        for name in ("name", "audience", "access"):
            self.fields[name].required = is_new or not self.is_bound
        super().full_clean()


class IdeaForm(WordsForm):
    """An idea as it is proposed."""

    title = forms.CharField(
        label=_("Your idea in a few words"), max_length=MAX_TITLE,
        error_messages={"required": _("Give your idea a title: what should be done, in a few words.")},
    )  # fmt: skip
    room = forms.TypedChoiceField(
        label=_("Room"), coerce=int,
        error_messages={"required": _("Choose a room."), "invalid_choice": _("Choose a room.")},
    )  # fmt: skip
    concern = forms.ChoiceField(
        label=_("What is it about?"), required=False, choices=[("", _("Not said")), *Concern.choices]
    )
    may_be_wider = forms.BooleanField(required=False)
    field_order = ("room", "title")

    def __init__(self, *args: Any, rooms: Sequence[IdeaRoom], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        room = self.fields["room"]
        assert isinstance(room, forms.TypedChoiceField)
        room.choices = [(str(one.pk), f"{one.question} · {one.space.name}") for one in rooms]


class SupportForm(WordsForm):
    """A sentence why."""


class InputForm(WordsForm):
    sort = forms.ChoiceField(
        label=pgettext_lazy("a sort of input", "What is it?"), choices=InputSort.choices, initial=InputSort.EXPERIENCE,
        error_messages={
            "required": _("Choose what it is: an experience, a fact, an objection or a wish."),
            "invalid_choice": _("Choose what it is: an experience, a fact, an objection or a wish."),
        },
    )  # fmt: skip


class StageForm(forms.Form):
    """Where an idea goes from where it is, and why. Whether it can go there the action says."""

    stage = forms.ChoiceField(
        label=_("What do you decide?"), widget=forms.RadioSelect, choices=DECISIONS,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody who proposed, supported or wrote something reads it. To decline, a reason is needed."),
        error_messages={"max_length": _("The reason is too long. A thousand characters fit.")},
    )  # fmt: skip
    seen = forms.ChoiceField(choices=Stage.choices, widget=forms.HiddenInput, required=False)

    def offer(self, stages: Sequence[Stage]) -> None:
        """Show only where it can go from where it is."""
        stage = self.fields["stage"]
        assert isinstance(stage, forms.ChoiceField)
        stage.choices = [(value, words) for value, words in DECISIONS if value in stages]


class DeciderForm(forms.Form):
    decider = MemberField(
        label=_("Who decides?"), required=False, help_text=_("Left empty, those who run the space decide.")
    )
    decide_by = _DayField(label=_("By which day?"))

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decider = self.fields["decider"]
        assert isinstance(decider, MemberField)
        decider.viewer = viewer
