"""What stands in front of a page: the fields between two lines of `---` (YAML) or `+++` (TOML)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import yaml

from torvet.base.text.characters import clean_line
from torvet.people.names import normal_email

_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\r?\n(.*?)(?:\r?\n|\A)\1[ \t]*(?:\r?\n|\Z)", re.S)
_LINE = re.compile(r"([A-Za-z_][\w-]*):[ \t]*(.*)")
LONGEST = 64_000


def take_front(source: str) -> tuple[dict[str, Any], str]:
    """The fields, by lower-case name, and the text behind them. What cannot be read as YAML is read line by line."""
    match = _FRONT.match(source)
    if not match or len(match[2]) > LONGEST:
        return {}, source
    return _fields(match[2], is_toml=match[1] == "+++"), source[match.end() :]


def _fields(source: str, *, is_toml: bool) -> dict[str, Any]:
    try:
        found = tomllib.loads(source) if is_toml else yaml.safe_load(source.replace("\t", "  "))
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError):
        lines = (_LINE.fullmatch(line.rstrip()) for line in source.splitlines())
        found = {match[1]: match[2].strip("\"' ") for match in lines if match}
    return {str(name).casefold(): value for name, value in found.items()} if isinstance(found, dict) else {}


def read_yaml(source: str | None) -> dict[str, Any]:
    """A file of settings; empty when it cannot be read. Tags that name a program's own things are passed over."""
    if not source or len(source) > LONGEST:
        return {}
    # mkdocs.yml names Python functions with tags, which nobody here would ever load.
    bare = re.sub(r"!!?[A-Za-z][\w/.:-]*", "", source)
    try:
        found = yaml.safe_load(bare)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def text_of(front: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that says something, on one line."""
    for name in names:
        found = front.get(name)
        if isinstance(found, (str, int, float)) and not isinstance(found, bool) and str(found).strip():
            return clean_line(str(found))
    return ""


def texts_of(front: Mapping[str, Any], *names: str) -> list[str]:
    """A list, or one text with commas."""
    for name in names:
        found = front.get(name)
        if isinstance(found, str):
            return [clean_line(part) for part in found.split(",") if part.strip()]
        if isinstance(found, list):
            return [clean_line(str(part)) for part in found[:200] if isinstance(part, (str, int, float))]
    return []


def number_of(front: Mapping[str, Any], *names: str) -> float | None:
    for name in names:
        found = front.get(name)
        try:
            number = float(found) if isinstance(found, (int, float, str)) else float("nan")
        except ValueError:
            continue
        if number == number and abs(number) < 1e12:
            return number
    return None


def time_of(front: Mapping[str, Any], *names: str) -> datetime | None:
    """A day or a time; without a zone it is taken as UTC."""
    for name in names:
        found = front.get(name)
        if isinstance(found, str):
            found = _parsed(found)
        if isinstance(found, datetime):
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        if isinstance(found, date):
            return datetime.combine(found, time(), UTC)
    return None


def _parsed(source: str) -> datetime | None:
    source = source.strip()
    for form in (source, source[:19], source[:10]):
        try:
            return datetime.fromisoformat(form)
        except ValueError:
            continue
    return None


def people_of(front: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(key, name, e-mail) of the authors, whichever way they are written: a name, a list, or fields of their own."""
    found: list[tuple[str, str, str]] = []
    for name in ("authors", "author", "last_update"):
        given = front.get(name)
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, str):
                found.extend(_person(part, "") for part in ([one] if "<" in one else one.split(",")))
            elif isinstance(one, dict):
                name_of = text_of(one, "name", "author", "title")
                found.append(_person(name_of, text_of(one, "email", "mail"), text_of(one, "key", "id")))
        if any(key for key, _name, _mail in found):
            break
    return [person for person in found if person[0]]


def _person(written: str, email: str, key: str = "") -> tuple[str, str, str]:
    match = re.fullmatch(r"\s*(.*?)\s*<([^<>\s]+@[^<>\s]+)>\s*", written)
    if match:
        written, email = match[1], match[2]
    name, email = clean_line(written)[:120], normal_email(email[:400])
    return (key or email or name.casefold())[:120], name or email.partition("@")[0], email
