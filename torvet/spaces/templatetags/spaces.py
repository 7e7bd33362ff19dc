"""What templates ask about spaces: `{% load spaces %}`."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from torvet.agreement.queries import state_of
from torvet.agreement.register import State
from torvet.base.templatetags.look import icon
from torvet.spaces.models import Access, Involvement, Space, Standing
from torvet.spaces.tabs import Tab, tabs

register = template.Library()

ICONS = {Access.OPEN: "globe", Access.CLOSED: "lock", Access.SECRET: "eye-off"}
INVOLVEMENT_ICONS = {
    Involvement.EVERYTHING: "bell-ring",
    Involvement.MENTIONS: "bell",
    Involvement.NOTHING: "bell-off",
}
WHO_READS = {
    Access.OPEN: _("Everybody in the company can read this space. Whoever wants to can join."),
    Access.CLOSED: _("Everybody can find this space. Only its members read what is written here."),
    Access.SECRET: _("Only members know that this space exists. People come in by invitation."),
}
HEARS = {
    Involvement.EVERYTHING: _("Every new post stands on my home page."),
    Involvement.MENTIONS: _("Only what mentions me, and what is pinned."),
    Involvement.NOTHING: _("Nothing. I look in when I want to."),
}


@register.filter
def counted(space: Space) -> int | None:
    """How many have joined; None where the agreement says that this is not shown."""
    return space.member_count if state_of("member_counts") == State.ON else None


@register.simple_tag
def access_icon(access: str, size: str = "") -> SafeString:
    return icon(ICONS[Access(access)], size)


@register.simple_tag
def involvement_icon(involvement: str, size: str = "") -> SafeString:
    return icon(INVOLVEMENT_ICONS[Involvement(involvement)], size)


@register.filter
def who_reads(access: str) -> str:
    """One plain sentence about who reads in a space with this access."""
    return str(WHO_READS[Access(access)])


@register.filter
def hears(involvement: str) -> str:
    return str(HEARS[Involvement(involvement)])


@register.simple_tag
def involvements() -> list[tuple[str, str]]:
    """The choices of how much to hear, each with its name."""
    return [(choice.value, str(choice.label)) for choice in Involvement]


@register.simple_tag
def standings() -> list[tuple[str, str]]:
    return [(choice.value, str(choice.label)) for choice in Standing]


@register.simple_tag(takes_context=True)
def extra_tabs(context: Context, space: Space) -> list[Tab]:
    """The tabs that features add to the head of this space."""
    return tabs(context["viewer"], space)
