"""Counting how an article landed, as far as it may be told (blogs/disclosure.py). Called by the worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from torvet.agreement import queries as agreement
from torvet.blogs import disclosure
from torvet.blogs.disclosure import Kept
from torvet.blogs.models import Article, Landing
from torvet.blogs.mood import themes
from torvet.blogs.mood.provider import provider
from torvet.blogs.mood.said import Mood
from torvet.blogs.queries import figures
from torvet.blogs.queries.unanswered import speakers_of

MOST_THEMES = 12  # of one article


@transaction.atomic
def count_reactions_by_unit(*, article: Article, emoji: str) -> bool:
    """Count one row again, when the total on the card has moved far enough. Gives whether it was counted."""
    if not figures.is_counted():
        return False
    entry = article.entry
    total = entry.reactions.get(emoji, 0)
    landing, kept = locked(article, emoji)
    least = agreement.smallest_group()
    if not disclosure.is_due(kept, total, least):
        return False
    people = figures.people_in(entry.space, speakers_of(article.blog))
    sizes, everybody = figures.by_branch(people)
    keep(
        landing,
        disclosure.look(
            kept,
            total=total,
            counts=figures.reacted(entry, emoji, people),
            sizes=sizes,
            everybody=everybody,
            least=least,
        ),
    )
    return True


def locked(article: Article, row: str) -> tuple[Landing, Kept[str]]:
    """The row, made when it is not there yet, and held until the end of the transaction."""
    Landing.objects.get_or_create(article=article, row=row)
    landing = Landing.objects.select_for_update().get(article=article, row=row)
    return landing, Kept(landing.total, landing.steps)


def keep(landing: Landing, kept: Kept[str]) -> None:
    steps: Mapping[str, int] = kept.steps
    landing.total, landing.steps, landing.looked_at = kept.total, dict(steps), timezone.now()
    landing.save(update_fields=["total", "steps", "looked_at"])


@transaction.atomic
def read_comments(*, article: Article) -> bool:
    """Look through the comments for mood and themes, when enough more people have written. Gives whether it did.

    Nothing is kept but sums for groups; while the agreement says no, nothing is looked at.
    """
    if not figures.is_mood_read():
        return False
    written = figures.written_under(article)
    total, least = len(written), agreement.smallest_group()
    landing, kept = locked(article, figures.MOOD)
    if not disclosure.is_due(kept, total, least):
        return False
    moods = Counter(
        mood for texts in written.values() if (mood := _mood_of(texts)) in (Mood.GLAD, Mood.CRITICAL)
    )
    # Anybody who wrote may be of either mood, or of neither.
    keep(
        landing,
        disclosure.look(
            kept,
            total=total,
            counts={str(mood): number for mood, number in moods.items()},
            sizes={figures.GLAD: total, figures.CRITICAL: total},
            everybody=3 * total,
            least=least,
        ),
    )
    labels = themes.named(figures.topics_around(article))
    spoken: Counter[str] = Counter()
    for texts in written.values():
        spoken.update(
            {label for text, language in texts for label in themes.themes_in(text, language, labels)}
        )
    row, _before = locked(article, figures.THEMES)
    most = [(label, number // least * least) for label, number in spoken.most_common(MOST_THEMES)]
    keep(row, Kept(total, {label: number for label, number in most if number}))
    return True


def _mood_of(texts: list[tuple[str, str]]) -> Mood:
    """Of all that one person wrote: the mood that it has more often."""
    judged = Counter(provider().judge(text, language).mood for text, language in texts)
    if judged[Mood.GLAD] == judged[Mood.CRITICAL]:
        return Mood.NEITHER
    return Mood.GLAD if judged[Mood.GLAD] > judged[Mood.CRITICAL] else Mood.CRITICAL
