"""Two worlds that differ by one secret thing answer an outsider byte for byte alike: counts and existence do not leak.

The matrix looks for words; this finds what has no words: totals, page counts, a topic in a list, a dot, an order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests.cast import house
from tests.forum.knowing import answer as answer_question
from tests.forum.knowing import ask as ask_question
from tests.forum.knowing import found_by_words
from tests.plugins.machine import database
from tests.safety.asking import asker
from tests.safety.test_matrix import masked
from tests.safety.world import RUNS, World
from torvet.activity import outbox
from torvet.blogs import actions as blogs
from torvet.blogs.models import Blog, Outcome, OutcomeSource
from torvet.entries import actions, cards
from torvet.entries.models import Entry
from torvet.forum import actions as fora
from torvet.forum.actions.route import leave_field
from torvet.forum.keys import new_key
from torvet.forum.models import Asked, AskedBecause, Forum, Thread
from torvet.forum.views import asking
from torvet.ideas import actions as ideas
from torvet.ideas.models import Idea, IdeaRoom
from torvet.notices import actions as notices
from torvet.notices.queries.audience import Audience
from torvet.notices.queries.waiting import forget_open
from torvet.people import away
from torvet.people.queries import forget_company
from torvet.spaces import actions as spaces
from torvet.wiki import actions as pages
from torvet.wiki import queries as page_queries
from torvet.wiki.models import Page
from torvet.wiki.passages import Passage

pytestmark = [pytest.mark.django_db, pytest.mark.matrix, pytest.mark.slow]

LISTS = (
    "/", "/company/", "/feed/rail/", "/spaces/", "/spaces/?q=e", "/people/", "/people/?q=bo", "/people/pick/?q=b",
    "/topics/", "/topics/pick/?q=h", "/units/", "/search/?q=heron", "/search/?q=hidden", "/told/", "/told/badge/",
    "/people/{bo}/", "/people/{bo}/posts/", "/people/{bo}/spaces/", "/bookmarks/", "/compose/", "/agreement/",
    "/pages/to-confirm/", "/pages/to-confirm/?unit=0", "/spaces/{open}/pages/", "/spaces/{open}/pages/care/", "/spaces/{open}/pages/care/?what=orphans", "/pages/{kept}/", "/pages/{kept}/linked/", "/handover/", "/to-confirm/", "/notices/", "/api/v1/to-confirm", "/people/{bo}/away/", "/settings/away/", "/people/{bo}/leaving/", "/spaces/{open}/", "/spaces/{open}/members/", "/spaces/{closed}/", "/api/v1/feed", "/api/v1/spaces", "/api/v1/topics",
    "/api/v1/members", "/api/v1/search?q=hidden", "/api/v1/members/{bo}/entries", "/api/v1/spaces/{open}",
    "/outcomes/", "/outcomes/?space={open}", "/outcomes/new/?of={led}", "/e/{outcome}/", "/e/{led}/", "/e/{led}/menu/", "/blogs/{blog}/loop/", "/blogs/{blog}/loop/landing/", "/blogs/mood/",
    "/blogs/", "/leaders/", "/blogs/{blog}/", "/api/v1/blogs", "/api/v1/outcomes", "/api/v1/blogs/{blog}", "/api/v1/blogs/{blog}/articles",
    "/forum/", "/forum/threads/", "/forum/threads/?list=new", "/forum/threads/?list=unanswered", "/forum/threads/?topic=havvind", "/forum/threads/?topic=hiddenword", "/forum/threads/?list=new&after=W10",
    "/forum/answers/", "/spaces/{open}/forum/",
    "/articles/{article}/", "/search/?q=hidden&kind=article",
    "/ideas/", "/ideas/overdue/", "/ideas/new/", "/ideas/new/?from={led}", "/spaces/{open}/ideas/", "/spaces/{open}/ideas/?view=list", "/ideas/{idea}/", "/api/v1/idea-rooms", "/api/v1/idea-rooms/{open}/ideas", "/api/v1/ideas/{idea}",
    "/questions/ask/", "/questions/ask/?space={open}", "/questions/{question}/", "/api/v1/questions", "/api/v1/questions?state=solved",
    "/api/v1/questions/{question}", "/api/v1/questions/{question}/answers", "/api/v1/fora", "/api/v1/spaces/{open}/threads",
    "/questions/{question}/experts/", "/questions/asked/", "/settings/fields/", "/e/{question}/page/",
    "/search/?q=hidden&kind=question", "/search/?q=hidden&kind=discussion", "/search/?q=hidden&kind=idea",
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_hour_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between which hours a question without a name would appear hangs on the clock alone, which may strike meanwhile."""
    hours = datetime(2031, 1, 1, 7, tzinfo=UTC), datetime(2031, 1, 1, 18, tzinfo=UTC)
    monkeypatch.setattr(asking, "hours_ahead", lambda first, last: hours)


def more_in(world: World, name: str) -> None:
    post = actions.publish_post(
        by=house(world.cast.bo), space=world.spaces[name], body="Hidden #hiddenword #havvind"
    )
    actions.add_comment(by=house(world.cast.anna), on=post, body="Hidden as well @outsider")
    actions.react(by=house(world.cast.anna), entry=post, emoji="👍")


def another_secret_space(world: World) -> None:
    space = spaces.open_space(
        by=house(world.cast.bo), name="Heron two", purpose="Hidden", audience="Few", responsible=world.cast.bo, access="secret"
    )  # fmt: skip
    actions.publish_post(by=house(world.cast.bo), space=space, body="Hidden #hiddenword")


def a_page_in(world: World, name: str) -> None:
    page = pages.write_page(
        by=house(world.cast.bo), space=world.spaces[name], title="Hidden", body="Hidden #havvind"
    )
    Page.objects.filter(pk=page.pk).update(confirmed_until=timezone.localdate())


def a_kept_page(world: World) -> None:
    above = Page.objects.select_related("entry__space").get(parent=None, entry__space=world.spaces["kept"])
    page = pages.write_page(
        by=house(world.cast.bo), space=world.cast.open, title="hidden below", body="hidden", parent=above
    )
    Page.objects.filter(pk=page.pk).update(confirmed_until=timezone.localdate())


def a_working_text_in_the_open(world: World) -> None:
    """Readers go on reading the approved words, and nothing tells them that there are others."""
    page = _kept(world)
    pages.edit_page(
        by=house(world.cast.anna), page=page, title="Hidden", body="Hidden #hiddenword @outsider [[Wanted]]",
        version=page_queries.words_to_edit(page).version,
    )  # fmt: skip


def a_secret_page_that_speaks_of_an_open_one(world: World) -> None:
    body = f"[x](/pages/{_kept(world).pk}/)"
    pages.write_page(by=house(world.cast.bo), space=world.spaces["secret"], title="Hidden", body=body)


def _kept(world: World) -> Page:
    """The page of the open space that needs approval."""
    rows = Page.objects.filter(space=world.spaces["open"], needs_approval=True)
    return rows.select_related("entry__space").get()


def something_said_about_a_page(world: World, name: str) -> None:
    """A page that was there before: more is said about it."""
    rows = Page.objects.select_related("entry__space").filter(space=world.spaces[name], entry__version=2)
    page = rows.filter(entry__text__contains="New").order_by("pk")[0]
    pages.suggest_change(
        by=house(world.cast.bo), page=page, title="Hidden", body="Hidden", version=2, why="Hidden"
    )
    pages.comment_on_passage(
        by=house(world.cast.anna), page=page, passage=Passage("New"), version=2, body="Hidden @outsider"
    )


def an_article_in(world: World, name: str) -> None:
    """In the blog that is there, and in a new one."""
    blog = Blog.objects.select_related("space", "leader").get(space=world.spaces[name])
    for one in (
        blog,
        blogs.open_blog(by=house(world.cast.anna), space=blog.space, name="Hidden", subject="Hidden"),
    ):
        begun = blogs.write_draft(
            by=house(world.cast.anna), blog=one, title="Hidden", body="Hidden #havvind #hiddenword"
        )
        out = blogs.publish_draft(by=house(world.cast.anna), draft=begun, version=1)
        actions.react(by=house(world.cast.anna), entry=out.entry, emoji="👍")


def talk_in_a_forum(world: World, name: str) -> None:
    """In the forum that is there: a new part, a discussion that waits, one that was split from another."""
    space = world.spaces[name]
    runs = house(world.cast.bo if name == "secret" else world.cast.anna)
    forum = Forum.objects.select_related("space").get(space=space)
    part = fora.add_sub_forum(by=runs, forum=forum, name="Hidden")
    begun = fora.start_discussion(
        by=house(world.cast.bo),
        space=space,
        title="Hidden",
        body="Hidden #havvind #hiddenword",
        sub_forum=part,
    )
    said = actions.add_comment(by=house(world.cast.anna), on=begun.entry, body="Hidden")
    fora.split_off(by=runs, thread=begun.entry, replies=[said.pk], title="Hidden too")
    asked = actions.publish_thread(
        by=house(world.cast.bo), space=space, kind="question", title="Hidden?", body="Hidden"
    )
    Thread.objects.create(entry=asked)
    actions.add_comment(by=house(world.cast.anna), on=asked, body="Hidden", kind="answer")


def a_draft_in_the_open(world: World) -> None:
    """The blog is read by all; that something is being written, waits or will come out, nobody else can tell."""
    blog = Blog.objects.select_related("space", "leader").get(space=world.cast.open)
    body = f"Hidden #hiddenword @{world.cast.outsider.handle}"
    begun = [
        blogs.write_draft(
            by=house(world.cast.anna),
            blog=blog,
            title="Hidden",
            lead="Hidden",
            body=body,
            series=blog.series.get().name,
        )
        for _which in range(2)
    ]
    blogs.submit_draft(by=house(world.cast.anna), draft=begun[0], version=1)
    later = timezone.now() + timedelta(hours=1)
    blogs.schedule_draft(by=house(world.cast.bo), draft=begun[1], version=1, publish_at=later)


def a_suggestion_in_the_open(world: World) -> None:
    """The page is read by all, what is suggested for it is not: other readers see no trace."""
    page = Page.objects.select_related("entry__space").filter(space=world.cast.open).order_by("pk")[0]
    made = pages.suggest_change(by=house(world.cast.bo), page=page, title="Hidden", body="Hidden", version=2)
    pages.discuss_suggestion(by=house(world.cast.anna), suggestion=made, body="Hidden")


def an_outcome_elsewhere(world: World) -> None:
    """Something that all can read led to what few can read: the page of the first tells nobody else."""
    bo = house(world.cast.bo)
    for name in ("closed", "secret"):
        blogs.tell_outcome(
            by=bo, space=world.spaces[name], title="Hidden", body="Hidden", sources=[_led(world)]
        )


def an_idea_in(world: World, name: str) -> None:
    """Overdue, supported and decided: lists and counts of others show nothing of it."""
    room = IdeaRoom.objects.select_related("space").get(space=world.spaces[name])
    for stage in ("", "chosen"):
        idea = ideas.propose_idea(
            by=house(world.cast.bo), room=room, title="Hidden", body="Hidden #hiddenword"
        )
        ideas.say_why(by=house(world.cast.anna), idea=idea, body="Hidden")
        if stage:
            ideas.move_idea(by=house(world.cast.anna), idea=idea, stage=stage, reason="Hidden")
    Idea.objects.filter(room=room).update(decide_by=timezone.localdate() - timedelta(days=1))


def a_secret_source_of_an_open_idea(world: World) -> None:
    """The world's idea has one; here it is another, with other words."""
    led = actions.publish_post(
        by=house(world.cast.bo), space=world.spaces["secret"], title="Hidden", body="Hidden"
    )
    Idea.objects.filter(pk=_idea(world)).update(source=led)


def _idea(world: World) -> int:
    return Idea.objects.filter(room__space=world.cast.open, source__isnull=False).get().pk


def a_secret_source_of_an_open_outcome(world: World) -> None:
    led = actions.publish_post(by=house(world.cast.bo), space=world.spaces["secret"], body="Hidden")
    blogs.link_sources(by=house(world.cast.bo), outcome=_outcome(world), sources=[led.pk])


def a_question_in(world: World, name: str) -> None:
    """With an answer; and said to be the same as an open one, which all can read."""
    asked = fora.ask_question(
        by=house(world.cast.anna), space=world.spaces[name], title="Hidden", topics="hiddenword"
    )
    given = fora.give_answer(by=house(world.cast.bo), question=asked, body="Hidden as well")
    fora.accept_answer(by=house(world.cast.anna), question=asked, answer=given)
    fora.mark_same(by=house(world.cast.anna), question=asked, other=_question(world))


def a_question_that_waits(world: World) -> None:
    fora.ask_without_name(
        by=house(world.cast.bo), space=world.cast.open, title="Hidden #hiddenword", key=new_key()
    )


def _question(world: World) -> Thread:
    rows = Thread.objects.filter(entry__space=world.cast.open, accepted__isnull=False)
    return rows.select_related("entry__space").get()


def _outcome(world: World) -> Outcome:
    return Outcome.objects.select_related("entry__space").get(entry__space=world.cast.open)


def _led(world: World) -> int:
    """The post of the open space that led to an outcome."""
    return OutcomeSource.objects.get(outcome=_outcome(world), entry__space=world.cast.open).entry_id


def a_must_read_in(world: World, name: str) -> None:
    post = actions.publish_post(by=house(world.cast.bo), space=world.spaces[name], body="Hidden")
    ask_to_confirm(world, name, post)


def ask_to_confirm(world: World, name: str, entry: Entry) -> None:
    made = notices.send_notice(
        by=house(world.cast.people[RUNS[name]]), entry=entry, due_on=timezone.localdate() + timedelta(days=3),
        audience=Audience(spaces=frozenset({world.spaces[name].pk})), note="Hidden",
    )  # fmt: skip
    notices.confirm(by=house(world.cast.bo), notice=made, version=entry.version)


def a_must_read_that_others_are_asked(world: World) -> None:
    """The page is everybody's; that some are asked to confirm it concerns those alone."""
    ask_to_confirm(world, "open", _kept(world).entry)


def _asked_about(world: World) -> Entry:
    """Bo's question in the open space."""
    return Entry.objects.filter(space=world.cast.open, kind="question", author=world.cast.bo).order_by("pk")[
        0
    ]


def somebody_asked_and_not_their_field(world: World) -> None:
    """Who was asked an open question, and what they said to it, is between them and the asker."""
    page = _kept(world)
    for member in (world.cast.leader, world.cast.community_manager):
        asked = Asked.objects.create(question_id=_asked_about(world).pk, member=member)
        AskedBecause.objects.create(asked=asked, entry=page.entry, what="owns")
        asked = Asked.objects.select_related("question__entry").get(pk=asked.pk)
        leave_field(by=house(member), asked=asked, entries=[page.pk])


def a_closed_page_made_of_an_open_question(world: World) -> None:
    question = Entry.objects.select_related("space").get(pk=_asked_about(world).pk)
    pages.make_page(
        by=house(world.cast.anna), thread=question, parts=[question.pk], space=world.spaces["closed"], title="Hidden",
        body="Hidden",
    )  # fmt: skip


def somebody_away(world: World) -> None:
    today = timezone.localdate()
    away.set_away(
        by=house(world.cast.bo), member=world.cast.bo, from_on=today, until_on=today, deputy=world.cast.anna
    )


DIFFERENCES: dict[str, Callable[[World], None]] = {
    "a post in the secret space": lambda world: more_in(world, "secret"),
    "a post in the closed space": lambda world: more_in(world, "closed"),
    "a post in the guests' space": lambda world: more_in(world, "guests"),
    "a page in the closed space": lambda world: a_page_in(world, "closed"),
    "a page below one that few read": a_kept_page,
    "a working text in the open space": a_working_text_in_the_open,
    "a secret page that speaks of an open one": a_secret_page_that_speaks_of_an_open_one,
    "another secret space": another_secret_space,
    "talk in the forum of the closed space": lambda world: talk_in_a_forum(world, "closed"),
    "an article in the closed space": lambda world: an_article_in(world, "closed"),
    "an outcome in closed spaces of an open post": an_outcome_elsewhere,
    "a secret post that led to an open outcome": a_secret_source_of_an_open_outcome,
    "an idea in the closed space": lambda world: an_idea_in(world, "closed"),
    "a secret post that an open idea was kept from": a_secret_source_of_an_open_idea,
    "a draft in the open space": a_draft_in_the_open,
    "a question in the closed space": lambda world: a_question_in(world, "closed"),
    "a question in the secret space": lambda world: a_question_in(world, "secret"),
    "a question without a name in the open space": a_question_that_waits,
    "a must-read in the closed space": lambda world: a_must_read_in(world, "closed"),
    "a must-read on an open page": a_must_read_that_others_are_asked,
    "somebody is away": somebody_away,
    "somebody is asked": somebody_asked_and_not_their_field,
    "a closed page made of an open question": a_closed_page_made_of_an_open_question,
    "said about a page in the closed space": lambda world: something_said_about_a_page(world, "closed"),
}


# Whoever is not inside the open space reads its pages.
READERS_OF_A_PAGE = ("{page}", "{page}suggestions/", "{page}remarks/", "{page}history/", "{page}history/1/")


@pytest.mark.parametrize("visitor", ["removed", "outsider", "guest_elsewhere", "anonymous"])
def test_what_others_suggest_for_an_open_page_changes_nothing_for_its_readers(
    world: World, visitor: str
) -> None:
    page = Page.objects.filter(space=world.cast.open).order_by("pk")[0].url
    addresses = [*LISTS, *(address.replace("{page}", page) for address in READERS_OF_A_PAGE)]
    without = answers(world, visitor, addresses)
    with transaction.atomic():
        a_suggestion_in_the_open(world)
        while outbox.drain():
            pass
        with_it = answers(world, visitor, addresses)
    assert {address for address in addresses if without[address] != with_it[address]} == set()


def answers(world: World, visitor: str, lists: Sequence[str] = LISTS) -> dict[str, str]:
    """What the visitor gets from every list, without what is new in every answer."""
    cards.forget_all()
    forget_company()
    forget_open()
    visiting = asker(world, visitor)
    known = {"bo": world.cast.bo.pk, "open": world.cast.open.pk, "closed": world.cast.closed.pk}
    blog = Blog.objects.get(space=world.cast.open)
    known |= {"blog": blog.pk, "article": blog.articles.get().pk, "kept": _kept(world).pk}
    known |= {"outcome": _outcome(world).pk, "led": _led(world), "idea": _idea(world)}
    known["question"] = _asked_about(world).pk
    return {page: blurred(visiting.ask("GET", page.format(**known))[1]) for page in lists}


def blurred(text: str) -> str:
    text = re.sub(
        r"\b(?:[a-z]{4} ){5}[a-z]{4}\b", "KEY", text
    )  # each form has new words for asking without a name
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.+%A-Z-]*", "TIME", masked(text, 0))


# As in the matrix: on PostgreSQL two, which is enough to see that its statements say the same.
OUTSIDERS = (
    "outsider",
    "guest_elsewhere",
    *(() if database() == "postgres" else ("removed", "administrator", "anonymous")),
)
# The administrator has joined the open space, so edits there and is asked with its members; and sees who is away.
SHOWN_TO_ADMINISTRATORS = {
    "a working text in the open space",
    "a must-read on an open page",
    "somebody is away",
}
PAIRS = [
    (visitor, difference)
    for difference in DIFFERENCES
    for visitor in OUTSIDERS
    if visitor != "administrator" or difference not in SHOWN_TO_ADMINISTRATORS
]


@pytest.fixture(scope="module")
def answered_before() -> dict[tuple[str, date], dict[str, str]]:
    """What each visitor gets on a day from the world as it is made, asked once: it is the same before every difference."""
    return {}


@pytest.mark.parametrize(("visitor", "difference"), PAIRS)
def test_a_secret_more_or_less_changes_nothing_for_an_outsider(
    world: World, visitor: str, difference: str, answered_before: dict[tuple[str, date], dict[str, str]]
) -> None:
    today = timezone.localdate()
    if (visitor, today) not in answered_before:
        answered_before[visitor, today] = answers(world, visitor)
    without = answered_before[visitor, today]
    with transaction.atomic():
        DIFFERENCES[difference](world)
        while outbox.drain():
            pass
        with_it = answers(world, visitor)
    assert {page for page in LISTS if without[page] != with_it[page]} == set()


def test_what_is_like_a_question_elsewhere_changes_nothing_for_its_asker(world: World) -> None:
    """Who knows of it from closed spaces is suggested to those alone who may read there."""
    anna, outsider = world.cast.anna, world.cast.outsider
    with found_by_words(), transaction.atomic():
        thread = ask_question(outsider, world.cast.open, "Hidden turbines")
        shown = [f"/questions/{thread.pk}/", f"/questions/{thread.pk}/experts/"]
        without = answers(world, "outsider", shown)
        for name in ("closed", "secret", "guests"):
            pages.write_page(by=house(anna), space=world.spaces[name], title="Hidden ropes", body="x")
            like = ask_question(world.cast.bo, world.spaces[name], "Hidden cranes")
            answer_question(anna, like, accepted=True)
        assert answers(world, "outsider", shown) == without
        # Its counter-test: what everybody reads does show.
        pages.write_page(by=house(anna), space=world.cast.open, title="Hidden ropes", body="x")
        assert answers(world, "outsider", shown) != without
        transaction.set_rollback(True)


def test_the_comparison_sees_a_difference_that_is_allowed(world: World) -> None:
    """Its counter-test: for somebody inside, the same change does show."""
    without = answers(world, "anna")
    more_in(world, "secret")
    while outbox.drain():
        pass
    changed = {page for page, text in answers(world, "anna").items() if text != without[page]}
    assert {"/", "/topics/", "/search/?q=hidden", "/api/v1/feed"} <= changed
