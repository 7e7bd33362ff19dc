"""What people type about spaces and invitations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torvet.people.fields import MemberField
from torvet.people.forms import AddressField, NameField, NewPasswordField, with_a_good_password
from torvet.people.models import Role
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access, Involvement, Standing


class ResponsibleField(MemberField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Who is responsible?"),
            help_text=_(
                "A colleague who answers when nobody else does. The name stands at the top of the space."
            ),
            error_messages={"required": _("Name somebody. A space that is nobody's soon stands empty.")},
        )


class SpaceForm(forms.Form):
    """Opening a space: why, for whom and who is responsible come first."""

    name = NameField(label=_("Name"), max_length=80)
    purpose = forms.CharField(
        label=_("Why is it there?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences. They stand where people write."),
        error_messages={"required": _("Say why. People see it where they write, and know what belongs here.")},
    )  # fmt: skip
    audience = forms.CharField(
        label=_("For whom?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who should join, and who should rather look elsewhere."),
        error_messages={"required": _("Say for whom, so that people know whether it is for them.")},
    )  # fmt: skip
    responsible = ResponsibleField()
    access = forms.ChoiceField(
        label=_("Who reads?"), choices=Access.choices, widget=forms.RadioSelect, initial="open"
    )
    has_guests = forms.BooleanField(
        label=_("Guests from outside may be invited"), required=False,
        help_text=_("Customers or partners see this space and nothing else. Everybody is told where they write."),
    )  # fmt: skip
    question = forms.CharField(
        label=_("A question to those who ask to come in"), max_length=200, required=False,
        help_text=_("Only for a closed space."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        responsible = self.fields["responsible"]
        assert isinstance(responsible, MemberField)
        responsible.viewer = viewer


class SpaceSettingsForm(SpaceForm):
    is_default = forms.BooleanField(
        label=_("Newcomers join by themselves"), required=False,
        help_text=_("Everybody who is new in the company finds themselves in this space."),
    )  # fmt: skip

    def __init__(self, *args: Any, can_make_default: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_make_default:
            del self.fields["is_default"]


class AnswerForm(forms.Form):
    """What somebody says who asks to be let in."""

    answer = forms.CharField(label=_("Your answer"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, question: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = question or _("A word to those who decide")
        self.fields["answer"].required = bool(question)


class ColleagueForm(forms.Form):
    member = MemberField(
        label=_("Whom do you invite?"), help_text=_("Begin to type a name. They choose for themselves.")
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = self.fields["member"]
        assert isinstance(member, MemberField)
        member.viewer = viewer


class GuestForm(forms.Form):
    email = AddressField(
        label=_("E-mail address of the guest"), max_length=254, required=False,
        help_text=_("With an address the link works for that address only, and once. Without, for whoever has it."),
    )  # fmt: skip


class ColleaguesForm(GuestForm):
    """Into the company."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(Role.MEMBER, Role.MEMBER.label), (Role.LEADER, Role.LEADER.label)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")


class SignUpForm(forms.Form):
    """The account that an invitation offers."""

    name = NameField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = AddressField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = NewPasswordField()

    def clean(self) -> dict[str, Any]:
        return with_a_good_password(self)


class InvolvementForm(forms.Form):
    involvement = forms.ChoiceField(choices=Involvement.choices)


class StandingForm(forms.Form):
    standing = forms.ChoiceField(choices=Standing.choices)
