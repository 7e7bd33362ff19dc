"""What people type about themselves and the company, with limits and messages in plain words."""

from __future__ import annotations

import zoneinfo
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from torvet.people.fields import MemberField, unit_choices
from torvet.people.models import Member, Role, Site, Theme, Unit
from torvet.people.names import normal_email, normal_name
from torvet.people.passwords import check_password
from torvet.people.viewer import READ, WRITE, Viewer

SHORTEST_PASSWORD = _("At least 10 characters. A few words are easier to remember than signs.")
is_colour = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write a colour as # and six digits, such as #0b7a4b."))


def languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


def time_zones() -> list[tuple[str, str]]:
    """The zones people know, with "as the company" first."""
    unknown = ("Etc/", "posix", "right", "SystemV/")
    known = sorted(
        name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(unknown)
    )
    return [("", str(_("As the company"))), *((name, name.replace("_", " ")) for name in known)]


class NameField(forms.CharField):
    """A name in one normal form, with something visible in it."""

    def clean(self, value: Any) -> str:
        name = normal_name(super().clean(value) or "")
        if self.required and not name:
            raise ValidationError(self.error_messages["required"], code="required")
        return name


class AddressField(forms.EmailField):
    """An e-mail address, normalised first and checked after."""

    def clean(self, value: Any) -> str:
        return super().clean(normal_email(str(value or "")))


class NewPasswordField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Password"))
        kwargs.setdefault("help_text", SHORTEST_PASSWORD)
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": "10"})
        super().__init__(widget=widget, strip=False, max_length=200, **kwargs)


class FirstRunForm(forms.Form):
    """Names the company and makes its first administrator."""

    company = NameField(label=_("Name of the company"), max_length=80)
    language = forms.ChoiceField(
        label=_("First language"), choices=languages, help_text=_("Everybody can choose their own later.")
    )
    name = NameField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = AddressField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = NewPasswordField()

    def clean(self) -> dict[str, Any]:
        return with_a_good_password(self)


def with_a_good_password(form: forms.Form) -> dict[str, Any]:
    """Check the password against the name and address typed beside it; the message stands at its own field."""
    typed = form.cleaned_data
    if typed.get("password"):
        try:
            check_password(
                typed["password"], Member(name=typed.get("name", ""), email=typed.get("email", ""))
            )
        except ValidationError as weak:
            form.add_error("password", weak)
    return typed


class SignInForm(LoginForm):
    """allauth's own, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField(
            label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"), strip=False, max_length=200,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )  # fmt: skip
        self.order_fields(["login", "password"])


class PasswordForm(ChangePasswordForm):
    """The old password, and the new one once: the browser can show it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        self.fields["oldpassword"].label = _("Your password now")
        self.fields["oldpassword"].widget.attrs = {"autocomplete": "current-password"}
        self.fields["password1"].label = _("Your new password")
        self.fields["password1"].help_text = SHORTEST_PASSWORD
        self.fields["password1"].widget.attrs = {"autocomplete": "new-password", "minlength": "10"}


class ForgottenForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = AddressField(
            label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
        )


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        self.fields["password1"].label = _("Your new password")
        self.fields["password1"].help_text = SHORTEST_PASSWORD
        self.fields["password1"].widget.attrs = {"autocomplete": "new-password", "minlength": "10"}


class DirectoryForm(forms.Form):
    """Filters of the directory; what cannot be understood filters nothing."""

    q = forms.CharField(label=_("Name or title"), max_length=120, required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), required=False)
    site = forms.ModelChoiceField(
        Site.objects.all(), label=_("Site"), required=False, empty_label=_("All sites")
    )
    role = forms.ChoiceField(label=_("Role"), required=False)

    ROLES = (
        ("", _("All roles")),
        ("leads", _("Leaders")),
        (Role.ADMINISTRATOR, _("Administrators")),
        (Role.COMMUNITY_MANAGER, _("Community managers")),
        (Role.GUEST, _("Guests")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = Unit.objects.all()
        unit.choices = unit_choices(str(_("All units")))
        self.fields["role"].choices = self.ROLES  # type: ignore[attr-defined]

    @property
    def filters(self) -> list[forms.BoundField]:
        """What stands below the search box."""
        return [self["unit"], self["role"], self["site"]]


class ProfileForm(forms.Form):
    """What a member says of themselves."""

    name = NameField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    title = NameField(label=_("Title"), max_length=160, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"}),
        validators=[RegexValidator(r"\A[+0-9][0-9 ()./-]*\Z", _("A phone number has digits, spaces and a + at most."))],
    )  # fmt: skip
    about = forms.CharField(
        label=_("About you"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you work on, what people can ask you, what you like."),
    )  # fmt: skip
    photo = forms.FileField(
        label=_("Photo"), required=False, help_text=_("JPEG, PNG or WebP. It is cut to a square."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip


class LookForm(forms.Form):
    """How Torvet looks for one member."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=time_zones)
    theme = forms.ChoiceField(label=_("Colours"), choices=Theme.choices, widget=forms.RadioSelect)
    feed_order = forms.ChoiceField(
        label=_("What comes first on your home page"), widget=forms.RadioSelect,
        choices=[("newest", _("What was written last")), ("active", _("What was answered last"))],
        help_text=_("Nothing else decides: there is no hidden score."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As my browser says")), *languages()]  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """A key for a program that acts for the member."""

    name = NameField(
        label=_("What is it for?"), max_length=80, help_text=_("Such as: the screen in the canteen")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"), widget=forms.CheckboxSelectMultiple, initial=[READ],
        choices=[(READ, _("Read what you can read")), (WRITE, _("Write in your name"))],
        error_messages={"required": _("Choose what the token may do: read, write, or both.")},
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("How long?"), coerce=int, initial=90,
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("A year"))],
    )  # fmt: skip


class AccountForm(forms.Form):
    """What an administrator sets for a member."""

    name = NameField(label=_("Name"), max_length=120)
    title = NameField(label=_("Title"), max_length=160, required=False)
    role = forms.ChoiceField(label=_("Role"))
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), required=False)
    site = forms.ModelChoiceField(Site.objects.all(), label=_("Site"), required=False, empty_label=_("None"))
    manager = MemberField(
        label=_("Manager"), required=False, help_text=_("The person this member reports to.")
    )

    def __init__(self, *args: Any, viewer: Viewer, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        # A guest came in for one space; a colleague made a guest would still stand in all of theirs.
        roles = [choice for choice in Role.choices if choice[0] != Role.GUEST or member.role == Role.GUEST]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = Unit.objects.all()
        unit.choices = unit_choices(str(_("None")))
        manager = self.fields["manager"]
        assert isinstance(manager, MemberField)
        manager.viewer = viewer

    def clean_manager(self) -> Member | None:
        manager: Member | None = self.cleaned_data["manager"]
        if manager is not None and manager.pk == self.member.pk:
            raise ValidationError(_("Nobody is their own manager."))
        return manager


class UnitForm(forms.Form):
    name = NameField(label=_("Name"), max_length=120)
    parent = forms.ModelChoiceField(Unit.objects.none(), label=_("Belongs to"), required=False)
    leader = MemberField(label=_("Leader"), required=False)

    def __init__(self, *args: Any, viewer: Viewer, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent, leader = self.fields["parent"], self.fields["leader"]
        assert isinstance(parent, forms.ModelChoiceField) and isinstance(leader, MemberField)
        parent.queryset = Unit.objects.exclude(pk=unit.pk) if unit else Unit.objects.all()
        itself = str(unit.pk) if unit else ""
        parent.choices = [
            choice
            for choice in unit_choices(str(_("The company itself")))
            if not itself or choice[0] != itself
        ]
        leader.viewer = viewer

    def clean_leader(self) -> Member | None:
        leader: Member | None = self.cleaned_data["leader"]
        if leader is not None and leader.role == Role.GUEST:
            raise ValidationError(_("A guest cannot lead a unit."))
        return leader


class SiteForm(forms.Form):
    name = NameField(label=_("Name"), max_length=80)
    country = forms.CharField(
        label=_("Country"), max_length=2, required=False, help_text=_("Two letters, such as DK."),
        validators=[RegexValidator(r"\A[A-Za-z]{2}\Z", _("A country is two letters, such as DK."))],
    )  # fmt: skip
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=time_zones)


class CompanyForm(forms.Form):
    name = NameField(label=_("Name of the company"), max_length=80)
    brand = forms.CharField(
        label=_("Colour"), max_length=7, validators=[is_colour],
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off", "data-brand": ""}),
        help_text=_("Text on it and beside it keeps its contrast whatever you choose."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("First language"), choices=languages)

    def clean_brand(self) -> str:
        return str(self.cleaned_data["brand"]).lower()


def language_now() -> str:
    """The language the page is shown in, when it is one of ours."""
    shown = get_language() or ""
    return shown if shown in dict(settings.LANGUAGES) else "en"


class AwayForm(forms.Form):
    """From when until when somebody is away, and who stands in."""

    from_on = forms.DateField(
        label=_("First day away"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like this: 2027-03-31.")},
    )
    until_on = forms.DateField(
        label=_("Last day away"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like this: 2027-03-31.")},
    )
    deputy = MemberField(
        label=_("Who stands in"),
        required=False,
        help_text=_("They get what you would have to confirm meanwhile."),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deputy = self.fields["deputy"]
        assert isinstance(deputy, MemberField)
        deputy.viewer = viewer


class LeavingForm(forms.Form):
    """The last day of somebody who leaves; empty: they stay."""

    leaves_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty if nobody leaves after all."),
        error_messages={"invalid": _("Write the day like this: 2027-03-31.")},
    )
    is_public = forms.BooleanField(label=_("Let all colleagues see the day"), required=False)
