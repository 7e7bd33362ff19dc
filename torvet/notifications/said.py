"""What a notification says of what was said and reacted to. It names what it is about: a question, an idea, a page.

Each sentence stands whole, as in no language the rest stays the same when the noun is another.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import ngettext

from torvet.blogs.kinds import ARTICLE
from torvet.entries.kinds import COMMENT
from torvet.forum.kinds import ANSWER, DISCUSSION, QUESTION
from torvet.ideas.kinds import IDEA, INPUT, SUPPORT
from torvet.notifications.facts import Facts
from torvet.wiki.kinds import PAGE

Sentence = Callable[[int], str]  # of how many people


def answered(facts: Facts) -> str:
    """To whoever wrote what was answered, an opener or a reply."""
    if facts.about == QUESTION.key and facts.said == ANSWER.key:
        return ngettext(
            "{who} answered your question in {space}", "{who} answered your question in {space}", facts.number
        )
    return (_TO_OWN_THREAD | _TO_OWN_REPLY).get(facts.about, _answered_post)(facts.number)


def commented(facts: Facts) -> str:
    """To those who watch a thread, the one who opened it among them."""
    if facts.is_own_thread:
        return _TO_OWN_THREAD.get(facts.thread, _commented_post)(facts.number)
    return _TO_FOLLOWED.get(facts.thread, _followed_post)(facts.number)


def reacted(facts: Facts) -> str:
    """To whoever wrote what was reacted to."""
    return _REACTED.get(facts.about, _reacted_post)(facts.number)


def _answered_post(number: int) -> str:
    return ngettext("{who} answered your post in {space}", "{who} answered your post in {space}", number)


def _commented_post(number: int) -> str:
    return ngettext(
        "{who} commented on your post in {space}", "{who} commented on your post in {space}", number
    )


def _followed_post(number: int) -> str:
    return ngettext(
        "{who} commented on a post you follow in {space}",
        "{who} commented on a post you follow in {space}",
        number,
    )


def _reacted_post(number: int) -> str:
    return ngettext("{who} reacted to your post in {space}", "{who} reacted to your post in {space}", number)


_TO_OWN_THREAD: dict[str, Sentence] = {
    QUESTION.key: lambda number: ngettext(
        "{who} wrote something to your question in {space}",
        "{who} wrote something to your question in {space}",
        number,
    ),
    DISCUSSION.key: lambda number: ngettext(
        "{who} wrote something in your discussion in {space}",
        "{who} wrote something in your discussion in {space}",
        number,
    ),
    IDEA.key: lambda number: ngettext(
        "{who} wrote something to your idea in {space}",
        "{who} wrote something to your idea in {space}",
        number,
    ),
    PAGE.key: lambda number: ngettext(
        "{who} commented on your page in {space}", "{who} commented on your page in {space}", number
    ),
    ARTICLE.key: lambda number: ngettext(
        "{who} commented on your article in {space}", "{who} commented on your article in {space}", number
    ),
}

_TO_OWN_REPLY: dict[str, Sentence] = {
    COMMENT.key: lambda number: ngettext(
        "{who} answered your comment in {space}", "{who} answered your comment in {space}", number
    ),
    ANSWER.key: lambda number: ngettext(
        "{who} commented on your answer in {space}", "{who} commented on your answer in {space}", number
    ),
    **dict.fromkeys(
        [SUPPORT.key, INPUT.key],
        lambda number: ngettext(
            "{who} answered what you wrote to an idea in {space}",
            "{who} answered what you wrote to an idea in {space}",
            number,
        ),
    ),
}

_TO_FOLLOWED: dict[str, Sentence] = {
    QUESTION.key: lambda number: ngettext(
        "{who} wrote something to a question you follow in {space}",
        "{who} wrote something to a question you follow in {space}",
        number,
    ),
    DISCUSSION.key: lambda number: ngettext(
        "{who} wrote something in a discussion you follow in {space}",
        "{who} wrote something in a discussion you follow in {space}",
        number,
    ),
    IDEA.key: lambda number: ngettext(
        "{who} wrote something to an idea you follow in {space}",
        "{who} wrote something to an idea you follow in {space}",
        number,
    ),
    PAGE.key: lambda number: ngettext(
        "{who} commented on a page you follow in {space}",
        "{who} commented on a page you follow in {space}",
        number,
    ),
    ARTICLE.key: lambda number: ngettext(
        "{who} commented on an article you follow in {space}",
        "{who} commented on an article you follow in {space}",
        number,
    ),
}

_REACTED: dict[str, Sentence] = {
    QUESTION.key: lambda number: ngettext(
        "{who} reacted to your question in {space}", "{who} reacted to your question in {space}", number
    ),
    DISCUSSION.key: lambda number: ngettext(
        "{who} reacted to your discussion in {space}", "{who} reacted to your discussion in {space}", number
    ),
    IDEA.key: lambda number: ngettext(
        "{who} reacted to your idea in {space}", "{who} reacted to your idea in {space}", number
    ),
    PAGE.key: lambda number: ngettext(
        "{who} reacted to your page in {space}", "{who} reacted to your page in {space}", number
    ),
    ARTICLE.key: lambda number: ngettext(
        "{who} reacted to your article in {space}", "{who} reacted to your article in {space}", number
    ),
    COMMENT.key: lambda number: ngettext(
        "{who} reacted to your comment in {space}", "{who} reacted to your comment in {space}", number
    ),
    ANSWER.key: lambda number: ngettext(
        "{who} reacted to your answer in {space}", "{who} reacted to your answer in {space}", number
    ),
    **dict.fromkeys(
        [SUPPORT.key, INPUT.key],
        lambda number: ngettext(
            "{who} reacted to what you wrote to an idea in {space}",
            "{who} reacted to what you wrote to an idea in {space}",
            number,
        ),
    ),
}
