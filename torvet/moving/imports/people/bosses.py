"""Who is whose boss, from a column that holds numbers or addresses of others."""

from __future__ import annotations

from collections.abc import Sequence

from torvet.moving.imports.people.table import Row
from torvet.people.models import Member


def find_bosses(
    people: Sequence[tuple[Row, Member]], here: Sequence[Member]
) -> dict[int, tuple[Member | None, str]]:
    """Line of the file -> (boss, "") or (None, why not), for every row that names one.

    A boss is named by number or e-mail address, never by name: two people may share one. Those who stand above each
    other in a circle keep no boss at all. `here` is everybody with an account, in the file or not.
    """
    by_mark: dict[str, Member] = {}
    by_id: dict[int, Member] = {}
    for member in here:
        _note(member, by_mark, by_id)
    for row, member in people:
        _note(member, by_mark, by_id)
        by_mark |= {row.email: member} | ({row.number.casefold(): member} if row.number else {})
    found: dict[int, tuple[Member | None, str]] = {}
    above: dict[int, Member] = {}
    for row, member in people:
        if row.manager:
            boss = by_mark.get(row.manager.casefold())
            found[row.line] = (boss, "" if boss else "nobody has this number or address")
            if boss is not None:
                above[id(member)] = boss
    circles = {
        row.line for row, member in people if id(member) in above and _is_above_itself(member, above, by_id)
    }
    return found | dict.fromkeys(circles, (None, "stands above itself"))


def _note(member: Member, by_mark: dict[str, Member], by_id: dict[int, Member]) -> None:
    by_mark[member.email.casefold()] = member
    if member.external_id:
        by_mark[member.external_id.casefold()] = member
    if member.pk is not None:
        by_id[member.pk] = member


def _is_above_itself(member: Member, above: dict[int, Member], by_id: dict[int, Member]) -> bool:
    """Whether walking up from `member` leads back to them; who is not in the file has the boss they have here."""
    seen: set[int] = set()
    boss = above.get(id(member))
    while boss is not None and id(boss) not in seen:
        if boss is member:
            return True
        seen.add(id(boss))
        boss = above.get(id(boss)) or by_id.get(boss.manager_id or 0)
    return False
