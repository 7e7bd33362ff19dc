from torvet.blogs.models.article import Article, ArticleQuerySet, Series
from torvet.blogs.models.blog import Blog, BlogQuerySet, Delegate
from torvet.blogs.models.draft import Draft, DraftFile, DraftQuerySet, DraftState, DraftVersion
from torvet.blogs.models.feed import FeedKey
from torvet.blogs.models.loop import Landing, Listening, Question, QuestionQuerySet
from torvet.blogs.models.outcome import Outcome, OutcomeQuerySet, OutcomeSource

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
    "Landing",
    "Listening",
    "Outcome",
    "OutcomeQuerySet",
    "OutcomeSource",
    "Question",
    "QuestionQuerySet",
    "Series",
]
