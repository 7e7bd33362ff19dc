"""What people type about blogs and articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from torvet.base.text import SOURCE_PER_TEXT
from torvet.blogs import lead as leads
from torvet.blogs.kinds import ARTICLE
from torvet.entries.forms import WordsForm
from torvet.entries.words import MAX_TITLE
from torvet.people.fields import MemberField, unit_choices
from torvet.people.models import Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space


class BlogForm(forms.Form):
    """What a blog says of itself."""

    name = forms.CharField(
        label=_("Name of the blog"), max_length=80, error_messages={"required": _("Give the blog a name.")}
    )
    about = forms.CharField(
        label=_("What is it about?"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences. They stand at the top of the blog."),
    )  # fmt: skip
    leader = MemberField(
        label=_("Whose voice is it?"), required=False,
        help_text=_("A leader, by name. Leave it empty for the blog of a unit or about a subject."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("Which unit is it about?"), required=False)
    subject = forms.CharField(label=_("Which subject is it about?"), max_length=80, required=False)
    promise_days = forms.IntegerField(
        label=_("I answer within … days"), min_value=1, max_value=30, required=False,
        help_text=_("A promise that everybody sees, and whether it is kept. Leave it empty to promise nothing."),
    )  # fmt: skip
    wants_review = forms.BooleanField(
        label=_("Articles need a nod before they are out"), required=False,
        help_text=_("Whoever keeps the blog reads what others wrote for it first."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, is_led: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leader, unit = self.fields["leader"], self.fields["unit"]
        assert isinstance(leader, MemberField) and isinstance(unit, forms.ChoiceField)
        leader.viewer = viewer
        unit.choices = unit_choices(str(_("No unit")))
        if is_led:
            del self.fields["leader"]

    def clean_unit(self) -> Unit | None:
        chosen = self.cleaned_data["unit"]
        return Unit.objects.filter(pk=int(chosen)).first() if chosen else None


class NewBlogForm(BlogForm):
    """With where its articles stand."""

    space = forms.ChoiceField(
        label=_("Where do the articles stand?"),
        help_text=_("The space decides who reads them, and who comments."),
        error_messages={"invalid_choice": _("Choose a space.")},
    )
    field_order = ["name", "space", "about", "leader", "unit", "subject", "promise_days", "wants_review"]

    def __init__(self, *args: Any, spaces: Sequence[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = self.fields["space"]
        assert isinstance(where, forms.ChoiceField)
        where.choices = [(str(space.pk), space.name) for space in spaces]


class DelegateForm(forms.Form):
    member = MemberField(
        label=_("Who may write here?"),
        help_text=_("What they write says “written by them for you”."),
        error_messages={"required": _("Choose somebody, or write a name.")},
    )
    may_publish = forms.BooleanField(
        label=_("May publish"),
        required=False,
        help_text=_("Without this they write drafts, and you publish."),
    )
    may_answer = forms.BooleanField(
        label=_("May see what waits for an answer"), required=False,
        help_text=_("The comments that nobody has answered yet, and how articles landed."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = self.fields["member"]
        assert isinstance(member, MemberField)
        member.viewer = viewer


class DraftForm(WordsForm):
    """An article as it is written. A cover comes as a file, or as the key of one that was uploaded before."""

    title = forms.CharField(
        label=pgettext_lazy("of an article", "Title"), max_length=MAX_TITLE, required=False
    )
    lead = forms.CharField(
        label=_("Lead"), max_length=leads.LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": _("The lead is too long. Two or three sentences fit.")},
    )  # fmt: skip
    body = forms.CharField(
        label=_("Text"),
        max_length=ARTICLE.longest * SOURCE_PER_TEXT,
        required=False,
        strip=False,
        error_messages={"max_length": _("The text is too long. Please make it into a series.")},
    )
    cover = forms.CharField(max_length=32, required=False)
    without_cover = forms.BooleanField(required=False)
    alt = forms.CharField(label=_("What is to be seen on the cover?"), max_length=300, required=False)
    series = forms.CharField(label=_("Part of a series"), max_length=80, required=False)


class ChangedForm(DraftForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ScheduleForm(forms.Form):
    """When it comes out, in the time zone of whoever says so."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day as 2026-12-31.")},
    )  # fmt: skip
    hour = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Choose a time."), "invalid": _("Write the time as 09:30.")},
    )  # fmt: skip

    def moment(self, zone: ZoneInfo) -> datetime:
        """Of two like times, when clocks go back, the first; of none, when they go forward, the one an hour later."""
        naive = datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"])
        return timezone.make_aware(naive, zone)


class ReasonForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class OutcomeForm(WordsForm):
    """What became of something, and what led to it."""

    title = forms.CharField(
        label=_("What was done?"), max_length=MAX_TITLE,
        error_messages={"required": _("Give it a title: what was done, in a few words.")},
    )  # fmt: skip
    addresses = forms.CharField(
        label=_("Addresses of what led to it"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Posts, comments, articles or pages: copy the address of each, one on a line."),
    )  # fmt: skip


class SourcesForm(forms.Form):
    """More that led to an outcome."""

    addresses = OutcomeForm.base_fields["addresses"]
