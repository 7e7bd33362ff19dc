"""What people do with entries. Pages, API, importers and the demo call these same actions."""

from torvet.entries.actions.arrange import merge_threads, split_thread
from torvet.entries.actions.attach import (
    attach,
    attach_kept,
    attach_named,
    let_go,
    remove_unused_files,
    upload,
)
from torvet.entries.actions.close import close_comments, open_comments
from torvet.entries.actions.comment import add_comment
from torvet.entries.actions.edit import EditConflict, edit_entry, redraw, replace_words
from torvet.entries.actions.mark import (
    bookmark,
    follow_topic,
    mark_thread_read,
    mute,
    pin,
    remove_bookmark,
    stop_watching,
    unfollow_topic,
    unpin,
    watch,
)
from torvet.entries.actions.place import place_threads
from torvet.entries.actions.publish import publish_post, publish_thread
from torvet.entries.actions.react import react, take_back_reaction
from torvet.entries.actions.remove import remove_entry, restore_entry
from torvet.entries.actions.vote import count_votes, give_vote, take_back_vote

__all__ = [
    "EditConflict",
    "add_comment",
    "attach",
    "attach_kept",
    "attach_named",
    "bookmark",
    "close_comments",
    "count_votes",
    "edit_entry",
    "follow_topic",
    "give_vote",
    "let_go",
    "mark_thread_read",
    "merge_threads",
    "mute",
    "open_comments",
    "pin",
    "place_threads",
    "publish_post",
    "publish_thread",
    "react",
    "redraw",
    "remove_bookmark",
    "remove_entry",
    "remove_unused_files",
    "replace_words",
    "restore_entry",
    "split_thread",
    "stop_watching",
    "take_back_reaction",
    "take_back_vote",
    "unfollow_topic",
    "unpin",
    "upload",
    "watch",
]
