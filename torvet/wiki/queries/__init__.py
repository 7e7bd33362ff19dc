"""Reads about pages that shape a screen."""

from torvet.wiki.queries.access import chosen_readers, people_named
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
    "chosen_readers",
    "get_visible",
    "in_tree_order",
    "overdue",
    "path_to",
    "people_named",
    "possible_parents",
    "siblings",
    "tree",
]
