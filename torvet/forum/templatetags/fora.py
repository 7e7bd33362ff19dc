"""Tags of the forum's own pages: `{% load fora %}`."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torvet.entries.models import Topic
from torvet.forum.models import SubForum
from torvet.spaces.models import Space

register = template.Library()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@register.simple_tag
def roughly(wait: timedelta | None) -> str:
    """How long something waited, in one number: nobody needs minutes of days. None for what still waits."""
    if wait is None:
        return _("still waits")
    if wait < HOUR:
        return _("an hour")
    if wait < 2 * DAY:
        hours = round(wait / HOUR)
        return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
    days = round(wait / DAY)
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}


@register.simple_tag
def subject_url(subject: Space | SubForum | Topic) -> str:
    """Where what a figure is about can be read: what waits there."""
    if isinstance(subject, Topic):
        return f"{reverse('threads')}?list=unanswered&topic={quote(subject.name)}"
    if isinstance(subject, SubForum):
        return f"{reverse('space_forum', args=[subject.forum_id])}?list=unanswered&sub={subject.pk}"
    return f"{reverse('threads')}?list=unanswered&space={subject.pk}"
