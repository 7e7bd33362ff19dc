"""What the forum shows with a thread: where it stands, its state, what was split and merged, and what one may do."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from torvet.entries import queries as entries
from torvet.entries import rules as entry_rules
from torvet.entries.extras import Act
from torvet.entries.models import Entry
from torvet.forum import rules
from torvet.forum.kinds import DISCUSSION, QUESTION
from torvet.forum.queries import fora, threads
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces.models import Space
from torvet.spaces.tabs import Tab

THREADS = frozenset({DISCUSSION.key, QUESTION.key})


def where_it_stands(request: HttpRequest, entry: Entry) -> SafeString:
    """Above a discussion or a question; empty above anything else."""
    if entry.kind not in THREADS:
        return SafeString("")
    viewer = viewer_of(request)
    thread = threads.get_visible(viewer, entry.pk)
    if thread is None:
        return SafeString("")
    membership = entries.membership_for(viewer, entry)
    return render_to_string("forum/_above.html", {
        "thread": thread, "entry": entry, "is_forum": fora.is_forum(entry.space),
        "notes": threads.notes_on(viewer, entry), "may_solve": rules.can_solve(viewer, entry, membership),
    }, request)  # fmt: skip


def tab(viewer: Viewer, space: Space) -> Tab | None:
    """In the head of a space that is a forum."""
    if not fora.is_forum(space):
        return None
    return Tab("forum", pgettext("a tab of a space", "Forum"), reverse("space_forum", args=[space.pk]))


def offer_place(viewer: Viewer, entry: Entry) -> Act | None:
    if entry.kind not in THREADS or not rules.can_sort(viewer, entry, entries.membership_for(viewer, entry)):
        return None
    if not fora.has_parts(entry.space_id):
        return None
    return Act(_("Put into another sub-forum"), reverse("thread_place", args=[entry.pk]), "folder-tree")


def offer_split(viewer: Viewer, entry: Entry) -> Act | None:
    """On a thread, and on each comment in one: then that comment is chosen already."""
    opener = entry.root or entry
    if opener.kind not in THREADS or not opener.reply_count or not _may_arrange(viewer, opener, entry):
        return None
    chosen = f"?reply={entry.pk}" if entry.is_reply else ""
    return Act(
        _("Make a discussion of its own"), f"{reverse('split_thread', args=[opener.pk])}{chosen}", "scissors"
    )


def offer_merge(viewer: Viewer, entry: Entry) -> Act | None:
    if entry.kind not in THREADS or entry.is_reply or not _may_arrange(viewer, entry, entry):
        return None
    return Act(_("Merge with another thread"), reverse("merge_thread", args=[entry.pk]), "merge")


def _may_arrange(viewer: Viewer, opener: Entry, entry: Entry) -> bool:
    # A comment has the space of its opener, and lists load it with the comment.
    opener.space = entry.space
    return entry_rules.can_arrange(viewer, opener, entries.membership_for(viewer, entry))
