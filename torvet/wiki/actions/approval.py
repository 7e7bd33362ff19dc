"""Approved words and working words of a page, side by side.

The entry holds what is approved, and only `approve_page` and `lift_approval` write it; what editors save meanwhile goes
to a table of its own (models/approval.py). See docs/decisions/0009.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.base.text.characters import clean_line
from torvet.entries import actions as entries
from torvet.entries import words as entry_words
from torvet.entries.actions import EditConflict
from torvet.entries.models import Entry
from torvet.entries.words import Words
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.actions.keep import next_look
from torvet.wiki.actions.link import keep_links
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import ApprovalInSpace, Page, State, Suggestion, Verdict, WorkingText
from torvet.wiki.queries.approval import words_to_edit, working_text

ONE_SITTING = timedelta(minutes=10)  # saves of one writer within it are one line of the history
LONGEST_REASON = 1000


def save_working(
    *, by: Viewer, page: Page, title: str, body: str, version: int, format: str
) -> WorkingText | None:
    """Keep new words of a page that needs approval; readers go on reading the approved ones. None: nothing is new.

    Inside the transaction of `edit_page`, which has locked the page. Raises EditConflict.
    """
    require(rules.can_edit_page(by, page, membership_of(by, page.entry.space)))
    words = entry_words.read(body, by=by, format=format, longest=PAGE.longest)
    title = entry_words.clean_title(title)
    page.entry.refresh_from_db(fields=["title", "body", "text", "version"])
    standing = words_to_edit(page)
    if standing.version != version:
        raise EditConflict(standing_entry(page))
    if (standing.title, standing.body) == (title, words.body):
        return None
    return _keep(by, page, title, words)


def _keep(by: Viewer, page: Page, title: str, words: Words) -> WorkingText:
    assert by.member is not None  # the rule asked for a signed-in member
    last = WorkingText.objects.filter(page=page).aggregate(last=Max("version"))["last"] or 0
    now, before = timezone.now(), working_text(page)
    goes_on = (
        before is not None
        and before.is_waiting
        and before.written_by_id == by.id
        and now - before.written_at < ONE_SITTING
    )
    row = before if goes_on and before is not None else WorkingText(page=page, written_by=by.member)
    row.version, row.title, row.body, row.text = (
        max(page.entry.version, last) + 1,
        title,
        words.body,
        words.text,
    )
    row.written_at = row.written_at if goes_on else now
    row.save()
    page.working_version = row.version
    page.save(update_fields=["working_version"])
    if before is None or not before.is_waiting:
        # Once for what waits, not for each time that it is saved.
        record(verbs.WANTED_APPROVAL, by=by, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk)
    return row


def standing_entry(page: Page) -> Entry:
    """The newest words of a page in the shape of an entry, for those who compare and merge; never saved."""
    standing, working = copy.copy(page.entry), working_text(page)
    if working is not None:
        standing.title, standing.body, standing.text = working.title, working.body, working.text
        standing.version = working.version
    return standing


@transaction.atomic
def approve_page(*, by: Viewer, page: Page, version: int) -> Page:
    """Let everybody read the working text that `by` has seen: that of this version.

    Raises Refused when another is newer, or none waits.
    """
    require(rules.can_approve(by, page, membership_of(by, page.entry.space)))
    page, working = _waiting(page, version)
    _put_in_force(by, page, working)
    record(
        verbs.APPROVED_PAGE,
        by=by,
        about=working.written_by,
        space_id=page.space_id,
        entry_id=page.pk,
        thread_id=page.pk,
    )
    return page


@transaction.atomic
def answer_not_yet(*, by: Viewer, page: Page, version: int, reason: str) -> WorkingText:
    """Say to its writer why a working text cannot stand yet. It stays, and waits again once somebody has changed it."""
    require(rules.can_approve(by, page, membership_of(by, page.entry.space)))
    reason = clean_line(reason)[:LONGEST_REASON]
    if not reason:
        raise Refused(_("Say in a sentence what is missing, so that the writer knows what to do."))
    page, working = _waiting(page, version)
    if not working.is_waiting:
        raise Refused(_("This text has been answered already."))
    _answer(by, working, Verdict.NOT_YET, reason)
    record(
        verbs.ANSWERED_NOT_YET,
        by=by,
        about=working.written_by,
        space_id=page.space_id,
        entry_id=page.pk,
        thread_id=page.pk,
    )
    return working


@transaction.atomic
def want_approval(*, by: Viewer, page: Page) -> Page:
    """From now on changes wait for approval. The words that stand count as approved by who says so."""
    require(rules.can_change_approval(by, page, membership_of(by, page.entry.space)))
    page = _locked(page)
    if not page.needs_approval:
        page.needs_approval, page.approved_by, page.approved_at = True, by.member, timezone.now()
        page.save(update_fields=["needs_approval", "approved_by", "approved_at"])
        _note_change(by, page)
    return page


@transaction.atomic
def lift_approval(*, by: Viewer, page: Page, stands: str = "", version: int = 0) -> Page:
    """From now on changes are read at once. With a working text, `stands` says which text is read: "approved" or
    "working", and `version` which working text was seen. Raises Refused without an answer: nothing comes out by itself.
    """
    require(rules.can_change_approval(by, page, membership_of(by, page.entry.space)))
    page = _locked(page)
    if not page.needs_approval:
        return page
    if page.working_version is not None:
        if stands not in {"approved", "working"}:
            raise Refused(_("Choose which of the two texts readers shall see."))
        if stands == "approved" and page.is_being_written:
            raise Refused(_("No text has been approved yet, so only the working text can stand."))
        page, working = _waiting(page, version)
        if stands == "working":
            _put_in_force(by, page, working)
        else:
            _leave_aside(by, page, working)
    page.needs_approval = False
    page.save(update_fields=["needs_approval"])
    _note_change(by, page)
    return page


@transaction.atomic
def want_approval_in(*, by: Viewer, space: Space, is_wanted: bool) -> None:
    """Say whether new pages of a space need approval from the start. Pages that are there stay as they are."""
    require(rules.can_want_approval_in(by, space, membership_of(by, space)))
    if is_wanted:
        ApprovalInSpace.objects.get_or_create(space=space)
    else:
        ApprovalInSpace.objects.filter(space=space).delete()
    record(verbs.CHANGED_APPROVAL, by=by, space_id=space.pk, is_wanted=is_wanted)


def _locked(page: Page) -> Page:
    """The page as it stands now, with its entry; nobody else saves or approves meanwhile."""
    return (
        Page.objects.select_for_update(of=("self",))
        .select_related("entry__space", "entry__author")
        .get(pk=page.pk)
    )


def _waiting(page: Page, version: int) -> tuple[Page, WorkingText]:
    page = _locked(page)
    working = working_text(page)
    if working is None:
        raise Refused(_("There is no newer text to approve: somebody has done it already."))
    if working.version != version:
        raise Refused(_("It has changed since you looked. Please look at it once more."))
    return page, working


def _put_in_force(by: Viewer, page: Page, working: WorkingText) -> None:
    entries.replace_words(
        by=by, entry=page.entry, title=working.title, body=working.body, format="html",
        version=page.entry.version, as_version=working.version,
    )  # fmt: skip
    # Pictures in it belong to those who wrote it until their words are read.
    writers = WorkingText.objects.filter(page=page).values("written_by")
    suggested = Suggestion.objects.filter(page=page, state=State.ACCEPTED).values("by")
    attach_uploads_of(Member.objects.filter(Q(pk__in=writers) | Q(pk__in=suggested)), page)
    _answer(by, working, Verdict.APPROVED)
    page.working_version = None
    page.approved_by, page.approved_at = by.member, timezone.now()
    # Whoever approves has looked it through.
    page.confirmed_by, page.confirmed_at, page.confirmed_until = (
        by.member,
        page.approved_at,
        next_look(page.months),
    )
    page.save(
        update_fields=[
            "working_version", "approved_by", "approved_at", "confirmed_by", "confirmed_at", "confirmed_until",
        ]
    )  # fmt: skip
    keep_links(page)


def attach_uploads_of(members: Iterable[Member], page: Page) -> None:
    """Give the page the pictures that stand in its words and that these people uploaded for them."""
    for member in members:
        viewer = Viewer.of(member)
        if viewer.can_write:
            entries.attach_named(by=viewer, entry=page.entry)


def _leave_aside(by: Viewer, page: Page, working: WorkingText) -> None:
    # The approved words get a version beyond it: a tab that still holds the working text must not pass as up to date.
    entries.replace_words(
        by=by, entry=page.entry, title=page.entry.title, body=page.entry.body, format="html",
        version=page.entry.version, as_version=working.version + 1,
    )  # fmt: skip
    _answer(by, working, Verdict.LEFT)
    page.working_version = None
    page.save(update_fields=["working_version"])


def _answer(by: Viewer, working: WorkingText, verdict: Verdict, reason: str = "") -> None:
    working.verdict, working.reason = verdict, reason
    working.answered_by, working.answered_at = by.member, timezone.now()
    working.save(update_fields=["verdict", "reason", "answered_by", "answered_at"])


def _note_change(by: Viewer, page: Page) -> None:
    record(
        verbs.CHANGED_APPROVAL, by=by, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk,
        is_wanted=page.needs_approval,
    )  # fmt: skip
