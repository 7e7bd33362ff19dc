"""What templates ask about people: `{% load people %}`."""

from __future__ import annotations

from django import template
from django.template.context import Context

from torvet.people import rules
from torvet.people.models import Member

register = template.Library()


@register.simple_tag
def follow_state(member: Member, followed: set[int]) -> bool:
    """Whether the member is among those that the viewer follows."""
    return member.pk in followed


@register.simple_tag(takes_context=True)
def may_follow(context: Context, member: Member) -> bool:
    return rules.can_follow(context["viewer"], member)


@register.filter
def dialled(phone: str) -> str:
    """A phone number as a telephone wants it: digits and a leading plus."""
    return "".join(sign for sign in phone if sign.isdecimal() or sign == "+")
