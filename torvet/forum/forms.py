"""The shape of what people write in fora, and what is said when it does not fit."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from torvet.base.text import MAX_SOURCE
from torvet.entries.forms import WordsForm
from torvet.entries.words import MAX_TITLE

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
