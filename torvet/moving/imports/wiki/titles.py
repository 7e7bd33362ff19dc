"""How MediaWiki names pages: name spaces in several languages, first letters, underscores, subpages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

MAIN, TALK, MEMBER, FILE, INTERFACE, TEMPLATE, CATEGORY, MODULE = 0, 1, 2, 6, 8, 10, 14, 828
# What works in every wiki beside its own words, and older words that still stand in texts.
_EVERYWHERE = {
    "media": -2, "special": -1, "talk": 1, "user": 2, "user talk": 3, "project": 4, "project talk": 5, "file": 6,
    "image": 6, "file talk": 7, "image talk": 7, "mediawiki": 8, "mediawiki talk": 9, "template": 10,
    "template talk": 11, "help": 12, "help talk": 13, "category": 14, "category talk": 15, "module": 828,
    "fil": 6, "billede": 6, "bilde": 6, "bild": 6, "bestand": 6, "afbeelding": 6, "datei": 6, "fichier": 6,
    "kategori": 14, "categorie": 14, "kategorie": 14, "catégorie": 14, "skabelon": 10, "mal": 10, "mall": 10,
    "sjabloon": 10, "vorlage": 10, "bruger": 2, "bruker": 2, "användare": 2, "gebruiker": 2, "benutzer": 2,
}  # fmt: skip
# Wikis elsewhere that links name by a short word.
_ELSEWHERE = {
    "w": "https://{}.wikipedia.org/wiki/", "wikipedia": "https://{}.wikipedia.org/wiki/",
    "wikt": "https://{}.wiktionary.org/wiki/", "wiktionary": "https://{}.wiktionary.org/wiki/",
    "b": "https://{}.wikibooks.org/wiki/", "s": "https://{}.wikisource.org/wiki/",
    "c": "https://commons.wikimedia.org/wiki/", "commons": "https://commons.wikimedia.org/wiki/",
    "m": "https://meta.wikimedia.org/wiki/", "meta": "https://meta.wikimedia.org/wiki/",
    "mw": "https://www.mediawiki.org/wiki/", "mediawikiwiki": "https://www.mediawiki.org/wiki/",
    "d": "https://www.wikidata.org/wiki/", "phab": "https://phabricator.wikimedia.org/",
}  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,8})?")
_SPACES = re.compile(r"[\s_\u200e\u200f]+")


@dataclass(frozen=True, slots=True)
class Title:
    """A page's name: its name space, the words after the colon, and a section."""

    space: int
    words: str
    section: str = ""


@dataclass(slots=True)
class Names:
    """The name spaces of one wiki. `spaces` maps small-lettered words to numbers, `shown` numbers to words."""

    language: str = "en"
    is_first_letter: bool = True
    spaces: dict[str, int] = field(default_factory=dict)
    shown: dict[int, str] = field(default_factory=dict)
    exact: set[int] = field(default_factory=set)  # name spaces in which the first letter counts

    def learn(self, number: int, words: str, case: str) -> None:
        self.spaces[words.casefold().replace("_", " ").strip()] = number
        self.shown[number] = words
        if case == "case-sensitive" or (not case and not self.is_first_letter):
            self.exact.add(number)

    def space_of(self, words: str) -> int | None:
        word = tidy(words).casefold()
        return self.spaces.get(word, _EVERYWHERE.get(word))

    def read(self, written: str) -> Title:
        """The page that a link or a title names. Without a page of its own (`#section`) the words are ""."""
        text = unescape(written)
        if "%" in text:
            text = unquote(text, errors="replace")
        name, _, section = text.partition("#")
        name = tidy(name).removeprefix(":").strip()
        space = MAIN
        before, colon, after = name.partition(":")
        if colon and (found := self.space_of(before)) is not None:
            space, name = found, after.strip()
        return Title(space, self._letter(space, name), tidy(section))

    def _letter(self, space: int, name: str) -> str:
        name = unicodedata.normalize("NFC", name)
        if not name or space in self.exact or (not self.is_first_letter and space not in (2, 3, 8)):
            return name
        # "ß" has no capital of one letter; MediaWiki leaves it as it is.
        first = name[0].upper()
        return (first if len(first) == 1 else name[0]) + name[1:]

    def full(self, title: Title) -> str:
        before = self.shown.get(title.space, "")
        return f"{before}:{title.words}" if before else title.words

    def elsewhere(self, written: str) -> str:
        """The address of a page on a known wiki elsewhere (`w:sv:X`), or ""."""
        before, colon, after = tidy(written).removeprefix(":").partition(":")
        found = _ELSEWHERE.get(before.casefold())
        if not colon or not found or self.space_of(before) is not None:
            return ""
        language = self.language.partition("-")[0] or "en"
        second, colon, rest = after.partition(":")
        if colon and _LANGUAGE.fullmatch(second):
            language, after = second, rest
        return found.format(language) + after.strip().replace(" ", "_")

    def is_language(self, written: str) -> bool:
        """Whether a link names the same page in another language (`[[sv:Sida]]`), which shows nothing."""
        before, colon, _ = tidy(written).partition(":")
        return bool(colon) and bool(_LANGUAGE.fullmatch(before)) and self.space_of(before) is None


def tidy(words: str) -> str:
    return _SPACES.sub(" ", words).strip()
