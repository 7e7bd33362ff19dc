from torvet.wiki.models.page import Editing, Page, PageQuerySet, Sort

__all__ = ["Editing", "Page", "PageQuerySet", "Sort"]
