"""`torvet reindex`: bring the search index up to date, or make it anew."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from torvet.search import actions

TELL_EVERY = 1.0  # seconds


class Command(BaseCommand):
    help = (
        "Index what search does not find yet and drop what is gone. Torvet may run meanwhile: it works in small steps"
        " and may be stopped and started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anew", action="store_true", help="forget the index first; until it is done searches find less"
        )
        parser.add_argument(
            "--json", action="store_true", help="the counts as JSON, and nothing else, on stdout"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began, told = time.monotonic(), 0.0

        def progress(what: str, done: int) -> None:
            nonlocal told
            if time.monotonic() - told > TELL_EVERY:
                told = time.monotonic()
                self.stderr.write(f"{what}: {done}")

        kept = actions.rebuild(progress) if options["anew"] else actions.complete(progress)
        vectors = actions.keep_vectors(None, progress)
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {**asdict(kept), "vectors": vectors, "seconds": round(time.monotonic() - began, 1)}
                )
            )
            return
        self.stdout.write(
            f"Indexed {kept.entries} entries, {kept.people} people, {kept.spaces} spaces and {kept.topics} topics; "
            f"dropped {kept.dropped}; read the meaning of {vectors} texts. It took {time.monotonic() - began:.1f} s."
        )
