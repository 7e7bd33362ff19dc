"""The log of changes, in sentences. Names of spaces only where the reader may know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.base.pages import Page, paginate
from torvet.people.models import Role, Site, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space, Standing

SENTENCES = {
    verbs.OPENED_SPACE: gettext_lazy("%(by)s opened %(space)s."),
    verbs.CHANGED_SPACE: gettext_lazy("%(by)s changed %(space)s."),
    verbs.ARCHIVED_SPACE: gettext_lazy("%(by)s archived %(space)s."),
    verbs.REOPENED_SPACE: gettext_lazy("%(by)s opened %(space)s again."),
    verbs.ADDED_MEMBER: gettext_lazy("%(by)s put %(about)s into %(space)s."),
    verbs.REMOVED_MEMBER: gettext_lazy("%(by)s took %(about)s out of %(space)s."),
    verbs.CHANGED_STANDING: gettext_lazy("%(by)s made %(about)s %(standing)s in %(space)s."),
    verbs.KEPT_TO_FEWER: gettext_lazy("%(by)s kept something in %(space)s to fewer people."),
    verbs.OPENED_AGAIN: gettext_lazy("%(by)s showed something in %(space)s to all its readers again."),
    verbs.OPENED_FORUM: gettext_lazy("%(by)s set up %(space)s as a forum."),
    verbs.CLOSED_FORUM: gettext_lazy("%(by)s made %(space)s a plain space again."),
    verbs.OPENED_BLOG: gettext_lazy("%(by)s opened a blog in %(space)s."),
    verbs.CHANGED_BLOG: gettext_lazy("%(by)s changed what a blog in %(space)s says of itself."),
    verbs.CLOSED_BLOG: gettext_lazy("%(by)s closed a blog in %(space)s."),
    verbs.REOPENED_BLOG: gettext_lazy("%(by)s opened a blog in %(space)s again."),
    verbs.NAMED_DELEGATE: gettext_lazy("%(by)s lets %(about)s write in a blog in %(space)s."),
    verbs.ENDED_DELEGATE: gettext_lazy("%(by)s took %(about)s off those who write in a blog in %(space)s."),
    verbs.OPENED_IDEA_ROOM: gettext_lazy("%(by)s opened an idea room in %(space)s."),
    verbs.CHANGED_IDEA_ROOM: gettext_lazy("%(by)s changed what the idea room in %(space)s says."),
    verbs.CLOSED_IDEA_ROOM: gettext_lazy("%(by)s closed the idea room in %(space)s."),
    verbs.REOPENED_IDEA_ROOM: gettext_lazy("%(by)s opened the idea room in %(space)s again."),
    verbs.EXPORTED_IDEAS: gettext_lazy("%(by)s took along the ideas in %(space)s."),
    verbs.FOUNDED_COMPANY: gettext_lazy("%(by)s set up Torvet."),
    verbs.CHANGED_COMPANY: gettext_lazy("%(by)s changed the company's name, colour or language."),
    verbs.SIGNED_UP: gettext_lazy("%(by)s joined by an invitation."),
    verbs.CHANGED_ROLE: gettext_lazy("%(by)s changed the role of %(about)s from %(before)s to %(after)s."),
    verbs.DEACTIVATED: gettext_lazy("%(by)s closed the account of %(about)s."),
    verbs.REACTIVATED: gettext_lazy("%(by)s opened the account of %(about)s again."),
    verbs.MADE_TOKEN: gettext_lazy("%(by)s made an access token."),
    verbs.REVOKED_TOKEN: gettext_lazy("%(by)s ended an access token."),
    verbs.CHANGED_UNIT: gettext_lazy("%(by)s changed the unit %(unit)s."),
    verbs.CHANGED_SITE: gettext_lazy("%(by)s changed the site %(site)s."),
    verbs.CHANGED_TERM: gettext_lazy("%(by)s changed the agreement on what is counted and shown."),
    verbs.SENT_NOTICE: gettext_lazy(
        "%(by)s asked people to confirm that they have read something in %(space)s."
    ),
    verbs.MOVED_NOTICE: gettext_lazy("%(by)s gave more time to confirm something in %(space)s."),
    verbs.CLOSED_NOTICE: gettext_lazy("%(by)s ended asking to confirm something in %(space)s."),
    verbs.EXPORTED_NOTICE: gettext_lazy("%(by)s took along who confirmed something in %(space)s."),
    verbs.IMPORTED: gettext_lazy("%(by)s brought in an export."),
}
INVITED_SOMEBODY = gettext_lazy("%(by)s invited %(about)s to %(space)s.")
INVITED_BY_LINK = gettext_lazy("%(by)s made an invitation link to %(space)s.")
INVITED_TO_COMPANY = gettext_lazy("%(by)s made an invitation link to the company.")


@dataclass(frozen=True)
class Line:
    """One thing that happened: a sentence and its time."""

    text: str
    happened_at: datetime


@dataclass(frozen=True)
class Names:
    """What the rows of a page speak of, by id: only spaces whose names the reader may see."""

    spaces: Mapping[int, str]
    units: Mapping[int, str]
    sites: Mapping[int, str]


def audited(viewer: Viewer, after: str | None = None, size: int = 50) -> Page[Line]:
    """What an administrator reads, the newest first. Raises BadCursor."""
    rows = Activity.objects.filter(verb__in=verbs.AUDITED).select_related("by", "about")
    page = paginate(rows, order=("-id",), after=after, size=size)
    known = _names(viewer, page.things)
    return Page([Line(sentence(row, known), row.created_at) for row in page.things], page.next)


def _names(viewer: Viewer, rows: list[Activity]) -> Names:
    def noted(key: str) -> set[int]:
        return {row.details[key] for row in rows if key in row.details}

    spaces = Space.objects.visible_to(viewer).filter(pk__in={row.space_id for row in rows if row.space_id})
    return Names(
        dict(spaces.values_list("pk", "name")),
        dict(Unit.objects.filter(pk__in=noted("unit")).values_list("pk", "name")),
        dict(Site.objects.filter(pk__in=noted("site")).values_list("pk", "name")),
    )


def sentence(row: Activity, known: Names) -> str:
    """What happened, in words."""
    return str(_pattern(row)) % {
        "by": row.by.name if row.by else _("Torvet itself"),
        "about": row.about.name if row.about else _("somebody"),
        "space": known.spaces.get(row.space_id or 0) or _("a space that you are not in"),
        "unit": known.units.get(row.details.get("unit", 0)) or _("that is gone now"),
        "site": known.sites.get(row.details.get("site", 0)) or _("that is gone now"),
        "before": _label(Role, row.details.get("before")),
        "after": _label(Role, row.details.get("after")),
        "standing": _label(Standing, row.details.get("standing")),
    }


def _pattern(row: Activity) -> object:
    if row.verb == verbs.INVITED:
        if row.space_id is None:
            return INVITED_TO_COMPANY
        return INVITED_SOMEBODY if row.about_id else INVITED_BY_LINK
    return SENTENCES[row.verb]


def _label(choices: type[Role] | type[Standing], value: str | None) -> str:
    return str(choices(value).label).lower() if value in choices.values else "?"
