"""The shape of a page as people write it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torvet.base.text import SOURCE_PER_TEXT
from torvet.entries.forms import WordsForm
from torvet.entries.words import MAX_TITLE
from torvet.people.fields import MemberField
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import Editing, Sort

INTERVALS = (
    (3, _("Every three months")),
    (6, _("Every six months")),
    (12, _("Every year")),
    (24, _("Every two years")),
    (0, _("Never")),
)


class PageWordsForm(WordsForm):
    title = forms.CharField(
        label=_("Title"), max_length=MAX_TITLE, error_messages={"required": _("Give the page a title.")}
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=PAGE.longest * SOURCE_PER_TEXT,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        error_messages={"max_length": _("The text is too long. Please make it into several pages.")},
    )


class PageForm(PageWordsForm):
    sort = forms.ChoiceField(label=_("What it is about"), choices=Sort.choices, initial=Sort.PLAIN)


class NewPageForm(PageForm):
    under = forms.IntegerField(label=_("Stands under"), required=False)


class MakePageForm(NewPageForm):
    """A page made of what was said: whose words it holds, where it stands, and who answers for it."""

    parts = forms.TypedMultipleChoiceField(
        label=_("Whose words it holds"), coerce=int,
        error_messages={
            "required": _("Choose whose words the page holds."),
            "invalid_choice": _(
                "Something you chose has been removed meanwhile. Take its words out of the text, and choose again."
            ),
        },
    )  # fmt: skip
    space = forms.TypedChoiceField(
        label=_("Where it stands"), coerce=int, error_messages={"invalid_choice": _("Choose a space.")}
    )
    owner = MemberField(label=_("Who answers for it"))
    months = forms.TypedChoiceField(label=_("Look it through"), choices=INTERVALS, coerce=int, initial=12)

    def __init__(
        self, *args: Any, viewer: Viewer, spaces: Sequence[Space], parts: Sequence[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        owner, space, chosen = self.fields["owner"], self.fields["space"], self.fields["parts"]
        assert isinstance(owner, MemberField) and isinstance(space, forms.ChoiceField)
        assert isinstance(chosen, forms.MultipleChoiceField)
        owner.viewer = viewer
        space.choices = [(str(one.pk), one.name) for one in spaces]
        chosen.choices = [(str(pk), str(pk)) for pk in parts]


class EditPageForm(PageForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class PlaceForm(forms.Form):
    under = forms.IntegerField(required=False)
    before = forms.IntegerField(required=False)


class OwnerForm(forms.Form):
    owner = MemberField(label=_("Who answers for it"))
    deputy = MemberField(label=_("Deputy"), required=False)
    months = forms.TypedChoiceField(label=_("Look it through"), choices=INTERVALS, coerce=int)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "deputy"):
            member = self.fields[name]
            assert isinstance(member, MemberField)
            member.viewer = viewer


class AccessForm(forms.Form):
    reading = forms.ChoiceField(
        label=_("Who may read it"),
        choices=(("all", _("Everyone who reads the space")), ("few", _("Only the people below"))),
        widget=forms.RadioSelect,
    )
    readers = forms.CharField(
        label=_("People, one on each line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "A name, a handle or an e-mail address. The name of a unit adds all who work there today. Pages below"
            " this one are kept to the same people."
        ),
    )
    editing = forms.ChoiceField(
        label=_("Who may change it"), choices=Editing.choices, widget=forms.RadioSelect
    )

    def names(self) -> list[str]:
        """What stands on the lines, each once."""
        lines = (
            " ".join(line.split()) for line in self.cleaned_data["readers"].replace(",", "\n").splitlines()
        )
        return list(dict.fromkeys(line for line in lines if line))


class SuggestForm(PageWordsForm):
    """As a page is written, with why it should be so."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    why = forms.CharField(label=_("Why? (optional)"), max_length=500, required=False)


class AcceptForm(PageWordsForm):
    """The words that somebody made of a suggestion and what stands."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why in a sentence, so that they understand.")},
    )


class RemarkForm(WordsForm):
    """A comment on words of a page; `before` and `after` tell which of several like them."""

    quote = forms.CharField(
        max_length=2000, error_messages={"required": _("Choose the words that your comment is about.")}
    )
    before = forms.CharField(max_length=400, required=False, strip=False)
    after = forms.CharField(max_length=400, required=False, strip=False)
    heading = forms.CharField(max_length=400, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class SuccessorForm(forms.Form):
    """Who takes a thing over; a suggestion is a button that sends the same field."""

    successor = MemberField(
        label=_("Somebody else"), error_messages={"required": _("Choose somebody, or write a name.")}
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor = self.fields["successor"]
        assert isinstance(successor, MemberField)
        successor.viewer = viewer


class AnswerForm(forms.Form):
    """An answer of the interview."""

    text = forms.CharField(
        max_length=100_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"max_length": _("The text is too long. Please make it into several pages.")},
    )


class NotePageForm(forms.Form):
    """Where a text becomes a page, and who answers for it."""

    title = forms.CharField(
        label=_("Title"), max_length=MAX_TITLE, error_messages={"required": _("Give the page a title.")}
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={
            "max_length": _("The text is too long. Please make it into several pages."),
            "required": _("There are no words yet. Write something first."),
        },
    )
    space = forms.ChoiceField(
        label=_("Where it stands"), error_messages={"invalid_choice": _("Choose a space.")}
    )
    sort = forms.ChoiceField(label=_("What it is about"), choices=Sort.choices)
    successor = MemberField(
        label=_("Who answers for it afterwards"), required=False,
        help_text=_("They are asked. Leave it empty to decide later."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, spaces: Sequence[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where, successor = self.fields["space"], self.fields["successor"]
        assert isinstance(where, forms.ChoiceField) and isinstance(successor, MemberField)
        where.choices = [(str(space.pk), space.name) for space in spaces]
        successor.viewer = viewer
