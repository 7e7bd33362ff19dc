"""What the forum knows of spaces and threads; their words are entries."""

from torvet.forum.models.forum import Forum, Sort, SubForum
from torvet.forum.models.thread import Arranged, Arrangement, Thread, copied_from

__all__ = ["Arranged", "Arrangement", "Forum", "Sort", "SubForum", "Thread", "copied_from"]
