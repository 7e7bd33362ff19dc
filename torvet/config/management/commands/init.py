from __future__ import annotations

import getpass
import json
import os
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from torvet.base.rules import Refused
from torvet.config import database, static
from torvet.people.actions import found_company
from torvet.people.names import normal_email, normal_name
from torvet.people.queries import company


class Command(BaseCommand):
    help = (
        "Sets up Torvet: data folder, secret, database, front-end files; with --company and --admin also the company "
        "and its first administrator, whose password is read from TORVET_ADMIN_PASSWORD or asked for. Without them the "
        "first visitor of the page is asked. Doing it again changes nothing that is already there."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--company", default="", help="the company's name")
        parser.add_argument("--admin", default="", metavar="EMAIL", help="the first administrator's address")
        parser.add_argument("--name", default="", help="the administrator's name (default: from the address)")
        parser.add_argument(
            "--language",
            default=settings.LANGUAGE_CODE,
            choices=[code for code, _name in settings.LANGUAGES],
            help="the company's language (default: %(default)s)",
        )
        parser.add_argument("--no-input", action="store_true", help="never ask")
        parser.add_argument("--json", action="store_true", help="a report for programs, and nothing else")

    def handle(self, *, no_input: bool, **options: Any) -> None:
        self.is_quiet = options["json"]
        may_ask = not no_input and not self.is_quiet and sys.stdin.isatty()
        made = {"database": database.bring_up_to_date(), "static": static.collect()}
        self.say(f"Data folder: {settings.DATA}")
        self.say("Database: " + ("made or brought up to date" if made["database"] else "up to date"))
        self.say("Front-end files: " + ("collected" if made["static"] else "there"))
        made["company"] = self.found(may_ask=may_ask, **options)
        if self.is_quiet:
            found = company()
            report = {"data": str(settings.DATA), "made": made, "company": found.name if found else None}
            self.stdout.write(json.dumps(report))

    def found(
        self, *, may_ask: bool, company: str, admin: str, name: str, language: str, **options: Any
    ) -> bool:
        """Name the company and make its administrator. Gives whether that was done now."""
        there = existing()
        if there:
            self.say(f"Company: {there} is already here, with its people; nothing was changed")
            return False
        if may_ask and not company:
            company = input("Company name (empty: set it up in the browser): ").strip()
        if may_ask and company and not admin:
            admin = input("Your e-mail address: ").strip()
        if not company and not admin:
            self.say(f"Company: none yet. Start `torvet serve` and open {settings.TORVET_URL} to name it")
            return False
        if not normal_name(company) or not admin:
            raise CommandError("--company and --admin belong together: name both, or neither")
        try:
            validate_email(normal_email(admin))
            found_company(
                name=company,
                email=admin,
                member_name=name or name_from(admin),
                password=self.password(may_ask=may_ask),
                language=language,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except Refused as refused:
            raise CommandError(refused.reason) from None
        self.say(f"Company: {normal_name(company)}, run by {normal_email(admin)}")
        return True

    def password(self, *, may_ask: bool) -> str:
        given = os.environ.get("TORVET_ADMIN_PASSWORD", "")
        if given:
            return given
        if not may_ask:
            raise CommandError("put the administrator's password into TORVET_ADMIN_PASSWORD")
        first = getpass.getpass("A password, at least 10 characters: ")
        if first != getpass.getpass("Once more: "):
            raise CommandError("the two passwords differ")
        return first

    def say(self, words: str) -> None:
        if not self.is_quiet:
            self.stdout.write(words)


def existing() -> str:
    found = company()
    return found.name if found else ""


def name_from(address: str) -> str:
    """`kari.nordmann@…` becomes Kari Nordmann: better than nothing, and changed on the profile page."""
    words = address.partition("@")[0].replace(".", " ").replace("_", " ").replace("-", " ").split()
    return " ".join(word.capitalize() for word in words) or "Administrator"
