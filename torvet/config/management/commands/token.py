from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from torvet.base.rules import Refused
from torvet.people.actions import as_house, make_token
from torvet.people.models import Member
from torvet.people.names import normal_email
from torvet.people.viewer import SCOPES


class Command(BaseCommand):
    help = "Makes a personal key for the API and prints it, and nothing else. It is shown this once."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("member", metavar="EMAIL", help="whose key")
        parser.add_argument(
            "--scopes", default="read", help="what it may do: read, or read,write (default: %(default)s)"
        )
        parser.add_argument("--days", type=int, default=90, help="how long it works (default: %(default)s)")
        parser.add_argument("--name", default="torvet token", help="what its owner sees in their settings")

    def handle(self, *, member: str, scopes: str, days: int, name: str, **options: Any) -> None:
        owner = Member.objects.filter(email__iexact=normal_email(member)).first()
        if owner is None:
            raise CommandError(f"there is no member with the address {member}")
        if not owner.is_active:
            raise CommandError(f"the account of {member} is closed")
        asked = frozenset(scope.strip() for scope in scopes.split(",") if scope.strip())
        if not asked or not asked <= SCOPES:
            raise CommandError(
                f"--scopes takes {' and '.join(sorted(SCOPES))}, separated by a comma, not {scopes!r}"
            )
        try:
            _token, key = make_token(by=as_house(owner), name=name, scopes=asked, days=days)
        except Refused as refused:
            raise CommandError(refused.reason) from None
        self.stdout.write(key)
