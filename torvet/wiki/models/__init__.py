from torvet.wiki.models.approval import ApprovalInSpace, Verdict, WorkingText, WorkingTextQuerySet
from torvet.wiki.models.link import PageLink, PageLinkQuerySet
from torvet.wiki.models.page import Editing, Page, PageQuerySet, Sort
from torvet.wiki.models.report import Report, ReportQuerySet, Wrong

__all__ = [
    "ApprovalInSpace",
    "Editing",
    "Page",
    "PageLink",
    "PageLinkQuerySet",
    "PageQuerySet",
    "Report",
    "ReportQuerySet",
    "Sort",
    "Verdict",
    "WorkingText",
    "WorkingTextQuerySet",
    "Wrong",
]
