"""Readers say that a page is wrong or out of date; those who may mend it answer."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.limits import Limit, spend
from torvet.base.rules import Refused, require
from torvet.base.text.characters import clean_line
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.models import Page, Report, Wrong

LONGEST = 500
A_DAY = Limit("page-reports", 30, 24 * 60 * 60)  # by one member


def report_page(*, by: Viewer, page: Page, what: str, words: str = "") -> Report:
    """Say that a page is wrong or out of date, once while it is open; again changes what one said."""
    require(rules.can_report(by, page, membership_of(by, page.entry.space)))
    if what not in Wrong.values:
        raise Refused(_("Choose what is not right: wrong, or out of date."))
    words = clean_line(words)[:LONGEST]
    assert by.member is not None  # the rule asked for a signed-in member
    standing = Report.objects.open().filter(page=page, member=by.id).first()
    if standing is not None:
        standing.what, standing.words = what, words
        standing.save(update_fields=["what", "words"])
        return standing
    if spend(A_DAY, str(by.id)).refused:
        raise Refused(
            _("You have told us of many pages today. Please go on tomorrow, or write to those who answer.")
        )
    try:
        with transaction.atomic():
            report = Report.objects.create(page=page, member=by.member, what=what, words=words)
            record(
                verbs.REPORTED_PAGE,
                by=by,
                space_id=page.space_id,
                entry_id=page.pk,
                thread_id=page.pk,
                what=what,
            )
    except IntegrityError:
        # Pressed twice: the first one stands.
        return Report.objects.open().get(page=page, member=by.id)
    return report


@transaction.atomic
def take_back_report(*, by: Viewer, page: Page) -> None:
    """Take back what one said, while nobody has answered it."""
    require(rules.can_report(by, page, membership_of(by, page.entry.space)))
    gone, _rows = Report.objects.open().filter(page=page, member=by.id).delete()
    if gone:
        record(verbs.TOOK_BACK_REPORT, by=by, space_id=page.space_id, entry_id=page.pk, thread_id=page.pk)


@transaction.atomic
def answer_report(*, by: Viewer, page: Page, report: Report, answer: str = "") -> Report:
    """Say to the reader that it is mended, or why it is right as it stands. The first answer stands."""
    require(rules.can_answer_reports(by, page, membership_of(by, page.entry.space)))
    report = (
        Report.objects.select_for_update(of=("self",)).select_related("member").get(pk=report.pk, page=page)
    )
    if report.answered_at is not None:
        return report
    report.answered_by, report.answered_at = by.member, timezone.now()
    report.answer = clean_line(answer)[:LONGEST]
    report.save(update_fields=["answered_by", "answered_at", "answer"])
    record(
        verbs.ANSWERED_REPORT,
        by=by,
        about=report.member,
        space_id=page.space_id,
        entry_id=page.pk,
        thread_id=page.pk,
    )
    return report
