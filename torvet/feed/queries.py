"""Lists of openers: home, company, space, topic, member, bookmarks. Tuples, not model objects: the hot path.

Shapes measured at 50,000 members (docs/benchmarks.md). SQLite reads `space IN (…) ORDER BY … LIMIT` straight from the
partial index. PostgreSQL would sort everything; it gets one LATERAL per space, and only for the spaces that can hold
one of the newest. Both order by (published_at, id) or (active_at, id).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from torvet.base.compiled import STAND_IN, compiled
from torvet.base.pages import Cursor, Page
from torvet.base.raw import lines, moment
from torvet.entries.drawing import COLUMNS, Row
from torvet.entries.models import Topic
from torvet.entries.queries import standing
from torvet.feed.models import HomePosition
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.spaces.queries import memberships_of

PAGE = 20
ORDERS = {"newest": "published_at", "active": "active_at"}
LISTED = ", ".join(f"e.{column}" for column in COLUMNS)
OPENS = "e.root_id IS NULL AND e.removed_at IS NULL AND e.published_at <= %(now)s"
READABLE = (
    "(e.space_id IN (SELECT space_id FROM spaces_membership WHERE member_id = %(me)s)"
    " OR (%(colleague)s AND e.space_id IN (SELECT id FROM spaces_space WHERE access = 'open')))"
)
MINE = "SELECT space_id FROM spaces_membership WHERE member_id = %(me)s AND involvement <> 'nothing'"


@dataclass(frozen=True)
class Asked:
    """One question for a page of openers: whose, in which order, from where, how many."""

    viewer: Viewer
    order: str
    after: tuple[datetime, int] | None
    size: int

    @property
    def column(self) -> str:
        return ORDERS[self.order]

    @property
    def values(self) -> dict[str, Any]:
        return {
            "me": self.viewer.id,
            "colleague": self.viewer.is_colleague,
            "now": timezone.now(),
            "size": self.size + 1,
            **({"at": self.after[0], "id": self.after[1]} if self.after else {}),
        }

    @property
    def onwards(self) -> str:
        return f" AND (e.{self.column}, e.id) < (%(at)s, %(id)s)" if self.after else ""

    @property
    def by_space(self) -> str:
        """The table, and for SQLite by activity also its index: left alone it takes the one by newest for the sake of
        `published_at` and sorts everything (12 ms instead of 0.4)."""
        is_misled = self.order == "active" and connection.vendor == "sqlite"
        return "entries_entry e INDEXED BY entry_active" if is_misled else "entries_entry e"

    @property
    def sorted(self) -> str:
        return f" ORDER BY e.{self.column} DESC, e.id DESC LIMIT %(size)s"


def cursor_of(after: str | None) -> tuple[datetime, int] | None:
    """(time, id) from an opaque cursor. Raises BadCursor for one that is not ours."""
    if not after:
        return None
    at, number = Cursor.read(after, (datetime, int))
    return at, number


@dataclass(frozen=True)
class Home:
    """A page of the home list, and the ids on it that came only from people or topics followed."""

    page: Page[Row]
    from_follows: frozenset[int]


def home(viewer: Viewer, *, order: str = "newest", after: str | None = None, size: int = PAGE) -> Home:
    """What a member wants to read: from their spaces, the people and the topics they follow. Two statements.

    People and topics only matter above the last entry that the spaces gave, so they cost one descent each.
    """
    asked = Asked(viewer, order, cursor_of(after), size)
    if not viewer.can_read:
        return Home(Page([], None), frozenset())
    rows = _from_spaces(asked)
    floor = getattr(rows[-1], asked.column) if len(rows) > size else None
    from_spaces = {row.id: row for row in rows}
    found = {row.id: row for row in _from_follows(asked, floor)} | from_spaces
    ordered = sorted(found.values(), key=lambda row: (getattr(row, asked.column), row.id), reverse=True)
    return Home(_page(ordered, asked), frozenset(found.keys() - from_spaces.keys()))


def home_seen_at(viewer: Viewer) -> datetime | None:
    """Until when the viewer has seen their home list, or None."""
    position = _home_position().first(viewer.id)
    return position.seen_at if position else None


@compiled
def _home_position() -> QuerySet[HomePosition]:
    return HomePosition.objects.filter(member_id=STAND_IN).order_by()


def company(
    viewer: Viewer, *, order: str = "newest", after: str | None = None, size: int = PAGE
) -> Page[Row]:
    """Everything in the company that the viewer may read."""
    asked = Asked(viewer, order, cursor_of(after), size)
    return _listed(asked, READABLE)


def in_space(
    viewer: Viewer, space: Space, *, order: str = "newest", after: str | None = None, size: int = PAGE
) -> Page[Row]:
    """The openers of one space that the viewer may read."""
    asked = Asked(viewer, order, cursor_of(after), size)
    return _listed(asked, f"e.space_id = %(space)s AND {READABLE}", table=asked.by_space, space=space.pk)


def by_member(viewer: Viewer, member: Member, *, after: str | None = None, size: int = PAGE) -> Page[Row]:
    """What one member opened, as far as the viewer may read it."""
    asked = Asked(viewer, "newest", cursor_of(after), size)
    return _listed(asked, f"e.author_id = %(author)s AND {READABLE}", author=member.pk)


def on_topic(
    viewer: Viewer, topic: Topic, *, order: str = "newest", after: str | None = None, size: int = PAGE
) -> Page[Row]:
    """Threads that speak of a topic."""
    asked = Asked(viewer, order, cursor_of(after), size)
    if not viewer.can_read:
        return Page([], None)
    return _page(
        _run(_topics_sql(asked, "t.topic_id = %(topic)s"), {**asked.values, "topic": topic.pk}), asked
    )


def bookmarked(viewer: Viewer, *, after: str | None = None, size: int = PAGE) -> Page[Row]:
    """What the viewer kept, newest kept first, as far as they may still read it. Comments too."""
    start = cursor_of(after)
    values = {"me": viewer.id, "colleague": viewer.is_colleague, "now": timezone.now(), "size": size + 1}
    onwards = ""
    if start:
        onwards, values = (
            " AND (b.created_at, b.id) < (%(at)s, %(id)s)",
            {**values, "at": start[0], "id": start[1]},
        )
    if not viewer.can_read:
        return Page([], None)
    sql = (
        f"SELECT {LISTED}, b.created_at, b.id FROM entries_bookmark b JOIN entries_entry e ON e.id = b.entry_id"  # noqa: S608
        f" WHERE b.member_id = %(me)s AND e.removed_at IS NULL AND e.published_at <= %(now)s AND {READABLE}{onwards}"
        " ORDER BY b.created_at DESC, b.id DESC LIMIT %(size)s"
    )
    found = lines(sql, values)
    rows = [_row(line[:-2]) for line in found[:size]]
    last = found[size - 1] if len(found) > size else None
    return Page(rows, Cursor.write((moment(last[-2]), last[-1])) if last else None)


def pinned(viewer: Viewer, space: Space) -> list[Row]:
    """What stands on top of a space, newest pin first."""
    # SQLite would read the whole space by newest to find the few that are pinned (8 ms instead of 0.1).
    table = "entries_entry e INDEXED BY entry_pinned" if connection.vendor == "sqlite" else "entries_entry e"
    sql = (
        f"SELECT {LISTED} FROM {table} WHERE e.space_id = %(space)s AND e.pinned_at IS NOT NULL AND {OPENS}"  # noqa: S608
        f" AND {READABLE} ORDER BY e.pinned_at DESC LIMIT 5"
    )
    values = {"me": viewer.id, "colleague": viewer.is_colleague, "now": timezone.now(), "space": space.pk}
    return _run(sql, values) if viewer.can_read else []


def newest_replies(rows: Sequence[Row], each: int = 2) -> dict[int, list[Row]]:
    """thread id -> its newest visible comments, oldest of them first; one statement for a whole page.

    Only for threads that were read through one of the lists above: a reply is as readable as its thread.
    """
    threads = [row.id for row in rows if row.reply_count]
    if not threads:
        return {}
    one = (
        f"SELECT * FROM (SELECT {LISTED} FROM entries_entry e WHERE e.root_id = %s AND e.removed_at IS NULL"  # noqa: S608
        f" AND e.published_at <= %s ORDER BY e.published_at DESC, e.id DESC LIMIT {int(each)}) AS part{{}}"
    )
    now = timezone.now()
    sql = " UNION ALL ".join(one.format(number) for number in range(len(threads)))
    values = [value for thread in threads for value in (thread, now)]
    found: dict[int, list[Row]] = {}
    for row in _run(sql, values):
        found.setdefault(row.root_id or 0, []).insert(0, row)
    return found


def count_newer(viewer: Viewer, than: datetime, *, at_most: int = 100) -> int:
    """How many openers came to the viewer's home since a time, counted to `at_most`."""
    values = {"me": viewer.id, "now": timezone.now(), "at": than, "size": at_most}
    sql = (
        f"SELECT count(*) FROM (SELECT 1 FROM entries_entry e WHERE e.space_id IN ({MINE}) AND {OPENS}"  # noqa: S608
        " AND e.published_at > %(at)s AND e.author_id <> %(me)s LIMIT %(size)s) AS newer"
    )
    return int(lines(sql, values)[0][0])


def resume(viewer: Viewer, seen_at: datetime, size: int = PAGE) -> list[Row]:
    """The oldest unread entries of the viewer's spaces, shown newest first: where they stopped reading."""
    wanted = [row.space_id for row in memberships_of(viewer) if row.involvement != "nothing"]
    unread = standing().roots().filter(space_id__in=wanted, published_at__gt=seen_at)
    oldest = unread.order_by("published_at", "id").values_list(*COLUMNS)[:size]
    return [Row(*line) for line in reversed(list(oldest))]


def spaces_to_join(viewer: Viewer, limit: int = 3) -> list[Space]:
    """Open spaces that the viewer is not in, the liveliest first. For those who have few."""
    if not viewer.is_colleague or len(memberships_of(viewer)) > 5:
        return []
    found = Space.objects.visible_to(viewer).living().filter(access="open", last_active_at__isnull=False)
    mine = [membership.space_id for membership in memberships_of(viewer)]
    return list(found.exclude(pk__in=mine).order_by("-last_active_at")[:limit])


# --- the statements ---------------------------------------------------------------------------------------------


def _from_spaces(asked: Asked) -> list[Row]:
    if connection.vendor == "postgresql":
        sql = _newest_spaces_sql(asked) if asked.after is None else _older_in_spaces_sql(asked)
    else:
        sql = (
            f"SELECT {LISTED} FROM {asked.by_space} WHERE e.space_id IN ({MINE}) AND {OPENS}"  # noqa: S608
            f"{asked.onwards}{asked.sorted}"
        )
    return _run(sql, asked.values)


def _newest_spaces_sql(asked: Asked) -> str:
    """PostgreSQL, first page: the newest n openers lie in the n spaces with the newest activity, and above the
    smallest of those times. `size` is one more than the page, so the threshold is exact for it too."""
    column, last = asked.column, f"last_{asked.column}"
    return (
        f"WITH s AS MATERIALIZED (SELECT s.id, s.{last} AS l FROM spaces_membership m"  # noqa: S608
        " JOIN spaces_space s ON s.id = m.space_id WHERE m.member_id = %(me)s AND m.involvement <> 'nothing'"
        f" AND s.{last} IS NOT NULL ORDER BY 2 DESC LIMIT %(size)s),"
        " t AS (SELECT min(l) AS v FROM s HAVING count(*) = %(size)s)"
        f" SELECT c.* FROM s CROSS JOIN LATERAL (SELECT {LISTED} FROM entries_entry e"
        f" WHERE e.space_id = s.id AND {OPENS}"
        f" AND e.{column} >= COALESCE((SELECT v FROM t), '-infinity'::timestamptz){asked.sorted}) c"
        f" ORDER BY c.{column} DESC, c.id DESC LIMIT %(size)s"
    )


def _older_in_spaces_sql(asked: Asked) -> str:
    return (
        f"SELECT c.* FROM ({MINE}) m CROSS JOIN LATERAL (SELECT {LISTED} FROM entries_entry e"  # noqa: S608
        f" WHERE e.space_id = m.space_id AND {OPENS}{asked.onwards}{asked.sorted}) c"
        f" ORDER BY c.{asked.column} DESC, c.id DESC LIMIT %(size)s"
    )


def _from_follows(asked: Asked, floor: datetime | None) -> list[Row]:
    """Openers of followed people and on followed topics, in spaces that the viewer may read, above the floor."""
    above = f" AND e.{asked.column} >= %(floor)s" if floor else ""
    values = {**asked.values, "floor": floor}
    followed = "SELECT followed_id FROM people_follow WHERE follower_id = %(me)s"
    if connection.vendor == "postgresql":
        people = (
            f"SELECT c.* FROM ({followed}) f CROSS JOIN LATERAL (SELECT {LISTED} FROM entries_entry e"  # noqa: S608
            f" WHERE e.author_id = f.followed_id AND {OPENS} AND {READABLE}"
            f"{asked.onwards}{above}{asked.sorted}) c"
        )
    else:
        people = (
            f"SELECT * FROM (SELECT {LISTED} FROM entries_entry e WHERE e.author_id IN ({followed}) AND {OPENS}"  # noqa: S608
            f" AND {READABLE}{asked.onwards}{above}{asked.sorted}) AS people"
        )
    wanted = "SELECT topic_id FROM entries_topicfollow WHERE member_id = %(me)s"
    topics = _topics_sql(asked, f"t.topic_id IN ({wanted})", above)
    return _run(f"{people} UNION ALL SELECT * FROM ({topics}) AS topics", values)  # noqa: S608


def _topics_sql(asked: Asked, which: str, above: str = "") -> str:
    # Order and limits run on the narrow topic rows, which carry the same times as their entries.
    own = {"e.published_at": "t.published_at", "e.active_at": "t.active_at", "e.id": "t.entry_id"}
    limits = asked.onwards + above
    order = asked.sorted
    for entry_column, topic_column in own.items():
        limits, order = limits.replace(entry_column, topic_column), order.replace(entry_column, topic_column)
    return (
        f"SELECT {LISTED} FROM entries_entrytopic t JOIN entries_entry e ON e.id = t.entry_id"  # noqa: S608
        f" WHERE {which} AND {OPENS} AND {READABLE}{limits}{order}"
    )


def _listed(asked: Asked, which: str, table: str = "entries_entry e", **values: Any) -> Page[Row]:
    if not asked.viewer.can_read:
        return Page([], None)
    sql = f"SELECT {LISTED} FROM {table} WHERE {which} AND {OPENS}{asked.onwards}{asked.sorted}"  # noqa: S608
    return _page(_run(sql, {**asked.values, **values}), asked)


def _page(rows: list[Row], asked: Asked) -> Page[Row]:
    shown = rows[: asked.size]
    if len(rows) <= asked.size:
        return Page(shown, None)
    last = shown[-1]
    return Page(shown, Cursor.write((getattr(last, asked.column), last.id)))


def _run(sql: str, values: Any) -> list[Row]:
    return [_row(line) for line in lines(sql, values)]


TIMES = tuple(COLUMNS.index(name) for name in ("published_at", "active_at", "pinned_at", "removed_at"))
REACTIONS_AT = COLUMNS.index("reactions")


def _row(line: Sequence[Any]) -> Row:
    """A line of a raw statement as a Row: SQLite gives times without a zone and JSON as text."""
    values = list(line)
    for position in TIMES:
        if values[position] is not None:
            # SQLite gives text, or a time without its zone, as the statement has it.
            values[position] = moment(values[position])
    if isinstance(values[REACTIONS_AT], str):
        values[REACTIONS_AT] = json.loads(values[REACTIONS_AT])
    return Row(*values)
