"""What stands above the words that people confirm: the button, what was done, and the question to whoever asked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from torvet.entries.extras import Act
from torvet.entries.models import Entry
from torvet.notices import queries, rules
from torvet.notices.models import Confirmation, Notice
from torvet.notices.packing import holds
from torvet.notices.queries.audience import NOBODY, reach_of
from torvet.notices.queries.figures import figures_of
from torvet.notices.queries.waiting import kept
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces.queries import membership_of

NOTHING = SafeString("")


def panel(request: HttpRequest, entry: Entry) -> SafeString:
    """Empty unless people are asked to confirm this entry, and it concerns the viewer. Entries that nobody is asked
    about, nearly all, cost no statement."""
    if not any(one.entry_id == entry.pk for one in kept().notices.values()):
        return NOTHING
    viewer = viewer_of(request)
    notice = queries.open_notice_of(viewer, entry)
    if notice is None:
        return NOTHING
    return draw(request, viewer, notice)


def draw(request: HttpRequest, viewer: Viewer, notice: Notice, **more: Any) -> SafeString:
    found = context(viewer, notice)
    if not any(found[key] for key in ("lines", "own", "keeps", "may_judge")):
        return NOTHING
    return render_to_string("notices/_panel.html", found | more, request)


def context(viewer: Viewer, notice: Notice) -> dict[str, Any]:
    """What the panel shows of a notice to one viewer."""
    lines = queries.to_confirm(viewer, notice.entry_id)
    is_asked = (one := kept().notices.get(notice.pk)) is not None and holds(one.roll, viewer.id)
    own = None
    if is_asked and not any(line.absent is None for line in lines):
        own = Confirmation.objects.filter(notice=notice, member=viewer.id).own().order_by("-version").first()
    may_judge = queries.has_changed(notice) and rules.can_judge(
        viewer, notice, membership_of(viewer, notice.entry.space)
    )
    keeps = rules.can_see_notice(viewer, notice)
    return {
        "notice": notice, "entry": notice.entry, "lines": lines, "own": own, "keeps": keeps, "may_judge": may_judge,
        "figures": figures_of(notice) if keeps or may_judge else None,
    }  # fmt: skip


def act(viewer: Viewer, entry: Entry) -> Act | None:
    """Asking people to confirm it; offered to those who may ask anybody, while nobody is asked."""
    if entry.is_reply or any(one.entry_id == entry.pk for one in kept().notices.values()):
        return None
    reach = reach_of(viewer) if viewer.is_colleague else NOBODY
    if not rules.can_ask(viewer, entry, reach):
        return None
    return Act(_("Have it confirmed …"), reverse("ask_to_confirm", args=[entry.pk]), "list-checks")
