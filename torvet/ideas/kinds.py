"""Ideas as a kind of entry, and the two kinds of answer that help to decide about them."""

from django.utils.translation import gettext_lazy as _

from torvet.entries.kinds import Kind, register

IDEA = register(
    Kind(
        "idea",
        _("Idea"),
        "lightbulb",
        "entries/_post_card.html",
        wants_title=True,
        takes_votes=True,
    )
)
# Why somebody wants it too; whoever writes one has given their vote.
SUPPORT = register(Kind("support", _("Support"), "thumbs-up", "entries/_comment_card.html", opens=False))
# What somebody knows that helps to decide: an experience, a figure, an objection.
INPUT = register(Kind("input", _("Input"), "info", "entries/_comment_card.html", opens=False))
