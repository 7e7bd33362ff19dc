"""Why somebody sees an entry, in a sentence: the lists have no hidden score, so there is always one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from torvet.entries.models import Entry, Mention, TopicFollow
from torvet.people.models import Follow
from torvet.people.viewer import Viewer
from torvet.spaces.models import Membership


def why(viewer: Viewer, entry: Entry, membership: Membership | None) -> list[str]:
    """Every reason, the strongest first; at most three statements."""
    reasons = []
    if entry.author_id == viewer.id:
        reasons.append(_("You wrote it."))
    if Mention.objects.filter(entry=entry, member_id=viewer.id).exists():
        reasons.append(_("You are named in it."))
    if membership is not None:
        reasons.append(_("You are a member of %(space)s.") % {"space": entry.space.name})
    if Follow.objects.filter(follower_id=viewer.id, followed_id=entry.author_id).exists():
        reasons.append(_("You follow %(name)s.") % {"name": entry.author.name})
    followed = TopicFollow.objects.filter(member_id=viewer.id, topic__entry_topics__entry_id=entry.thread_id)
    reasons += [
        _("You follow #%(topic)s.") % {"topic": label}
        for label in followed.values_list("topic__label", flat=True)
    ]
    if not reasons:
        reasons.append(_("%(space)s is open to everybody in the company.") % {"space": entry.space.name})
    return reasons
