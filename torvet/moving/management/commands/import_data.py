"""`torvet import KIND FILE`: bring a company's people, years of conversation, questions, or an old wiki in."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from torvet.moving.inventory import show
from torvet.moving.progress import Progress
from torvet.moving.report import BadInput
from torvet.moving.running import HOW_THEY_GET_IN, KINDS, importer, run_import

BAD_INPUT = 2
# What each kind may be told, and the option that says it.
_FORUM = {"space": "space", "new_space": "new_space", "called": "called"}
WISHES = {
    "slack": {"private_as": "private"},
    "stackexchange": {**_FORUM, "address": "address"},
    "discourse": {**_FORUM, "address": "address", "with_restricted": "with_restricted"},
    "mattermost": {"called": "called", "with_restricted": "with_restricted", "private_as": "private"},
    "mbox": _FORUM,
    "wiki": {
        "space": "space",
        "new_space": "new_space",
        "called": "called",
        "with_restricted": "with_restricted",
    },
}


class Command(BaseCommand):
    help = (
        "Import a company's people (CSV), its talk from Slack or Mattermost (their exports), its questions from Stack"
        " Exchange (data dump) or Discourse (topics as JSON), a mailing list (mbox), or its old wiki (Markdown in a"
        " folder or zip, or an export of MediaWiki, Confluence, Notion, BookStack or Outline)."
        " Everything or nothing is imported; importing the"
        " same file twice changes nothing. Look first with --dry-run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS), help="what the file is")
        parser.add_argument(
            "file",
            type=Path,
            help="the file (a wiki, stackexchange, discourse: or folder), as the other system wrote it",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument(
            "--json", action="store_true", help="the report as JSON, and nothing else, on stdout"
        )
        parser.add_argument(
            "--by", default="", metavar="EMAIL", help="the administrator who imports (the first one)"
        )

        parser.add_argument(
            "--private",
            choices=("closed", "secret"),
            default="closed",
            help="slack, mattermost: whether colleagues outside see the names of private channels (closed, the default)"
            " or not",
        )

        parser.add_argument(
            "--space", default="", metavar="NAME",
            help="wiki, stackexchange, discourse, mbox: the space it goes to, by name or number; opened, and closed to"
            " others, when there is none. A forum needs none: its own name is taken",
        )  # fmt: skip
        parser.add_argument(
            "--new-space",
            default="",
            metavar="NAME",
            help="the same, for a space that is not there yet",
        )
        parser.add_argument(
            "--as", default="", metavar="NAME", dest="called",
            help="not for people and slack: which wiki, forum, server or list this is, when the export does not say;"
            " the name of the file, unless given here. Under the same name a newer export brings its changes",
        )  # fmt: skip

        parser.add_argument(
            "--with-restricted", action="store_true",
            help="wiki, discourse: also what only some could read over there; into a closed space only."
            " mattermost: also private channels",
        )  # fmt: skip
        parser.add_argument(
            "--address", default="", metavar="URL",
            help="stackexchange, discourse: where the old site stands, for links back to it",
        )  # fmt: skip

    def handle(self, *args: Any, kind: str, file: Path, **options: Any) -> None:
        try:
            with Progress.on_terminal() as progress:
                wishes = {name: options[given] for name, given in WISHES.get(kind, {}).items()}
                by = importer(options["by"])
                report = run_import(
                    kind, file, by=by, is_dry_run=options["dry_run"], progress=progress, **wishes
                )
        except BadInput as error:
            raise CommandError(f"{error.reason} Nothing was imported.", returncode=BAD_INPUT) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
            return
        show(report, self.stdout)  # type: ignore[arg-type]  # OutputWrapper writes like a file
        if not report.is_dry_run:
            self.stdout.write(HOW_THEY_GET_IN[kind])
