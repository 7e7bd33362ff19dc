"""The cover of an article as a form sends it: a new picture, the one that is there, or none."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from torvet.blogs.forms import DraftForm
from torvet.entries import actions as entries
from torvet.people.viewer import viewer_of


def typed_words(request: HttpRequest, form: DraftForm) -> dict[str, Any]:
    """What the form says, for the actions that write. A new picture is kept at once. Raises Refused."""
    typed = dict(form.cleaned_data)
    source = request.FILES.get("picture")
    if typed.pop("without_cover"):
        typed["cover"] = ""
    if source is not None:
        made = entries.upload(by=viewer_of(request), source=source, name=source.name or "", alt=typed["alt"])
        typed["cover"] = made.key
        # A form that comes back with an error must still have it.
        again = request.POST.copy()
        again["cover"], again["without_cover"] = made.key, ""
        form.data = again
    return typed
