"""What the forum knows of spaces and threads; their words are entries."""

from torvet.forum.models.expert import Asked, AskedBecause, NotMyField
from torvet.forum.models.forum import Forum, SubForum
from torvet.forum.models.thread import Thread

__all__ = ["Asked", "AskedBecause", "Forum", "NotMyField", "SubForum", "Thread"]
