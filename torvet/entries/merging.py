"""Somebody saved while another was writing: what both wrote, brought together for the box, saved by nobody yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from torvet.base.differences import Merged, Part, merge
from torvet.base.text import to_markdown
from torvet.entries.kinds import kind_of
from torvet.entries.models import Entry, Revision
from torvet.entries.queries import standing_version
from torvet.entries.versions import writers_since
from torvet.entries.words import read
from torvet.people.viewer import Viewer


class Ancestor(NamedTuple):
    """The words that a writer began with."""

    title: str
    body: str


@dataclass(frozen=True)
class MergedEdit:
    """Both texts in one. `version` is the one that stands and that saving must name; `names` those who saved it.

    `other_title` is the title that they gave, when the writer gave another one.
    """

    title: str
    html: str
    version: int
    names: str
    parts: tuple[Part, ...]
    other_title: str = ""
    says_nothing_new: bool = False

    @property
    def theirs(self) -> list[Part]:
        return [part for part in self.parts if part.whose == "theirs"]

    @property
    def mine(self) -> list[Part]:
        return [part for part in self.parts if part.whose == "mine"]

    @property
    def clashes(self) -> list[Part]:
        return [part for part in self.parts if part.whose == "both"]

    def fill(self, typed: dict[str, Any]) -> dict[str, Any]:
        """The form's fields with the merged words, in the format that the writer's box speaks."""
        body = self.html if typed.get("format") == "html" else to_markdown(self.html)
        return typed | {"title": self.title, "body": body, "version": str(self.version)}


def merge_edit(
    *,
    by: Viewer,
    standing: Entry,
    began: int,
    title: str,
    body: str,
    format: str = "markdown",
    mine: str = "",
    theirs: str = "",
    ancestor: Ancestor | None = None,
) -> MergedEdit:
    """Bring a writer's words together with those that stand now. `began` is the version that they began with.

    `mine` and `theirs` are the labels where both changed one part. Raises Refused for a text that is too long.
    """
    words = read(body, by=by, format=format, longest=kind_of(standing.kind).longest)
    names = ", ".join(member.name for member in writers_since(standing, began))
    ancestor = ancestor or words_of_version(standing, began)
    labels = (
        mine or _("Your text:"),
        theirs or _("Text by %(names)s:") % {"names": names or _("somebody else")},
    )
    if ancestor is None:  # nobody knows what they began with: both stand, whole
        merged = _both(standing.body, words.body, labels)
    else:
        merged = merge(ancestor.body, words.body, standing.body, labels=labels)
    typed = " ".join(title.split())
    old_title = ancestor.title if ancestor else None
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


def words_of_version(entry: Entry, version: int) -> Ancestor | None:
    """What an entry said in a version: an earlier one, or the one that stands in the database; None when it is gone."""
    row = Revision.objects.filter(entry=entry, version=version).first()
    if row is not None:
        return Ancestor(row.title, row.body)
    standing = standing_version(entry.pk, version)
    return Ancestor(standing.title, standing.body) if standing else None


def _both(theirs: str, mine: str, labels: tuple[str, str]) -> Merged:
    if theirs == mine:
        return Merged(theirs, ())
    stand_in = "<p>\ue000</p>"  # no text has it: so both changed it, and both are marked
    return merge(stand_in, mine or "<p></p>", theirs or "<p></p>", labels=labels)
