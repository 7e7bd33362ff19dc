"""What somebody has been told, made ready for them: every name and word is fetched and checked now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.base.pages import Page, paginate
from torvet.base.text import excerpt
from torvet.entries.models import Entry, Reaction
from torvet.forum.queries.being_asked import why_asked
from torvet.ideas.models import Stage
from torvet.ideas.queries.outcomes import reasons
from torvet.notifications import blogs
from torvet.notifications.facts import Facts
from torvet.notifications.keeping import TARGETS, still_asked
from torvet.notifications.models import Notification, Told, seen_in_thread
from torvet.notifications.sentences import NAMES_SHOWN, sentence, sentence_html
from torvet.people.looking import compiled_for_viewer
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space

COUNTED_TO = 100  # beyond, the badge says "99+"
PAGE = 30
EXCERPT = 160  # characters
TITLE = 60
REASON = 300

ICONS = {
    Told.MENTIONED: "at-sign",
    Told.MENTIONED_UNIT: "at-sign",
    Told.ANSWERED: "reply",
    Told.COMMENTED: "message-circle",
    Told.REACTED: "heart",
    Told.FOLLOWED: "user-plus",
    Told.INVITED: "mail",
    Told.LET_IN: "user-check",
    Told.TURNED_DOWN: "info",
    Told.ASKED_TO_JOIN: "user-plus",
    Told.ADDED: "user-plus",
    Told.STILL_RIGHT: "circle-help",
    Told.TO_APPROVE: "shield-check",
    Told.APPROVED: "circle-check",
    Told.NOT_YET: "message-square-text",
    Told.REPORTED: "flag",
    Told.REPORT_ANSWERED: "check",
    Told.SUGGESTED: "square-pen",
    Told.SUGGESTION_ACCEPTED: "circle-check",
    Told.SUGGESTION_DECLINED: "circle-x",
    Told.SUGGESTION_DISCUSSED: "message-circle",
    Told.ASKED_OVER: "arrow-right-left",
    Told.TAKEN_OVER: "check",
    Told.NOT_TAKEN: "info",
    Told.FELL_TO: "arrow-right-left",
    Told.LAST_DAY_SET: "calendar",
    Told.LAST_DAY_NEAR: "calendar",
    Told.SHOWED_HAND_OVER: "arrow-right-left",
    Told.LOST_LEADER: "flag",
    Told.UNANSWERED: "messages-square",
    Told.OUTCOME: "circle-check",
    Told.QUIET_WEEK: "message-circle",
    Told.DRAFT_WAITING: "shield-check",
    Told.DRAFT_SENT_BACK: "message-square-text",
    Told.WRITING_IS_OUT: "newspaper",
    Told.DID_NOT_COME_OUT: "clock",
    Told.MAY_WRITE: "square-pen",
    Told.BLOG_FOR_YOU: "newspaper",
    Told.KEEPS_BLOG: "newspaper",
    Told.TO_CONFIRM: "list-checks",
    Told.TO_CONFIRM_AGAIN: "list-checks",
    Told.TO_CONFIRM_SOON: "list-checks",
    Told.TO_CONFIRM_FOR: "list-checks",
    Told.NOTICE_PASSED: "arrow-right-left",
    Told.ANSWER_ACCEPTED: "circle-check",
    Told.ANSWER_CONFIRMED: "shield-check",
    Told.ASKED_TO_ANSWER: "circle-help",
    Told.CANNOT_ANSWER: "info",
    Told.BECAME_PAGE: "book-open",
    Told.IDEA_TO_DECIDE: "lightbulb",
    Told.IDEA_OVERDUE: "clock",
    Told.IDEAS_FELL: "arrow-right-left",
    Told.IDEA_MERGED: "link",
    Told.IDEA_CHOSEN: "check",
    Told.IDEA_DECLINED: "circle-x",
    Told.IDEA_TRIED: "refresh-cw",
    Told.IDEA_DONE: "circle-check",
}


# What became of an idea -> the stage whose reason is told with it.
OF_IDEAS = {
    Told.IDEA_CHOSEN: Stage.CHOSEN,
    Told.IDEA_DECLINED: Stage.DECLINED,
    Told.IDEA_TRIED: Stage.TRIED,
    Told.IDEA_DONE: Stage.DONE,
}
NAMED_BY_TITLE = frozenset({
    *TARGETS, Told.WRITING_IS_OUT, Told.ASKED_TO_ANSWER, Told.CANNOT_ANSWER, Told.BECAME_PAGE, Told.IDEA_OVERDUE,
    Told.IDEA_MERGED, *OF_IDEAS,
})  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One row of the list. `face` is whom it shows (a Member), or None; then `space` stands there."""

    id: int
    verb: str
    sentence: str
    sentence_html: str
    excerpt: str
    icon: str
    emoji: str
    face: Member | None
    space: Space | None
    entry: Entry | None
    at: datetime
    is_new: bool
    is_today: bool
    target: str
    confirms: int = 0  # the page that one click here says to be still right

    @property
    def url(self) -> str:
        """Through the list's own address, which marks the row as read on the way."""
        return f"/told/{self.id}/"


def told_count(viewer: Viewer) -> int:
    """Unread notifications, counted to COUNTED_TO, in one statement; compiled once, for it stands on every page."""
    if viewer.member is None or not viewer.can_read:
        return 0
    return counted_by(viewer).count(viewer.id)


def counted(viewer: Viewer) -> QuerySet[Any, Any]:
    """What the badge counts."""
    return Notification.objects.visible_to(viewer).unread().order_by().values("pk")[:COUNTED_TO]


counted_by = compiled_for_viewer(counted)


def in_badge(number: int) -> str:
    """What the badge says: nothing for 0."""
    if not number:
        return ""
    return str(number) if number < COUNTED_TO else f"{COUNTED_TO - 1}+"


def get_visible(viewer: Viewer, pk: int) -> Notification | None:
    """One of the viewer's own, or None."""
    return Notification.objects.visible_to(viewer).filter(pk=pk).first()


def told(viewer: Viewer, after: str | None = None, size: int = PAGE) -> Page[Line]:
    """What the viewer was told, the newest first. Four statements at most, however long. Raises BadCursor."""
    rows = Notification.objects.visible_to(viewer).annotate(
        was_seen=Exists(seen_in_thread()), answered_kind=F("entry__reply_to__kind")
    )
    page = paginate(
        rows.select_related("entry__author", "entry__written_by", "thread", "space"),
        order=("-updated_at", "-id"),
        after=after,
        size=size,
    )
    people = _people(viewer, page.things)
    emoji = _emoji(page.things)
    asked = still_asked(
        viewer, [row.entry_id for row in page.things if row.verb == Told.STILL_RIGHT and row.entry_id]
    )
    because = _because(viewer, page.things)
    why = _reasons(page.things)
    lines = [_line(row, people, emoji, asked, because, why.get(row.pk, "")) for row in page.things]
    return Page(lines, page.next)


TO_CONFIRM = frozenset({
    Told.TO_CONFIRM, Told.TO_CONFIRM_AGAIN, Told.TO_CONFIRM_SOON, Told.TO_CONFIRM_FOR, Told.NOTICE_PASSED,
})  # fmt: skip
_LEADS_TO = {
    Told.ASKED_OVER: "/handover/",
    Told.FELL_TO: "/handover/",
    Told.LAST_DAY_SET: "/handover/",
    Told.LAST_DAY_NEAR: "/handover/",
    Told.TAKEN_OVER: "/people/{leaver}/handover/",
    Told.NOT_TAKEN: "/people/{leaver}/handover/",
    Told.SHOWED_HAND_OVER: "/people/{actor}/handover/",
    Told.LOST_LEADER: "/manage/units/",
}


def target_of(row: Notification) -> str:
    """Where a notification leads."""
    if row.verb in TARGETS:
        return TARGETS[row.verb](row.entry_id)
    if row.verb in blogs.TARGETS:
        return blogs.TARGETS[Told(row.verb)].format(row.bundle[1:])
    if row.verb == Told.NOTICE_PASSED:
        return f"/notices/{row.bundle[1:]}/"
    if row.bundle.startswith("g") and row.entry_id:
        return f"/pages/{row.entry_id}/suggestions/{row.bundle[1:]}/"
    if row.verb == Told.IDEAS_FELL:
        return f"/spaces/{row.space_id}/ideas/"
    if row.verb == Told.QUIET_WEEK:
        return f"/blogs/{row.bundle[1:]}/loop/"
    if row.verb == Told.UNANSWERED:
        return f"/spaces/{row.space_id}/forum/?list=unanswered"
    if row.verb in _LEADS_TO:
        return _LEADS_TO[Told(row.verb)].format(actor=row.actor_id, leaver=row.bundle[1:].partition("s")[0])
    if row.entry_id:
        return f"/e/{row.entry_id}/"
    if row.verb == Told.FOLLOWED:
        return f"/people/{row.actor_id}/"
    if row.verb == Told.ASKED_TO_JOIN:
        return f"/spaces/{row.space_id}/requests/"
    # An invitation to a secret space is answered in the list of spaces: its own page is not open yet.
    return f"/spaces/{row.space_id}/" if row.verb != Told.INVITED else "/spaces/"


def _people(viewer: Viewer, rows: Iterable[Notification]) -> dict[int, Member]:
    """Those who did it and whom the viewer may know of; enough for the names that are shown."""
    wanted = {pk for row in rows for pk in row.actor_ids[: NAMES_SHOWN + 1]}
    return Member.objects.visible_to(viewer).in_bulk(wanted) if wanted else {}


def _emoji(rows: Iterable[Notification]) -> dict[tuple[int, int], str]:
    """(entry, member) -> the reaction they gave last."""
    pairs = {(row.entry_id, row.actor_id) for row in rows if row.verb == Told.REACTED}
    if not pairs:
        return {}
    given = Reaction.objects.filter(
        entry__in={entry for entry, _member in pairs}, member__in={member for _entry, member in pairs}
    ).order_by("created_at", "id")
    return {
        (entry, member): emoji for entry, member, emoji in given.values_list("entry_id", "member_id", "emoji")
    }


def _because(viewer: Viewer, rows: Iterable[Notification]) -> dict[str, str]:
    """bundle -> why they are asked, in words, of what they may read today."""
    asked = [int(row.bundle[1:]) for row in rows if row.verb == Told.ASKED_TO_ANSWER]
    return {f"x{pk}": words for pk, words in why_asked(viewer, asked).items()} if asked else {}


def _reasons(rows: Iterable[Notification]) -> dict[int, str]:
    """Why an idea came to where it is, for those rows that tell it; a statement only where there are such."""
    pairs = {
        row.pk: (row.entry_id, OF_IDEAS[Told(row.verb)])
        for row in rows
        if row.verb in OF_IDEAS and row.entry_id
    }
    why = reasons([(pk or 0, stage) for pk, stage in pairs.values()])
    return {pk: why.get((entry or 0, stage), "") for pk, (entry, stage) in pairs.items()}


def _line(
    row: Any,
    people: dict[int, Member],
    emoji: dict[tuple[int, int], str],
    asked: Collection[int],
    because: dict[str, str],
    why: str = "",
) -> Line:
    names = _written_for(row) or tuple(people[pk].name for pk in row.actor_ids if pk in people)
    facts = Facts(
        verb=row.verb,
        names=names,
        number=max(len(row.actor_ids), 1),
        space=row.space.name if row.space else "",
        about=_about(row),
        thread=row.thread.kind if row.thread else "",
        said=row.entry.kind if row.entry else "",
        is_on_page=row.entry is not None,
        is_own_thread=row.thread is not None and row.thread.author_id == row.member_id,
        title=_title_of(row),
        because=because.get(row.bundle, "") if row.verb == Told.ASKED_TO_ANSWER else "",
    )
    mark = emoji.get((row.entry_id or 0, row.actor_id or 0), "")
    return Line(
        id=row.pk,
        verb=row.verb,
        sentence=sentence(facts),
        sentence_html=sentence_html(facts),
        excerpt=_excerpt(row, facts, why),
        icon=ICONS[Told(row.verb)],
        emoji="" if mark.startswith(":") else mark,
        face=None if row.verb == Told.TURNED_DOWN else people.get(row.actor_id or 0),
        space=row.space,
        entry=row.entry,
        at=row.updated_at,
        is_new=row.read_at is None and not row.was_seen,
        is_today=timezone.localdate(row.updated_at) == timezone.localdate(),
        target=target_of(row),
        confirms=row.entry_id if row.verb == Told.STILL_RIGHT and row.entry_id in asked else 0,
    )


def _excerpt(row: Any, facts: Facts, why: str) -> str:
    """The words it speaks of, when the sentence does not name them; of a decision why."""
    if why:
        return excerpt(why, REASON)
    return excerpt(row.entry.title or row.entry.text, EXCERPT) if row.entry and not facts.title else ""


def _written_for(row: Any) -> tuple[str, ...]:
    """Of what somebody wrote in another's name both names, as everywhere; empty for everything else."""
    if row.verb not in {Told.MENTIONED, Told.MENTIONED_UNIT} or row.entry is None or not row.entry.written_by:
        return ()
    names = {"writer": row.entry.written_by.name, "leader": row.entry.author.name}
    return (_("%(writer)s for %(leader)s") % names,)


def _title_of(row: Notification) -> str:
    """For sentences that name what they speak of; a post often has no title."""
    if row.entry is None or not (row.verb in NAMED_BY_TITLE or row.verb in TO_CONFIRM):
        return ""
    return row.entry.title or (excerpt(row.entry.text, TITLE) if row.verb in TO_CONFIRM else "")


def _about(row: Any) -> str:
    """The kind of what was reacted to, or answered."""
    if row.entry is None:
        return ""
    return str(row.entry.kind if row.verb == Told.REACTED else row.answered_kind or "")
