"""How articles landed, in figures about groups. All of it is made of the rows that `disclosure` let out.

What is counted over articles, topics or weeks is the sum of what each article shows, so it can tell nothing more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from torvet.agreement import queries as agreement
from torvet.agreement.register import State
from torvet.base.pages import Page, paginate
from torvet.blogs import disclosure
from torvet.blogs.disclosure import Kept
from torvet.blogs.models import Article, ArticleQuerySet, Blog, Landing
from torvet.blogs.queries.unanswered import speakers_of
from torvet.entries import queries as entries
from torvet.entries.models import Entry, EntryTopic, Reaction, Topic
from torvet.people.models import Member, Role, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access, Space

LOOKED_BACK = timedelta(days=90)
MOST_SUMMED = 60  # articles in a sum
PAGE = 5
MOST_READ = 1000  # comments under one article, the newest
MOST_TOPICS = 3000
MOOD, THEMES = "mood", "themes"  # rows beside those that are named by an emoji
GLAD, CRITICAL = "glad", "critical"


@dataclass(frozen=True)
class Figure:
    """At least so many people of a group; or, in a sum over articles, so many reactions."""

    name: str
    number: int


@dataclass(frozen=True)
class Row:
    """One reaction under an article. `total` stands on its card; `figures` are of those units that can be told."""

    emoji: str
    total: int
    figures: list[Figure]

    @property
    def elsewhere(self) -> int:
        """Those of whom no unit is told."""
        return self.total - sum(figure.number for figure in self.figures)


@dataclass(frozen=True)
class Landed:
    """How one article landed."""

    entry: Entry
    rows: list[Row]
    mood: dict[str, int]  # GLAD, CRITICAL -> at least so many who wrote
    themes: list[Figure]

    @property
    def told(self) -> list[Row]:
        return [row for row in self.rows if row.figures]

    @property
    def untold(self) -> list[Row]:
        return [row for row in self.rows if not row.figures]


@dataclass(frozen=True)
class Summed:
    """Reactions of several articles by a group, or by a topic and a group."""

    name: str
    rows: list[Figure]  # emoji and number


def is_counted() -> bool:
    """Whether the agreement lets reactions be counted by unit."""
    return agreement.state_of("landing") == State.GROUPS


def is_mood_read() -> bool:
    """Whether the agreement lets comments be looked through."""
    return agreement.state_of("mood") == State.GROUPS


def landed(viewer: Viewer, blog: Blog, after: str | None = None, size: int = PAGE) -> Page[Landed]:
    """The newest articles with what may be told of each; four statements. Raises BadCursor."""
    page = paginate(
        _articles(viewer, blog), order=("-entry__published_at", "-entry_id"), after=after, size=size
    )
    kept = _kept(page.things)
    units = unit_names()
    least = agreement.smallest_group()
    return Page([_landed(article, kept[article.pk], units, least) for article in page.things], page.next)


def by_unit(viewer: Viewer, blog: Blog) -> list[Summed]:
    """Reactions of the last 90 days by unit: the sum of what each article shows."""
    units, sums = unit_names(), defaultdict[str, Counter[str]](Counter)
    for _article, row in _shown_lately(viewer, blog):
        for group, number in row[1].items():
            if group in units:
                sums[units[group]][row[0]] += number
    return _summed(sums)


def by_topic(viewer: Viewer, blog: Blog) -> list[Summed]:
    """Reactions of the last 90 days by the topics of the articles: the sum of what each article shows of its units."""
    shown = _shown_lately(viewer, blog)
    topics: dict[int, list[str]] = defaultdict(list)
    rows = EntryTopic.objects.filter(entry__in={article for article, _row in shown})
    for entry, label in rows.values_list("entry_id", "topic__label"):
        topics[entry].append(label)
    sums = defaultdict[str, Counter[str]](Counter)
    for article, (emoji, figures) in shown:
        for label in topics[article]:
            sums[f"#{label}"][emoji] += sum(figures.values())
    return _summed(sums)


def _summed(sums: Mapping[str, Counter[str]]) -> list[Summed]:
    found = [
        Summed(name, [Figure(emoji, number) for emoji, number in counted.most_common() if number])
        for name, counted in sums.items()
    ]
    return sorted((line for line in found if line.rows), key=lambda line: line.name.casefold())


def _shown_lately(viewer: Viewer, blog: Blog) -> list[tuple[int, tuple[str, dict[str, int]]]]:
    """(article, (emoji, units and their figures)) of the newest articles of the last 90 days."""
    since = timezone.now() - LOOKED_BACK
    articles = list(_articles(viewer, blog).filter(entry__published_at__gte=since).latest()[:MOST_SUMMED])
    kept, least = _kept(articles), agreement.smallest_group()
    return [
        (article.pk, (row, _figures(landing, article.entry, least)))
        for article in articles
        for row, landing in kept[article.pk].items()
        if row not in (MOOD, THEMES)
    ]


def _articles(viewer: Viewer, blog: Blog) -> ArticleQuerySet:
    return Article.objects.visible_to(viewer).filter(blog=blog).select_related("entry")


def _kept(articles: Iterable[Article]) -> dict[int, dict[str, Landing]]:
    found: dict[int, dict[str, Landing]] = defaultdict(dict)
    for landing in Landing.objects.filter(article__in=list(articles)):
        found[landing.article_id][landing.row] = landing
    return found


def _figures(landing: Landing, entry: Entry, least: int) -> dict[str, int]:
    total = entry.reactions.get(landing.row, 0)
    return disclosure.shown(Kept(landing.total, landing.steps), total=total, least=least)


def _landed(article: Article, kept: Mapping[str, Landing], units: Mapping[str, str], least: int) -> Landed:
    entry = article.entry
    rows = []
    for emoji, total in entry.reactions.items():
        found = _figures(kept[emoji], entry, least) if emoji in kept else {}
        figures = [Figure(units[group], number) for group, number in found.items() if group in units]
        rows.append(Row(emoji, total, sorted(figures, key=lambda figure: (-figure.number, figure.name))))
    read = is_mood_read()
    mood = kept.get(MOOD) if read else None
    themes = kept.get(THEMES) if read else None
    return Landed(
        entry=entry,
        rows=rows,
        mood=disclosure.shown(Kept(mood.total, mood.steps), total=mood.total, least=least) if mood else {},
        themes=[
            Figure(name, number // least * least) for name, number in themes.steps.items() if number >= least
        ]
        if themes
        else [],
    )


# --- What the worker counts -----------------------------------------------------------------------------------


def branches() -> dict[int, str]:
    """unit -> the part of the company it is counted with: a unit right below the top, as text."""
    above: dict[int, int | None] = dict(Unit.objects.values_list("pk", "parent_id"))
    tops = [pk for pk, parent in above.items() if parent is None]
    # One unit over all the others is the company itself.
    ends: set[int | None] = {None, tops[0]} if len(tops) == 1 and len(above) > 1 else {None}
    found: dict[int, str] = {}
    for pk in above:
        step = pk
        for _depth in range(len(above)):
            if above.get(step) in ends:
                break
            step = above[step] or 0
        if pk not in ends:
            found[pk] = str(step)
    return found


def unit_names() -> dict[str, str]:
    """The parts of the company by the text that stands for them."""
    return {str(pk): name for pk, name in Unit.objects.values_list("pk", "name")}


def people_in(space: Space, leaving_out: Iterable[int]) -> QuerySet[Member]:
    """Those who can read the space and are counted: colleagues, but for those who look at the figures."""
    people = Member.objects.active().filter(is_bot=False).exclude(role=Role.GUEST).exclude(pk__in=leaving_out)
    return people if space.is_open else people.filter(memberships__space=space)


def by_branch(people: QuerySet[Member]) -> tuple[dict[str, int], int]:
    """How many of these people each part of the company has, and how many they are in all."""
    parts = branches()
    sizes: Counter[str] = Counter()
    everybody = 0
    for unit, number in people.order_by().values_list("unit").annotate(number=Count("pk")):
        everybody += number
        if unit in parts:
            sizes[parts[unit]] += number
    return dict(sorted(sizes.items(), key=lambda pair: int(pair[0]))), everybody


def reacted(entry: Entry, emoji: str, people: QuerySet[Member]) -> dict[str, int]:
    """How many of these people gave a reaction, by part of the company."""
    rows = Reaction.objects.filter(entry=entry, emoji=emoji)
    return by_branch(people.filter(Q(pk__in=rows.values("member_id"))))[0]


def written_under(article: Article) -> dict[int, list[tuple[str, str]]]:
    """Member -> what they wrote under an article, with its language; without those who answer for the blog."""
    rows = entries.standing().replies().filter(root=article.pk).exclude(author__in=speakers_of(article.blog))
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for author, text, language in rows.latest().values_list("author_id", "text", "language")[:MOST_READ]:
        found[author].append((text, language))
    return found


def topics_around(article: Article) -> list[tuple[str, str]]:
    """Name and label of topics that stand where all who read the article may read."""
    near = Q(space__access=Access.OPEN) | Q(space=article.entry.space_id)
    used = EntryTopic.objects.filter(near, entry__removed_at=None, entry__space=F("space"))
    return list(Topic.objects.filter(pk__in=used.values("topic")).values_list("name", "label")[:MOST_TOPICS])
