"""What the forum knows of spaces and threads; their words are entries."""

from torvet.forum.models.forum import Forum, SubForum
from torvet.forum.models.thread import Thread
from torvet.forum.models.waiting import Asked, Waiting

__all__ = ["Asked", "Forum", "SubForum", "Thread", "Waiting"]
