"""Server time of idea rooms, and votes at once: `python -m bench.ideas` in a data folder made by bench.company.

Adds one room in an open space with 2,000 ideas in all stages, 40,000 votes and 4,000 inputs, once; then asks for the
pages through the whole application and prints median and 95th percentile of milliseconds on the clock, and the
statements. At last 200 members vote for one idea at once, each from a thread of their own: exactly 200 must be counted.
"""

from __future__ import annotations

import os
import random
import threading
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")
os.environ.setdefault("TORVET_RATE_LIMITS", "off")

import django

django.setup()

from django.db import connection, connections
from django.utils import timezone

from bench.loop import timed
from bench.pages import cookie
from torvet.entries.models import Entry, Vote
from torvet.ideas import actions
from torvet.ideas.models import Idea, IdeaRoom, Input, InputSort, Stage
from torvet.people.models import Member
from torvet.people.viewer import Via, Viewer
from torvet.spaces.models import Membership, Space, Standing

IDEAS, VOTES, INPUTS, AT_ONCE = 2_000, 40_000, 4_000, 200


def filled(dice: random.Random) -> IdeaRoom:
    """The room, made when it is not there yet."""
    standing = IdeaRoom.objects.filter(question="Bench?").select_related("space").first()
    if standing is not None:
        return standing
    space = Space.objects.filter(access="open", archived_at=None, within=None, idea_room=None).order_by(
        "-pk"
    )[0]
    owner = Membership.objects.filter(space=space, standing=Standing.OWNER, member__is_active=True)
    by = Viewer.of(owner.select_related("member")[0].member, via=Via.HOUSE)
    room = actions.open_room(by=by, space=space, question="Bench?")
    people = list(
        Member.objects.filter(is_active=True).exclude(role="guest").values_list("pk", flat=True)[:50_000]
    )
    now = timezone.now()
    entries = Entry.objects.bulk_create(
        (
            Entry(
                kind="idea", space=space, author_id=dice.choice(people), title=f"Idea {number}: shorter queues at the gate",
                text="So that nobody waits.", body="<p>So that nobody waits.</p>",
                published_at=now - timedelta(minutes=number * 7),
            )
            for number in range(IDEAS)
        ),
        batch_size=1000,
    )  # fmt: skip
    Idea.objects.bulk_create(
        (
            Idea(
                entry=entry, room=room, stage=dice.choice(Stage.values), decider_id=dice.choice(people),
                decide_by=timezone.localdate() + timedelta(days=dice.randrange(-20, 40)),
            )
            for entry in entries
        ),
        batch_size=1000,
    )  # fmt: skip
    pairs = {(dice.choice(entries).pk, dice.choice(people)) for _one in range(VOTES)}
    Vote.objects.bulk_create(
        (Vote(entry_id=entry, member_id=member) for entry, member in pairs), batch_size=2000
    )
    said = Entry.objects.bulk_create(
        (
            Entry(
                kind="input", space=space, author_id=dice.choice(people), root=(root := dice.choice(entries)),
                reply_to=root, text="It takes four days.", body="<p>It takes four days.</p>", published_at=now,
            )
            for _one in range(INPUTS)
        ),
        batch_size=1000,
    )  # fmt: skip
    Input.objects.bulk_create(
        (Input(entry=entry, sort=dice.choice(InputSort.values)) for entry in said), batch_size=1000
    )
    counted = dict.fromkeys((entry.pk for entry in entries), 0)
    for pk, _member in pairs:
        counted[pk] += 1
    for entry in entries:
        entry.votes = counted[entry.pk]
    Entry.objects.bulk_update(entries, ["votes"], batch_size=500)
    return room


def vote_at_once(room: IdeaRoom) -> tuple[int, float]:
    """200 members press the button of one idea at the same moment. Gives what was counted, and the seconds it took."""
    owner = (
        Membership.objects.filter(space=room.space, standing=Standing.OWNER)
        .select_related("member")[0]
        .member
    )
    idea = actions.propose_idea(by=Viewer.of(owner, via=Via.HOUSE), room=room, title="All at once")
    rows = Member.objects.filter(is_active=True).exclude(role="guest").exclude(pk=owner.pk)
    people = list(rows[:AT_ONCE])
    assert len(people) == AT_ONCE, "the company has too few members"
    barrier = threading.Barrier(AT_ONCE + 1)

    def press(member: Member) -> None:
        barrier.wait()
        try:
            actions.support(by=Viewer.of(member, via=Via.HOUSE), idea=idea)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(member,)) for member in people]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    counted = Entry.objects.get(pk=idea.pk).votes
    assert counted == Vote.objects.filter(entry=idea.pk).count()
    return counted, time.perf_counter() - began


def main() -> None:
    room = filled(random.Random(8))
    print(f"{Member.objects.count()} members, {Entry.objects.count()} entries, on {connection.vendor}")
    key = cookie(Member.objects.filter(is_active=True).exclude(role="guest").order_by("pk")[5])
    first = Idea.objects.filter(room=room).order_by("pk")[0]
    timed("the board", room.url, key)
    timed("the list", f"{room.url}?view=list", key)
    timed("newest", f"{room.url}?view=list&order=newest", key)
    timed("overdue", "/ideas/overdue/", key)
    timed("overview", "/ideas/", key)
    timed("one idea", first.url, key)
    counted, seconds = vote_at_once(room)
    print(f"{AT_ONCE} votes at once: {counted} counted after {seconds:.1f} s")


if __name__ == "__main__":
    main()
