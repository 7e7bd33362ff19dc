"""Who was told what."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from torvet.entries import queries as entries
from torvet.entries.models import Entry, Watch
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.spaces.models import Invitation, Membership, Space, Standing


class Told(models.TextChoices):
    """As what somebody is told. Stored; each has its sentence in sentences.py."""

    MENTIONED = "mentioned"
    MENTIONED_UNIT = "mentioned_unit"
    ANSWERED = "answered"  # somebody answered them
    COMMENTED = "commented"  # somebody wrote in a thread they watch
    REACTED = "reacted"
    FOLLOWED = "followed"
    INVITED = "invited"
    LET_IN = "let_in"
    TURNED_DOWN = "turned_down"
    ASKED_TO_JOIN = "asked_to_join"
    ADDED = "added"
    STILL_RIGHT = "still_right"  # a page they answer for is due
    TO_APPROVE = "to_approve"  # a page they answer for has a newer text
    APPROVED = "approved"
    NOT_YET = "not_yet"
    REPORTED = "reported"  # a reader says that a page they answer for is not right
    REPORT_ANSWERED = "report_answered"
    SUGGESTED = "suggested"  # somebody suggests a change to a page they answer for
    SUGGESTION_ACCEPTED = "suggestion_accepted"
    SUGGESTION_DECLINED = "suggestion_declined"
    SUGGESTION_DISCUSSED = "suggestion_discussed"
    ASKED_OVER = "asked_over"  # to take something over from somebody who leaves
    TAKEN_OVER = "taken_over"  # what they asked for was taken over
    NOT_TAKEN = "not_taken"
    FELL_TO = "fell_to"  # an account was closed, and something is theirs now
    LAST_DAY_SET = "last_day_set"
    LAST_DAY_NEAR = "last_day_near"
    SHOWED_HAND_OVER = "showed_hand_over"
    LOST_LEADER = "lost_leader"
    UNANSWERED = "unanswered"  # what waits in a forum they run, once a week
    OUTCOME = "outcome"  # what became of something they took part in
    QUIET_WEEK = "quiet_week"  # one small act, for those who lead a blog
    DRAFT_WAITING = "draft_waiting"  # an article for a blog they keep waits for their nod
    DRAFT_SENT_BACK = "draft_sent_back"
    WRITING_IS_OUT = "writing_is_out"  # what they wrote for somebody was published
    DID_NOT_COME_OUT = "did_not_come_out"  # its time had come, and it could not
    MAY_WRITE = "may_write"  # they may write in somebody's blog
    BLOG_FOR_YOU = "blog_for_you"  # a blog was opened in their name
    KEEPS_BLOG = "keeps_blog"  # somebody left, and a blog is theirs to keep
    TO_CONFIRM = "to_confirm"  # that they have read something
    TO_CONFIRM_AGAIN = "to_confirm_again"  # its words changed
    TO_CONFIRM_SOON = "to_confirm_soon"
    TO_CONFIRM_FOR = "to_confirm_for"  # in the place of somebody who is away
    NOTICE_PASSED = "notice_passed"  # they look after a must-read now
    ANSWER_ACCEPTED = "answer_accepted"  # by whoever asked
    ANSWER_CONFIRMED = "answer_confirmed"  # by somebody who knows the field
    ASKED_TO_ANSWER = "asked_to_answer"  # somebody thinks that they may know
    CANNOT_ANSWER = "cannot_answer"  # somebody they asked, just now
    BECAME_PAGE = "became_page"  # words of theirs stand on a page now
    IDEA_TO_DECIDE = "idea_to_decide"  # they were named to decide about an idea
    IDEA_OVERDUE = "idea_overdue"  # they should have decided by now
    IDEAS_FELL = "ideas_fell"  # who decided has left, and they run the space
    IDEA_MERGED = "idea_merged"  # what they proposed or supported goes on in another
    IDEA_CHOSEN = "idea_chosen"  # what became of an idea they took part in
    IDEA_DECLINED = "idea_declined"
    IDEA_TRIED = "idea_tried"
    IDEA_DONE = "idea_done"


NEEDS_NOTHING = (
    Told.FOLLOWED,
    Told.STILL_RIGHT,
    Told.LAST_DAY_SET,
    Told.LAST_DAY_NEAR,
    Told.SHOWED_HAND_OVER,
    Told.LOST_LEADER,
    Told.QUIET_WEEK,
)
IN_A_BLOG = (
    Told.DRAFT_WAITING,
    Told.DRAFT_SENT_BACK,
    Told.DID_NOT_COME_OUT,
    Told.MAY_WRITE,
    Told.BLOG_FOR_YOU,
    Told.KEEPS_BLOG,
)
HANDED = (Told.ASKED_OVER, Told.TAKEN_OVER, Told.NOT_TAKEN, Told.FELL_TO)


def seen_in_thread() -> models.QuerySet[Watch]:
    """The position of a notification's member in its thread, when it lies behind the notification; for Exists()."""
    return Watch.objects.filter(
        thread=OuterRef("thread_id"), member=OuterRef("member_id"), read_at__gte=OuterRef("updated_at")
    )


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The viewer's own, as far as they may still read what it is about. Lists and counts both pass here."""
        if not viewer.can_read:
            return self.none()
        # Exists, not `in`: SQLite would fetch every readable entry of the town to look up a handful.
        entry = Exists(entries.visible(viewer).filter(pk=OuterRef("entry_id")))
        thread = Exists(entries.visible(viewer).filter(pk=OuterRef("thread_id")))
        space = Exists(Space.objects.visible_to(viewer).filter(pk=OuterRef("space_id")))
        invited = Exists(
            Invitation.objects.filter(
                space=OuterRef("space_id"),
                member_id=viewer.id,
                accepted_at=None,
                expires_at__gt=timezone.now(),
            )
        )
        runs = Exists(
            Membership.objects.filter(
                space=OuterRef("space_id"),
                member_id=viewer.id,
                standing__in=[Standing.OWNER, Standing.MODERATOR],
            )
        )
        return self.filter(
            (Q(entry__isnull=False) & entry & thread)
            | Q(entry=None, verb__in=NEEDS_NOTHING)
            | Q(entry=None, space=None, verb=Told.FELL_TO)
            | (Q(entry=None, verb=Told.INVITED) & (space | invited))
            | (Q(entry=None, verb__in=[Told.ASKED_TO_JOIN, Told.UNANSWERED]) & runs)
            | (
                Q(
                    entry=None,
                    verb__in=[
                        Told.LET_IN,
                        Told.TURNED_DOWN,
                        Told.ADDED,
                        *HANDED,
                        *IN_A_BLOG,
                        Told.IDEAS_FELL,
                    ],
                )
                & space
            ),
            member_id=viewer.id,
        )

    def unread(self) -> Self:
        """Neither read in the list nor by opening the thread: the reader's own position there tells."""
        return self.filter(~Exists(seen_in_thread()), read_at=None)


class Notification(models.Model):
    """Somebody was told something; what happens on in the same bundle joins the row until it is read.

    Ids only: what is shown is fetched and checked for its reader when it is shown.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="notifications")
    verb = models.CharField(max_length=20, choices=Told.choices)
    # What is told together: "t12" a thread, "e45" an entry, "g3" a suggestion, "d8" a draft, "b2" a blog, "x4" a
    # question that was put to somebody, "s7" a space, "" all of the verb.
    bundle = models.CharField(max_length=24, blank=True)
    thread = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+")  # the newest
    space = models.ForeignKey(Space, models.CASCADE, null=True, related_name="+")
    actor = models.ForeignKey(Member, models.CASCADE, null=True, related_name="+")  # the newest
    # Ids of those who did it, each once, newest last: ",12,7,". Text, because both databases can add to it in place.
    actors = models.TextField(default=",")
    activity_id = models.BigIntegerField()  # the newest that is in it; told twice, it changes nothing
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)  # when the newest happened, not when it was told
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            # The list.
            models.Index(fields=["member", "-updated_at", "-id"], name="told_newest"),
            # The badge, on every page.
            models.Index(fields=["member"], condition=Q(read_at=None), name="told_unread"),
            # Whether it has been told before.
            models.Index(fields=["member", "verb", "bundle", "activity_id"], name="told_before"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "verb", "bundle"], condition=Q(read_at=None), name="told_once_per_bundle"
            )
        ]

    @property
    def actor_ids(self) -> list[int]:
        """Those who did it, the newest first."""
        return [int(part) for part in reversed(self.actors.split(",")) if part]
