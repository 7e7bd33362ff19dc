"""Pages as a kind of entry: they are written together and have an address of their own."""

from django.utils.translation import gettext_lazy as _

from torvet.entries.kinds import Kind, register

# An ordinary comment in the page's thread, whose card shows the words that it is about.
REMARK = register(Kind("remark", _("Comment on a passage"), "quote", "wiki/_remark_card.html", opens=False))
PAGE = register(
    Kind(
        "page",
        _("Page"),
        "book-open",
        "wiki/_page_card.html",
        wants_title=True,
        is_shared=True,
        address="/pages/{}/",
        longest=200_000,
        # What needs approval becomes a working text first: only the wiki knows.
        changed_by="torvet.wiki.actions.edit_entry_of_page",
    )
)
