"""What people do with pages. Each asks its rule first."""

from torvet.wiki.actions.keep import confirm_page, name_owner
from torvet.wiki.actions.move import DEEPEST, move_page
from torvet.wiki.actions.remark import comment_on_passage, deal_with, open_again
from torvet.wiki.actions.suggest import (
    SuggestionConflict,
    accept_suggestion,
    decline_suggestion,
    discuss_suggestion,
    suggest_change,
    withdraw_suggestion,
)
from torvet.wiki.actions.write import edit_page, write_page

__all__ = [
    "DEEPEST",
    "SuggestionConflict",
    "accept_suggestion",
    "comment_on_passage",
    "confirm_page",
    "deal_with",
    "decline_suggestion",
    "discuss_suggestion",
    "edit_page",
    "move_page",
    "name_owner",
    "open_again",
    "suggest_change",
    "withdraw_suggestion",
    "write_page",
]
