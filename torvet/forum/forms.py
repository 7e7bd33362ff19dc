"""What people type in fora: about them, in discussions, and in questions and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torvet.base.text import MAX_SOURCE
from torvet.entries.forms import WordsForm
from torvet.entries.words import MAX_TITLE
from torvet.forum.models import Sort, SubForum
from torvet.spaces.forms import SpaceForm


class ForumForm(forms.Form):
    """What sort of forum it is, and whether one may ask without a name."""

    sort = forms.ChoiceField(
        label=_("What is it about?"), choices=Sort.choices, widget=forms.RadioSelect, initial=Sort.PROFESSIONAL
    )  # fmt: skip
    allows_anonymous = forms.BooleanField(
        label=_("Questions may be asked without a name"), required=False,
        help_text=_("Nobody, not even an administrator, can find out who asked. Answers always carry a name."),
    )  # fmt: skip


class NewForumForm(SpaceForm, ForumForm):
    """A space that is a forum from its first day."""


class SubForumForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, error_messages={"required": _("Give the sub-forum a name.")}
    )
    about = forms.CharField(label=_("What belongs there"), max_length=300, required=False)


class DiscussionForm(WordsForm):
    title = forms.CharField(
        label=_("What is it about?"), max_length=MAX_TITLE,
        error_messages={"required": _("Give it a title: what is it about, in a few words?")},
    )  # fmt: skip
    sub_forum = forms.IntegerField(label=_("Sub-forum"), required=False)


class PlaceForm(forms.Form):
    """Which part of its forum a thread stands in; empty for the forum itself."""

    sub_forum = forms.ChoiceField(label=_("Where does it belong?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, parts: Sequence[SubForum], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sub_forum"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The forum itself")), *((str(part.pk), part.name) for part in parts)]


class SplitForm(forms.Form):
    """Which replies move, and how the new discussion is called."""

    title = forms.CharField(
        label=_("Title of the new discussion"), max_length=MAX_TITLE,
        error_messages={"required": _("Give the new thread a title, so that people find it.")},
    )  # fmt: skip
    replies = forms.TypedMultipleChoiceField(
        label=_("What moves there"), coerce=int,
        error_messages={
            "required": _("Choose at least one comment that is to move."),
            "invalid_choice": _("One of these comments is no longer there. Look at the thread again."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["replies"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(pk, str(pk)) for pk in choices]


class MergeForm(forms.Form):
    """The thread that stays: chosen from a list, or given by its address."""

    into = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    address = forms.CharField(label=_("Or the address of another thread"), max_length=400, required=False)


# Questions


class AskForm(WordsForm):
    title = forms.CharField(
        label=_("Your question"), max_length=MAX_TITLE,
        error_messages={
            "required": _("Write your question in one line first."),
            "max_length": _("The question is too long for one line. Write the rest below it."),
        },
    )  # fmt: skip
    space = forms.IntegerField(
        label=_("Who may see it"), error_messages={"required": _("Choose who may see it.")}
    )
    sub_forum = forms.IntegerField(label=_("Part of the forum"), required=False)
    topics = forms.CharField(label=_("Topics"), max_length=200, required=False)
    # Which of the two is asked is said by a radio button; without the key nothing can be asked without a name.
    unnamed = forms.BooleanField(required=False)
    key = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)


class AnswerForm(WordsForm):
    """An answer, with files."""


class ChosenForm(forms.Form):
    answer = forms.IntegerField(error_messages={"required": _("Choose the answer that solved it.")})


class SameForm(forms.Form):
    question = forms.CharField(
        label=_("The question that was asked before"), max_length=300,
        help_text=_("Its address, or its number from the address."),
        error_messages={"required": _("Choose a question, or give its address.")},
    )  # fmt: skip


class KeyForm(forms.Form):
    WISHES = (
        ("accept", _("An answer solved it")),
        ("take_back", _("It is not solved after all")),
        ("add", _("Add something to the question")),
        ("remove", _("Remove the question")),
    )
    key = forms.CharField(
        label=_("Your six words"), max_length=200,
        error_messages={"required": _("Type the six words that the form showed you.")},
    )  # fmt: skip
    what = forms.ChoiceField(
        label=_("What should happen"), choices=WISHES, widget=forms.RadioSelect, initial="accept"
    )
    answer = forms.IntegerField(label=_("Which answer"), required=False)
    body = forms.CharField(
        label=_("What you want to add"),
        required=False,
        max_length=MAX_SOURCE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
