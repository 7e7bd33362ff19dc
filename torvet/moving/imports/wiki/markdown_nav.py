"""What a site's own settings say of its tree: `nav` of MkDocs, `_category_.json` of Docusaurus."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torvet.base.text.characters import clean_line
from torvet.moving.imports.wiki import markdown_front as fronts
from torvet.moving.imports.wiki.markdown_tree import Place, is_page, nfc
from torvet.moving.imports.wiki.shelf import Shelf

Nav = dict[str, tuple[str | None, float, str]]  # file -> (parent key, place, title)


def read_categories(shelf: Shelf) -> dict[str, dict[str, Any]]:
    """Docusaurus: what a folder is called and where it stands."""
    found: dict[str, dict[str, Any]] = {}
    for name in shelf.names():
        folder, _, file = name.rpartition("/")
        if file in ("_category_.json", "_category_.yml", "_category_.yaml"):
            source = shelf.read_text(name, fronts.LONGEST) or ""
            try:
                given = json.loads(source) if file.endswith("json") else fronts.read_yaml(source)
            except ValueError:
                continue
            if isinstance(given, dict):
                found[folder] = given
    return found


def read_nav(settings: Mapping[str, Any], shelf: Shelf, places: dict[str, Place]) -> Nav:
    """The tree that mkdocs.yml writes down; its sections, which have no page, are put into `places`."""
    given = settings.get("nav")
    root = fronts.text_of(settings, "docs_dir") or "docs"
    found: Nav = {}
    if isinstance(given, list):
        _Nav(shelf, places, root, found).read(given, None, "", 0)
    return found


@dataclass(slots=True)
class _Nav:
    shelf: Shelf
    places: dict[str, Place]
    root: str
    found: Nav

    def read(self, given: list[Any], parent: str | None, trail: str, depth: int) -> None:
        for number, one in enumerate(given[:5000]):
            pairs = one.items() if isinstance(one, dict) else [("", one)]
            for title, leads in pairs:
                words = clean_line(str(title))
                if isinstance(leads, str):
                    for name in (nfc(f"{self.root}/{leads}"), nfc(leads)):
                        if name in self.shelf and is_page(name):
                            self.found[name] = (parent, float(number), words)
                            break
                elif isinstance(leads, list) and depth < 20:
                    key = f"nav:{trail}/{words}"
                    self.places[key] = Place(
                        key=key, name="", title=words, parent=parent, order=(float(number), "")
                    )
                    self.read(leads, key, f"{trail}/{words}", depth + 1)
