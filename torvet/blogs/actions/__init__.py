"""What people do with blogs. Each asks its rule first."""

from torvet.blogs.actions.article import edit_article, edit_entry_of_article
from torvet.blogs.actions.draft import DraftConflict, change_draft, discard_draft, write_draft
from torvet.blogs.actions.feed import make_feed_key, revoke_feed_key
from torvet.blogs.actions.keep import (
    change_blog,
    close_blog,
    end_delegate,
    name_delegate,
    open_blog,
    reopen_blog,
)
from torvet.blogs.actions.publish import (
    publish_draft,
    publish_due,
    schedule_draft,
    send_back,
    submit_draft,
    unschedule_draft,
)

__all__ = [
    "DraftConflict",
    "change_blog",
    "change_draft",
    "close_blog",
    "discard_draft",
    "edit_article",
    "edit_entry_of_article",
    "end_delegate",
    "make_feed_key",
    "name_delegate",
    "open_blog",
    "publish_draft",
    "publish_due",
    "reopen_blog",
    "revoke_feed_key",
    "schedule_draft",
    "send_back",
    "submit_draft",
    "unschedule_draft",
    "write_draft",
]
