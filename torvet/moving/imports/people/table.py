"""A people file as HR systems write it, to clean rows: any usual separator, encoding and heading."""

from __future__ import annotations

import codecs
import csv
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from torvet.moving.report import BadInput
from torvet.people.bulk import is_address
from torvet.people.names import normal_email, normal_name

LARGEST = 200 * 1024 * 1024  # bytes; 50,000 people are 10 MB
LONGEST_ROW = 30  # lines of the file; a row that spans more has lost its closing quotation mark
MOST_ROWS = 500_000
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("employee_id", "employee_number", "employee_no", "external_id", "personnel_number", "id"),
    "email": ("email", "e-mail", "email_address", "mail", "work_email", "user_principal_name"),
    "handle": ("username", "user_name", "handle", "login"),
    "given": ("given_name", "first_name", "givenname", "firstname"),
    "family": ("family_name", "last_name", "surname", "lastname", "sn"),
    "name": ("display_name", "displayname", "full_name", "name"),
    "title": ("title", "job_title", "jobtitle", "position"),
    "unit_key": ("department_key", "department_id", "department_code", "unit_id"),
    "unit": ("department", "unit", "team", "division"),
    "site": ("location", "site", "office", "city"),
    "country": ("country", "country_code"),
    "locale": ("locale", "language", "preferred_language"),
    "time_zone": ("timezone", "time_zone", "tz"),
    "manager": ("manager_id", "manager", "manager_email", "manager_number", "reports_to"),
    "level": ("level",),
    "phone": ("phone", "work_phone", "phone_number", "mobile", "telephone"),
    "status": ("status", "state", "account_status"),
}
NEEDED = (
    "The file needs a column email, and display_name (or given_name and family_name); employee_id, title,"
    " department_key, department, location, country, locale, timezone, manager_id, level, phone and status are used"
    " when they are there."
)
LONGEST = {"number": 120, "name": 120, "title": 160, "phone": 40, "unit_key": 120, "unit": 120, "site": 80}
CLOSED = frozenset({"inactive", "terminated", "left", "leaver", "disabled", "suspended", "closed", "former"})
LANGUAGES = {"en": "en", "da": "da", "nb": "nb", "no": "nb", "nn": "nb", "sv": "sv", "nl": "nl"}
_ZONES = frozenset(zoneinfo.available_timezones())


@dataclass(frozen=True, slots=True)
class Row:
    """One person as the file has them; `problem` says why the row cannot be used."""

    line: int
    number: str
    email: str
    handle: str
    name: str
    title: str
    phone: str
    unit_key: str
    unit: str
    site: str
    country: str
    language: str
    time_zone: str
    manager: str
    level: int | None
    is_active: bool
    problem: str = ""


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file, in order. Raises BadInput when it is no such table, or lacks a needed column."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=_separator(file))
        try:
            places = _places(next(reader, []), path)
            yield from _rows(reader, places, path)
        except csv.Error as error:
            raise BadInput(f"{path.name}, line {reader.line_num}: {error}.") from error


def _encoding(path: Path) -> str:
    """UTF-8 when the whole file is, else Windows-1252, which is what older HR systems write."""
    try:
        size = path.stat().st_size
        head = path.open("rb").read(4)
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror}.") from error
    if not size:
        raise BadInput(f"{path.name} is empty. {NEEDED}")
    if size > LARGEST:
        raise BadInput(
            f"{path.name} is larger than {LARGEST // 1024 // 1024} MB, which no list of people is."
        )
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadInput(f"{path.name} is a workbook or an archive. Save the list as CSV and import that.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _separator(file: IO[str]) -> str:
    heading = file.readline(100_000)
    file.seek(0)
    return max(",;\t|", key=lambda sign: (heading.count(sign), sign == ","))


def _places(heading: list[str], path: Path) -> dict[str, int]:
    written = [re.sub(r"[\s.]+", "_", name.strip().strip("\ufeff").casefold()) for name in heading]
    places: dict[str, int] = {}
    for column, names in COLUMNS.items():
        found = next((written.index(name) for name in names if name in written), None)
        if found is not None:
            places[column] = found
    lacking = [] if "email" in places else ["email"]
    if "name" not in places and not {"given", "family"} <= places.keys():
        lacking.append("display_name")
    if lacking:
        raise BadInput(f"{path.name} has no column {' and none '.join(lacking)} in its first line. {NEEDED}")
    return places


def _rows(reader: Any, places: dict[str, int], path: Path) -> Iterator[Row]:
    before = reader.line_num
    for number, cells in enumerate(reader):
        line, before = before + 1, reader.line_num
        if before - line > LONGEST_ROW:
            raise BadInput(f"{path.name}, line {line}: a quotation mark is opened here and never closed.")
        if number >= MOST_ROWS:
            raise BadInput(f"{path.name} has more than {MOST_ROWS} rows.")
        if any(cell.strip() for cell in cells):
            yield _row(line, {column: cells[at] for column, at in places.items() if at < len(cells)})


def _row(line: int, cells: dict[str, str]) -> Row:
    clean = {column: normal_name(" ".join(cell.split())) for column, cell in cells.items()}
    given = " ".join(part for part in (clean.get("given", ""), clean.get("family", "")) if part)
    name = clean.get("name") or given
    level = clean.get("level", "")
    email = normal_email(clean.get("email", ""))
    long = next((column for column, most in LONGEST.items() if len(clean.get(column, "")) > most), "")
    problem = ""
    if not email:
        problem = "no e-mail address"
    elif not is_address(email):
        problem = "not an e-mail address"
    elif not name:
        problem = "no name"
    elif len(name) > LONGEST["name"]:
        problem = f"the name has {len(name)} characters; {LONGEST['name']} fit"
    elif long:
        problem = f"{COLUMNS[long][0]} has {len(clean[long])} characters; {LONGEST[long]} fit"
    zone = clean.get("time_zone", "")
    country = clean.get("country", "").upper()
    unit_key = clean.get("unit_key", "") or clean.get("unit", "").casefold()
    return Row(
        line=line,
        number=clean.get("number", ""),
        email=email,
        handle=clean.get("handle", ""),
        name=name,
        title=clean.get("title", ""),
        phone=clean.get("phone", ""),
        unit_key=unit_key,
        unit=clean.get("unit", "") or unit_key,
        site=clean.get("site", ""),
        country=country if re.fullmatch("[A-Z]{2}", country) else "",
        language=LANGUAGES.get(re.split("[-_]", clean.get("locale", ""))[0].casefold(), ""),
        time_zone=zone if zone in _ZONES else "",
        manager=clean.get("manager", ""),
        level=int(level) if level.isdecimal() and len(level) < 4 else None,
        is_active=clean.get("status", "").casefold() not in CLOSED,
        problem=problem,
    )
