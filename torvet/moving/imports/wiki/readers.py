"""Which old wiki a file comes from, found by looking into it."""

from __future__ import annotations

import importlib
import inspect
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from torvet.moving.imports.wiki.shapes import Source
from torvet.moving.imports.wiki.shelf import Shelf
from torvet.moving.report import BadInput

# Asked in this order: Markdown last, for the others' exports may hold some.
READERS = ("mediawiki", "confluence", "confluence_html", "notion", "bookstack", "outline", "markdown")


def open_source(path: Path, *, with_restricted: bool = False) -> Source:
    """The wiki in this file or folder. Raises BadInput when it is none that can be read.

    `with_restricted`: also pages that not everybody could read over there, where a format knows of such.
    """
    with path.open("rb") if path.is_file() else nullcontext() as file:
        is_zip = file is not None and file.read(4) == b"PK\x03\x04"
    if is_zip:
        # What is wrong with an archive is said as it is, not as "none of those".
        Shelf(path).close()
    for name in READERS:
        reader = _reader(name)
        if reader is not None and reader.opens(path):
            opened = _source_of(reader).open
            known = "with_restricted" in inspect.signature(opened).parameters
            source: Source = opened(path, **({"with_restricted": with_restricted} if known else {}))
            return source
    raise BadInput(
        f"{path.name} is not a wiki that can be brought in: a folder or zip of Markdown, or an export of MediaWiki,"
        " Confluence, Notion, BookStack or Outline."
    )


def _reader(name: str) -> Any:
    whole = f"torvet.moving.imports.wiki.{name}"
    try:
        return importlib.import_module(whole)
    except ModuleNotFoundError as missing:
        if missing.name != whole:
            raise
        return None


def _source_of(reader: Any) -> Any:
    """The class of a reader's module that gives pages."""
    return next(
        found
        for found in vars(reader).values()
        if isinstance(found, type) and found.__module__ == reader.__name__ and hasattr(found, "pages")
    )
