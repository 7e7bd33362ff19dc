"""Who may do what with a blog: the table, and the two sets that must say the same."""

from __future__ import annotations

import pytest

from tests.blogs.company import delegate, draft, leaders_blog
from tests.cast import Cast, house, viewer_of
from torvet.base.rules import Forbidden, Refused
from torvet.blogs import actions, rules
from torvet.blogs.models import Blog, Draft
from torvet.blogs.queries.blogs import written_in
from torvet.blogs.queries.voice import delegation_of
from torvet.people import actions as people
from torvet.people.viewer import Via, Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.queries import membership_of

KEEPS = {"keep", "write", "publish", "review", "see_loop", "have_feed"}
READS = {"have_feed"}


def abilities(blog: Blog, viewer: Viewer) -> set[str]:
    found = rules.abilities(viewer, blog, membership_of(viewer, blog.space), delegation_of(viewer, blog))
    return {word for word, may in found.items() if may}


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("leader", KEEPS),
        ("anna", READS | {"write", "publish"}),
        ("bo", READS | {"write", "see_loop"}),
        ("outsider", READS),
        ("community_manager", READS),
        ("administrator", READS),
        ("guest", set()),
        ("removed", READS),
        ("deactivated", set()),
    ],
)
def test_a_leaders_blog_is_the_leaders_and_of_those_they_named(cast: Cast, who: str, may: set[str]) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    delegate(blog, cast.bo, may_answer=True)
    assert abilities(blog, viewer_of(cast.people[who])) == may


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("leader", KEEPS),  # owns the space
        ("anna", KEEPS),  # moderates it
        ("community_manager", KEEPS),  # opened the blog
        ("bo", READS),
        ("administrator", READS),
        ("guest", set()),
    ],
)
def test_a_blog_of_no_leader_is_kept_by_who_opened_it_and_who_runs_the_space(
    cast: Cast, who: str, may: set[str]
) -> None:
    blog = actions.open_blog(
        by=house(cast.community_manager), space=cast.open, name="Safety", subject="Safety"
    )
    assert abilities(blog, viewer_of(cast.people[who])) == may


def test_with_review_a_delegate_who_may_publish_asks_for_the_nod(cast: Cast) -> None:
    blog = leaders_blog(cast, wants_review=True)
    delegate(blog, cast.anna, may_publish=True)
    assert abilities(blog, viewer_of(cast.anna)) == READS | {"write"}


def test_nobody_publishes_in_the_name_of_a_leader_who_has_left(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    people.deactivate(by=house(cast.administrator), member=cast.leader)
    blog = Blog.objects.select_related("space", "leader").get(pk=blog.pk)
    assert not any("publish" in abilities(blog, viewer_of(who)) for who in cast.people.values())
    assert "write" in abilities(
        blog, viewer_of(cast.anna)
    )  # she moderates the space: the drafts are hers now


def test_a_closed_blog_and_an_archived_space_take_no_more_words(cast: Cast) -> None:
    blog = leaders_blog(cast)
    delegate(blog, cast.anna, may_publish=True)
    actions.close_blog(by=house(cast.leader), blog=blog)
    assert abilities(blog, viewer_of(cast.anna)) == READS
    actions.reopen_blog(by=house(cast.leader), blog=blog)
    spaces.archive_space(by=house(cast.leader), space=cast.open)
    blog = Blog.objects.select_related("space", "leader").get(pk=blog.pk)
    assert abilities(blog, viewer_of(cast.anna)) == READS
    assert abilities(blog, viewer_of(cast.leader)) == READS | {"see_loop"}


def test_a_token_keeps_no_blog_and_makes_no_keys(cast: Cast) -> None:
    blog = leaders_blog(cast)
    token = Viewer.of(cast.leader, via=Via.TOKEN)
    assert abilities(blog, token) == KEEPS - {"keep", "have_feed"}
    reading = Viewer(cast.leader, via=Via.TOKEN, scopes=frozenset({"read"}))
    assert abilities(blog, reading) == set()


@pytest.mark.parametrize(
    ("who", "for_whom", "may"),
    [
        ("leader", "leader", True),
        ("leader", "bo", True),  # runs the space
        ("anna", "leader", True),
        ("anna", None, True),
        ("community_manager", None, True),
        ("community_manager", "leader", True),
        ("bo", "bo", False),
        ("bo", "leader", False),
        ("bo", None, False),
        ("administrator", None, True),  # is a community manager too
        ("outsider", None, False),
        ("guest", None, False),
    ],
)
def test_who_opens_a_blog_and_for_whom(cast: Cast, who: str, for_whom: str | None, may: bool) -> None:
    leader = cast.people[for_whom] if for_whom else None
    try:
        actions.open_blog(by=house(cast.people[who]), space=cast.open, name="New", leader=leader)
        opened = True
    except Forbidden:
        opened = False
    assert opened is may


def test_a_blog_is_not_opened_for_somebody_who_cannot_write_there_nor_for_a_guest(cast: Cast) -> None:
    with pytest.raises(Refused, match="cannot write in"):
        actions.open_blog(by=house(cast.anna), space=cast.closed, name="New", leader=cast.leader)
    with pytest.raises(Refused, match="somebody of the company"):
        actions.open_blog(by=house(cast.anna), space=cast.guests, name="New", leader=cast.guest)


@pytest.mark.parametrize("days", [0, 31, -1])
def test_a_promise_is_of_some_days(cast: Cast, days: int) -> None:
    with pytest.raises(Refused, match="Promise"):
        leaders_blog(cast, promise_days=days)


def test_a_leaders_blog_is_not_taken_away_by_those_who_run_the_space(cast: Cast) -> None:
    blog = actions.open_blog(by=house(cast.anna), space=cast.open, name="Bo's", leader=cast.bo)
    with pytest.raises(Forbidden):
        actions.change_blog(
            by=house(cast.anna), blog=blog, name="Mine", about="", unit=None, subject="", promise_days=None,
            wants_review=False, leader=cast.anna,
        )  # fmt: skip
    with pytest.raises(Forbidden):
        delegate(blog, cast.anna, by=cast.anna)


def test_a_new_leader_begins_without_the_delegates_of_the_one_before(cast: Cast) -> None:
    blog = actions.open_blog(by=house(cast.anna), space=cast.open, name="Yard", subject="The yard")
    delegate(blog, cast.outsider, by=cast.anna, may_publish=True)
    actions.change_blog(
        by=house(cast.anna), blog=blog, name="Yard", about="", unit=None, subject="The yard", promise_days=None,
        wants_review=False, leader=cast.bo,
    )  # fmt: skip
    blog = Blog.objects.select_related("space", "leader").get(pk=blog.pk)
    assert blog.leader == cast.bo and abilities(blog, viewer_of(cast.outsider)) == READS


def test_the_sets_and_the_rule_say_the_same_for_everybody_in_every_kind_of_blog(cast: Cast) -> None:
    own = leaders_blog(cast)
    delegate(own, cast.bo)
    subject = actions.open_blog(by=house(cast.anna), space=cast.closed, name="Board", subject="Decisions")
    delegate(subject, cast.bo, by=cast.anna)
    secret = actions.open_blog(by=house(cast.bo), space=cast.secret, name="Heron", leader=cast.bo)
    left = actions.open_blog(by=house(cast.leader), space=cast.open, name="Left", leader=cast.outsider)
    begun = {
        blog.pk: draft(blog, by)
        for blog, by in ((own, cast.leader), (subject, cast.anna), (secret, cast.bo), (left, cast.outsider))
    }
    people.deactivate(by=house(cast.administrator), member=cast.outsider)
    spaces.remove_member(
        by=house(cast.anna),
        membership=cast.closed.memberships.select_related("space", "member").get(member=cast.bo),
    )
    for member in cast.people.values():
        viewer = viewer_of(member)
        for blog in Blog.objects.select_related("space", "leader"):
            said = "write" in abilities(blog, viewer)
            assert Draft.objects.visible_to(viewer).filter(pk=begun[blog.pk].pk).exists() is said, (
                member,
                blog,
            )
            assert (blog in written_in(viewer)) is said, (member, blog)
