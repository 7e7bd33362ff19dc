"""What happened since, read from the table: for nudges that no bus brought."""

from __future__ import annotations

from django.db.models import Max

from torvet.activity.models import Activity

LOOK_BACK = 100  # ids; on PostgreSQL a smaller one may be committed after a larger one
MOST = 1000
COLUMNS = ("id", "verb", "by_id", "about_id", "space_id", "entry_id", "thread_id", "details")


def newest() -> int:
    """The id of the newest activity, 0 when there is none."""
    return Activity.objects.aggregate(newest=Max("id"))["newest"] or 0


def activities_since(number: int) -> list[Activity]:
    """What happened after this activity, and a little before it, oldest first: only the columns that nudges need."""
    rows = Activity.objects.filter(id__gt=number - LOOK_BACK).order_by("id")
    return [Activity(**dict(zip(COLUMNS, row, strict=True))) for row in rows.values_list(*COLUMNS)[:MOST]]
