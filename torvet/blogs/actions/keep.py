"""Opening a blog, what it says of itself, and who writes in it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.activity import verbs
from torvet.activity.record import record
from torvet.base.rules import Refused, require
from torvet.base.text.characters import clean_line
from torvet.blogs import rules
from torvet.blogs.models import Blog, Delegate, Draft, Series
from torvet.people.models import Member, Unit
from torvet.people.queries import units_led_by
from torvet.people.viewer import Viewer
from torvet.spaces import rules as space_rules
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of

LONGEST_PROMISE = 30  # days


@transaction.atomic
def open_blog(
    *,
    by: Viewer,
    space: Space,
    name: str,
    about: str = "",
    leader: Member | None = None,
    unit: Unit | None = None,
    subject: str = "",
    promise_days: int | None = None,
    wants_review: bool = False,
) -> Blog:
    """Open a blog whose articles stand in a space. A leader's blog is theirs alone to keep, whoever opened it.

    Raises Refused without a name, for a leader who cannot write there, or a promise that is none.
    """
    membership = membership_of(by, space)
    if leader is not None and leader.pk == by.id:
        leads = bool(units_led_by(leader))
        require(
            rules.can_open_for_oneself(by, space, membership, leads_a_unit=leads)
            or rules.can_open_for_others(by, space, membership)
        )
    else:
        require(rules.can_open_for_others(by, space, membership))
    assert by.member is not None  # the rule said so
    check_leader(leader, space)
    blog = Blog.objects.create(
        space=space,
        name=_name(name),
        about=clean_line(about)[:400],
        leader=leader,
        unit=unit,
        subject=clean_line(subject)[:80],
        promise_days=_promise(promise_days),
        wants_review=wants_review,
        opened_by=by.member,
    )
    record(verbs.OPENED_BLOG, by=by, about=leader, space_id=space.pk, blog=blog.pk)
    return blog


@transaction.atomic
def change_blog(
    *,
    by: Viewer,
    blog: Blog,
    name: str,
    about: str,
    unit: Unit | None,
    subject: str,
    promise_days: int | None,
    wants_review: bool,
    leader: Member | None = None,
) -> Blog:
    """What a blog says of itself. `leader` counts only while nobody speaks there: a leader's blog is not taken away.

    A new leader begins without the delegates of the one before: nobody speaks for them until they say so.
    """
    require(rules.can_keep(by, blog, membership_of(by, blog.space)))
    blog = Blog.objects.select_for_update(of=("self",)).select_related("space", "leader").get(pk=blog.pk)
    is_led = blog.leader is not None and blog.leader.is_active
    has_new_voice = False
    if not is_led and (leader.pk if leader else None) != blog.leader_id:
        check_leader(leader, blog.space)
        blog.leader, has_new_voice = leader, leader is not None
        Delegate.objects.filter(blog=blog).delete()
    blog.name, blog.about, blog.unit = _name(name), clean_line(about)[:400], unit
    blog.subject, blog.promise_days = clean_line(subject)[:80], _promise(promise_days)
    blog.wants_review = wants_review
    blog.save()
    record(
        verbs.CHANGED_BLOG, by=by, about=blog.leader if has_new_voice else None, space_id=blog.space_id, blog=blog.pk
    )  # fmt: skip
    return blog


def _name(name: str) -> str:
    name = clean_line(name)[:80]
    if not name:
        raise Refused(_("Give the blog a name."))
    return name


def _promise(days: int | None) -> int | None:
    if days is not None and not 1 <= days <= LONGEST_PROMISE:
        raise Refused(_("Promise an answer within 1 to %(most)s days.") % {"most": LONGEST_PROMISE})
    return days


def check_leader(leader: Member | None, space: Space) -> None:
    """Somebody of the company who may write where the articles stand. Raises Refused."""
    if leader is None:
        return
    if not rules.can_be_leader(leader):
        raise Refused(_("A blog belongs to somebody of the company, with an open account."))
    viewer = Viewer.of(leader)
    if not space_rules.can_write_in(viewer, space, membership_of(viewer, space)):
        raise Refused(
            _("%(name)s cannot write in %(space)s. Choose another space, or let them in first.")
            % {"name": leader.name, "space": space.name}
        )


@transaction.atomic
def close_blog(*, by: Viewer, blog: Blog) -> Blog:
    """Nothing more is written in it. What is out stays; what was scheduled becomes a draft again."""
    require(rules.can_keep(by, blog, membership_of(by, blog.space)))
    if blog.closed_at is None:
        blog.closed_at = timezone.now()
        blog.save(update_fields=["closed_at"])
        Draft.objects.filter(blog=blog).update(publish_at=None, scheduled_by=None)
        record(verbs.CLOSED_BLOG, by=by, space_id=blog.space_id, blog=blog.pk)
    return blog


@transaction.atomic
def reopen_blog(*, by: Viewer, blog: Blog) -> Blog:
    require(rules.can_keep(by, blog, membership_of(by, blog.space)))
    if blog.closed_at is not None:
        blog.closed_at = None
        blog.save(update_fields=["closed_at"])
        record(verbs.REOPENED_BLOG, by=by, space_id=blog.space_id, blog=blog.pk)
    return blog


@transaction.atomic
def name_delegate(
    *, by: Viewer, blog: Blog, member: Member, may_publish: bool = False, may_answer: bool = False
) -> Delegate:
    """Let somebody write in the blog; named again, what they may is as said now. Raises Refused for who cannot."""
    require(rules.can_keep(by, blog, membership_of(by, blog.space)))
    assert by.member is not None  # the rule said so
    if member.pk == blog.leader_id:
        raise Refused(_("This is %(name)s's own blog already.") % {"name": member.name})
    if not rules.can_be_delegate(member):
        raise Refused(_("Choose a colleague with an open account."))
    viewer = Viewer.of(member)
    if not space_rules.can_write_in(viewer, blog.space, membership_of(viewer, blog.space)):
        raise Refused(
            _("%(name)s cannot write in %(space)s, where the articles stand. Let them in first.")
            % {"name": member.name, "space": blog.space.name}
        )
    delegate, _is_new = Delegate.objects.update_or_create(
        blog=blog,
        member=member,
        defaults={"may_publish": may_publish, "may_answer": may_answer, "named_by": by.member},
    )
    record(
        verbs.NAMED_DELEGATE, by=by, about=member, space_id=blog.space_id, blog=blog.pk,
        may_publish=may_publish, may_answer=may_answer,
    )  # fmt: skip
    return delegate


@transaction.atomic
def end_delegate(*, by: Viewer, delegate: Delegate) -> None:
    """They write there no more, from now on. What they wrote stays, and still says that it was them."""
    blog = delegate.blog
    is_own = by.can_write and delegate.member_id == by.id
    require(is_own or rules.can_keep(by, blog, membership_of(by, blog.space)))
    gone, _kinds = Delegate.objects.filter(pk=delegate.pk).delete()
    if gone:
        record(verbs.ENDED_DELEGATE, by=by, about=delegate.member, space_id=blog.space_id, blog=blog.pk)


def series_named(blog: Blog, name: str) -> Series | None:
    """The series of a blog with this name, begun if there is none; None without a name. For the actions that write."""
    name = clean_line(name)[:80]
    if not name:
        return None
    last = Series.objects.filter(blog=blog).aggregate(last=Max("place"))["last"] or 0
    found, _is_new = Series.objects.get_or_create(blog=blog, name=name, defaults={"place": last + 1})
    return found
