"""Reads about pages that shape a screen."""

from torvet.wiki.queries.access import chosen_readers, people_named
from torvet.wiki.queries.approval import (
    WordsToEdit,
    approved_in,
    earlier_working,
    wants_approval,
    words_begun_with,
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
from torvet.wiki.queries.remarks import get_remark, open_remarks, remarks_of
from torvet.wiki.queries.reports import own_report, report_to_answer, reports_on
from torvet.wiki.queries.suggestions import (
    accepted_in,
    get_suggestion,
    notes_on,
    number_open,
    suggestions_for,
)
from torvet.wiki.queries.telling import Interview, interview_of
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
    "Interview",
    "OfUnit",
    "Places",
    "WordsToEdit",
    "accepted_in",
    "approved_in",
    "asked_of",
    "below",
    "broken_links",
    "chosen_readers",
    "drawn_words",
    "earlier_working",
    "first_linked_from",
    "get_remark",
    "get_suggestion",
    "get_visible",
    "in_tree_order",
    "interview_of",
    "level",
    "linked_from",
    "notes_on",
    "number_open",
    "open_remarks",
    "orphans",
    "overdue",
    "overdue_by_unit",
    "own_report",
    "path_to",
    "people_named",
    "possible_parents",
    "possible_places",
    "remarks_of",
    "report_to_answer",
    "reports_on",
    "siblings",
    "suggestions_for",
    "tree",
    "unanswered",
    "wants_approval",
    "words_begun_with",
    "words_to_edit",
    "working_text",
]
