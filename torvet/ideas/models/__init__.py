"""Idea rooms, and what is known of an idea beside its words; those are an entry's."""

from torvet.ideas.models.idea import Concern, Idea, Input, InputSort, Stage, StageChange
from torvet.ideas.models.merge import CarriedVote, Merge
from torvet.ideas.models.room import IdeaRoom

__all__ = [
    "CarriedVote",
    "Concern",
    "Idea",
    "IdeaRoom",
    "Input",
    "InputSort",
    "Merge",
    "Stage",
    "StageChange",
]
