"""What differs within a line: words with the marks (bold, links) they carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from torvet.base.differences.sequence import Budget, matches
from torvet.base.differences.tree import VOID, Node

# Texts are escaped, and an entity must stay whole.
_PIECE = re.compile(r"&#?\w+;|\w+|\n|[^\S\n]+|.", re.S)
_WORDLIKE = re.compile(r"\w")
WHOLE = ('class="mention"', 'class="topic"')


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a gap or a sign as HTML, and the start tags around it."""

    html: str
    marks: tuple[str, ...]

    @property
    def is_word(self) -> bool:
        return bool(_WORDLIKE.search(self.html)) and not self.html.startswith("&")


@dataclass(slots=True)
class Run:
    """Pieces that share their fate: "" stayed, "del" went, "ins" came."""

    fate: str
    pieces: list[Piece]


def pieces_of(node: Node, marks: tuple[str, ...] = ()) -> list[Piece]:
    """The pieces of a line; who or what is named stays whole."""
    found: list[Piece] = []
    for part in node.inside:
        if isinstance(part, str):
            found += [Piece(piece, marks) for piece in _PIECE.findall(part)]
        elif part.tag in VOID or any(sign in part.start for sign in WHOLE):
            found.append(Piece(part.html, marks))
        else:
            found += pieces_of(part, (*marks, part.start))
    return found


def runs(old: Sequence[Piece], new: Sequence[Piece], budget: Budget) -> list[Run]:
    """Both lines as one; what went stands before what came in its place."""
    made: list[Run] = []
    old_at = new_at = 0
    for old_to, new_to in [*matches(old, new, budget), (len(old), len(new))]:
        _add(made, "del", old[old_at:old_to])
        _add(made, "ins", new[new_at:new_to])
        if old_to < len(old) and new_to < len(new):
            _add(made, "", [new[new_to]])
        old_at, new_at = old_to + 1, new_to + 1
    return _joined(made)


def _add(made: list[Run], fate: str, pieces: Sequence[Piece]) -> None:
    if not pieces:
        return
    if made and made[-1].fate == fate:
        made[-1].pieces += pieces
    else:
        made.append(Run(fate, list(pieces)))


def _joined(made: Sequence[Run]) -> list[Run]:
    """A gap alone between two changed words belongs to the change: phrases are read, not confetti."""
    joined: list[Run] = []
    went: list[Piece] = []
    came: list[Piece] = []
    for number, run in enumerate(made):
        if run.fate == "del":
            went += run.pieces
        elif run.fate == "ins":
            came += run.pieces
        elif (went or came) and number + 1 < len(made) and _is_gap(run.pieces):
            went += run.pieces
            came += run.pieces
        else:
            _flush(joined, went, came)
            went, came = [], []
            joined.append(run)
    _flush(joined, went, came)
    return joined


def _is_gap(pieces: Sequence[Piece]) -> bool:
    return len(pieces) <= 2 and not any(piece.is_word or piece.html == "<br>" for piece in pieces)


def _flush(joined: list[Run], went: list[Piece], came: list[Piece]) -> None:
    # What two sides of a joined phrase begin and end with alike did not change after all.
    begin = 0
    while begin < min(len(went), len(came)) and went[begin] == came[begin]:
        begin += 1
    end = 0
    while end < min(len(went), len(came)) - begin and went[-1 - end] == came[-1 - end]:
        end += 1
    _add(joined, "", came[:begin])
    _add(joined, "del", went[begin : len(went) - end])
    _add(joined, "ins", came[begin : len(came) - end])
    _add(joined, "", came[len(came) - end :] if end else [])


def written(pieces: Sequence[Piece]) -> str:
    """HTML of pieces, each mark opened and closed within."""
    out: list[str] = []
    opened: tuple[str, ...] = ()
    for piece in pieces:
        if piece.marks != opened:
            kept = 0
            while kept < min(len(opened), len(piece.marks)) and opened[kept] == piece.marks[kept]:
                kept += 1
            out += [_closing(start) for start in reversed(opened[kept:])]
            out += piece.marks[kept:]
            opened = piece.marks
        out.append(piece.html)
    out += [_closing(start) for start in reversed(opened)]
    return "".join(out)


def _closing(start: str) -> str:
    return f"</{start[1:-1].split(' ', 1)[0]}>"
