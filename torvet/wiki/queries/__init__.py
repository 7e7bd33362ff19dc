"""Reads about pages that shape a screen."""

from torvet.wiki.queries.access import chosen_readers, people_named
from torvet.wiki.queries.approval import (
    WordsToEdit,
    earlier_working,
    wants_approval,
    words_to_edit,
    working_text,
)
from torvet.wiki.queries.keeping import (
    NO_UNIT,
    OfUnit,
    asked_of,
    broken_links,
    orphans,
    overdue,
    overdue_by_unit,
    unanswered,
)
from torvet.wiki.queries.links import drawn_words, first_linked_from, linked_from
from torvet.wiki.queries.reports import own_report, report_to_answer, reports_on
from torvet.wiki.queries.tree import (
    Branch,
    Places,
    below,
    get_visible,
    in_tree_order,
    level,
    path_to,
    possible_parents,
    possible_places,
    siblings,
    tree,
)

__all__ = [
    "NO_UNIT",
    "Branch",
    "OfUnit",
    "Places",
    "WordsToEdit",
    "asked_of",
    "below",
    "broken_links",
    "chosen_readers",
    "drawn_words",
    "earlier_working",
    "first_linked_from",
    "get_visible",
    "in_tree_order",
    "level",
    "linked_from",
    "orphans",
    "overdue",
    "overdue_by_unit",
    "own_report",
    "path_to",
    "people_named",
    "possible_parents",
    "possible_places",
    "report_to_answer",
    "reports_on",
    "siblings",
    "tree",
    "unanswered",
    "wants_approval",
    "words_to_edit",
    "working_text",
]
