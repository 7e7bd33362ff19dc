"""A blog for feed readers: with a key of the reader's own, which they can end."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST

from torvet.base.api import absolute
from torvet.base.back import says_why
from torvet.base.policies import public, signed_in
from torvet.blogs import actions, rules
from torvet.blogs.atom import atom
from torvet.blogs.queries import articles, blogs
from torvet.blogs.queries.feed import own_key, reader_with
from torvet.blogs.views.loading import blog_or_404
from torvet.people.viewer import viewer_of

SHOWN = 20


@public
@require_GET
def feed(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The newest articles, for whoever the key belongs to, as far as they may read them at this moment.

    An unknown key, a closed account, a blog out of sight and a blog that is none answer alike.
    """
    reader = reader_with(key, pk)
    blog = blogs.get_visible(reader, pk) if reader else None
    if reader is None or blog is None:
        raise Http404
    page = articles.of_blog(reader, blog, size=SHOWN, with_words=True)
    language = reader.member.language if reader.member else ""
    with translation.override(language or None):
        answer = HttpResponse(atom(blog, page.things), content_type="application/atom+xml; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@signed_in
@require_POST
@says_why
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """A new key, shown this once; the one before ends."""
    seat = blog_or_404(request, pk)
    if not rules.can_have_feed(seat.viewer, seat.blog, seat.membership):
        raise Http404
    key = actions.make_feed_key(by=seat.viewer, blog=seat.blog)
    answer = render(
        request,
        "blogs/feed_key.html",
        {"blog": seat.blog, "address": absolute(f"{seat.blog.url}feed/{key}/")},
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@signed_in
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one's own key; also when the blog is out of sight by now."""
    viewer = viewer_of(request)
    found = own_key(viewer, pk)
    if found is None:
        raise Http404
    actions.revoke_feed_key(by=viewer, key=found)
    blog = blogs.get_visible(viewer, pk)
    return redirect(blog.url if blog else "blogs")
