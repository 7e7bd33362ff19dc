"""Server time of the leader's view: `python -m bench.loop` in a data folder made by bench.company.

Adds one blog in an open space with 200 articles, 20,000 comments by others (a fifth not answered) and 40,000 reactions,
once; then asks for the pages as the leader through the whole application and prints median and 95th percentile of
milliseconds on the clock, and the statements. Also what the worker needs to count one row of reactions by unit again.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")
os.environ.setdefault("TORVET_RATE_LIMITS", "off")

import django

django.setup()

from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.pages import cookie, get
from torvet.blogs import actions
from torvet.blogs.actions.count import count_reactions_by_unit
from torvet.blogs.models import Article, Blog, Landing, Question
from torvet.entries.actions.react import count_reactions
from torvet.entries.models import Entry, Reaction
from torvet.people.models import Member, Role
from torvet.people.viewer import Via, Viewer
from torvet.spaces.models import Space

ARTICLES, COMMENTS, REACTIONS = 200, 20_000, 40_000
LOOKS = 40
NAME = "Bench: from the bridge"


def filled(dice: random.Random) -> Blog:
    """The blog, made when it is not there yet."""
    standing = Blog.objects.filter(name=NAME).select_related("leader", "space").first()
    if standing is not None:
        return standing
    leader = (
        Member.objects.filter(is_active=True, role=Role.LEADER).first()
        or Member.objects.filter(is_active=True)[0]
    )
    Member.objects.filter(pk=leader.pk).update(role=Role.LEADER)
    leader.refresh_from_db()
    by = Viewer.of(leader, via=Via.HOUSE)
    space = Space.objects.filter(access="open", archived_at=None, within=None).order_by("pk")[0]
    blog = actions.open_blog(by=by, space=space, name=NAME, leader=leader, promise_days=5)
    people = list(
        Member.objects.filter(is_active=True).exclude(pk=leader.pk).values_list("pk", flat=True)[:50_000]
    )
    now = timezone.now()
    articles = []
    for number in range(ARTICLES):
        draft = actions.write_draft(
            by=by, blog=blog, title=f"Part {number}", lead="So.", body="What we do next."
        )
        articles.append(actions.publish_draft(by=by, draft=draft, version=draft.version).entry)
    made = Entry.objects.bulk_create(
        (
            Entry(
                kind="comment", space=space, author_id=dice.choice(people), root=(root := dice.choice(articles)),
                reply_to=root, text="What does it mean for us?", body="<p>What does it mean for us?</p>",
                published_at=now - timedelta(minutes=dice.randrange(120 * 24 * 60)),
            )
            for _one in range(COMMENTS)
        ),
        batch_size=2000,
    )  # fmt: skip
    questions = [Question(comment=comment, blog=blog, asked_at=comment.published_at) for comment in made]
    for question in questions:
        if dice.random() < 0.8:
            question.waited = dice.randrange(8 * 24 * 60 * 60)
            question.answered_at = question.asked_at + timedelta(seconds=question.waited)
    Question.objects.bulk_create(questions, batch_size=2000)
    Reaction.objects.bulk_create(
        (
            Reaction(entry=dice.choice(articles), member_id=dice.choice(people), emoji=dice.choice("👍💡😄"))
            for _one in range(REACTIONS)
        ),
        batch_size=2000,
        ignore_conflicts=True,
    )
    for entry in articles:
        count_reactions(entry)
    return blog


def timed(name: str, address: str, key: str) -> None:
    found = []
    for _look in range(LOOKS):
        moment = time.perf_counter()
        get(address, key)
        found.append((time.perf_counter() - moment) * 1000)
    with CaptureQueriesContext(connection) as captured:
        get(address, key)
    found.sort()
    print(
        f"{name:12} {statistics.median(found):6.1f} ms   p95 {found[int(LOOKS * 0.95)]:6.1f} ms   {len(captured)} statements"
    )


def main() -> None:
    blog = filled(random.Random(7))
    assert blog.leader is not None
    print(
        f"{Member.objects.count()} members, {Entry.objects.count()} entries, {Question.objects.count()} comments here"
    )
    took = []
    for article in (
        Article.objects.filter(blog=blog).select_related("entry__space", "blog").order_by("-pk")[:20]
    ):
        Landing.objects.filter(article=article, row="👍").delete()
        moment = time.perf_counter()
        count_reactions_by_unit(article=article, emoji="👍")
        took.append((time.perf_counter() - moment) * 1000)
    print(f"counting one row by unit in the worker: {statistics.median(took):.1f} ms")
    reset_queries()
    key = cookie(blog.leader)
    timed("to answer", f"/blogs/{blog.pk}/loop/", key)
    timed("how it landed", f"/blogs/{blog.pk}/loop/landing/", key)
    timed("the blog", blog.url, key)
    timed("outcomes", "/outcomes/", key)


if __name__ == "__main__":
    main()
