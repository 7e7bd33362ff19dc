"""Reads about pages that shape a screen."""

from torvet.wiki.queries.keeping import overdue
from torvet.wiki.queries.remarks import get_remark, open_remarks, remarks_of
from torvet.wiki.queries.suggestions import (
    accepted_in,
    get_suggestion,
    notes_on,
    number_open,
    suggestions_for,
)
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
    "accepted_in",
    "below",
    "get_remark",
    "get_suggestion",
    "get_visible",
    "in_tree_order",
    "notes_on",
    "number_open",
    "open_remarks",
    "overdue",
    "path_to",
    "possible_parents",
    "remarks_of",
    "siblings",
    "suggestions_for",
    "tree",
]
