"""Changing the agreement: never silently. Each change is kept, recorded and announced."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.agreement import queries, rules
from torvet.agreement.models import Agreement, Term, TermChange
from torvet.agreement.register import BY_KEY, SMALLEST_ALLOWED, State
from torvet.base.rules import Refused, require
from torvet.people.viewer import Viewer

SMALLEST_GROUP_KEY = "smallest_group"
LARGEST_GROUP = 50


@transaction.atomic
def change_term(*, by: Viewer, key: str, state: str, reason: str) -> None:
    """Set the state of one processing, with a reason that everybody sees. Raises Refused for an impossible one."""
    require(rules.can_change_agreement(by))
    processing = BY_KEY.get(key)
    if processing is None or processing.is_fixed or state not in processing.states:
        raise Refused(_("This cannot be changed here."))
    before = queries.state_of(key)
    if before == state:
        return
    Term.objects.update_or_create(key=key, defaults={"state": State(state)})
    queries.forget_terms()
    transaction.on_commit(queries.forget_terms)  # another request may have read the old state in between
    _announce(by, key, before, state, reason)


@transaction.atomic
def change_smallest_group(*, by: Viewer, size: int, reason: str) -> None:
    """Set the fewest people a figure may be about."""
    require(rules.can_change_agreement(by))
    if not SMALLEST_ALLOWED <= size <= LARGEST_GROUP:
        raise Refused(
            _("The smallest group is from %(least)s to %(most)s people.")
            % {"least": SMALLEST_ALLOWED, "most": LARGEST_GROUP}
        )
    before = queries.smallest_group()
    if before == size:
        return
    Agreement.objects.update_or_create(pk=1, defaults={"smallest_group": size})
    _announce(by, SMALLEST_GROUP_KEY, str(before), str(size), reason)


def _announce(by: Viewer, key: str, before: str, after: str, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Please say why. Everybody will see the reason."))
    change = TermChange.objects.create(
        key=key, before=before, after=after, reason=reason.strip(), by_id=by.id
    )
    record(verbs.CHANGED_TERM, by=by, change=change.pk)
