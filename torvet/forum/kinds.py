"""Discussions, questions and answers as kinds of entry."""

from django.utils.translation import gettext_lazy as _

from torvet.entries.kinds import Kind, register

DISCUSSION = register(
    Kind(
        "discussion",
        _("Discussion"),
        "messages-square",
        "forum/_thread_card.html",
        wants_title=True,
        kept_by="torvet.forum.actions.keep.keep_true",
        may_be_arranged=True,
    )
)
QUESTION = register(
    Kind(
        "question",
        _("Question"),
        "circle-help",
        "entries/_post_card.html",
        wants_title=True,
        address="/questions/{}/",
        kept_by="torvet.forum.actions.keep.keep_true",
        may_be_arranged=True,
        replied_by="torvet.forum.views.answers.parts",
        reply_address="/questions/{0}/?at={1}#c{1}",
    )
)
ANSWER = register(
    Kind(
        "answer",
        _("Answer"),
        "message-circle",
        "entries/_comment_card.html",
        opens=False,
        takes_votes=True,
        replies_word="comment",
    )
)
