"""Saying something new."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.entries import rules
from torvet.entries.actions.attach import attach
from torvet.entries.kinds import POST, kind_of
from torvet.entries.models import Entry, Watch
from torvet.entries.words import Words, clean_title, link_mentions_and_topics, read
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.actions import keep_read_up
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of


def publish_post(
    *,
    by: Viewer,
    space: Space,
    body: str,
    title: str = "",
    format: str = "markdown",
    files: Sequence[str] = (),
    alts: Mapping[str, str] | None = None,
) -> Entry:
    """Publish a post in a space. `files` are keys of uploads, `alts` their alternative texts by key.

    Raises Refused for an empty or too long text, or when the viewer may not write here.
    """
    return publish_thread(
        by=by, space=space, kind=POST.key, title=title, body=body, format=format, files=files, alts=alts
    )


@transaction.atomic
def publish_thread(
    *,
    by: Viewer,
    space: Space,
    kind: str,
    body: str,
    title: str = "",
    format: str = "markdown",
    files: Sequence[str] = (),
    alts: Mapping[str, str] | None = None,
    author: Member | None = None,
    written_by: Member | None = None,
) -> Entry:
    """As `publish_post`, for any kind that opens a thread; a feature's own action calls it and adds what is its own.

    `author`: in whose name it is said, when that is not `by`; `written_by`: who wrote it for them. Only a feature that
    has asked its own rule for that passes these (tests/test_house.py).
    """
    require(rules.can_post(by, space, membership_of(by, space)))
    words = read(body, by=by, format=format, longest=kind_of(kind).longest)
    if not (words.text.strip() or title.strip() or files):
        raise Refused(_("Write something, or add a picture or a file."))
    entry = open_thread(
        by=by, space=space, kind=kind, title=title, words=words, author=author, written_by=written_by
    )
    attach(by=by, entry=entry, files=files, alts=alts or {})
    record(verbs.POSTED, by=by, space_id=space.pk, entry_id=entry.pk, thread_id=entry.pk)
    return entry


def open_thread(
    *,
    by: Viewer,
    space: Space,
    kind: str,
    title: str,
    words: Words,
    author: Member | None = None,
    written_by: Member | None = None,
    at: datetime | None = None,
) -> Entry:
    """The row that opens a thread, with all that hangs on it; shared by every kind.

    `at`: the time it carries, when that is not now.
    """
    assert by.member is not None  # every rule that leads here asks for a signed-in member
    author = author or by.member
    now = at or timezone.now()
    entry = Entry.objects.create(
        kind=kind,
        space=space,
        author=author,
        written_by=written_by if written_by != author else None,
        title=clean_title(title),
        created_at=now,
        published_at=now,
        active_at=now,
        **words.columns,
    )
    link_mentions_and_topics(entry, words)
    # Whoever has a part in it hears of answers.
    parts = (by.member, author, written_by)
    watching = {member.pk for member in parts if member is not None and member.is_active}
    Watch.objects.bulk_create([Watch(thread=entry, member_id=pk, read_at=now) for pk in sorted(watching)])
    keep_read_up(by=by, space=space, read_at=now)
    if at is None:
        note_activity_in(space, published_at=now, active_at=now)
    else:
        # What appears at a time that is past must not move the space's newest time back.
        note_newest_in(spaces=[space.pk])
    return entry


def note_activity_in(space: Space, *, active_at: datetime, published_at: datetime | None = None) -> None:
    """Move the space's newest times forward; the feed on PostgreSQL relies on them."""
    newest = {"last_active_at": active_at} | ({"last_published_at": published_at} if published_at else {})
    Space.objects.filter(pk=space.pk).update(**newest)


def note_newest_in(*, spaces: Collection[int]) -> None:
    """Set the newest times of spaces anew: they must be those of a visible opener, for the feed's threshold on
    PostgreSQL relies on them."""
    for space in spaces:
        newest = Entry.objects.roots().filter(space_id=space, removed_at=None, published_at__isnull=False)
        Space.objects.filter(pk=space).update(
            last_published_at=newest.aggregate(newest=Max("published_at"))["newest"],
            last_active_at=newest.aggregate(newest=Max("active_at"))["newest"],
        )
