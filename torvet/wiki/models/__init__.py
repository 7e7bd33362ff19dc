from torvet.wiki.models.approval import ApprovalInSpace, Verdict, WorkingText, WorkingTextQuerySet
from torvet.wiki.models.handover import HandedLine, HandedState, HandOver, Note, Share, Why
from torvet.wiki.models.link import PageLink, PageLinkQuerySet
from torvet.wiki.models.page import Editing, Page, PageQuerySet, Sort
from torvet.wiki.models.remark import Remark, RemarkQuerySet
from torvet.wiki.models.report import Report, ReportQuerySet, Wrong
from torvet.wiki.models.source import PageSource
from torvet.wiki.models.suggestion import State, Suggestion, SuggestionNote, SuggestionQuerySet

__all__ = [
    "ApprovalInSpace",
    "Editing",
    "HandOver",
    "HandedLine",
    "HandedState",
    "Note",
    "Page",
    "PageLink",
    "PageLinkQuerySet",
    "PageQuerySet",
    "PageSource",
    "Remark",
    "RemarkQuerySet",
    "Report",
    "ReportQuerySet",
    "Share",
    "Sort",
    "State",
    "Suggestion",
    "SuggestionNote",
    "SuggestionQuerySet",
    "Verdict",
    "Why",
    "WorkingText",
    "WorkingTextQuerySet",
    "Wrong",
]
