"""Commenting on a passage of a page, and saying that it is dealt with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import actions as entries
from torvet.entries import versions
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of
from torvet.wiki import rules
from torvet.wiki.kinds import REMARK
from torvet.wiki.models import Page, Remark
from torvet.wiki.passages import CONTEXT, LONGEST_QUOTE, Flat, Passage, find, flatten


@transaction.atomic
def comment_on_passage(
    *,
    by: Viewer,
    page: Page,
    passage: Passage,
    version: int,
    body: str,
    format: str = "markdown",
    files: Sequence[str] = (),
    alts: Mapping[str, str] | None = None,
) -> Remark:
    """Comment on words of a page: an ordinary comment in its thread, with the place that it is about.

    The words must stand on the page, or have stood in `version`: nobody is quoted with what was never said. Raises
    Refused for words that never stood there, for too many of them, and as `entries.add_comment`.
    """
    require(rules.can_comment_on(by, page, membership_of(by, page.entry.space)))
    exact = located(page, passage, version)
    comment = entries.add_comment(
        by=by, on=page.entry, body=body, format=format, kind=REMARK.key, files=files, alts=alts
    )
    return Remark.objects.create(
        comment=comment,
        page=page,
        quote=exact.quote,
        before=exact.before,
        after=exact.after,
        heading=exact.heading,
        version=min(version, page.entry.version),
    )


def located(page: Page, passage: Passage, version: int) -> Passage:
    """The passage as the page has it. Raises Refused when it is not there, empty or too long."""
    if not passage.quote.strip():
        raise Refused(_("Choose the words that your comment is about."))
    if len(" ".join(passage.quote.split())) > LONGEST_QUOTE:
        raise Refused(_("Choose fewer words: at most %(most)s characters.") % {"most": LONGEST_QUOTE})
    bodies = [page.entry.body]
    if version != page.entry.version and (earlier := versions.version_of(page.entry, version)):
        bodies.append(earlier.body)
    for html in bodies:
        flat = flatten(html)
        place = find(flat, passage, is_sure=True)
        if place:
            return _as_it_stands(flat, *place)
    raise Refused(_("These words are not on the page any more. Write a comment below the page instead."))


def _as_it_stands(flat: Flat, start: int, end: int) -> Passage:
    return Passage(
        quote=" ".join(flat.text[start:end].split()),
        before=" ".join(flat.text[max(0, start - CONTEXT) : start].split())[-CONTEXT:],
        after=" ".join(flat.text[end : end + CONTEXT].split())[:CONTEXT],
        heading=flat.heading_at(start)[:200],
    )


@transaction.atomic
def deal_with(*, by: Viewer, remark: Remark) -> Remark:
    """Say that what was meant has been done; the passage is no longer marked."""
    require(rules.can_deal_with(by, remark, membership_of(by, remark.page.entry.space)))
    if remark.dealt_with_at is None:
        remark.dealt_with_at, remark.dealt_with_by = timezone.now(), by.member
        _keep(by, remark, verbs.DEALT_WITH_REMARK)
    return remark


@transaction.atomic
def open_again(*, by: Viewer, remark: Remark) -> Remark:
    """It is not dealt with after all."""
    require(rules.can_deal_with(by, remark, membership_of(by, remark.page.entry.space)))
    if remark.dealt_with_at is not None:
        remark.dealt_with_at = remark.dealt_with_by = None
        _keep(by, remark, verbs.REOPENED_REMARK)
    return remark


def _keep(by: Viewer, remark: Remark, verb: str) -> None:
    remark.save(update_fields=["dealt_with_at", "dealt_with_by"])
    entries.redraw(by=by, entry=remark.comment)  # its card says so
    record(verb, by=by, space_id=remark.page.space_id, entry_id=remark.comment_id, thread_id=remark.page_id)
