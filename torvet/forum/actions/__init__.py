"""What people do in fora. Pages, API, importers and the demo call these same actions."""

from torvet.forum.actions.accept import (
    accept_answer,
    confirm_answer,
    take_back_acceptance,
    take_back_confirmation,
)
from torvet.forum.actions.anonymous import ask_later_with_key, ask_without_name, publish_waiting
from torvet.forum.actions.answer import give_answer, take_back_vote, vote_for_answer
from torvet.forum.actions.ask import ask_question
from torvet.forum.actions.same import mark_same, unmark_same
from torvet.forum.actions.settle import settle

__all__ = [
    "accept_answer",
    "ask_later_with_key",
    "ask_question",
    "ask_without_name",
    "confirm_answer",
    "give_answer",
    "mark_same",
    "publish_waiting",
    "settle",
    "take_back_acceptance",
    "take_back_confirmation",
    "take_back_vote",
    "unmark_same",
    "vote_for_answer",
]
