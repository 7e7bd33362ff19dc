"""`torvet export wiki SPACE`: take the pages of a space along, as Markdown."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from torvet.moving.exports.wiki import export_wiki, readable_space
from torvet.moving.report import BadInput
from torvet.moving.running import importer

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Write the pages of a space to a zip: Markdown in folders, with pictures and files, and nothing that the"
        " administrator who exports may not read. Earlier versions and comments are not in it."
        " `torvet import wiki` reads it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=("wiki",), help="what goes out")
        parser.add_argument("space", help="the space, by name or number")
        parser.add_argument(
            "--to",
            type=Path,
            metavar="FILE",
            help="the zip to write; else the name of the space, in this folder",
        )
        parser.add_argument(
            "--by", default="", metavar="EMAIL", help="the administrator who exports (the first one)"
        )

    def handle(self, *args: Any, kind: str, space: str, **options: Any) -> None:
        try:
            by = importer(options["by"])
            chosen = readable_space(space, by)
            to = options["to"] or Path(f"{slugify(chosen.name, allow_unicode=True) or chosen.pk}.zip")
            number = export_wiki(str(chosen.pk), to, by=by)
        except BadInput as error:
            raise CommandError(f"{error.reason} Nothing was written.", returncode=BAD_INPUT) from error
        self.stdout.write(f"{number:,} pages of {chosen.name} are in {to}.")
