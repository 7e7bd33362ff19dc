"""What the forum knows of spaces and threads; their words are entries."""

from torvet.forum.models.expert import Asked, AskedBecause, NotMyField
from torvet.forum.models.forum import Forum, Sort, SubForum
from torvet.forum.models.thread import Arranged, Arrangement, Thread, copied_from
from torvet.forum.models.waiting import Waiting, Wish

__all__ = [
    "Arranged",
    "Arrangement",
    "Asked",
    "AskedBecause",
    "Forum",
    "NotMyField",
    "Sort",
    "SubForum",
    "Thread",
    "Waiting",
    "Wish",
    "copied_from",
]
