from torvet.wiki.models.handover import HandedLine, HandOver, Note, Share, State, Why
from torvet.wiki.models.page import Page, PageQuerySet, Sort

__all__ = ["HandOver", "HandedLine", "Note", "Page", "PageQuerySet", "Share", "Sort", "State", "Why"]
