"""What a new page of each sort begins with: headings to write under, in the writer's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from torvet.wiki.models import Sort


def draft(sort: str) -> str:
    """Markdown to begin with; empty for a plain page and for a sort that is not known."""
    headings = {
        Sort.PROCEDURE: [
            _("What it is for"),
            _("Before you begin"),
            _("Step by step"),
            _("If something goes wrong"),
        ],
        Sort.PRODUCT: [
            _("What it does"),
            _("Who it is for"),
            _("Questions customers ask"),
            _("Who knows more"),
        ],
        Sort.TERM: [_("In one sentence"), _("What it is not"), _("An example")],
        Sort.DECISION: [
            _("What was decided"),
            _("Why"),
            _("What else was considered"),
            _("What follows from it"),
        ],
    }
    chosen = headings.get(sort, []) if sort in Sort.values else []  # type: ignore[call-overload]
    return "\n\n".join(f"## {heading}\n\n" for heading in chosen)
