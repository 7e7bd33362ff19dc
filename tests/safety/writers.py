"""Writers that are killed in the middle of their work: `python -m tests.safety.writers CYCLES` in a town's environment.

Each cycle forks a writer that posts and comments as fast as it can and says an entry's id once its action has
returned; after 10 to 120 ms it is killed with SIGKILL. At the end every acknowledged entry must be there, with all
that belongs to it, and nothing may be half there. Prints a JSON report.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")

import django

django.setup()

from django.db import connection, connections

from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.entries.actions import add_comment, publish_post
from torvet.entries.models import Entry, EntryTopic, Watch
from torvet.people.actions import as_house
from torvet.people.models import Member
from torvet.spaces.actions import open_space


def write(space_id: int, told: int) -> None:
    """Write until killed; each id goes out only after its action has come back."""
    from torvet.spaces.models import Space

    by = as_house(Member.objects.get(role="administrator"))
    space = Space.objects.get(pk=space_id)
    while True:
        post = publish_post(by=by, space=space, body="Something that must not get lost #kept")
        os.write(told, f"{post.pk}\n".encode())
        comment = add_comment(by=by, on=post, body="Nor this")
        os.write(told, f"{comment.pk}\n".encode())


def cycle(space_id: int, dice: random.Random) -> list[int]:
    """One writer's life: the ids it acknowledged."""
    connections.close_all()
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        try:
            write(space_id, told)
        finally:
            os._exit(1)
    os.close(told)
    text = b""
    select.select([heard], [], [], 20)  # the first acknowledgement: from here on it is in full swing
    end = time.monotonic() + dice.uniform(0.010, 0.120)
    while (left := end - time.monotonic()) > 0:
        if select.select([heard], [], [], left)[0]:
            text += os.read(heard, 65536)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while part := os.read(heard, 65536):
        text += part
    os.close(heard)
    return [int(line) for line in text.split(b"\n")[:-1]]


def main() -> None:
    cycles = int(sys.argv[1])
    # The counter-test loses a row on purpose: the report must show it.
    loses = "--lose-one" in sys.argv
    dice = random.Random(11)
    founder = Member.objects.get(role="administrator")
    space = open_space(by=as_house(founder), name="Kept", purpose="p", audience="a", responsible=founder)
    acknowledged = [pk for _ in range(cycles) for pk in cycle(space.pk, dice)]
    if loses:
        Activity.objects.filter(entry_id=acknowledged[-1]).delete()
    entries = {entry.pk: entry for entry in Entry.objects.all()}
    recorded = set(
        Activity.objects.filter(verb__in=(verbs.POSTED, verbs.COMMENTED)).values_list("entry_id", flat=True)
    )
    openers = {pk for pk, entry in entries.items() if entry.root_id is None}
    counted = {pk: sum(1 for entry in entries.values() if entry.root_id == pk) for pk in openers}
    report = {
        "cycles": cycles,
        "acknowledged": len(acknowledged),
        "lost": len(set(acknowledged) - entries.keys()),
        "half": len(entries.keys() ^ recorded)
        + len(openers ^ set(Watch.objects.values_list("thread_id", flat=True)))
        + len(openers ^ set(EntryTopic.objects.values_list("entry_id", flat=True)))
        + sum(entries[pk].reply_count != number for pk, number in counted.items()),
    }
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            report["integrity"] = cursor.fetchone()[0]
    print(json.dumps(report))


if __name__ == "__main__":
    main()
