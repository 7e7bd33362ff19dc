from torvet.wiki.models.page import Page, PageQuerySet, Sort

__all__ = ["Page", "PageQuerySet", "Sort"]
