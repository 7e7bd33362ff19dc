"""What answers what, once everything is read: in the export itself, in what an earlier one brought, or by subject."""

from __future__ import annotations

from torvet.entries.models import Entry
from torvet.moving.imports.talk.staging import Staging
from torvet.moving.imports.wiki.authors import short
from torvet.moving.origins import Origins
from torvet.moving.report import Report

NOT_THERE = "what it answers is not in the export: it opens its thread"
LOOP = "it answers something that answers it: it opens its thread"


def join(staging: Staging, origins: Origins, report: Report) -> None:
    """Give everything staged its place."""
    tree = staging.tree
    tree.find_parents()
    for lacking in tree.lacking():
        tree.put_below(_brought_before(lacking, origins))
    tree.join_by_subject()
    tree.open_threads()
    for key in tree.without_opener():
        report.find("missing_openers")
        report.skip("missing_openers", short(key), NOT_THERE)
    tree.grow()
    for key in tree.cut_circles():
        report.find("reply_loops")
        report.skip("reply_loops", short(key), LOOP)
    tree.grow()
    staging.index()


def _brought_before(lacking: dict[str, list[str]], origins: Origins) -> dict[str, tuple[int, int]]:
    """Key -> (entry answered, opener of its thread), for what answers something that came with an earlier export."""
    wanted = {short(parent) for parents in lacking.values() for parent in parents}
    known = origins.known("entry", sorted(wanted))
    ids = [origin.local_id for origin in known.values()]
    rows = dict(Entry.objects.filter(pk__in=ids).values_list("pk", "root"))
    found: dict[str, tuple[int, int]] = {}
    for key, parents in lacking.items():
        for parent in parents:
            origin = known.get(short(parent))
            if origin is not None and origin.local_id in rows:
                found[key] = (origin.local_id, rows[origin.local_id] or origin.local_id)
                break
    return found
