"""Beginning to write a page together, and saving it from the shared document."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from torvet.base.rules import require
from torvet.entries import actions as entries
from torvet.entries.words import clean_title
from torvet.people.viewer import Viewer
from torvet.realtime.models import Sitting
from torvet.realtime.together.document import Written
from torvet.spaces.queries import membership_of
from torvet.wiki import actions as wiki
from torvet.wiki import queries, rules
from torvet.wiki.models import Page


def begin_sitting(*, by: Viewer, page: Page, name: str, state: bytes) -> None:
    """Keep the document that everybody who edits the page from now on shares."""
    require(rules.can_edit_page(by, page, membership_of(by, page.entry.space)))
    _keep(page, name, state)


@transaction.atomic
def save_together(
    *,
    by: Viewer,
    others: Sequence[Viewer],
    page: Page,
    words: Written,
    version: int,
    name: str,
    state: bytes,
    goes_on: bool,
) -> Page:
    """Save a page from its document, as the last who typed; `others` typed as well.

    Raises EditConflict when the page was saved by another way meanwhile, Refused for what cannot be saved.
    """
    require(rules.can_edit_page(by, page, membership_of(by, page.entry.space)))
    # Somebody is just writing a new title: until there is one the old one stands.
    title = clean_title(words.title) or queries.words_to_edit(page).title
    page = wiki.edit_page(
        by=by, page=page, title=title, body=words.html, version=version, format="html", goes_on=goes_on
    )
    # A picture is its uploader's until it stands in a saved text.
    for viewer in others:
        entries.attach_named(by=viewer, entry=page.entry)
    _keep(page, name, state)
    return page


def _keep(page: Page, name: str, state: bytes) -> None:
    version = queries.words_to_edit(page).version
    Sitting.objects.update_or_create(
        page=page,
        defaults={
            "name": name,
            "version": version,
            "state": state,
            "saved_at": timezone.now(),
        },
    )
