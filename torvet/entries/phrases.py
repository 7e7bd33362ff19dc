"""The words around entries, translated once per language: every card says them."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


@lru_cache(maxsize=16)
def phrases(language: str) -> MappingProxyType[str, str]:
    """word -> what it says in a language."""
    with translation.override(language):
        return MappingProxyType(
            {
                "in": pgettext("Anna in Salg Norden", "in"),
                "more": _("More about this post"),
                "edited": _("edited"),
                "left": _("has left"),
                "written_by": pgettext("written by Anna for Leif", "written by"),
                "written_for": pgettext("written by Anna for Leif", "for"),
                "minutes": _("min to read"),
                "open_article": _("Open the article"),
                "outcome": _("You said, we did"),
                "discussion": _("Discussion"),
                "solved": _("Solved"),
                "closed": pgettext("a discussion", "Closed"),
                "idea": _("Idea"),
                "idea_heard": pgettext("the stage of an idea", "Heard"),
                "idea_looked_at": pgettext("the stage of an idea", "Looked at"),
                "idea_chosen": pgettext("the stage of an idea", "Chosen"),
                "idea_tried": pgettext("the stage of an idea", "Tried"),
                "idea_done": pgettext("the stage of an idea", "Done"),
                "idea_declined": pgettext("the stage of an idea", "Declined"),
                "idea_merged": _("goes on in another idea"),
                "bot": _("automatic"),
                "guest": _("guest"),
                "open": pgettext("verb", "Open"),
                "react": _("React"),
                "reacted": _("You have reacted. Change it"),
                "reactions": pgettext("2 reactions", "reactions"),
                "one_reaction": pgettext("1 reaction", "reaction"),
                "comments": pgettext("2 comments", "comments"),
                "one_comment": pgettext("1 comment", "comment"),
                "comment": _("Comment"),
                "write_comment": _("Write a comment …"),
                "all_comments": _("See all comments"),
                "bookmark": _("Bookmark"),
                "copy": _("Copy link"),
                "answer": pgettext("a button under a comment", "Reply"),
                "answering": _("to"),
                "pinned": _("Pinned"),
                "new": pgettext("not read yet", "New"),
                "removed": _("This was removed."),
                "removed_by_author": _("This was removed by the person who wrote it."),
                "removed_by_other": _("This was removed by those who run the space."),
                "undo": _("Undo"),
                "on_passage": _("On the page:"),
                "dealt_with": _("dealt with"),
                "show_quoted": _("Show what is quoted"),
                "loading": _("One moment …"),
            }
        )
