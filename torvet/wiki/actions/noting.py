"""The interview: what is written is kept at once, for oneself; made a page when its writer says so."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.base.rules import Refused, require
from torvet.base.text import to_markdown
from torvet.base.text.characters import strip_forbidden
from torvet.entries.models import Entry
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki import rules
from torvet.wiki.actions.handing import ask_successor
from torvet.wiki.actions.write import write_page
from torvet.wiki.interview import KEYS
from torvet.wiki.models import HandedLine, HandedState, HandOver, Note, Page, Sort
from torvet.wiki.queries.handover import thing_named


def keep_answer(
    *, by: Viewer, hand_over: HandOver, question: str, text: str, is_skipped: bool = False
) -> Note:
    """Keep what was written to a question. Skipping one keeps what stands there already."""
    require(rules.can_tell(by, hand_over) and question in KEYS)
    kept = {"is_skipped": is_skipped and not text.strip(), "saved_at": timezone.now()}
    if text.strip() or not is_skipped:
        kept["text"] = strip_forbidden(text)
    return Note.objects.update_or_create(hand_over=hand_over, question=question, defaults=kept)[0]


def keep_given_answer(*, by: Viewer, hand_over: HandOver, entry: Entry, is_skipped: bool = False) -> Note:
    """Take an answer one once gave as a text to make a page of, or set it aside."""
    require(rules.can_tell(by, hand_over) and entry.author_id == by.id)
    note, is_new = Note.objects.get_or_create(
        hand_over=hand_over,
        answer_of=entry,
        defaults={"text": to_markdown(entry.body), "is_skipped": is_skipped},
    )
    if not is_new and note.is_skipped != is_skipped:
        note.is_skipped = is_skipped
        note.save(update_fields=["is_skipped"])
    return note


@transaction.atomic
def publish_note(
    *,
    by: Viewer,
    note: Note,
    space: Space,
    title: str,
    text: str,
    sort: str = Sort.PLAIN,
    successor: Member | None = None,
) -> Page:
    """Make a page of a text, below "Hand-over of …" in the space, and ask the successor to look after it.

    The text is kept first, so that a refusal loses nothing. Raises Refused without words, or for a successor who
    cannot read there; then nothing is published.
    """
    hand_over = note.hand_over
    require(rules.can_tell(by, hand_over))
    if note.page_id is not None:
        raise Refused(_("This text is a page already. Change it there."))
    if not text.strip():
        raise Refused(_("There are no words yet. Write something first."))
    parent = _front_page(by, hand_over, space)
    page = write_page(by=by, space=space, title=title, body=text, parent=parent, sort=sort)
    note.text, note.page, note.is_skipped, note.saved_at = text, page, False, timezone.now()
    note.save(update_fields=["text", "page", "is_skipped", "saved_at"])
    if successor is not None and successor.pk != by.id:
        thing = thing_named(by, hand_over, f"page-{page.pk}")
        assert thing is not None  # the page was written by this viewer, just now
        ask_successor(by=by, hand_over=hand_over, thing=thing, successor=successor)
    return page


def keep_text(*, by: Viewer, note: Note, text: str) -> None:
    """Keep what was changed while looking a text over."""
    require(rules.can_tell(by, note.hand_over))
    if note.page_id is None and text.strip():
        Note.objects.filter(pk=note.pk).update(text=strip_forbidden(text), saved_at=timezone.now())


def _front_page(by: Viewer, hand_over: HandOver, space: Space) -> Page:
    """The page in this space that holds the others; written with the first one."""
    fronts = Page.objects.visible_to(by).filter(space=space, children__pk__in=hand_over.notes.values("page"))
    found = fronts.order_by("entry_id").first()
    if found is not None:
        return found
    name = hand_over.member.name
    return write_page(
        by=by,
        space=space,
        title=_("Hand-over of %(name)s") % {"name": name},
        body=_("What %(name)s wrote down for those who come after.") % {"name": name},
    )


def usual_successor(hand_over: HandOver) -> Member | None:
    """Who has taken or been asked to take most so far: the likeliest one for the next thing."""
    counted: dict[int, int] = {}
    rows = HandedLine.objects.filter(
        hand_over=hand_over, state__in=[HandedState.ASKED, HandedState.ACCEPTED], successor__is_active=True
    ).select_related("successor")
    members = {}
    for line in rows[:500]:
        if line.successor is not None:
            members[line.successor.pk] = line.successor
            counted[line.successor.pk] = counted.get(line.successor.pk, 0) + 1
    return members[max(counted, key=lambda pk: counted[pk])] if counted else None
