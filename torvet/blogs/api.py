"""Blogs, articles and outcomes over the API: read. They are written, published and kept in a browser."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from torvet.base.api import Id, Part, answers, found
from torvet.base.pages import paginate
from torvet.base.policies import signed_in
from torvet.blogs import shapes
from torvet.blogs.models import Blog
from torvet.blogs.queries import articles, blogs, outcomes
from torvet.people.viewer import viewer_of

router = Router(tags=["Blogs"])


@router.get("/blogs", response=answers(shapes.BlogList), operation_id="blogs", summary="Blogs")
@signed_in
def blogs_seen(request: HttpRequest, asked: Annotated[Part, Query()]) -> shapes.BlogList:
    """All that the viewer may read, by name; closed ones too."""
    viewer = viewer_of(request)
    rows = Blog.objects.visible_to(viewer).select_related("space", "leader", "unit")
    page = paginate(rows, order=("name", "id"), after=asked.after, size=asked.limit)
    return shapes.BlogList(items=shapes.blog_shapes(viewer, page.things), next=page.next)


@router.get("/blogs/{int:id}", response=answers(shapes.Blog), operation_id="blog", summary="One blog")
@signed_in
def blog(request: HttpRequest, id: Id) -> shapes.Blog:
    viewer = viewer_of(request)
    return shapes.blog_shapes(viewer, [found(blogs.get_visible(viewer, id))])[0]


@router.get(
    "/blogs/{int:id}/articles",
    response=answers(shapes.ArticleList),
    operation_id="blog_articles",
    summary="What was published in a blog",
)
@signed_in
def blog_articles(request: HttpRequest, id: Id, asked: Annotated[Part, Query()]) -> shapes.ArticleList:
    """The newest first. Drafts are in no list and no answer."""
    viewer = viewer_of(request)
    page = articles.of_blog(
        viewer, found(blogs.get_visible(viewer, id)), after=asked.after, size=asked.limit, with_words=True
    )
    return shapes.ArticleList(items=shapes.article_shapes(viewer, page.things), next=page.next)


@router.get(
    "/articles/{int:id}", response=answers(shapes.Article), operation_id="article", summary="One article"
)
@signed_in
def article(request: HttpRequest, id: Id) -> shapes.Article:
    """Comments, reactions and bookmarks are under /entries with the same id."""
    viewer = viewer_of(request)
    return shapes.article_shapes(viewer, [found(articles.get_visible(viewer, id))])[0]


@router.get(
    "/outcomes",
    response=answers(shapes.OutcomeList),
    operation_id="outcomes",
    summary="What became of what people said",
)
@signed_in
def outcomes_seen(request: HttpRequest, asked: Annotated[Part, Query()]) -> shapes.OutcomeList:
    """The newest first. Sources that the viewer may not read are left out, and not counted."""
    viewer = viewer_of(request)
    page = outcomes.outcomes(viewer, after=asked.after, size=asked.limit)
    return shapes.OutcomeList(items=shapes.outcome_shapes(viewer, page.things), next=page.next)
