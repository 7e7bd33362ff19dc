"""Loading and saving the document of a page: with the database, in a thread, on copies of the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pycrdt import merge_updates

from torvet.base.rules import Forbidden, Refused
from torvet.base.text import read_html
from torvet.entries.actions import EditConflict
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.realtime.models import Sitting
from torvet.realtime.together import actions
from torvet.realtime.together.document import fill, read_state, sitting_name
from torvet.realtime.together.ledger import OUR_OWN, Ledger
from torvet.realtime.together.merge import take_in
from torvet.realtime.together.wire import Malformed
from torvet.wiki import queries
from torvet.wiki.models import Page

MOST_KEPT = 8 * 1024 * 1024  # bytes; a document with a longer past is begun anew


@dataclass(frozen=True)
class Opened:
    """A document as a room begins with it. `title` and `html` are what stands saved at `version`."""

    name: str
    state: bytes
    version: int
    title: str
    html: str
    ledger: Ledger


@dataclass(frozen=True)
class Saved:
    version: int
    title: str
    html: str


@dataclass(frozen=True)
class NotSaved:
    """`reason` is a sentence for the people in the room, or empty when none of those who typed may save any more."""

    reason: str = ""


class SavedElsewhere(Exception):
    """The page was saved by another way; that has to be taken in first."""


def open_document(page: Page, viewer: Viewer) -> Opened:
    """The kept document of a page with what was saved by other ways since; one made of its words when there is none."""
    kept = Sitting.objects.filter(page=page).first()
    words = queries.words_to_edit(page)
    if kept is not None and len(kept.state) <= MOST_KEPT:
        try:
            return _reopened(page, viewer, kept)
        except (Malformed, ValueError):
            # What is kept cannot be read: the words of the page are safe, only its past is not.
            pass
    name = sitting_name(page.pk, words.version, words.title, words.body)
    state = fill(name, words.title, words.body)
    actions.begin_sitting(by=viewer, page=page, name=name, state=state)
    return Opened(name, state, words.version, words.title, words.body, _ledger(state))


def _reopened(page: Page, viewer: Viewer, kept: Sitting) -> Opened:
    state, standing_words = bytes(kept.state), queries.words_to_edit(page)
    ledger = _ledger(state)
    if kept.version != standing_words.version:
        words = read_state(state)
        base = (words.title, read_html(words.html, most=len(words.html)).html)
        update = take_in(state, base, (standing_words.title, standing_words.body))
        ledger.enter(ledger.check(update, OUR_OWN))
        state = bytes(merge_updates(state, update))
        actions.begin_sitting(by=viewer, page=page, name=kept.name, state=state)
    return Opened(kept.name, state, standing_words.version, standing_words.title, standing_words.body, ledger)


def _ledger(state: bytes) -> Ledger:
    ledger = Ledger()
    ledger.enter(ledger.check(state, OUR_OWN))
    return ledger


def standing(page: int) -> Saved | None:
    """What stands saved, or None when the page is gone."""
    found = Page.objects.select_related("entry").filter(pk=page, entry__removed_at=None).first()
    return _saved(found) if found else None


def _saved(page: Page) -> Saved:
    words = queries.words_to_edit(page)
    return Saved(words.version, words.title, words.body)


def marks(pages: Iterable[int]) -> dict[int, tuple[int, object]]:
    """Of each page its version, and what everybody's right to edit it hangs on; one statement."""
    rows = Page.objects.filter(pk__in=list(pages)).order_by()
    columns = (
        "entry__removed_at", "entry__space_id", "entry__space__access", "entry__space__archived_at", "editing",
        "owner_id", "deputy_id",
    )  # fmt: skip
    found = rows.values_list("pk", "working_version", "entry__version", *columns)
    return {pk: (working or version, tuple(rest)) for pk, working, version, *rest in found}


def save(
    page: int, authors: Sequence[int], state: bytes, *, version: int, name: str, goes_on: bool
) -> Saved | NotSaved:
    """Save as the last of these members who still may. Raises SavedElsewhere, and the database's errors."""
    words = read_state(state)
    members = {member.pk: member for member in Member.objects.filter(pk__in=list(authors))}
    viewers = [Viewer.of(members[pk]) for pk in reversed(authors) if pk in members]
    for place, viewer in enumerate(viewers):
        found = queries.get_visible(viewer, page)
        if found is None:
            continue
        try:
            saved = actions.save_together(
                by=viewer, others=_who_may_still(viewers[place + 1 :]), page=found, words=words,
                version=version, name=name, state=state, goes_on=goes_on,
            )  # fmt: skip
        except Forbidden:
            continue
        except EditConflict as conflict:
            raise SavedElsewhere from conflict
        except Refused as refused:
            return NotSaved(refused.reason)
        return _saved(saved)
    return NotSaved()


def _who_may_still(viewers: Sequence[Viewer]) -> list[Viewer]:
    return [viewer for viewer in viewers if viewer.can_write]
