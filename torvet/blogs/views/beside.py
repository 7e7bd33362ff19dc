"""What became of it, below the words of any entry; on an outcome what led to it."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from torvet.blogs.queries import outcomes
from torvet.entries.models import Entry
from torvet.people.viewer import viewer_of


def became(request: HttpRequest, entry: Entry) -> SafeString:
    """Empty where there is nothing to show to this viewer."""
    shown = outcomes.beside(viewer_of(request), entry)
    if shown is None:
        return SafeString("")
    return render_to_string("blogs/_outcomes_beside.html", {"shown": shown, "entry": entry}, request)
