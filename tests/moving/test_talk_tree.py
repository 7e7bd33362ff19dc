"""What answers what, in exports of any size and shape."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from torvet.moving.imports.talk.shapes import Said
from torvet.moving.imports.talk.staging import Staging

MORNING = datetime(2024, 3, 1, 8, tzinfo=UTC)


def chain(length: int) -> list[Said]:
    """Each answers the one before it."""
    return [
        Said(
            key=f"m{number}", author="anna", at=MORNING + timedelta(seconds=number), html="<p>Hej</p>" * 100,
            where="", lines=(), opens_as="discussion", answers=(f"m{number - 1}",) if number else (),
        )
        for number in range(length)
    ]  # fmt: skip


def test_a_thread_that_is_thousands_deep_takes_no_time() -> None:
    with Staging() as staging:
        for said in chain(12_000):
            staging.add(said)
        began = time.process_time()
        staging.tree.find_parents()
        staging.tree.open_threads()
        staging.tree.grow()
        assert time.process_time() - began < 2
        staging.index()
        deepest = [one for batch in staging.in_order() for one in batch][-1]
    assert (deepest.depth, deepest.root, deepest.parent) == (11_999, "m0", "m11998")
