"""What people do with blogs. Each asks its rule first."""

from torvet.blogs.actions.answer import (
    answer_question,
    change_reminder,
    set_question_aside,
    take_up_question,
)
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
from torvet.blogs.actions.outcome import link_sources, tell_outcome, unlink_source
from torvet.blogs.actions.publish import (
    publish_draft,
    publish_due,
    schedule_draft,
    send_back,
    submit_draft,
    unschedule_draft,
)
from torvet.blogs.actions.suggest import suggest_acts

__all__ = [
    "DraftConflict",
    "answer_question",
    "change_blog",
    "change_draft",
    "change_reminder",
    "close_blog",
    "discard_draft",
    "edit_article",
    "edit_entry_of_article",
    "end_delegate",
    "link_sources",
    "make_feed_key",
    "name_delegate",
    "open_blog",
    "publish_draft",
    "publish_due",
    "reopen_blog",
    "revoke_feed_key",
    "schedule_draft",
    "send_back",
    "set_question_aside",
    "submit_draft",
    "suggest_acts",
    "take_up_question",
    "tell_outcome",
    "unlink_source",
    "unschedule_draft",
    "write_draft",
]
