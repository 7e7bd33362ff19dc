"""Ideas as a kind of entry, and the two kinds of answer that help to decide about them."""

from django.utils.translation import gettext_lazy as _

from torvet.entries.kinds import Kind, register

IDEA = register(
    Kind(
        "idea",
        _("Idea"),
        "lightbulb",
        "ideas/_idea_card.html",
        wants_title=True,
        takes_votes=True,
        address="/ideas/{}/",
    )
)
# Why somebody wants it too; whoever writes one has given their vote.
SUPPORT = register(
    Kind("support", _("Support"), "thumbs-up", "entries/_comment_card.html", opens=False, stands_apart=True)
)
# What somebody knows that helps to decide: an experience, a fact, an objection, a wish.
INPUT = register(
    Kind("input", _("Input"), "info", "entries/_comment_card.html", opens=False, stands_apart=True)
)
