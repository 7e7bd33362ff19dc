"""Who answers for a page on something: asked by entries/knowing.py."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from torvet.entries.knowing import OWNS, Sign
from torvet.entries.models import Entry
from torvet.people.models import Absence, Member
from torvet.people.viewer import Viewer
from torvet.spaces.reading import readers_among
from torvet.wiki.kinds import PAGE
from torvet.wiki.models import Page


def owners(viewer: Viewer, found: Sequence[Entry]) -> list[Sign]:
    """The owner of each page that the viewer and the owner may read; the deputy in their place when the owner is away
    or has left."""
    entries = {entry.pk: entry for entry in found if entry.kind == PAGE.key}
    if not entries:
        return []
    rows = Page.objects.visible_to(viewer).filter(pk__in=entries)
    pages = list(rows.select_related("owner__unit", "deputy__unit", "entry__space"))
    people = {one.pk: one for page in pages for one in (page.owner, page.deputy) if one is not None}
    away = set(
        Absence.objects.on(timezone.localdate()).filter(member__in=people).values_list("member_id", flat=True)
    )
    visible = set(people)
    if viewer.is_guest:
        visible = set(Member.objects.visible_to(viewer).filter(pk__in=people).values_list("pk", flat=True))
    reading = readers_among([page.entry.space for page in pages], people.values())
    signs = []
    for page in pages:
        acting = [
            one
            for one in (page.owner, page.deputy)
            if one is not None and one.is_active and not one.is_bot and one.pk not in away
        ]
        for one in acting[:1]:
            if one.pk in visible and (page.entry.space_id, one.pk) in reading:
                signs.append(Sign(one, entries[page.pk], OWNS))
    return signs
