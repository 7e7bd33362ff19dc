from torvet.blogs.models.article import Article, ArticleQuerySet, Series
from torvet.blogs.models.blog import Blog, BlogQuerySet, Delegate
from torvet.blogs.models.draft import Draft, DraftFile, DraftQuerySet, DraftState, DraftVersion
from torvet.blogs.models.feed import FeedKey

__all__ = [
    "Article",
    "ArticleQuerySet",
    "Blog",
    "BlogQuerySet",
    "Delegate",
    "Draft",
    "DraftFile",
    "DraftQuerySet",
    "DraftState",
    "DraftVersion",
    "FeedKey",
    "Series",
]
