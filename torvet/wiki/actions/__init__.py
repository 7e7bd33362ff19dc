"""What people do with pages. Each asks its rule first."""

from torvet.wiki.actions.keep import confirm_page, name_owner
from torvet.wiki.actions.move import DEEPEST, move_page
from torvet.wiki.actions.narrow import change_editing, keep_to_fewer, open_again
from torvet.wiki.actions.write import edit_page, write_page

__all__ = [
    "DEEPEST",
    "change_editing",
    "confirm_page",
    "edit_page",
    "keep_to_fewer",
    "move_page",
    "name_owner",
    "open_again",
    "write_page",
]
