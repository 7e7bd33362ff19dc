"""What blogs do when something happened: note what waits for an answer, and count what may be told of groups."""

from __future__ import annotations

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.blogs.actions import answer, count
from torvet.blogs.models import Article
from torvet.entries import queries as entries

SAID = frozenset({verbs.COMMENTED, verbs.RESTORED})
REACTED = frozenset({verbs.REACTED, verbs.UNREACTED})


def hear(activity: Activity) -> None:
    """Called by the worker for each activity; a second time changes nothing."""
    if activity.entry_id is None or activity.verb not in SAID | REACTED | {verbs.REMOVED}:
        return
    thread = activity.thread_id or activity.entry_id
    article = Article.objects.filter(pk=thread).select_related("entry__space", "blog").first()
    if article is None:
        return
    if activity.verb in REACTED and activity.entry_id == article.pk:
        count.count_reactions_by_unit(article=article, emoji=activity.details.get("emoji", ""))
        return
    if activity.verb == verbs.REMOVED:
        answer.note_removed_answer(activity.entry_id)
    elif activity.verb in SAID:
        comment = entries.standing().filter(pk=activity.entry_id).first()
        if comment is not None and comment.is_reply:
            answer.note_comment(comment)
    count.read_comments(article=article)
