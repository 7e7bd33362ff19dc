"""The shape of what people write, and what is said when it does not fit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torvet.base.text import MAX_SOURCE
from torvet.entries.words import MAX_TITLE

FORMATS = (("markdown", "markdown"), ("html", "html"))


class WordsForm(forms.Form):
    """A text with its format. The length that counts is that of the plain text; the action checks it."""

    body = forms.CharField(
        label=_("Your text"),
        max_length=MAX_SOURCE,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": _("The text is too long. Please shorten it or attach it as a file."),
        },
    )
    format = forms.ChoiceField(choices=FORMATS, required=False, widget=forms.HiddenInput)

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or "markdown"


class CommentForm(WordsForm):
    """A comment, with files."""


class PostForm(WordsForm):
    title = forms.CharField(label=_("Title (optional)"), max_length=MAX_TITLE, required=False)
    space = forms.IntegerField(
        label=_("Space"), error_messages={"required": _("Choose the space to write in.")}
    )


class EditForm(WordsForm):
    title = forms.CharField(label=_("Title (optional)"), max_length=MAX_TITLE, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class EmojiForm(forms.Form):
    emoji = forms.CharField(max_length=64)


def files_of(request_post: Any) -> tuple[list[str], dict[str, str]]:
    """Keys of uploads and their alternative texts, from `files` and `alt-<key>` fields."""
    keys = [key for key in request_post.getlist("files") if key][:50]
    return keys, {key: request_post.get(f"alt-{key}", "") for key in keys}
