"""What people do with pages. Each asks its rule first."""

from torvet.wiki.actions.keep import confirm_page, name_owner
from torvet.wiki.actions.move import DEEPEST, move_page
from torvet.wiki.actions.write import edit_page, write_page

__all__ = ["DEEPEST", "confirm_page", "edit_page", "move_page", "name_owner", "write_page"]
