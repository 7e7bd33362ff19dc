"""Entries, topics and files over the API."""

from ninja import Router

from torvet.entries.api import files, threads, topics
from torvet.entries.api.threads import Ordered
from torvet.entries.api.topics import PathTopic, topic_seen

router = Router()
for part in (threads, topics, files):
    router.add_router("", part.router)

__all__ = ["Ordered", "PathTopic", "router", "topic_seen"]
