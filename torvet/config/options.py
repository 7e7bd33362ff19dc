"""Every setting a company can change, with its meaning: the one table that docs/running.md is tested against."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Option:
    """One setting: `TORVET_<NAME>` in the environment, or `name` in torvet.toml; the environment wins."""

    name: str
    default: str
    meaning: str

    @property
    def variable(self) -> str:
        return f"TORVET_{self.name}"


OPTIONS = (
    Option(
        "DATA", "", "Folder for the database, uploaded files and the secret. Default: ~/.local/share/torvet"
    ),
    Option("DATABASE_URL", "", "postgresql://user:password@host:port/name. Empty: SQLite in the data folder"),
    Option("VALKEY_URL", "", "valkey://host:port/0. Carries live updates and limits between several servers"),
    Option("URL", "http://127.0.0.1:8000", "The public address people use, without a path"),
    Option("HOSTS", "", "Further host names to answer to, separated by commas"),
    Option("SECRET", "", "Signing secret. Empty: made by `torvet init` and kept in the data folder"),
    Option("LANGUAGE", "en", "Language for people who have not chosen one: en, da, nb, sv or nl"),
    Option("TIME_ZONE", "Europe/Copenhagen", "Time zone for people who have not chosen one"),
    Option("UPLOAD_MB", "25", "Largest file somebody may upload, in megabytes"),
    Option("TRUSTED_PROXIES", "0", "How many reverse proxies stand in front; 0 means none is believed"),
    Option("MAIL_URL", "", "smtp://user:password@host:port or smtps://… Empty: no mail is sent"),
    Option("MAIL_FROM", "torvet@localhost", "Sender of the mail that Torvet sends"),
    Option("RATE_LIMITS", "on", "`off` only behind something else that limits requests"),
    Option(
        "SIMILAR_BY_MEANING",
        "on",
        "`off` finds similar questions by their words alone, although the extra `semantic` is installed; it takes 90 MB"
        " in each process",
    ),
    Option("DEBUG", "off", "`on` shows error details in the browser. Never in a company"),
)


class Options:
    """Reads `OPTIONS` from the environment and from one TOML file (`<data folder>/torvet.toml`).

    Raises `ValueError` naming the file when the TOML cannot be read, or names a setting that does not exist.
    """

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self.environment = dict(os.environ if environment is None else environment)
        self.data = Path(self.environment.get("TORVET_DATA") or Path.home() / ".local/share/torvet").resolve()
        self.file = self.data / "torvet.toml"
        self.from_file = self._read_file()

    def _read_file(self) -> dict[str, Any]:
        if not self.file.is_file():
            return {}
        try:
            found = tomllib.loads(self.file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{self.file} is not valid TOML: {error}") from error
        unknown = sorted(set(found) - {option.name.lower() for option in OPTIONS})
        if unknown:
            raise ValueError(f"{self.file} names settings that do not exist: {', '.join(unknown)}")
        return found

    def is_given(self, name: str) -> bool:
        """Whether somebody has set this, wherever; else it is the default."""
        return bool(self.environment.get(f"TORVET_{name}") or self.from_file.get(name.lower()))

    def text(self, name: str) -> str:
        option = next(option for option in OPTIONS if option.name == name)
        given = self.environment.get(option.variable) or str(self.from_file.get(name.lower(), ""))
        return given or option.default

    def number(self, name: str) -> int:
        given = self.text(name)
        if not given.isdigit():
            raise ValueError(f"TORVET_{name} must be a whole number, not {given!r}")
        return int(given)

    def is_on(self, name: str) -> bool:
        return self.text(name).lower() in {"1", "on", "true", "yes"}

    def listed(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def secret(self) -> str:
        """The signing secret: given, or kept in the data folder by `torvet init`; empty when there is none yet."""
        kept = self.data / "secret"
        return self.text("SECRET") or (kept.read_text(encoding="utf-8").strip() if kept.is_file() else "")
