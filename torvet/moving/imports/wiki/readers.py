"""Which old wiki a file comes from, found by looking into it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from torvet.moving.imports.wiki.shapes import Source
from torvet.moving.report import BadInput

# Asked in this order: Markdown last, for the others' exports may hold some.
READERS = ("mediawiki", "confluence", "notion", "bookstack", "outline", "markdown")


def open_source(path: Path) -> Source:
    """The wiki in this file or folder. Raises BadInput when it is none that can be read."""
    for name in READERS:
        reader = _reader(name)
        if reader is not None and reader.opens(path):
            source: Source = _source_of(reader).open(path)
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
    """The class of a reader's module that opens its exports."""
    return next(
        found
        for name, found in vars(reader).items()
        if name.endswith("Source")
        and name != "Source"
        and getattr(found, "__module__", "") == reader.__name__
    )
