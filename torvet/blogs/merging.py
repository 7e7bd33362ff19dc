"""Two who write on one draft at once: what both wrote, brought together for the box, saved by nobody yet."""

from __future__ import annotations

from django.utils.translation import gettext as _

from torvet.base.differences import merge
from torvet.base.text.characters import clean_line
from torvet.blogs.kinds import ARTICLE
from torvet.blogs.models import Draft
from torvet.blogs.queries import drafts
from torvet.entries.merging import MergedEdit
from torvet.entries.words import read
from torvet.people.viewer import Viewer


def merge_draft(*, by: Viewer, standing: Draft, began: int, title: str, body: str, format: str) -> MergedEdit:
    """Bring a writer's words together with those that stand now; `began` is the version they began with.

    Raises Refused for a text that is too long. The lead is a line, not a text: the form shows both.
    """
    words = read(body, by=by, format=format, longest=ARTICLE.longest)
    names = ", ".join(drafts.writers_since(standing, began))
    ancestor = drafts.version_of(standing, began)
    labels = (_("Your text:"), _("Text by %(names)s:") % {"names": names or _("somebody else")})
    # Nobody knows any more what they began with: a text that nobody wrote, so both stand, whole.
    old_body = ancestor.body if ancestor else "<p>\ue000</p>"
    old_title = ancestor.title if ancestor else None
    merged = merge(old_body, words.body, standing.body, labels=labels)
    typed = clean_line(title)
    kept = standing.title if typed == old_title else typed
    return MergedEdit(
        title=kept,
        html=merged.html,
        version=standing.version,
        names=names,
        parts=merged.parts,
        other_title=standing.title if standing.title not in {kept, old_title} else "",
        says_nothing_new=(merged.html, kept) == (standing.body, standing.title),
    )
