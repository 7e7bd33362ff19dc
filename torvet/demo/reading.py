"""How far the three logins have read: most of it, so that what is new stands out."""

from __future__ import annotations

from datetime import datetime, timedelta

from torvet.demo.company.logins import ADMINISTRATOR, EMPLOYEE, LEADER
from torvet.demo.stage import Stage
from torvet.demo.times import moment
from torvet.entries import actions as entries
from torvet.entries.models import Topic
from torvet.feed.actions import mark_home_seen
from torvet.spaces.actions import mark_space_read
from torvet.spaces.models import Space

# Whoever is named here looked last at that time; spaces not named were read to the end.
LAST_IN = {
    EMPLOYEE.handle: {
        "torvet": "-2h",
        "lager": "-3h",
        "kantine": "D1 12:30",
        "byt": "D3 09:00",
        "ideer": "D1 10:00",
    },
    LEADER.handle: {"torvet": "-1h", "ideer": "D2 16:00", "kunder": "D1 14:00", "direktion": "D1 16:00"},
    ADMINISTRATOR.handle: {"it": "-2h", "torvet": "-2h", "byt": "D4 09:00"},
}
HOME_SEEN = {EMPLOYEE.handle: "-2h", LEADER.handle: "-1h", ADMINISTRATOR.handle: "-3h"}
TOPICS = {
    EMPLOYEE.handle: ("sikkerhed", "løbeklub"),
    LEADER.handle: ("havvind", "strategi"),
    ADMINISTRATOR.handle: ("hjemmearbejde",),
}


def read_most(stage: Stage, now: datetime) -> None:
    """Move the reading positions of the logins, and let them follow some topics."""
    for handle, late in LAST_IN.items():
        viewer = stage.viewer(handle)
        for space in Space.objects.joined_by(viewer):
            key = next(key for key, known in stage.spaces.items() if known.pk == space.pk)
            read_at = moment(late[key], now) if key in late else now - timedelta(seconds=30)
            mark_space_read(by=viewer, space=space, read_at=read_at)
        mark_home_seen(by=viewer, seen_at=moment(HOME_SEEN[handle], now))
        for name in TOPICS[handle]:
            entries.follow_topic(by=viewer, topic=Topic.objects.get(name=name))
