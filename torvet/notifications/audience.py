"""Whom something that happened is told to, and as what. Reads only; a constant number of statements.

Nobody is told of what they may not read, of what they did themselves, or after their account was closed. Each person
is told once: as mentioned rather than as answered, as answered rather than as one who watches. A unit of more than
LARGEST_UNIT is not told person by person: its leader alone is, and the writer is shown that before posting. Pins write
no rows at all: the mark beside the space says that something is new there, whether it has 5 members or 47,000.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.base.compiled import STAND_IN, compiled
from torvet.blogs.models import Outcome
from torvet.blogs.queries.outcomes import took_part
from torvet.entries import queries as entries
from torvet.entries.kinds import kind_of
from torvet.entries.models import Entry, Mention, Watch
from torvet.notices.queries.telling import to_tell
from torvet.notifications import blogs, keeping
from torvet.notifications.models import Notification, Told
from torvet.people.models import Member, Unit
from torvet.people.queries import units_below
from torvet.people.viewer import Via, Viewer
from torvet.spaces import rules as spaces
from torvet.spaces.models import Involvement, Membership, Space, Standing
from torvet.wiki.models import Page, SuggestionNote

LARGEST_UNIT = 200  # people
SOME = 2000  # people told in one transaction, when tens of thousands are told the same


@dataclass(frozen=True)
class Telling:
    """Members who are told the same."""

    verb: Told
    bundle: str
    members: tuple[int, ...]
    space_id: int | None = None
    thread_id: int | None = None
    entry_id: int | None = None
    # Of many who are told the same, some at a time: the last one looked at, while there are more.
    goes_on_after: int = 0


def tellings(activity: Activity) -> list[Telling]:
    """What an activity is told as, and to whom; empty for what concerns nobody."""
    found = _ADDRESSED.get(activity.verb, _nobody)(activity)
    return [telling for telling in found if telling.members or telling.goes_on_after]


def _nobody(activity: Activity) -> list[Telling]:
    return []


@dataclass(frozen=True)
class Wish:
    """How much a member who may read an entry wants to hear of it."""

    is_silent: bool  # wants to hear nothing of the space
    is_muted: bool  # has muted the thread

    @property
    def only_named(self) -> bool:
        return self.is_silent or self.is_muted


def wishes(space: Space, ids: Iterable[int], muted: Iterable[int] = ()) -> dict[int, Wish]:
    """Of these members, those with an open account who may read in the space, and what they want to hear."""
    wanted = set(ids)
    silenced = set(muted)
    memberships = {row.member_id: row for row in Membership.objects.filter(space=space, member__in=wanted)}
    found = {}
    for member in Member.objects.filter(pk__in=wanted, is_active=True, is_bot=False).only(
        "role", "is_active"
    ):
        membership = memberships.get(member.pk)
        # The very rule behind `readable_by`, asked for the person it will be shown to.
        if spaces.can_read(Viewer.of(member, via=Via.ADDRESSEE), space, membership):
            is_silent = membership is not None and membership.involvement == Involvement.NOTHING
            found[member.pk] = Wish(is_silent=is_silent, is_muted=member.pk in silenced)
    return found


def members_of_units(ids: Iterable[int]) -> tuple[set[int], list[Unit]]:
    """Everybody in these units and below them, and those units that are too large to be told person by person."""
    found: set[int] = set()
    too_large = []
    for unit in Unit.objects.filter(pk__in=list(ids)):
        inside = Member.objects.active().filter(unit__in=units_below(unit.pk))
        members = list(inside.values_list("pk", flat=True)[: LARGEST_UNIT + 1])
        if len(members) > LARGEST_UNIT:
            too_large.append(unit)
            members = [unit.leader_id] if unit.leader_id else []
        found.update(members)
    return found, too_large


def _written(activity: Activity) -> list[Telling]:
    """Those named by a post, a comment or an edit; for a comment also the one answered and those who watch."""
    entry = _standing(activity)
    if entry is None:
        return []
    named, in_units = _named(entry, is_edit=activity.verb == verbs.EDITED)
    answered: set[int] = set()
    watching: set[int] = set()
    muted: set[int] = set()
    rows = Watch.objects.filter(thread_id=entry.thread_id)
    if activity.verb == verbs.COMMENTED:
        answered = {entry.reply_to.author_id} if entry.reply_to else set()
        # Whoever is past it already (they wrote later, or have the thread open) need not be called back.
        for member_id, is_muted in rows.filter(
            Q(is_muted=True) | Q(read_at__lt=activity.created_at)
        ).values_list("member_id", "is_muted"):
            (muted if is_muted else watching).add(member_id)
    elif in_units:
        muted = set(rows.filter(is_muted=True).values_list("member_id", flat=True))
    everybody = (named | in_units | answered | watching) - {activity.by_id or 0}
    wish = wishes(entry.space, everybody, muted)
    told: set[int] = set()
    found = []
    for verb, members in (
        (Told.MENTIONED, named),
        (Told.ANSWERED, answered),
        (Told.MENTIONED_UNIT, in_units),
        (Told.COMMENTED, watching),
    ):
        heard = {
            pk for pk in members - told if pk in wish and (verb is Told.MENTIONED or not wish[pk].only_named)
        }
        told |= heard
        found.append(_about_entry(verb, f"t{entry.thread_id}", entry, heard))
    return found


def _standing(activity: Activity) -> Entry | None:
    """The entry with what the decision needs, unless it or its thread has been removed meanwhile."""
    entry: Entry | None = _decided().first(activity.entry_id or 0)
    return None if entry is None or (entry.root and entry.root.is_removed) else entry


@compiled
def _decided() -> QuerySet[Entry]:
    return entries.standing().select_related("space", "reply_to", "root").filter(pk=STAND_IN).order_by()


def _named(entry: Entry, *, is_edit: bool) -> tuple[set[int], set[int]]:
    members: set[int] = set()
    units: set[int] = set()
    for member_id, unit_id in Mention.objects.filter(entry=entry).values_list("member_id", "unit_id"):
        (members if member_id else units).add(member_id or unit_id)
    in_units = members_of_units(units)[0] if units else set()
    if is_edit and (members or in_units):
        # Mending a spelling must not tell everybody again.
        told = Notification.objects.filter(
            member__in=members | in_units, thread_id=entry.thread_id, updated_at__gte=entry.published_at,
            verb__in=[Told.MENTIONED, Told.MENTIONED_UNIT],
        )  # fmt: skip
        before = set(told.values_list("member_id", flat=True))
        members, in_units = members - before, in_units - before
    return members, in_units


def _about_entry(verb: Told, bundle: str, entry: Entry, members: Iterable[int]) -> Telling:
    return Telling(verb, bundle, tuple(sorted(members)), entry.space_id, entry.thread_id, entry.pk)


def _reacted(activity: Activity) -> list[Telling]:
    entry = _standing(activity)
    if entry is None or entry.author_id == activity.by_id or not kind_of(entry.kind).names_reactions:
        return []
    muted = Watch.objects.filter(thread_id=entry.thread_id, member_id=entry.author_id, is_muted=True)
    wish = wishes(entry.space, [entry.author_id], muted.values_list("member_id", flat=True))
    heard = [pk for pk, wanted in wish.items() if not wanted.only_named]
    return [_about_entry(Told.REACTED, f"e{entry.pk}", entry, heard)]


def _about_person(verb: Told) -> Callable[[Activity], list[Telling]]:
    """Told to the one it is about."""

    def telling(activity: Activity) -> list[Telling]:
        about = activity.about
        if about is None or not about.is_active or about.is_bot or about.pk == activity.by_id:
            return []
        bundle = f"s{activity.space_id}" if activity.space_id else ""
        return [Telling(verb, bundle, (about.pk,), activity.space_id)]

    return telling


def _handed(verb: Told) -> Callable[[Activity], list[Telling]]:
    """Told to the one it is about, with the page it speaks of; in one bundle for each person who leaves and space."""

    def telling(activity: Activity) -> list[Telling]:
        about = activity.about
        if about is None or not about.is_active or about.is_bot:
            return []
        if about.pk == activity.by_id and verb != Told.FELL_TO:
            return []
        # Pages apart from the space itself: a row that joins a bundle keeps the first one's thread.
        place = f"s{activity.space_id}{'p' if activity.entry_id else ''}" if activity.space_id else ""
        bundle = f"m{activity.details.get('leaver', '')}{place}"
        return [Telling(verb, bundle, (about.pk,), activity.space_id, activity.thread_id, activity.entry_id)]

    return telling


def _lost_leader(activity: Activity) -> list[Telling]:
    """Told to administrators: they name who leads a unit."""
    members = Member.objects.active().filter(role="administrator").order_by("pk")
    unit = activity.details.get("unit", "")
    return [Telling(Told.LOST_LEADER, f"u{unit}", tuple(members.values_list("pk", flat=True)[:50]))]


def _asked_to_join(activity: Activity) -> list[Telling]:
    """Told to those who run the space, also when they want to hear nothing else of it: somebody waits."""
    running = Membership.objects.filter(
        space=activity.space_id, standing__in=[Standing.OWNER, Standing.MODERATOR], member__is_active=True
    ).exclude(member=activity.by_id)
    members = tuple(running.order_by("member_id").values_list("member_id", flat=True))
    return [Telling(Told.ASKED_TO_JOIN, f"s{activity.space_id}", members, activity.space_id)]


def _about_page(verb: Told, whom: Callable[[Activity], list[int]]) -> Callable[[Activity], list[Telling]]:
    def telling(activity: Activity) -> list[Telling]:
        page, bundle = activity.entry_id, keeping.bundle_of(verb, activity.entry_id)
        return [Telling(verb, bundle, tuple(whom(activity)), activity.space_id, page, page)]

    return telling


def _suggested(activity: Activity) -> list[Telling]:
    """Told to those who answer for the page; to those who run its space when none of them can be told."""
    page = _page_of(activity)
    if page is None:
        return []
    answering = {page.owner_id, page.deputy_id or 0} - {activity.by_id or 0}
    heard = set(wishes(page.entry.space, answering))
    if not heard:
        running = Membership.objects.filter(
            space=page.entry.space_id,
            standing__in=[Standing.OWNER, Standing.MODERATOR],
            member__is_active=True,
        ).exclude(member=activity.by_id)
        heard = set(running.values_list("member_id", flat=True))
    return [_about_suggestion(Told.SUGGESTED, activity, page, heard)]


def _suggestion_answered(verb: Told) -> Callable[[Activity], list[Telling]]:
    """Told to who made the suggestion."""

    def telling(activity: Activity) -> list[Telling]:
        page = _page_of(activity)
        if page is None or activity.about_id in {None, activity.by_id}:
            return []
        heard = set(wishes(page.entry.space, [activity.about_id or 0]))
        return [_about_suggestion(verb, activity, page, heard)]

    return telling


def _suggestion_discussed(activity: Activity) -> list[Telling]:
    """Told to who made it, who answers for the page, and who spoke about it before and may still see it."""
    page = _page_of(activity)
    if page is None:
        return []
    spoke = SuggestionNote.objects.filter(suggestion=activity.details["suggestion"]).values("by")
    inside = Membership.objects.filter(space=page.entry.space_id).filter(
        Q(member__in=spoke) | Q(member__in=[page.owner_id, page.deputy_id or 0])
    )
    concerned = {activity.about_id or 0, *inside.values_list("member_id", flat=True)[:LARGEST_UNIT]}
    heard = set(wishes(page.entry.space, concerned - {activity.by_id or 0}))
    return [_about_suggestion(Told.SUGGESTION_DISCUSSED, activity, page, heard)]


def _page_of(activity: Activity) -> Page | None:
    """The page, unless it has been removed meanwhile."""
    rows = Page.objects.filter(pk=activity.entry_id or 0, entry__in=entries.standing())
    return rows.select_related("entry__space").first()


def _about_suggestion(verb: Told, activity: Activity, page: Page, members: Iterable[int]) -> Telling:
    return _about_entry(verb, f"g{activity.details['suggestion']}", page.entry, members)


def _of_blog(
    verb: Told, bundle: Callable[[Activity], str], whom: Callable[[Activity], list[int]]
) -> Callable[[Activity], list[Telling]]:
    def telling(activity: Activity) -> list[Telling]:
        return [Telling(verb, bundle(activity), tuple(whom(activity)), activity.space_id)]

    return telling


def _to_confirm(verb: Told) -> Callable[[Activity], list[Telling]]:
    """Told to those who are asked, some at a time, however many they are. Also to those who hear nothing else of the
    space: somebody needs to know that they have read it."""

    def telling(activity: Activity) -> list[Telling]:
        what, details = activity.details.get("of_verb", activity.verb), activity.details
        members, last = to_tell(
            what,
            details["notice"],
            members=details.get("members", ()),
            after=details.get("after", 0),
            size=SOME,
        )
        heard = tuple(pk for pk in members if pk != activity.by_id)
        bundle = f"n{details['notice']}"
        place = activity.space_id, activity.thread_id, activity.entry_id
        return [Telling(verb, bundle, heard, *place, goes_on_after=last)]

    return telling


def _is_out(activity: Activity) -> list[Telling]:
    """Told to who wrote it, unless it has been removed meanwhile."""
    entry = _standing(activity)
    if entry is None:
        return []
    heard = wishes(entry.space, blogs.to_whom_it_is_about(activity))
    return [_about_entry(Told.WRITING_IS_OUT, f"e{entry.pk}", entry, heard)]


def _outcome(activity: Activity) -> list[Telling]:
    """Told to everybody who took part in what led to it and may read it: once, also when more is linked later."""
    outcome = Outcome.objects.filter(pk=activity.entry_id or 0, entry__in=entries.standing())
    found = outcome.select_related("entry__space").first()
    if found is None:
        return []
    before = Notification.objects.filter(
        verb=Told.OUTCOME, bundle=f"e{found.pk}", member=OuterRef("pk"), activity_id__lt=activity.pk
    )
    people = took_part(found).exclude(pk=activity.by_id or 0).exclude(Exists(before))
    return [_about_entry(Told.OUTCOME, f"e{found.pk}", found.entry, people.values_list("pk", flat=True))]


def _quiet_week(activity: Activity) -> list[Telling]:
    return [Telling(Told.QUIET_WEEK, f"b{activity.details['blog']}", (activity.about_id or 0,))]


def _told_on(activity: Activity) -> list[Telling]:
    """The next of many."""
    return _ADDRESSED[activity.details["of_verb"]](activity)


def _to_confirm_for(activity: Activity) -> list[Telling]:
    about = activity.about
    if about is None or not about.is_active:
        return []
    bundle = f"n{activity.details['notice']}f{activity.details['absent']}"
    place = activity.space_id, activity.thread_id, activity.entry_id
    return [Telling(Told.TO_CONFIRM_FOR, bundle, (about.pk,), *place)]


def _notice_passed(activity: Activity) -> list[Telling]:
    bundle = f"n{activity.details['notice']}"
    members = (activity.about_id,) if activity.about_id and activity.about_id != activity.by_id else ()
    return [
        Telling(Told.NOTICE_PASSED, bundle, members, activity.space_id, activity.thread_id, activity.entry_id)
    ]


_ADDRESSED: dict[str, Callable[[Activity], list[Telling]]] = {
    verbs.POSTED: _written,
    verbs.COMMENTED: _written,
    verbs.EDITED: _written,
    verbs.REACTED: _reacted,
    verbs.FOLLOWED: _about_person(Told.FOLLOWED),
    verbs.INVITED: _about_person(Told.INVITED),
    verbs.LET_IN: _about_person(Told.LET_IN),
    verbs.TURNED_DOWN: _about_person(Told.TURNED_DOWN),
    verbs.ADDED_MEMBER: _about_person(Told.ADDED),
    verbs.ASKED_TO_JOIN: _asked_to_join,
    verbs.ASKED_IF_RIGHT: _about_page(Told.STILL_RIGHT, keeping.to_whom_it_is_about),
    verbs.WANTED_APPROVAL: _about_page(Told.TO_APPROVE, keeping.to_those_who_answer),
    verbs.APPROVED_PAGE: _about_page(Told.APPROVED, keeping.to_whom_it_is_about),
    verbs.ANSWERED_NOT_YET: _about_page(Told.NOT_YET, keeping.to_whom_it_is_about),
    verbs.REPORTED_PAGE: _about_page(Told.REPORTED, keeping.to_those_who_answer),
    verbs.ANSWERED_REPORT: _about_page(Told.REPORT_ANSWERED, keeping.to_whom_it_is_about),
    verbs.SUGGESTED_CHANGE: _suggested,
    verbs.ACCEPTED_CHANGE: _suggestion_answered(Told.SUGGESTION_ACCEPTED),
    verbs.DECLINED_CHANGE: _suggestion_answered(Told.SUGGESTION_DECLINED),
    verbs.DISCUSSED_CHANGE: _suggestion_discussed,
    verbs.ASKED_TO_TAKE_OVER: _handed(Told.ASKED_OVER),
    verbs.TOOK_OVER: _handed(Told.TAKEN_OVER),
    verbs.DECLINED_TO_TAKE_OVER: _handed(Told.NOT_TAKEN),
    verbs.FELL_TO: _handed(Told.FELL_TO),
    verbs.SET_LEAVING: _about_person(Told.LAST_DAY_SET),
    verbs.REMINDED_LEAVER: _about_person(Told.LAST_DAY_NEAR),
    verbs.SHOWED_HAND_OVER: _handed(Told.SHOWED_HAND_OVER),
    verbs.LOST_LEADER: _lost_leader,
    verbs.LINKED_OUTCOME: _outcome,
    verbs.SUGGESTED_ACT: _quiet_week,
    verbs.WANTED_REVIEW: _of_blog(Told.DRAFT_WAITING, blogs.draft_bundle, blogs.to_those_who_keep),
    verbs.SENT_BACK: _of_blog(Told.DRAFT_SENT_BACK, blogs.draft_bundle, blogs.to_whom_it_is_about),
    verbs.DID_NOT_COME_OUT: _of_blog(Told.DID_NOT_COME_OUT, blogs.draft_bundle, blogs.to_whom_it_is_about),
    verbs.PUBLISHED_FOR: _is_out,
    verbs.NAMED_DELEGATE: _of_blog(Told.MAY_WRITE, blogs.blog_bundle, blogs.to_whom_it_is_about),
    verbs.OPENED_BLOG: _of_blog(Told.BLOG_FOR_YOU, blogs.blog_bundle, blogs.to_whom_it_is_about),
    verbs.CHANGED_BLOG: _of_blog(Told.BLOG_FOR_YOU, blogs.blog_bundle, blogs.to_whom_it_is_about),
    verbs.KEEPS_BLOG: _of_blog(Told.KEEPS_BLOG, blogs.blog_bundle, blogs.to_whom_it_is_about),
    verbs.SENT_NOTICE: _to_confirm(Told.TO_CONFIRM),
    verbs.ASKED_TO_CONFIRM: _to_confirm(Told.TO_CONFIRM),
    verbs.ASKED_AGAIN: _to_confirm(Told.TO_CONFIRM_AGAIN),
    verbs.REMINDED_READERS: _to_confirm(Told.TO_CONFIRM_SOON),
    verbs.ASKED_DEPUTY: _to_confirm_for,
    verbs.PASSED_NOTICE: _notice_passed,
    verbs.TOLD_SOME: _told_on,
}
