"""From a draft to an article: asking for the nod, giving it, sending back, at once or when its time has come."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Forbidden, Refused, require
from torvet.base.text.characters import clean_line
from torvet.blogs import lead as leads
from torvet.blogs import rules
from torvet.blogs.actions.draft import locked, may_write
from torvet.blogs.kinds import ARTICLE
from torvet.blogs.models import Article, Blog, Draft, DraftFile, DraftState
from torvet.blogs.queries.voice import delegation_of
from torvet.entries import actions as entries
from torvet.entries.actions.attach import NAMED
from torvet.entries.models import Attachment
from torvet.people.models import Member
from torvet.people.viewer import NOBODY, Via, Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Membership, Standing
from torvet.spaces.queries import membership_of

log = logging.getLogger("torvet.blogs")

LONGEST_REASON = 1000
FURTHEST = timedelta(days=366)


def may_publish(by: Viewer, blog: Blog) -> bool:
    return rules.can_publish(by, blog, membership_of(by, blog.space), delegation_of(by, blog))


@transaction.atomic
def publish_draft(*, by: Viewer, draft: Draft, version: int) -> Article:
    """Let everybody who reads the space read the draft that `by` has seen: that of this version.

    It is said in the leader's name, and says who wrote it. Raises Refused when another version is newer, something is
    missing, or the leader cannot write there any more.
    """
    require(may_publish(by, draft.blog))
    draft = _seen(draft, version)
    _check_whole(draft)
    author = _voice(by, draft)
    words = leads.together(draft.lead, draft.body)
    entry = entries.publish_thread(
        by=by, space=draft.blog.space, kind=ARTICLE.key, title=draft.title, body=words, format="html",
        author=author, written_by=draft.written_by,
    )  # fmt: skip
    article = Article.objects.create(
        entry=entry,
        blog=draft.blog,
        lead=draft.lead,
        cover=draft.cover,
        series=draft.series,
        minutes=leads.minutes_to_read(entry.text),
    )
    entries.attach_kept(by=Viewer.of(author), entry=entry, files=_files_of(draft))
    record(
        verbs.PUBLISHED_FOR, by=by, about=draft.written_by, space_id=entry.space_id, entry_id=entry.pk,
        thread_id=entry.pk, draft=draft.pk,
    )  # fmt: skip
    Draft.objects.filter(pk=draft.pk).delete()
    return article


def _files_of(draft: Draft) -> QuerySet[Attachment]:
    """The cover and what the words show. What was tried on the way and left out again comes out nowhere."""
    kept = DraftFile.objects.filter(draft=draft).values("attachment")
    shown = Q(pk=draft.cover_id) | Q(key__in=set(NAMED.findall(draft.body)))
    return Attachment.objects.filter(shown, pk__in=kept).order_by("pk")


def _seen(draft: Draft, version: int) -> Draft:
    draft = locked(draft)
    if draft.version != version:
        raise Refused(_("It has changed since you looked. Please look at it once more."))
    return draft


def _check_whole(draft: Draft) -> None:
    if not draft.title:
        raise Refused(_("An article needs a title, so that others find it."))
    if not (draft.lead or draft.body):
        raise Refused(_("The article has no words yet."))
    if draft.cover is not None and not draft.cover.alt:
        raise Refused(_("Say what is to be seen on the cover, for those who cannot see it."))


def _voice(by: Viewer, draft: Draft) -> Member:
    """In whose name it is said: the leader's; in a blog of no leader, of who wrote it, or of who lets it out when that
    one is gone. Raises Refused when they cannot write in the space.
    """
    leader, assumed = draft.blog.leader, draft.written_by
    voice = leader or (assumed if assumed.is_active else by.member)
    assert voice is not None  # the rule asked for a signed-in member
    viewer = Viewer.of(voice)
    if not space_rules.can_write_in(viewer, draft.blog.space, membership_of(viewer, draft.blog.space)):
        raise Refused(
            _("%(name)s cannot write in %(space)s any more, so nothing can come out in their name.")
            % {"name": voice.name, "space": draft.blog.space.name}
        )
    return voice


@transaction.atomic
def submit_draft(*, by: Viewer, draft: Draft, version: int) -> Draft:
    """Ask those who keep the blog for their nod."""
    require(may_write(by, draft.blog))
    draft = _seen(draft, version)
    _check_whole(draft)
    if draft.state != DraftState.WAITING:
        draft.state, draft.reason, draft.answered_by = DraftState.WAITING, "", None
        draft.save(update_fields=["state", "reason", "answered_by"])
        record(verbs.WANTED_REVIEW, by=by, space_id=draft.blog.space_id, blog=draft.blog_id, draft=draft.pk)
    return draft


@transaction.atomic
def send_back(*, by: Viewer, draft: Draft, version: int, reason: str) -> Draft:
    """Say to its writer what is missing. Raises Refused without a reason."""
    require(rules.can_review(by, draft.blog, membership_of(by, draft.blog.space)))
    reason = clean_line(reason)[:LONGEST_REASON]
    if not reason:
        raise Refused(_("Say in a sentence what is missing, so that the writer knows what to do."))
    draft = _seen(draft, version)
    if draft.state != DraftState.WAITING:
        raise Refused(_("This draft does not wait for an answer any more."))
    draft.state, draft.reason, draft.answered_by = DraftState.SENT_BACK, reason, by.member
    draft.save(update_fields=["state", "reason", "answered_by"])
    record(
        verbs.SENT_BACK, by=by, about=draft.written_by, space_id=draft.blog.space_id, blog=draft.blog_id,
        draft=draft.pk,
    )  # fmt: skip
    return draft


@transaction.atomic
def schedule_draft(*, by: Viewer, draft: Draft, version: int, publish_at: datetime) -> Draft:
    """Say when the draft comes out. It comes out in the name of `by`, if they may still do that then.

    Raises Refused for a time that has passed or lies more than a year ahead.
    """
    require(may_publish(by, draft.blog))
    draft = _seen(draft, version)
    _check_whole(draft)
    now = timezone.now()
    if publish_at <= now:
        raise Refused(_("That time has passed. Choose a later one, or publish at once."))
    if publish_at > now + FURTHEST:
        raise Refused(_("That is more than a year ahead. Choose an earlier day."))
    _voice(by, draft)
    draft.publish_at, draft.scheduled_by = publish_at, by.member
    draft.state, draft.reason = DraftState.DRAFT, ""
    draft.save(update_fields=["publish_at", "scheduled_by", "state", "reason"])
    return draft


@transaction.atomic
def unschedule_draft(*, by: Viewer, draft: Draft) -> Draft:
    """It does not come out by itself."""
    require(may_write(by, draft.blog))
    draft = locked(draft)
    draft.publish_at = draft.scheduled_by = None
    draft.save(update_fields=["publish_at", "scheduled_by"])
    return draft


def publish_due() -> int:
    """Timed work: publish drafts whose time has come, each in a transaction of its own. Gives how many.

    Several workers may do it at once: a row is locked by one of them, and gone or without a time for the next.
    """
    done = 0
    for pk in list(Draft.objects.due().values_list("pk", flat=True)[:200]):
        try:
            done += _publish_one(pk)
        except Exception:  # one that cannot be published must not hold up the others
            log.exception("draft %s did not come out", pk)
    return done


def _publish_one(pk: int) -> bool:
    with transaction.atomic():
        rows = Draft.objects.due().filter(pk=pk)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        draft = rows.select_related("blog__space", "blog__leader", "written_by", "scheduled_by").first()
        if draft is None or draft.scheduled_by is None:
            return False
        by = Viewer.of(draft.scheduled_by, via=Via.HOUSE)
        with translation.override(draft.scheduled_by.language or None):
            try:
                with transaction.atomic():
                    publish_draft(by=by, draft=draft, version=draft.version)
            except Forbidden:
                why = _("Its time had come, but whoever said so may not publish here any more.")
                if draft.blog.space.is_archived:
                    why = _("Its time had come, but the space is archived.")
                fall_back(by=NOBODY, drafts=[draft], why=why)
                return False
            except Refused as refused:
                fall_back(by=NOBODY, drafts=[draft], why=refused.reason)
                return False
        return True


def fall_back(*, by: Viewer, drafts: list[Draft], why: str) -> None:
    """What was to come out stays a draft, and whoever said when is told; those who keep the blog when they are gone."""
    for draft in drafts:
        told = _concerned(draft)
        draft.publish_at = draft.scheduled_by = None
        draft.state, draft.reason = DraftState.DRAFT, why[:LONGEST_REASON]
        draft.save(update_fields=["publish_at", "scheduled_by", "state", "reason"])
        for member in told:
            record(
                verbs.DID_NOT_COME_OUT,
                by=by,
                about=member,
                space_id=draft.blog.space_id,
                blog=draft.blog_id,
                draft=draft.pk,
            )


def _concerned(draft: Draft) -> list[Member]:
    """Who is told that it did not come out: who said when, or the leader, or those who own the space."""
    for member in (draft.scheduled_by, draft.blog.leader):
        if member is not None and member.is_active:
            return [member]
    owners = Membership.objects.filter(
        space=draft.blog.space_id, standing=Standing.OWNER, member__is_active=True
    )
    return [row.member for row in owners.select_related("member").order_by("pk")[:50]]
