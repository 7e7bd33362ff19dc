"""What people do with must-reads. Each asks its rule first and records what happened."""

from torvet.notices.actions.ask import SomeLeftOut, send_notice
from torvet.notices.actions.confirm import OtherWords, confirm, record_paper
from torvet.notices.actions.judge import ask_again, call_small
from torvet.notices.actions.keep import close, give_more_time, note_export
from torvet.notices.actions.remind import remind_now

__all__ = [
    "OtherWords",
    "SomeLeftOut",
    "ask_again",
    "call_small",
    "close",
    "confirm",
    "give_more_time",
    "note_export",
    "record_paper",
    "remind_now",
    "send_notice",
]
