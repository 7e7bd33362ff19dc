"""What the forum knows of spaces and threads; their words are entries."""

from torvet.forum.models.forum import Forum, Sort, SubForum
from torvet.forum.models.thread import Arranged, Arrangement, Thread, copied_from
from torvet.forum.models.waiting import Asked, Waiting

__all__ = [
    "Arranged",
    "Arrangement",
    "Asked",
    "Forum",
    "Sort",
    "SubForum",
    "Thread",
    "Waiting",
    "copied_from",
]
