"""One member: their page, their photo, following them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from torvet.base.back import back, says_why
from torvet.base.policies import colleague, signed_in
from torvet.people import actions, queries, rules
from torvet.people.models import Member
from torvet.people.photos import photo_bytes
from torvet.people.viewer import Viewer, viewer_of


def member_or_404(viewer: Viewer, pk: int) -> Member:
    found = queries.get_visible(viewer, pk)
    if found is None:
        raise Http404
    return found


@signed_in
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Who somebody is. A guest sees name, title and what they say of themselves; where they work is for colleagues."""
    viewer = viewer_of(request)
    shown = member_or_404(viewer, pk)
    context = {
        "member": shown,
        "is_me": viewer.id == shown.pk,
        "is_for_colleagues": not viewer.is_guest,
        "reports": queries.reports_of(viewer, shown) if not viewer.is_guest else [],
        "units_led": queries.units_led_by(shown) if not viewer.is_guest else [],
        "is_following": queries.is_following(viewer, shown),
        "can_follow": shown.is_active and rules.can_follow(viewer, shown),
        "can_manage": rules.can_manage_members(viewer),
        "can_set_leaving": rules.can_set_leaving(viewer, shown) and viewer.id == shown.manager_id,
        "leaving": queries.leaving_of(viewer, shown),
    }
    return render(request, "people/member.html", context)


@colleague
@require_POST
@says_why
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    followed = member_or_404(viewer, pk)
    actions.follow(by=viewer, member=followed)
    return followed_answer(request, followed, is_following=True)


@colleague
@require_POST
@says_why
def unfollow(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    followed = member_or_404(viewer, pk)
    actions.unfollow(by=viewer, member=followed)
    return followed_answer(request, followed, is_following=False)


def followed_answer(request: HttpRequest, followed: Member, *, is_following: bool) -> HttpResponse:
    """The button anew for htmx, the page one came from for everybody else."""
    if request.headers.get("HX-Request"):
        context = {"member": followed, "is_following": is_following, "compact": "compact" in request.POST}
        return render(request, "people/_follow.html", context)
    return back(request, followed.url)


@signed_in
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo, to those who may know of the member. Its address carries a version, so browsers may keep it long."""
    shown = member_or_404(viewer_of(request), pk)
    found = photo_bytes(shown.photo)
    if found is None:
        raise Http404
    answer = HttpResponse(found, content_type="image/webp")
    # Private: what one person may see must not lie in a cache that others share.
    kept = "max-age=31536000, immutable" if "v" in request.GET else "no-cache"
    answer.headers["Cache-Control"] = f"private, {kept}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
