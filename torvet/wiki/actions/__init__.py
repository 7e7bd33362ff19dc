"""What people do with pages. Each asks its rule first."""

from torvet.wiki.actions.approval import (
    answer_not_yet,
    approve_page,
    lift_approval,
    want_approval,
    want_approval_in,
)
from torvet.wiki.actions.keep import confirm_page, name_owner
from torvet.wiki.actions.link import Linked, keep_links_of
from torvet.wiki.actions.make import make_page
from torvet.wiki.actions.move import DEEPEST, move_page
from torvet.wiki.actions.narrow import change_editing, keep_to_fewer, open_to_all
from torvet.wiki.actions.question import ask_if_right
from torvet.wiki.actions.remark import comment_on_passage, deal_with, open_again
from torvet.wiki.actions.report import answer_report, report_page, take_back_report
from torvet.wiki.actions.suggest import (
    SuggestionConflict,
    accept_suggestion,
    decline_suggestion,
    discuss_suggestion,
    suggest_change,
    withdraw_suggestion,
)
from torvet.wiki.actions.write import edit_entry_of_page, edit_page, write_page

__all__ = [
    "DEEPEST",
    "Linked",
    "SuggestionConflict",
    "accept_suggestion",
    "answer_not_yet",
    "answer_report",
    "approve_page",
    "ask_if_right",
    "change_editing",
    "comment_on_passage",
    "confirm_page",
    "deal_with",
    "decline_suggestion",
    "discuss_suggestion",
    "edit_entry_of_page",
    "edit_page",
    "keep_links_of",
    "keep_to_fewer",
    "lift_approval",
    "make_page",
    "move_page",
    "name_owner",
    "open_again",
    "open_to_all",
    "report_page",
    "suggest_change",
    "take_back_report",
    "want_approval",
    "want_approval_in",
    "withdraw_suggestion",
    "write_page",
]
