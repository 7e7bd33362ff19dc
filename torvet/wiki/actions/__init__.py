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
from torvet.wiki.actions.move import DEEPEST, move_page
from torvet.wiki.actions.narrow import change_editing, keep_to_fewer, open_again
from torvet.wiki.actions.question import ask_if_right
from torvet.wiki.actions.report import answer_report, report_page, take_back_report
from torvet.wiki.actions.write import edit_entry_of_page, edit_page, write_page

__all__ = [
    "DEEPEST",
    "Linked",
    "answer_not_yet",
    "answer_report",
    "approve_page",
    "ask_if_right",
    "change_editing",
    "confirm_page",
    "edit_entry_of_page",
    "edit_page",
    "keep_links_of",
    "keep_to_fewer",
    "lift_approval",
    "move_page",
    "name_owner",
    "open_again",
    "report_page",
    "take_back_report",
    "want_approval",
    "want_approval_in",
    "write_page",
]
