"""What people do in fora. Pages, API, importers and the demo call these same actions."""

from torvet.forum.actions.accept import (
    accept_answer,
    confirm_answer,
    take_back_acceptance,
    take_back_confirmation,
)
from torvet.forum.actions.anonymous import ask_later_with_key, ask_without_name, publish_waiting
from torvet.forum.actions.answer import give_answer, take_back_vote, vote_for_answer
from torvet.forum.actions.arrange import merge_into, split_off
from torvet.forum.actions.ask import ask_question
from torvet.forum.actions.bulk import change_threads, keep_threads
from torvet.forum.actions.discuss import (
    mark_solved,
    put_into_sub_forum,
    start_discussion,
    take_back_solved,
)
from torvet.forum.actions.fora import (
    add_sub_forum,
    change_sub_forum,
    close_forum,
    move_sub_forum,
    open_forum,
    open_space_with_forum,
    order_sub_fora,
    remove_sub_forum,
)
from torvet.forum.actions.same import mark_same, unmark_same
from torvet.forum.actions.weekly import list_unanswered

__all__ = [
    "accept_answer",
    "add_sub_forum",
    "ask_later_with_key",
    "ask_question",
    "ask_without_name",
    "change_sub_forum",
    "change_threads",
    "close_forum",
    "confirm_answer",
    "give_answer",
    "keep_threads",
    "list_unanswered",
    "mark_same",
    "mark_solved",
    "merge_into",
    "move_sub_forum",
    "open_forum",
    "open_space_with_forum",
    "order_sub_fora",
    "publish_waiting",
    "put_into_sub_forum",
    "remove_sub_forum",
    "split_off",
    "start_discussion",
    "take_back_acceptance",
    "take_back_confirmation",
    "take_back_solved",
    "take_back_vote",
    "unmark_same",
    "vote_for_answer",
]
