"""Tags for how far a must-read has come."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torvet.notices.queries.figures import Exactness, Figures

register = template.Library()


@register.simple_tag
def confirmed_in_words(figures: Figures) -> str:
    """How many have confirmed, as exactly as may be said."""
    match figures.exactness:
        case Exactness.EXACT:
            return str(figures.confirmed)
        case Exactness.FEW:
            return _("fewer than %(number)s") % {"number": figures.smallest}
        case Exactness.ALMOST_ALL:
            return _("all but fewer than %(number)s") % {"number": figures.smallest}
    return _("after the date")


@register.simple_tag(name="figures")
def in_one_line(figures: Figures) -> str:
    """The same as a sentence, for beside the text."""
    asked = ngettext("%(number)s person asked", "%(number)s people asked", figures.asked) % {
        "number": figures.asked
    }
    if figures.exactness == Exactness.HIDDEN:
        return asked
    return _("%(asked)s, %(confirmed)s confirmed") % {
        "asked": asked,
        "confirmed": confirmed_in_words(figures),
    }
