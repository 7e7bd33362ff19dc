"""Asking without a name. Nothing here is kept that tells who asked, or when; docs/decisions/0015 says how and why.

No Activity, no watch, no read mark, no file and no mention is written while somebody asks: one row, which carries words
and the full hour at which they appear. The house publishes what is due, all together and in an order by chance.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.base import language, text
from torvet.base.rules import Refused, require
from torvet.entries import queries as entries
from torvet.entries.actions.attach import NAMED
from torvet.entries.actions.unnamed import add_unnamed_words, open_unnamed_thread, remove_unnamed
from torvet.entries.models import Entry
from torvet.entries.words import Words
from torvet.forum import keys, rules
from torvet.forum.actions.accept import accept_in, locked, note_judged
from torvet.forum.actions.ask import checked, with_topics
from torvet.forum.kinds import ANSWER, QUESTION
from torvet.forum.models import Forum, SubForum, Thread, Waiting, Wish
from torvet.forum.queries import questions
from torvet.people.bulk import nobodys_account
from torvet.people.models import Member
from torvet.people.queries import company
from torvet.people.viewer import NOBODY, Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of

# Among which of the next full hours the one is drawn at which something appears.
FIRST_HOUR, LAST_HOUR = 2, 6
FIRST_HOUR_OF_WISHES, LAST_HOUR_OF_WISHES = 1, 3
KEPT_FOR = timedelta(days=7)  # what cannot appear, because its forum changed meanwhile
HIGHEST = 2**31 - 1
ACCOUNT = "anonymous"


def full_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def hours_ahead(first: int, last: int) -> tuple[datetime, datetime]:
    """Between which full hours something appears that is sent now."""
    hour = full_hour(timezone.now())
    return hour + timedelta(hours=first), hour + timedelta(hours=last)


def _draw(first: int, last: int) -> datetime:
    return full_hour(timezone.now()) + timedelta(hours=secrets.choice(range(first, last + 1)))


@transaction.atomic
def ask_without_name(
    *,
    by: Viewer,
    space: Space,
    title: str,
    key: str,
    body: str = "",
    format: str = "markdown",
    topics: str = "",
    has_files: bool = False,
    sub_forum: SubForum | None = None,
) -> None:
    """Let a question appear later under nobody's name. `by` is asked whether they may, and forgotten.

    Raises Refused where the forum does not allow it or too few can write, and for files: an upload has an owner.
    """
    require(rules.can_ask(by, space, membership_of(by, space)))
    refuse_where_it_shows(space)
    title = checked(title, space, sub_forum)
    if not keys.is_key(key):
        raise Refused(_("The six words of the form are missing. Open it again and keep the new ones."))
    words = _read(with_topics(body, topics, format), format, has_files)
    digest = keys.digest_of(key)
    if (
        Waiting.objects.filter(key_digest=digest).exists()
        or Thread.objects.filter(key_digest=digest).exists()
    ):
        return  # the form was sent twice
    Waiting.objects.create(
        id=_free_number(), what=Wish.QUESTION, appears_at=_draw(FIRST_HOUR, LAST_HOUR), space=space,
        sub_forum=sub_forum, title=title, body=words.body, text=words.text, language=words.language,
        topics=list(words.topics), key_digest=digest,
    )  # fmt: skip


@transaction.atomic
def ask_later_with_key(
    *,
    by: Viewer,
    question: Thread,
    key: str,
    what: str,
    answer: Entry | None = None,
    body: str = "",
    format: str = "markdown",
) -> None:
    """What the asker of a question without a name wants done with it, at one of the next full hours.

    `by` is asked whether they may write there, and forgotten. Raises Refused for a wrong key.
    """
    require(rules.can_answer(by, question.entry, membership_of(by, question.entry.space)))
    if not keys.fits(key, question.key_digest):
        raise Refused(_("These are not the six words of this question. Look at them again."))
    if what == Wish.ACCEPT and (answer is None or answer.root_id != question.pk or answer.kind != ANSWER.key):
        raise Refused(_("Choose the answer that solved it."))
    words = _read(body, format, has_files=False) if what == Wish.ADD else None
    if words is not None and not words.text.strip():
        raise Refused(_("Write something first."))
    if what in {Wish.ACCEPT, Wish.TAKE_BACK}:  # the last wish counts
        Waiting.objects.filter(thread=question, what__in=[Wish.ACCEPT, Wish.TAKE_BACK]).delete()
    Waiting.objects.create(
        id=_free_number(), what=Wish(what), appears_at=_draw(FIRST_HOUR_OF_WISHES, LAST_HOUR_OF_WISHES),
        space=question.entry.space, thread=question, answer=answer if what == Wish.ACCEPT else None,
        body=words.body if words else "", text=words.text if words else "", key_digest=question.key_digest,
    )  # fmt: skip


def refuse_where_it_shows(space: Space) -> None:
    """Raises Refused where asking without a name is not allowed, or so few can write that all would know."""
    forum = Forum.objects.filter(pk=space.pk).first()
    if forum is None or not forum.allows_anonymous:
        raise Refused(_("Here questions are asked with a name."))
    if not questions.writers_without_name(space, forum):
        raise Refused(
            _("So few people can write here that everybody would guess. Ask with your name, or elsewhere.")
        )


def _read(body: str, format: str, has_files: bool) -> Words:
    """The words as anybody would have written them: no name is looked up, no file is found, no own language helps."""
    reader = text.read_html if format == "html" else text.read_markdown
    try:
        read = reader(body, resolve=lambda refs: {}, most=text.MAX_TEXT * text.SOURCE_PER_TEXT)
    except text.TextTooLong as error:
        raise Refused(_("The text is too long. Please shorten it.")) from error
    if len(read.plain) > text.MAX_TEXT:
        raise Refused(_("The text is too long. Please shorten it."))
    if has_files or NAMED.search(read.html):
        raise Refused(
            _(
                "Without a name there are no files: whoever adds one is known. Take them out, or ask with your name."
            )
        )
    return Words(
        body=read.html, text=read.plain, language=language.detect(read.plain), members=(), units=(),
        topics=read.topics,
    )  # fmt: skip


def _free_number() -> int:
    while True:
        number = secrets.randbelow(HIGHEST) + 1
        if not Waiting.objects.filter(pk=number).exists():
            return number


def publish_waiting() -> int:
    """Timed work: let appear what is due, questions and wishes, in an order by chance. Gives how many."""
    hour = full_hour(timezone.now())
    due = list(Waiting.objects.filter(appears_at__lte=hour).values_list("pk", flat=True))
    random.SystemRandom().shuffle(due)
    with transaction.atomic():
        rows = Waiting.objects.select_for_update(of=("self",)).in_bulk(due)
        # One transaction: what appears together can be told apart by nobody.
        done = [pk for pk in due if pk in rows and _publish(rows[pk], hour)]
        Waiting.objects.filter(pk__in=done).delete()
        Waiting.objects.filter(appears_at__lt=hour - KEPT_FOR).delete()
    return len(done)


def _publish(row: Waiting, hour: datetime) -> bool:
    """Whether it is dealt with; what cannot appear yet waits on."""
    if row.what == Wish.QUESTION:
        try:
            refuse_where_it_shows(row.space)
        except Refused:
            return False
        _open(row, hour)
        return True
    assert row.thread is not None  # every wish has a question
    _WISHES[row.what](row, row.thread, hour)
    return True


def _open(row: Waiting, hour: datetime) -> None:
    words = Words(
        body=row.body, text=row.text, language=row.language, members=(), units=(), topics=tuple(row.topics)
    )
    entry = open_unnamed_thread(
        author=account(), space=row.space, kind=QUESTION.key, title=row.title, words=words, at=hour
    )
    Thread.objects.create(entry=entry, sub_forum=row.sub_forum, key_digest=row.key_digest)


def account() -> Member:
    """The closed account under which all such questions stand, named in the company's language."""
    at = company()
    with translation.override(at.language if at else "en"):
        return nobodys_account(called=ACCOUNT, name=_("Anonymous"))


def _accept(row: Waiting, question: Thread, hour: datetime) -> None:
    if row.answer is None:
        return
    try:
        held = locked(question, row.answer)
    except Refused:  # it was removed meanwhile
        return
    if held.accepted_id != row.answer.pk:
        note_judged(NOBODY, verbs.TOOK_BACK_ACCEPTANCE, held, held.accepted)
    accept_in(held, row.answer, hour)
    note_judged(NOBODY, verbs.ACCEPTED_ANSWER, held, row.answer)


def _take_back(row: Waiting, question: Thread, hour: datetime) -> None:
    held = locked(question)
    was = held.accepted
    accept_in(held, None, None)
    note_judged(NOBODY, verbs.TOOK_BACK_ACCEPTANCE, held, was)


def _add(row: Waiting, question: Thread, hour: datetime) -> None:
    opener = entries.standing().filter(pk=question.pk).first()
    if opener is not None:
        add_unnamed_words(entry=opener, body=row.body, text=row.text, at=hour)


def _remove(row: Waiting, question: Thread, hour: datetime) -> None:
    opener = entries.standing().filter(pk=question.pk).first()
    if opener is not None:
        remove_unnamed(entry=opener, at=hour)


_WISHES: dict[str, Callable[[Waiting, Thread, datetime], None]] = {
    Wish.ACCEPT: _accept,
    Wish.TAKE_BACK: _take_back,
    Wish.ADD: _add,
    Wish.REMOVE: _remove,
}
