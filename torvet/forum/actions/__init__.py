"""What people do in fora. Pages, API, importers and the demo call these same actions."""

from torvet.forum.actions.arrange import merge_into, split_off
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
from torvet.forum.actions.weekly import list_unanswered

__all__ = [
    "add_sub_forum",
    "change_sub_forum",
    "change_threads",
    "close_forum",
    "keep_threads",
    "list_unanswered",
    "mark_solved",
    "merge_into",
    "move_sub_forum",
    "open_forum",
    "open_space_with_forum",
    "order_sub_fora",
    "put_into_sub_forum",
    "remove_sub_forum",
    "split_off",
    "start_discussion",
    "take_back_solved",
]
