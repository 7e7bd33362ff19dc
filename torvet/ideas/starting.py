"""Questions that a new room may begin with, in the words of whoever opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Template:
    """A room's question with all that is needed to begin."""

    icon: str
    name: str | Promise  # of the space
    question: str | Promise
    about: str | Promise


TEMPLATES: Mapping[str, Template] = {
    "customer": Template(
        "hand-heart",
        _("Easier to be a customer"),
        _("How do we make it easier to be a customer?"),
        _(
            "What did a customer, a friend or you yourself stumble over? Tell what happened, and what would have made "
            "it easy. Small things count."
        ),
    ),
    "working_day": Template(
        "sun",
        _("A better working day"),
        _("What would make your working day better?"),
        _(
            "What costs time or patience every day, and could be otherwise? Begin with what we can change ourselves."
        ),
    ),
    "product": Template(
        "sparkles",
        _("Better products"),
        _("What should our products do better?"),
        _(
            "What do you, your friends and our customers say about them? Those who build them read along and answer. "
            "Say which product and which version."
        ),
    ),
    "saving": Template(
        "scale",
        _("Spend less, waste less"),
        _("Where can we do with less: money, time, energy, material?"),
        _(
            "Tell what it costs today and what it would cost otherwise, as well as you know. A rough figure is enough."
        ),
    ),
}
