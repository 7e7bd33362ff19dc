"""What people do in idea rooms: ask, propose, support, merge, decide."""

from torvet.ideas.actions.decide import move_idea, name_decider, remind_deciders
from torvet.ideas.actions.merge import merge_ideas, separate_ideas
from torvet.ideas.actions.propose import propose_idea
from torvet.ideas.actions.room import (
    change_room,
    close_room,
    note_export,
    open_room,
    open_room_with_space,
    reopen_room,
)
from torvet.ideas.actions.support import give_input, say_why, support, take_back_support

__all__ = [
    "change_room",
    "close_room",
    "give_input",
    "merge_ideas",
    "move_idea",
    "name_decider",
    "note_export",
    "open_room",
    "open_room_with_space",
    "propose_idea",
    "remind_deciders",
    "reopen_room",
    "say_why",
    "separate_ideas",
    "support",
    "take_back_support",
]
