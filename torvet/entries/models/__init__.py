"""What is said, and everything that hangs on it."""

from torvet.entries.models.attachment import Attachment
from torvet.entries.models.entry import Entry, EntryQuerySet
from torvet.entries.models.marks import Bookmark, Reaction, Vote, Watch
from torvet.entries.models.rendered import Card
from torvet.entries.models.revision import Revision
from torvet.entries.models.topic import EntryTopic, Mention, Topic, TopicFollow

__all__ = [
    "Attachment",
    "Bookmark",
    "Card",
    "Entry",
    "EntryQuerySet",
    "EntryTopic",
    "Mention",
    "Reaction",
    "Revision",
    "Topic",
    "TopicFollow",
    "Vote",
    "Watch",
]
