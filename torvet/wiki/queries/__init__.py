"""Reads about pages that shape a screen."""

from torvet.wiki.queries.keeping import overdue
from torvet.wiki.queries.telling import Interview, interview_of
from torvet.wiki.queries.tree import (
    Branch,
    below,
    get_visible,
    in_tree_order,
    path_to,
    possible_parents,
    siblings,
    tree,
)

__all__ = [
    "Branch",
    "Interview",
    "below",
    "get_visible",
    "in_tree_order",
    "interview_of",
    "overdue",
    "path_to",
    "possible_parents",
    "siblings",
    "tree",
]
