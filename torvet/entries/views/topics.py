"""Topics: what is talked about, and following it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from torvet.base.policies import signed_in
from torvet.entries import actions, queries
from torvet.entries.models import Topic
from torvet.entries.views import viewer_of

LISTED = 100
OFFERED = 8


@signed_in
@require_GET
def topics(request: HttpRequest) -> HttpResponse:
    """The topics that the viewer may know of, the most used first; what they follow on top."""
    viewer = viewer_of(request)
    return render(request, "entries/topics.html", {
        "topics": queries.busiest_topics(viewer, LISTED), "followed": queries.followed_topics(viewer),
    })  # fmt: skip


@signed_in
@require_GET
def pick(request: HttpRequest) -> JsonResponse:
    """Topics that begin with what was typed, for the editor."""
    begun = request.GET.get("q", "")[:60].lstrip("#").casefold()
    found = queries.topics_beginning(viewer_of(request), begun, OFFERED)
    return JsonResponse(
        {"items": [{"name": topic.label, "entries": queries.uses_of(topic)} for topic in found]}
    )


def _topic_or_404(request: HttpRequest, name: str) -> Topic:
    topic = queries.topics_visible_to(viewer_of(request)).filter(name=name.casefold()).first()
    if topic is None:
        raise Http404
    return topic


@signed_in
@require_POST
def follow(request: HttpRequest, name: str) -> HttpResponse:
    topic = _topic_or_404(request, name)
    actions.follow_topic(by=viewer_of(request), topic=topic)
    return redirect(topic.get_absolute_url())


@signed_in
@require_POST
def unfollow(request: HttpRequest, name: str) -> HttpResponse:
    topic = _topic_or_404(request, name)
    actions.unfollow_topic(by=viewer_of(request), topic=topic)
    return redirect(topic.get_absolute_url())
