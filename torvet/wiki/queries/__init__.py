"""Reads about pages that shape a screen."""

from torvet.wiki.queries.keeping import overdue
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
    "below",
    "get_visible",
    "in_tree_order",
    "overdue",
    "path_to",
    "possible_parents",
    "siblings",
    "tree",
]
