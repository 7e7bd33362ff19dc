"""You said, we did: telling what became of something, and linking what led to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.blogs import rules
from torvet.blogs.kinds import OUTCOME
from torvet.blogs.models import Outcome, OutcomeSource
from torvet.blogs.queries import outcomes
from torvet.entries import actions as entries
from torvet.entries import rules as entry_rules
from torvet.entries.models import Entry
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of

# The address of a comment ends with its own id, that of anything else with its page.
_COMMENT = re.compile(r"#c(\d{1,18})$")
_PAGE = re.compile(r"/(?:e|pages|articles)/(\d{1,18})/")


@transaction.atomic
def tell_outcome(
    *,
    by: Viewer,
    space: Space,
    title: str,
    body: str,
    format: str = "markdown",
    sources: Sequence[int] = (),
    addresses: str = "",
    files: Sequence[str] = (),
    alts: Mapping[str, str] | None = None,
) -> Outcome:
    """Tell what became of entries, which are given by id or by address. Everybody who took part in them is told.

    Raises Refused without a title or a source, and for an address that leads to nothing `by` can read.
    """
    require(entry_rules.can_post(by, space, membership_of(by, space)))
    if not title.strip():
        raise Refused(_("Give it a title: what was done, in a few words."))
    ids = [*sources, *ids_in(addresses)]
    if not ids:
        raise Refused(_("Say what led to it: at least one post, comment, article or page."))
    entry = entries.publish_thread(
        by=by, space=space, kind=OUTCOME.key, title=title, body=body, format=format, files=files, alts=alts
    )
    outcome = Outcome.objects.create(entry=entry)
    _link(by, outcome, ids)
    return outcome


@transaction.atomic
def link_sources(*, by: Viewer, outcome: Outcome, addresses: str = "", sources: Sequence[int] = ()) -> None:
    """Link more that led to it. Those who took part in that are told too, and nobody a second time."""
    require(rules.can_link_sources(by, outcome.entry, membership_of(by, outcome.entry.space)))
    _link(by, outcome, [*sources, *ids_in(addresses)])


@transaction.atomic
def unlink_source(*, by: Viewer, outcome: Outcome, entry: Entry) -> None:
    """It did not lead to it after all. The last one stays: an outcome of nothing says nothing."""
    require(rules.can_link_sources(by, outcome.entry, membership_of(by, outcome.entry.space)))
    links = OutcomeSource.objects.filter(outcome=outcome)
    if links.count() < 2:
        raise Refused(_("An outcome needs something that led to it. Link another first."))
    gone, _rows = links.filter(entry=entry).delete()
    if gone:
        _record(verbs.UNLINKED_OUTCOME, by, outcome)


def ids_in(addresses: str) -> list[int]:
    """The entries that addresses lead to, one address on a line or after a space. Raises Refused for other words."""
    found = []
    for address in addresses.split():
        at = _COMMENT.search(address) or _PAGE.search(address)
        if at is None:
            raise Refused(_nothing_there(address))
        found.append(int(at[1]))
    return found


def _nothing_there(address: str) -> str:
    return _(
        "“%(address)s” leads to nothing that you can read. Open the post, comment, article or page, and copy its "
        "address."
    ) % {"address": address[:200]}


def _link(by: Viewer, outcome: Outcome, ids: Iterable[int]) -> None:
    wanted = list(dict.fromkeys(ids))
    found = outcomes.readable(by, wanted)
    standing = OutcomeSource.objects.filter(outcome=outcome).values_list("entry_id", flat=True)
    for pk in wanted:
        if pk not in found:
            raise Refused(_nothing_there(f"/e/{pk}/"))
        if outcomes.leads_back(outcome, found[pk]):
            raise Refused(_("An outcome cannot lead to itself. Link what people said before."))
    new = [pk for pk in wanted if pk not in set(standing)]
    if len(standing) + len(new) > outcomes.MOST_SOURCES:
        raise Refused(
            _("At most %(number)s entries can be linked to one outcome.") % {"number": outcomes.MOST_SOURCES}
        )
    OutcomeSource.objects.bulk_create(
        OutcomeSource(outcome=outcome, entry=found[pk], thread_id=found[pk].thread_id, linked_by_id=by.id)
        for pk in new
    )
    if new:
        _record(verbs.LINKED_OUTCOME, by, outcome)


def _record(verb: str, by: Viewer, outcome: Outcome) -> None:
    entry = outcome.entry
    record(verb, by=by, space_id=entry.space_id, entry_id=entry.pk, thread_id=entry.pk)
