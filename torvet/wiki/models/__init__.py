from torvet.wiki.models.page import Page, PageQuerySet, Sort
from torvet.wiki.models.remark import Remark, RemarkQuerySet
from torvet.wiki.models.suggestion import State, Suggestion, SuggestionNote, SuggestionQuerySet

__all__ = [
    "Page",
    "PageQuerySet",
    "Remark",
    "RemarkQuerySet",
    "Sort",
    "State",
    "Suggestion",
    "SuggestionNote",
    "SuggestionQuerySet",
]
