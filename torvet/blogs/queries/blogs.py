"""Blogs as screens list them: with the newest article of each, and who leads what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from torvet.base.compiled import STAND_INS
from torvet.base.pages import Page, paginate
from torvet.blogs.models import Article, Blog, Delegate, Series
from torvet.blogs.queries.promise import Promise, promises_of
from torvet.entries import queries as entries
from torvet.people.looking import compiled_for_viewer
from torvet.people.models import Member, Role, Unit
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership, Space, Standing
from torvet.spaces.queries import memberships_of

SHOWN = 20


def get_visible(viewer: Viewer, pk: int) -> Blog | None:
    """The blog, when the viewer may read it; else None, as when there is none."""
    return _visible(viewer).first(viewer.id, pk)


@compiled_for_viewer
def _visible(viewer: Viewer) -> QuerySet[Blog]:
    rows = Blog.objects.visible_to(viewer).select_related("space", "leader", "unit", "opened_by")
    return rows.filter(pk=STAND_INS[1]).order_by()


@dataclass(frozen=True)
class Shelf:
    """A blog with its newest article that the viewer may read, if there is one."""

    blog: Blog
    newest: Article | None
    promise: Promise | None


def shelves(viewer: Viewer, after: str | None = None, size: int = SHOWN) -> Page[Shelf]:
    """All blogs that the viewer may read, by name; three statements however many. Raises BadCursor."""
    rows = Blog.objects.visible_to(viewer).living().select_related("space", "leader", "unit")
    page = paginate(rows, order=("name", "id"), after=after, size=size)
    return Page(_with_newest(viewer, page.things), page.next)


def _with_newest(viewer: Viewer, blogs: Sequence[Blog]) -> list[Shelf]:
    of_blog = Article.objects.visible_to(viewer).filter(blog=OuterRef("pk")).latest().values("pk")[:1]
    newest = Blog.objects.filter(pk__in=[blog.pk for blog in blogs]).annotate(newest=Subquery(of_blog))
    chosen = dict(newest.values_list("pk", "newest"))
    articles = in_short(Article.objects.visible_to(viewer)).in_bulk([pk for pk in chosen.values() if pk])
    kept = promises_of(blogs)
    return [Shelf(blog, articles.get(chosen.get(blog.pk) or 0), kept.get(blog.pk)) for blog in blogs]


def in_full(rows: QuerySet[Article]) -> QuerySet[Article]:
    """With all that its page shows of an article, and programs."""
    return rows.select_related(
        "entry__author", "entry__written_by", "entry__closed_by", "entry__space", "blog__leader", "blog__space",
        "cover", "series",
    )  # fmt: skip


def in_short(rows: QuerySet[Article]) -> QuerySet[Article]:
    """With what a list shows: without the words, of which a list has a hundred thousand characters to spare."""
    short = rows.select_related("entry__author", "entry__written_by", "blog", "cover", "series")
    return short.defer("entry__body", "entry__text")


@dataclass
class LeaderLine:
    """Somebody who leads: what, and the blogs in which they speak."""

    member: Member
    units: list[Unit] = field(default_factory=list)
    shelves: list[Shelf] = field(default_factory=list)


MOST_SPEAKERS = 100


def speakers(viewer: Viewer) -> list[LeaderLine]:
    """Everybody who has a blog that the viewer may read, by name; six statements."""
    rows = Member.objects.visible_to(viewer).active().filter(_has_a_blog(viewer), is_bot=False)
    return _lines(viewer, rows.select_related("unit", "site").order_by("name", "id")[:MOST_SPEAKERS])


def other_leaders(viewer: Viewer, after: str | None = None, size: int = 60) -> Page[LeaderLine]:
    """Who leads and has no blog, by name. Raises BadCursor."""
    leads = Q(role=Role.LEADER) | Exists(Unit.objects.filter(leader=OuterRef("pk")))
    rows = Member.objects.visible_to(viewer).active().filter(leads, ~_has_a_blog(viewer), is_bot=False)
    page = paginate(rows.select_related("unit", "site"), order=("name", "id"), after=after, size=size)
    return Page(_lines(viewer, page.things), page.next)


def _has_a_blog(viewer: Viewer) -> Exists:
    return Exists(Blog.objects.visible_to(viewer).living().filter(leader=OuterRef("pk")))


def _lines(viewer: Viewer, members: Iterable[Member]) -> list[LeaderLine]:
    lines = {member.pk: LeaderLine(member) for member in members}
    if viewer.is_colleague:
        for unit in Unit.objects.filter(leader__in=lines).order_by("name", "id"):
            lines[unit.leader_id or 0].units.append(unit)
    blogs = Blog.objects.visible_to(viewer).living().filter(leader__in=lines)
    found = list(blogs.select_related("space", "leader", "unit").order_by("name", "id"))
    for shelf in _with_newest(viewer, found) if found else []:
        lines[shelf.blog.leader_id or 0].shelves.append(shelf)
    return list(lines.values())


def series_of(blog: Blog) -> list[Series]:
    return list(Series.objects.filter(blog=blog)[:100])


def written_in(viewer: Viewer) -> list[Blog]:
    """The living blogs in which the viewer may write, by name: the set behind `rules.can_write`."""
    if not viewer.can_write or not viewer.is_colleague:
        return []
    runs = Membership.objects.filter(
        space=OuterRef("space_id"),
        member_id=viewer.id,
        standing__in=[Standing.OWNER, Standing.MODERATOR],
    )
    named = Delegate.objects.filter(blog=OuterRef("pk"), member_id=viewer.id)
    led_by_nobody = Q(leader=None) | Q(leader__is_active=False)
    keeps = Q(leader=viewer.id) | (led_by_nobody & (Q(opened_by=viewer.id) | Exists(runs)))
    rows = Blog.objects.visible_to(viewer).living().filter(keeps | Exists(named), space__archived_at=None)
    return list(rows.select_related("space", "leader").order_by("name", "id")[:100])


def spaces_to_open_in(viewer: Viewer) -> list[Space]:
    """Where the viewer may open a blog for themselves or for others: their own living spaces, by name."""
    if not viewer.can_write or not viewer.is_colleague:
        return []
    return entries.spaces_to_write_in(viewer)


def runs_a_space(viewer: Viewer) -> bool:
    return any(row.runs_it for row in memberships_of(viewer))
