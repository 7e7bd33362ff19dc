"""Asking a question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from torvet.base.rules import Refused, require
from torvet.entries import queries as entries
from torvet.entries.actions import publish_thread
from torvet.entries.words import clean_title, read
from torvet.forum import rules
from torvet.forum.kinds import QUESTION
from torvet.forum.models import SubForum, Thread
from torvet.forum.parts import refuse_part_of_another
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of

SENT_TWICE_WITHIN = timedelta(minutes=10)
MOST_TOPICS = 8


@transaction.atomic
def ask_question(
    *,
    by: Viewer,
    space: Space,
    title: str,
    body: str = "",
    format: str = "markdown",
    topics: str = "",
    files: Sequence[str] = (),
    alts: Mapping[str, str] | None = None,
    sub_forum: SubForum | None = None,
) -> Thread:
    """Ask where one may post. `topics` are #words beside those in the text.

    The same question sent twice within ten minutes is asked once. Raises Refused without a question.
    """
    require(rules.can_ask(by, space, membership_of(by, space)))
    title = checked(title, space, sub_forum)
    body = with_topics(body, topics, format)
    twin = _sent_before(by, space, title, body, format)
    if twin is not None:
        return twin
    entry = publish_thread(
        by=by, space=space, kind=QUESTION.key, title=title, body=body, format=format, files=files, alts=alts
    )
    return Thread.objects.create(entry=entry, sub_forum=sub_forum)


def checked(title: str, space: Space, sub_forum: SubForum | None) -> str:
    """The title as it is kept. Raises Refused without one, and for a part of another forum."""
    title = clean_title(title)
    if not title:
        raise Refused(_("Write your question in one line first."))
    refuse_part_of_another(space, sub_forum)
    return title


def with_topics(body: str, typed: str, format: str) -> str:
    """The text with the #words that were typed beside it, which it does not name yet, as its last paragraph."""
    words = dict.fromkeys(re.findall(r"[^\W_][\w-]{0,63}", typed))
    named = {word.casefold() for word in re.findall(r"#([\w-]+)", body)}
    line = " ".join(f"#{word}" for word in list(words)[:MOST_TOPICS] if word.casefold() not in named)
    if not line:
        return body
    return f"{body}<p>{escape(line)}</p>" if format == "html" else f"{body.rstrip()}\n\n{line}"


def _sent_before(by: Viewer, space: Space, title: str, body: str, format: str) -> Thread | None:
    lately = timezone.now() - SENT_TWICE_WITHIN
    rows = entries.visible(by).filter(
        root=None, kind=QUESTION.key, space=space, author=by.id, title=title, published_at__gte=lately
    )
    standing = rows.order_by("-published_at", "-id").first()
    if standing is None or standing.text != read(body, by=by, format=format).text:
        return None
    return Thread.objects.filter(pk=standing.pk).first()
