"""`torvet demo`: build the demo company, or say how to get into the one that is there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from torvet.demo.building import build
from torvet.demo.company.logins import LOGINS, PASSWORD
from torvet.demo.founding import Occupied, is_built
from torvet.moving.progress import Progress


class Command(BaseCommand):
    help = (
        "Build a living demo company in an empty data folder: 170 people, five weeks, five languages. Done again, it"
        " changes nothing and prints the three logins."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            is_there = is_built()
        except Occupied as company:
            raise CommandError(
                f"{company} already lives here. Give the demo a folder of its own:  torvet demo --data DIR",
                returncode=2,
            ) from None
        if not is_there:
            self.stderr.write("Building the demo company. This takes about half a minute.")
            with Progress.on_terminal() as progress:
                build(progress=progress)
        self.stdout.write(
            f"\nNordhavn is at home on {settings.TORVET_URL} as soon as it is served (torvet serve).\n"
        )
        width = max(len(login.email) for login in LOGINS)
        for login in LOGINS:
            self.stdout.write(f"  {login.email:<{width}}  {PASSWORD}  {login.who}")
        self.stdout.write("")
