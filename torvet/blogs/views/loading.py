"""What views of blogs begin with: the blog, article or draft, when this viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest

from torvet.blogs import rules
from torvet.blogs.models import Article, Blog, Delegate, Draft
from torvet.blogs.queries import articles, blogs, drafts
from torvet.blogs.queries.voice import delegation_of
from torvet.people.models import Member
from torvet.people.viewer import Viewer, viewer_of
from torvet.spaces.models import Membership
from torvet.spaces.queries import membership_of


@dataclass(frozen=True)
class Seat:
    """A viewer before a blog: what the rules ask for."""

    viewer: Viewer
    blog: Blog
    membership: Membership | None
    delegate: Delegate | None

    @property
    def may(self) -> dict[str, bool]:
        return rules.abilities(self.viewer, self.blog, self.membership, self.delegate)


def seat_at(request: HttpRequest, blog: Blog) -> Seat:
    viewer = viewer_of(request)
    return Seat(viewer, blog, membership_of(viewer, blog.space), delegation_of(viewer, blog))


def blog_or_404(request: HttpRequest, pk: int) -> Seat:
    """The blog, when this viewer may read it. What they may not see and what is not there answer alike."""
    found = blogs.get_visible(viewer_of(request), pk)
    if found is None:
        raise Http404
    return seat_at(request, found)


def kept_or_404(request: HttpRequest, pk: int) -> Seat:
    """The blog, for those who keep it."""
    seat = blog_or_404(request, pk)
    if not rules.can_keep(seat.viewer, seat.blog, seat.membership):
        raise Http404
    return seat


def written_or_404(request: HttpRequest, pk: int) -> Seat:
    """The blog, for those who may write in it."""
    seat = blog_or_404(request, pk)
    if not rules.can_write(seat.viewer, seat.blog, seat.membership, seat.delegate):
        raise Http404
    return seat


def article_or_404(request: HttpRequest, pk: int) -> Article:
    found = articles.get_visible(viewer_of(request), pk)
    if found is None:
        raise Http404
    return found


def draft_or_404(request: HttpRequest, pk: int) -> tuple[Draft, Seat]:
    """The draft, for those who may write in its blog: the set and the rule, both."""
    found = drafts.get_visible(viewer_of(request), pk)
    if found is None:
        raise Http404
    seat = seat_at(request, found.blog)
    if not rules.can_write(seat.viewer, seat.blog, seat.membership, seat.delegate):
        raise Http404
    return found, seat


def zone_of(member: Member | None) -> ZoneInfo:
    """The time zone somebody lives in: their own, that of where they work, else the company's."""
    site = member.site.time_zone if member is not None and member.site is not None else ""
    for name in (member.time_zone if member is not None else "", site):
        if name:
            try:
                return ZoneInfo(name)
            except (ValueError, OSError):  # an import brought a name that is none
                continue
    return ZoneInfo(settings.TIME_ZONE)
