"""Comments under a blog's articles that nobody of the blog has answered yet. For those who `rules.can_see_loop`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from torvet.base.pages import Page, paginate
from torvet.blogs.models import Article, Blog, Delegate, Question, QuestionQuerySet
from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.people.viewer import Viewer

PAGE = 10
COUNTED_TO = 100  # beyond, it says "99+"
DEEPEST = 40  # answers to answers, on the way up from one of the blog's own


def speakers_of(blog: Blog) -> set[int]:
    """Ids of those who answer for a blog: its leader, else who opened it, and its delegates."""
    named = Delegate.objects.filter(blog=blog).values_list("member_id", flat=True)
    return {blog.leader_id or blog.opened_by_id, *named}


def article_of(comment: Entry) -> Article | None:
    """The article under which a comment stands, with its blog; None elsewhere."""
    return Article.objects.filter(pk=comment.root_id or 0).select_related("blog").first()


def unanswered(viewer: Viewer, blog: Blog, after: str | None = None, size: int = PAGE) -> Page[Question]:
    """The oldest first. Two statements, however much waits. Raises BadCursor."""
    rows = _waiting(viewer, blog).select_related(
        "comment__author__unit", "comment__root__author", "comment__space", "comment__reply_to__author"
    )
    return paginate(rows, order=("asked_at", "comment_id"), after=after, size=size)


def number_unanswered(viewer: Viewer, blog: Blog) -> int:
    """How many, counted to COUNTED_TO."""
    return _waiting(viewer, blog).order_by().values("pk")[:COUNTED_TO].count()


def set_aside(viewer: Viewer, blog: Blog, size: int = PAGE) -> list[Question]:
    """What somebody of the blog said to need no answer, the newest first: it can be taken up again."""
    rows = _visible(viewer, blog).filter(set_aside_at__isnull=False).order_by("-set_aside_at", "-pk")
    return list(rows.select_related("comment__author", "comment__root", "set_aside_by")[:size])


def get_question(viewer: Viewer, blog: Blog, pk: int) -> Question | None:
    """A comment of the list with its entry, when the viewer may read it; else None."""
    rows = _visible(viewer, blog).filter(pk=pk)
    return rows.select_related("blog__space", "comment__space", "comment__author", "comment__root").first()


def _visible(viewer: Viewer, blog: Blog) -> QuestionQuerySet:
    readable = entries.visible(viewer).filter(pk=OuterRef("comment_id"))
    return Question.objects.standing().filter(Exists(readable), blog=blog)


def _waiting(viewer: Viewer, blog: Blog) -> QuestionQuerySet:
    # Somebody may have been named to the blog since they asked.
    of_it = Q(comment__author__in=speakers_of(blog))
    return _visible(viewer, blog).waiting().exclude(of_it)


def waiting_above(comment: Entry) -> list[int]:
    """Ids of the comments that this one answers: the one it stands under, and all above that."""
    above: list[int] = []
    step = comment.reply_to
    while step is not None and step.pk != comment.root_id and len(above) < DEEPEST:
        above.append(step.pk)
        step = step.reply_to
    return above


def another_answer(question: Question, speakers: set[int]) -> Entry | None:
    """The first standing answer to a comment by one of these; None without one."""
    rows = entries.standing().filter(reply_to=question.comment_id, author__in=speakers)
    return rows.order_by("published_at", "id").first()
