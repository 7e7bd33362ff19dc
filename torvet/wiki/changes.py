"""What is new in a text against another, word by word. Pure, on plain texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

KEPT, NEW, GONE, SKIPPED = "kept", "new", "gone", "skipped"
MOST_WORDS = 3_000  # in one passage; beyond, the passage is shown as gone and written anew
AROUND = 1  # paragraphs shown before and after a change
_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A run of words that is kept, new or gone; "skipped" stands for paragraphs without a change."""

    kind: str
    words: str


@dataclass(frozen=True)
class Paragraph:
    pieces: tuple[Piece, ...]

    @property
    def is_kept(self) -> bool:
        return all(piece.kind == KEPT for piece in self.pieces)

    @property
    def is_skipped(self) -> bool:
        return any(piece.kind == SKIPPED for piece in self.pieces)


def changes(before: str, after: str) -> list[Paragraph]:
    """The paragraphs of two texts with what changed, and a little around it; empty when nothing did.

    Paragraphs are compared first and words only within those that differ, so that a book costs what its changes cost.
    """
    old, new = _paragraphs(before), _paragraphs(after)
    if old == new:
        return []
    found: list[Paragraph] = []
    for word, one, two, three, four in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if word == "equal":
            found += [Paragraph((Piece(KEPT, text),)) for text in old[one:two]]
        else:
            found += _changed(old[one:two], new[three:four])
    return list(_shortened(found))


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _changed(old: Sequence[str], new: Sequence[str]) -> list[Paragraph]:
    both = min(len(old), len(new))
    found = [_by_word(old[place], new[place]) for place in range(both)]
    found += [Paragraph((Piece(GONE, text),)) for text in old[both:]]
    return found + [Paragraph((Piece(NEW, text),)) for text in new[both:]]


def _by_word(old: str, new: str) -> Paragraph:
    one, two = _WORD.findall(old), _WORD.findall(new)
    if len(one) + len(two) > MOST_WORDS:
        return Paragraph((Piece(GONE, old), Piece(NEW, new)))
    matcher = SequenceMatcher(a=one, b=two, autojunk=False)
    if matcher.ratio() < 0.3:
        return Paragraph((Piece(GONE, old), Piece(NEW, new)))
    pieces: list[Piece] = []
    for word, start, end, begin, stop in matcher.get_opcodes():
        if word == "equal":
            pieces.append(Piece(KEPT, "".join(one[start:end])))
            continue
        if end > start:
            pieces.append(Piece(GONE, "".join(one[start:end])))
        if stop > begin:
            pieces.append(Piece(NEW, "".join(two[begin:stop])))
    return Paragraph(tuple(pieces))


def _shortened(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Only what changed and what stands around it; what is left out is one mark."""
    near = {
        place + step
        for place, paragraph in enumerate(paragraphs)
        if not paragraph.is_kept
        for step in range(-AROUND, AROUND + 1)
    }
    is_skipping = False
    for place, paragraph in enumerate(paragraphs):
        if place in near:
            is_skipping = False
            yield paragraph
        elif not is_skipping:
            is_skipping = True
            yield Paragraph((Piece(SKIPPED, ""),))
