"""What somebody typed into the box: words, "phrases", from:handle, in:"space", #topic. Pure; never fails."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from torvet.search.words import LANGUAGES, fold, forms, meaningful, split, stem

LONGEST_QUERY = 400  # characters; the rest is left out
MOST_WORDS = 10
MOST_IN_PHRASE = 8
SHORTEST_PREFIX = 2
SHORTEST_PART = 4  # letters of a word that is looked for inside compounds

_PIECE = re.compile(
    r"""(?P<filter>(?:from|in):(?:"[^"]*"?|\S+)) | (?P<topic>(?<!\S)\#[^\s\#"]+)
    | "(?P<phrase>[^"]*)"? | (?P<word>[^\s"]+)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Term:
    """One way to say what is looked for: words that stand side by side. `begins`: the last one may go on."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True)
class Clause:
    """Any of `terms` will do. `part` may also stand inside a longer word (a compound); empty for none."""

    terms: tuple[Term, ...]
    part: str = ""


@dataclass(frozen=True)
class Asked:
    """A question: every clause must be met; filters as they were typed."""

    clauses: tuple[Clause, ...] = ()
    topics: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    spaces: tuple[str, ...] = ()
    raw: tuple[str, ...] = field(default=())  # the words as typed, for marking them in results

    @property
    def is_empty(self) -> bool:
        return not (self.clauses or self.topics or self.people or self.spaces)

    @property
    def loosened(self) -> tuple[Clause, ...]:
        """Any of the words instead of all."""
        return (Clause(tuple(term for clause in self.clauses for term in clause.terms)),)


def understand(query: str) -> Asked:
    """Read what was typed. Anything at all is allowed; what means nothing is left out."""
    # Controls part words; marks that nobody sees are left for `split` to take out.
    visible = "".join(
        " " if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} else c for c in query[:LONGEST_QUERY]
    )
    words: list[str] = []
    phrases: list[list[str]] = []
    found: dict[str, list[str]] = {"topics": [], "people": [], "spaces": []}
    for piece in _PIECE.finditer(unicodedata.normalize("NFKC", visible)):
        if piece["filter"]:
            name, _colon, value = piece["filter"].partition(":")
            _note(
                found["people" if name.lower() == "from" else "spaces"], value.strip('"').lstrip("@").strip()
            )
        elif piece["topic"]:
            _note(found["topics"], piece["topic"].lstrip("#").casefold().rstrip(".,;:!?)"))
        elif piece["phrase"] is not None:
            _note(phrases, split(piece["phrase"])[:MOST_IN_PHRASE])
        else:
            words += split(piece["word"])
    words = meaningful(dict.fromkeys(words))[:MOST_WORDS]
    clauses = [_phrase(phrase) for phrase in phrases[:MOST_WORDS]]
    clauses += [_word(word, is_last=word == words[-1]) for word in words]
    return Asked(
        clauses=tuple(clauses),
        topics=tuple(found["topics"][:3]),
        people=tuple(found["people"][:3]),
        spaces=tuple(found["spaces"][:3]),
        raw=tuple(dict.fromkeys([*words, *(word for phrase in phrases for word in phrase)])),
    )


def _note(into: list, value: str | list[str]) -> None:
    if value:
        into.append(value)


def _word(word: str, *, is_last: bool) -> Clause:
    found = forms(word)
    terms = [Term((form,)) for form in found]
    if is_last and len(word) >= SHORTEST_PREFIX:
        # Somebody may still be typing it.
        terms = [Term((form,), begins=len(form) > 2 or form == found[0]) for form in found]
    return Clause(tuple(terms), part=part_of(found))


def part_of(found: Sequence[str]) -> str:
    """Which of the forms of a word is looked for inside compounds: the shortest one that the word begins with, for a
    stemmer may also take something out of the middle (Dutch: sygefrav, syfraf). Empty when all are too short."""
    begins = (form for form in found if len(form) >= SHORTEST_PART and found[0].startswith(form))
    return min(begins, key=len, default="")


def _phrase(phrase: list[str]) -> Clause:
    said = {tuple(stem(word, language) for word in phrase) for language in (*LANGUAGES, "")}
    said.add(tuple(fold(word) for word in phrase))
    return Clause(tuple(Term(words) for words in sorted(said)))
