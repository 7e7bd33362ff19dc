"""Articles as a kind of entry: they have an address of their own, and who reacts to them is nobody's business."""

from django.utils.translation import gettext_lazy as _

from torvet.entries.kinds import Kind, register

ARTICLE = register(
    Kind(
        "article",
        _("Article"),
        "newspaper",
        "blogs/_article_card.html",
        wants_title=True,
        address="/articles/{}/",
        longest=100_000,
        # A lead and a reading time belong to the words: only the blog knows.
        changed_by="torvet.blogs.actions.edit_entry_of_article",
        spoken_for_by="torvet.blogs.queries.voice.spoken_for",
        names_reactions=False,
    )
)
OUTCOME = register(
    Kind("outcome", _("You said, we did"), "circle-check", "blogs/_outcome_card.html", wants_title=True)
)
