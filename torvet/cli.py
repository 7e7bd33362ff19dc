"""The `torvet` command: finds the data folder, then hands over to the management command of that name.

`--help` and mistakes in typing are answered without loading Django. Exit codes: 0 done, 2 bad input or settings with
one sentence about it, 1 something broke.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torvet import __version__
from torvet.config.options import Options
from torvet.config.prepare import CannotPrepare, make_folder, make_secret

BAD_INPUT, BROKEN, INTERRUPTED = 2, 1, 130
# Options that every Django command has and nobody needs here.
DJANGOS_OWN = {
    "--version", "-v", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
    "--skip-checks",
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    """A word after `torvet`. `runs` is the management command underneath."""

    name: str
    runs: str
    does: str
    makes_folder: bool = False
    makes_database: bool = False
    needs_database: bool = True
    opens_port: bool = False


COMMANDS = (
    Command(
        "init", "init", "set up a company: data folder, database, first administrator", makes_folder=True
    ),
    Command("serve", "serve", "run everything on one port", makes_folder=True, opens_port=True),
    Command("web", "web", "run the pages and the API alone, for large installations", opens_port=True),
    Command("live", "live", "run the live updates alone, for large installations"),
    Command("worker", "worker", "run the work behind the pages alone, for large installations"),
    Command("import", "import_data", "bring in people, conversations and wikis from elsewhere"),
    Command("export", "export_pages", "take the pages of a space along, as Markdown"),
    Command("demo", "demo", "build a living demo company", makes_folder=True, makes_database=True),
    Command("token", "token", "make a personal key for the API and print it"),
    Command("reindex", "reindex", "bring the search index up to date, or make it anew"),
    Command(
        "check",
        "check_settings",
        "look for settings that cannot work, and say what to do",
        needs_database=False,
    ),
)


class Misused(Exception):
    """Bad input; the message is the sentence for the person."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Gives the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return run(given)
    except Misused as mistake:
        print(f"torvet: {mistake}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough. Python would complain once more when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN


def run(given: list[str]) -> int:
    data, given = take_data(given)
    if not given or given[0] in {"-h", "--help", "help"}:
        print(overview())
        return 0 if given else BAD_INPUT
    if given[0] in {"--version", "version"}:
        print(__version__)
        return 0
    command = next((command for command in COMMANDS if command.name == given[0]), None)
    if command is None:
        raise Misused(f"there is no command {given[0]!r}. See torvet --help")
    if data is not None:
        os.environ["TORVET_DATA"] = data
    # What we write holds a company's conversations: nobody else on this machine reads it.
    os.umask(0o077)
    asks_for_help = bool({"-h", "--help"} & set(given))
    if not asks_for_help:
        find_folder(command, given)
    return hand_over(command, given[1:], asks_for_help=asks_for_help)


def overview() -> str:
    width = max(len(command.name) for command in COMMANDS)
    lines = [f"  {command.name:<{width}}  {command.does}" for command in COMMANDS]
    return "\n".join(
        [
            "Usage: torvet COMMAND …        torvet COMMAND --help",
            "",
            "Torvet is a company's own social network.",
            "",
            *lines,
            "",
            "  --data DIR   the data folder, before or after the command; else TORVET_DATA, else ~/.local/share/torvet",
            "  --version    which Torvet this is",
            "",
            "A fresh start:  torvet serve        All settings:  docs/running.md",
        ]
    )


def take_data(given: list[str]) -> tuple[str | None, list[str]]:
    """`--data DIR` or `--data=DIR`, wherever it stands, and the arguments without it. Raises Misused without a DIR."""
    data, kept, rest = None, [], iter(given)
    for argument in rest:
        if argument == "--data":
            data = next(rest, "")
        elif argument.startswith("--data="):
            data = argument.partition("=")[2]
        elif argument == "--":
            kept += [argument, *rest]
            break
        else:
            kept.append(argument)
            continue
        if not data:
            raise Misused("--data needs a folder")
    return data, kept


def find_folder(command: Command, given: list[str]) -> None:
    """Make or find the data folder and its secret: both must be there before Django reads its settings."""
    try:
        options = Options()
        if command.makes_folder:
            make_folder(options.data)
            if not options.secret():
                make_secret(options.data)
        elif not options.data.is_dir() and command.needs_database:
            raise Misused(f"there is no Torvet in {options.data} yet. Set it up:  torvet init")
        if command.opens_port and not options.is_given("URL"):
            port = port_in(given)
            if port:
                os.environ["TORVET_URL"] = f"http://127.0.0.1:{port}"
    except (ValueError, CannotPrepare) as error:
        raise Misused(str(error)) from None


def port_in(given: list[str]) -> str:
    for position, argument in enumerate(given):
        if argument == "--port" and position + 1 < len(given):
            return given[position + 1]
        if argument.startswith("--port="):
            return argument.partition("=")[2]
    return ""


def hand_over(command: Command, arguments: list[str], *, asks_for_help: bool) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "torvet.config.settings"
    try:
        importlib.import_module("torvet.config.settings")
    except ValueError as error:
        raise Misused(str(error)) from None
    load_django()
    # Django only from here on: it takes half a second to load.
    from django.core.management import get_commands, load_command_class  # noqa: PLC0415
    from django.core.management.base import CommandError, SystemCheckError  # noqa: PLC0415
    from django.db import OperationalError, connections  # noqa: PLC0415

    where: Any = get_commands().get(command.runs)
    if where is None:
        raise Misused(f"this Torvet cannot {command.name}")
    runner = load_command_class(where, command.runs) if isinstance(where, str) else where
    runner.suppressed_base_arguments = DJANGOS_OWN
    parser = runner.create_parser("torvet", command.name)
    parser.called_from_command_line = True
    chosen = vars(parser.parse_args(arguments))
    try:
        if not asks_for_help:
            look_at_database(command)
        runner.execute(*chosen.pop("args", ()), **chosen)
    except SystemCheckError as error:
        print(error, file=sys.stderr)
        return BROKEN
    except CommandError as error:
        print(f"torvet {command.name}: {error}", file=sys.stderr)
        # Django's own default is 1; here a CommandError is a person's mistake unless it says otherwise.
        return error.returncode if error.returncode != 1 else BAD_INPUT
    except OperationalError as error:
        raise Misused(f"the database cannot be used: {' '.join(str(error).split())}") from None
    finally:
        connections.close_all()
    return 0


def load_django() -> None:
    import django  # noqa: PLC0415  # see hand_over
    from django.conf import settings  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        # Asked for here, so that what Django itself finds wrong in a setting is one sentence too.
        assert settings.TIME_ZONE
    except (ValueError, ImproperlyConfigured) as error:
        raise Misused(str(error)) from None
    django.setup()


def look_at_database(command: Command) -> None:
    """Bring the database up to date, or refuse to work on one that is not."""
    from torvet.config import database  # noqa: PLC0415  # needs Django's settings

    if command.makes_database:
        database.bring_up_to_date()
    elif command.needs_database and not command.makes_folder and not database.is_up_to_date():
        raise Misused("the database is not set up for this version yet. Run:  torvet init")
