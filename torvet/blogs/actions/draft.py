"""Writing what is not out yet. See models/draft.py: a draft is no entry, so nothing of it can reach readers."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.base.text.characters import clean_line
from torvet.blogs import lead as leads
from torvet.blogs import rules
from torvet.blogs.actions.keep import series_named
from torvet.blogs.kinds import ARTICLE
from torvet.blogs.models import Blog, Draft, DraftFile, DraftState, DraftVersion
from torvet.blogs.queries.voice import delegation_of
from torvet.entries.actions.attach import NAMED
from torvet.entries.models import Attachment
from torvet.entries.words import clean_title, read
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of

KEPT_VERSIONS = 30
LONGEST_ALT = 300


class DraftConflict(Exception):
    """Somebody saved other words meanwhile. `draft` is what stands now; what was typed is with the caller."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(_("Somebody else saved a change while you were writing. Both texts are below."))
        self.draft = draft


def may_write(by: Viewer, blog: Blog) -> bool:
    return rules.can_write(by, blog, membership_of(by, blog.space), delegation_of(by, blog))


@transaction.atomic
def write_draft(
    *,
    by: Viewer,
    blog: Blog,
    title: str,
    lead: str = "",
    body: str = "",
    format: str = "markdown",
    cover: str = "",
    alt: str = "",
    series: str = "",
) -> Draft:
    """Begin a draft. `cover` is the key of an upload, `alt` says what is to be seen on it, `series` is a name."""
    require(may_write(by, blog))
    assert by.member is not None  # the rule said so
    draft = Draft(blog=blog, written_by=by.member, version=0)
    return _save(
        by, draft, title=title, lead=lead, body=body, format=format, cover=cover, alt=alt, series=series
    )


@transaction.atomic
def change_draft(
    *,
    by: Viewer,
    draft: Draft,
    version: int,
    title: str,
    lead: str = "",
    body: str = "",
    format: str = "markdown",
    cover: str = "",
    alt: str = "",
    series: str = "",
) -> Draft:
    """New words for a draft. `version` is the one that the writer saw. What waited for review waits no more: the nod
    is for words that somebody has read. Raises DraftConflict when another change came first.
    """
    require(may_write(by, draft.blog))
    draft = locked(draft)
    if draft.version != version:
        raise DraftConflict(draft)
    return _save(
        by, draft, title=title, lead=lead, body=body, format=format, cover=cover, alt=alt, series=series
    )


def locked(draft: Draft) -> Draft:
    """The draft as it stands now; nobody else saves or publishes it meanwhile. Raises Refused when it is gone."""
    rows = Draft.objects.select_for_update(of=("self",)).select_related(
        "blog__space", "blog__leader", "written_by", "cover", "series"
    )
    found = rows.filter(pk=draft.pk).first()
    if found is None:
        raise Refused(_("This draft is no longer there: it has been published or thrown away."))
    return found


def _save(
    by: Viewer,
    draft: Draft,
    *,
    title: str,
    lead: str,
    body: str,
    format: str,
    cover: str,
    alt: str,
    series: str,
) -> Draft:
    assert by.member is not None
    words = read(body, by=by, format=format, longest=ARTICLE.longest - leads.LONGEST)
    title, lead = clean_title(title), leads.one_line(lead)
    if not (title or lead or words.text.strip()):
        raise Refused(_("Write a title or some words first."))
    picture = _picture(by, draft, cover)
    if picture is not None and picture.alt != clean_line(alt)[:LONGEST_ALT]:
        picture.alt = clean_line(alt)[:LONGEST_ALT]
        picture.save(update_fields=["alt"])
    chosen = series_named(draft.blog, series)
    before = (draft.title, draft.lead, draft.body, draft.cover_id, draft.series_id)
    if draft.version and before == (
        title,
        lead,
        words.body,
        picture.pk if picture else None,
        chosen.pk if chosen else None,
    ):
        return draft
    draft.title, draft.lead, draft.body, draft.cover, draft.series = title, lead, words.body, picture, chosen
    draft.version, draft.changed_by, draft.changed_at = draft.version + 1, by.member, timezone.now()
    draft.state = DraftState.DRAFT
    # Whoever said when it comes out has not seen these words.
    draft.publish_at = draft.scheduled_by = None
    draft.save()
    DraftVersion.objects.create(
        draft=draft, version=draft.version, title=title, lead=lead, body=words.body, changed_by=by.member
    )
    DraftVersion.objects.filter(draft=draft, version__lte=draft.version - KEPT_VERSIONS).delete()
    _keep_files(by, draft)
    return draft


def _picture(by: Viewer, draft: Draft, key: str) -> Attachment | None:
    """The cover with this key: an upload of the viewer's own, or one that this draft has already. Raises Refused."""
    if not key:
        return None
    known = (
        DraftFile.objects.filter(draft=draft.pk).values("attachment")
        if draft.pk
        else DraftFile.objects.none()
    )
    rows = Attachment.objects.filter(
        Q(uploaded_by_id=by.id) | Q(pk__in=known.values("attachment")), entry=None
    )
    found = rows.filter(key=key).first()
    if found is None:
        raise Refused(_("The picture is no longer there. Please add it again."))
    if not found.is_picture:
        raise Refused(_("A cover is a picture. %(name)s is none.") % {"name": found.name})
    return found


def _keep_files(by: Viewer, draft: Draft) -> None:
    """Keep the writer's own uploads that the draft names, and let the others who write there see them."""
    named = Attachment.objects.waiting_for(by).filter(key__in=set(NAMED.findall(draft.body)))
    wanted = {*named.values_list("pk", flat=True)} | ({draft.cover_id} if draft.cover_id else set())
    DraftFile.objects.bulk_create(
        [DraftFile(draft=draft, attachment_id=pk) for pk in sorted(pk for pk in wanted if pk)],
        ignore_conflicts=True,
    )


@transaction.atomic
def discard_draft(*, by: Viewer, draft: Draft) -> None:
    """Throw a draft away. Its pictures go with it, in a day."""
    require(may_write(by, draft.blog))
    gone, _kinds = Draft.objects.filter(pk=draft.pk).delete()
    if gone:
        record(verbs.DISCARDED_DRAFT, by=by, space_id=draft.blog.space_id, blog=draft.blog_id, draft=draft.pk)
