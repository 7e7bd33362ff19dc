"""Suggesting other words for a page, and answering that."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.base.text.characters import strip_forbidden
from torvet.entries.merging import MergedEdit, merge_edit
from torvet.entries.words import clean_title, read
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.actions.approval import attach_uploads_of, standing_entry
from torvet.wiki.actions.write import edit_page
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import Page, State, Suggestion, SuggestionNote

MOST_OPEN = 20  # of one person for one page


class SuggestionConflict(Exception):
    """The page was changed where the suggestion changes it too. `merged` holds both, for a person to decide."""

    def __init__(self, merged: MergedEdit) -> None:
        super().__init__(_("The page has been changed in the same place since. Decide what it should say."))
        self.merged = merged


@transaction.atomic
def suggest_change(
    *,
    by: Viewer,
    page: Page,
    title: str,
    body: str,
    version: int,
    why: str = "",
    format: str = "markdown",
) -> Suggestion:
    """Keep other words for a page, for those who may edit it to take or leave. `version` is the one they began with.

    Raises Refused without a title, for a text that says the same, or when too many wait already.
    """
    require(rules.can_suggest(by, page, membership_of(by, page.entry.space)))
    assert by.member is not None  # can_suggest said so
    title = clean_title(title)
    if not title:
        raise Refused(_("A page needs a title, so that others find it."))
    words = read(body, by=by, format=format, longest=PAGE.longest)
    if (words.body, title) == (page.entry.body, page.entry.title):
        raise Refused(
            _("The text says what the page says already. Change what you would like to be different.")
        )
    if Suggestion.objects.open().filter(page=page, by=by.id).count() >= MOST_OPEN:
        raise Refused(
            _("Many of your suggestions for this page wait for an answer. Please wait for one first.")
        )
    suggestion = Suggestion.objects.create(
        page=page,
        by=by.member,
        version=min(version, page.entry.version),
        title=title,
        body=words.body,
        why=strip_forbidden(why).strip()[:500],
    )
    _record(verbs.SUGGESTED_CHANGE, by, suggestion)
    return suggestion


@transaction.atomic
def accept_suggestion(
    *,
    by: Viewer,
    suggestion: Suggestion,
    title: str = "",
    body: str | None = None,
    version: int = 0,
    format: str = "html",
) -> Suggestion:
    """Make the suggested words those of the page, in the name of who suggested them.

    Without a body they are brought together with what was changed since; SuggestionConflict when that overlaps. With
    one (what a person made of both), `version` is the one they saw: EditConflict when another edit came first.
    """
    require(rules.can_answer_suggestion(by, suggestion, membership_of(by, suggestion.page.entry.space)))
    suggestion, page = _locked(suggestion), suggestion.page
    page.entry.refresh_from_db(fields=["title", "body", "version", "revision"])
    standing = standing_entry(page)
    before = page.entry.version
    if body is None:
        title, body, version, format = suggestion.title, suggestion.body, standing.version, "html"
        if standing.version != suggestion.version:
            merged = merge_suggestion(by=by, suggestion=suggestion, page=page)
            if merged.clashes or merged.other_title:
                raise SuggestionConflict(merged)
            title, body = merged.title, merged.html
    edit_page(by=by, page=page, title=title, body=body, version=version, format=format)
    attach_uploads_of([suggestion.by], page)
    if page.entry.version != before:
        suggestion.accepted_as = page.entry.version
    _answer(by, suggestion, State.ACCEPTED)
    _record(verbs.ACCEPTED_CHANGE, by, suggestion)
    return suggestion


def merge_suggestion(*, by: Viewer, suggestion: Suggestion, page: Page) -> MergedEdit:
    """The suggested words brought together with those that stand."""
    return merge_edit(
        by=by,
        standing=standing_entry(page),
        began=suggestion.version,
        title=suggestion.title,
        body=suggestion.body,
        format="html",
        mine=_("Suggested by %(name)s:") % {"name": suggestion.by.name},
        theirs=_("What the page says now:"),
    )


@transaction.atomic
def decline_suggestion(*, by: Viewer, suggestion: Suggestion, reason: str) -> Suggestion:
    """Leave the page as it is, and say why. Raises Refused without a reason."""
    require(rules.can_answer_suggestion(by, suggestion, membership_of(by, suggestion.page.entry.space)))
    if not reason.strip():
        raise Refused(
            _("Say why in a sentence, so that %(name)s understands.") % {"name": suggestion.by.name}
        )
    suggestion = _locked(suggestion)
    suggestion.reason = strip_forbidden(reason).strip()[:500]
    _answer(by, suggestion, State.DECLINED)
    _record(verbs.DECLINED_CHANGE, by, suggestion)
    return suggestion


@transaction.atomic
def withdraw_suggestion(*, by: Viewer, suggestion: Suggestion) -> Suggestion:
    """Take one's own suggestion back before it was answered."""
    require(rules.can_withdraw_suggestion(by, suggestion, membership_of(by, suggestion.page.entry.space)))
    suggestion = _locked(suggestion)
    _answer(by, suggestion, State.WITHDRAWN)
    _record(verbs.WITHDREW_CHANGE, by, suggestion)
    return suggestion


@transaction.atomic
def discuss_suggestion(
    *, by: Viewer, suggestion: Suggestion, body: str, format: str = "markdown"
) -> SuggestionNote:
    """Say something about a suggestion, to those who see it. Raises Refused for an empty or too long text."""
    require(rules.can_discuss_suggestion(by, suggestion, membership_of(by, suggestion.page.entry.space)))
    assert by.member is not None  # can_discuss_suggestion said so
    words = read(body, by=by, format=format)
    if not words.text.strip():
        raise Refused(_("Write something first."))
    note = SuggestionNote.objects.create(suggestion=suggestion, by=by.member, body=words.body)
    _record(verbs.DISCUSSED_CHANGE, by, suggestion)
    return note


def _locked(suggestion: Suggestion) -> Suggestion:
    """The row as it is now, held until the end: two people cannot answer at once. Raises Refused when one has."""
    row = (
        Suggestion.objects.select_for_update(of=("self",)).select_related("by", "page").get(pk=suggestion.pk)
    )
    if not row.is_open:
        raise Refused(_("Somebody has answered this suggestion meanwhile."))
    return row


def _answer(by: Viewer, suggestion: Suggestion, state: State) -> None:
    suggestion.state, suggestion.answered_by, suggestion.answered_at = state, by.member, timezone.now()
    suggestion.save(update_fields=["state", "answered_by", "answered_at", "reason", "accepted_as"])


def _record(verb: str, by: Viewer, suggestion: Suggestion) -> None:
    record(
        verb,
        by=by,
        about=suggestion.by,
        space_id=suggestion.page.space_id,
        entry_id=suggestion.page_id,
        thread_id=suggestion.page_id,
        suggestion=suggestion.pk,
    )
