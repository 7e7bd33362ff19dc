"""The texts that scripts show. Scripts know them by key; pages carry them in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    # What happened
    "offline": _("Torvet could not be reached. What you wrote is kept here; try again in a moment."),
    "failed": _("That did not work. Try again in a moment."),
    "gone": _("That is no longer there, or not for you to see."),
    "tree_hint": _("Drag a page to move it, or use Alt, Shift and the arrow keys."),
    "tree_moved": _("{title} has been moved."),
    "too_many": _("That was a bit fast. Wait a moment and try again."),
    "refused": _("This page has been open for a long time. Reload it and try again."),
    "copied": _("Link copied"),
    "not_copied": _("The link could not be copied"),
    "kept": _("We kept what you had written."),
    "close": _("Close"),
    # New posts: {n} is a number
    "new_post": _("1 new post"),
    "new_posts": _("{n} new posts"),
    # Pictures
    "previous": _("Previous picture"),
    "next": _("Next picture"),
    "picture_of": _("Picture {n} of {all}"),
    "open_original": _("Open the picture by itself"),
    # Files
    "uploading": _("Uploading"),
    "uploaded": _("{name} is ready"),
    "upload_failed": _("{name} could not be uploaded."),
    "describe": _("Describe the picture for those who cannot see it"),
    "remove": _("Remove {name}"),
    "move_up": _("Move {name} up"),
    "move_down": _("Move {name} down"),
    "again": _("Try {name} again"),
    "wait_for_files": _("Wait until your files have been uploaded."),
    # Suggestions
    "nobody_found": _("Nobody of that name"),
    "new_topic": _("New topic"),
    "entries_one": _("1 entry"),
    "entries_many": _("{n} entries"),
    "suggestions": _("Suggestions"),
    # Writing
    "toolbar": _("Formatting"),
    "bold": _("Bold"),
    "italic": _("Italic"),
    "strike": _("Strikethrough"),
    "heading": _("Heading"),
    "subheading": _("Small heading"),
    "bullets": _("Bulleted list"),
    "numbers": _("Numbered list"),
    "tasks": _("To-do list"),
    "quote": _("Quote"),
    "code": _("Code"),
    "code_block": _("Code block"),
    "table": _("Table"),
    "link": _("Link"),
    "link_address": _("Address of the link"),
    "link_set": _("Set the link"),
    "link_remove": _("Remove the link"),
    "undo": _("Undo"),
    "redo": _("Redo"),
    "write_here": _("Your text"),
}
