"""What a document may be made of, checked before a change touches it.

Yjs itself takes in whatever can be decoded: text where elements belong, unknown names, changes that refer to nothing.
One such change breaks the editor of everybody else in the room. The ledger knows of every piece of the document what it
stands in, reads an update piece by piece, and lets it through whole or not at all.

The format is Yjs's update, version 1 (github.com/yjs/yjs, src/utils/encoding.js).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import IntEnum

from torvet.realtime.together.document import PAGE, TITLE
from torvet.realtime.together.trees import DEEPEST
from torvet.realtime.together.wire import Malformed, Reader

NODES = frozenset({
    "paragraph", "heading", "bulletList", "orderedList", "listItem", "taskList", "taskItem", "blockquote", "callout",
    "codeBlock", "horizontalRule", "hardBreak", "image", "mention", "table", "tableRow", "tableCell", "tableHeader",
})  # fmt: skip
MARKS = frozenset({"bold", "italic", "strike", "code", "link"})
SPANS, WIDEST = ("colspan", "rowspan"), 100
LONGEST_VALUE = 4000  # characters of an attribute or a link
MOST_PIECES = 50_000  # in one update of a browser
OUR_OWN = 10_000_000  # in what the server made or kept
_XML_ELEMENT, _XML_TEXT = 3, 6
_ORIGIN, _RIGHT, _KEY = 0x80, 0x40, 0x20
_GONE, _DELETED, _STRING, _FORMAT, _TYPE, _ANY, _SKIP = 0, 1, 4, 6, 7, 8, 10

Id = tuple[int, int]


class In(IntEnum):
    """What a piece stands in."""

    NOTHING = 0  # what it stood in was deleted and forgotten
    ROOT = 1
    ELEMENT = 2
    TEXT = 3
    ATTRIBUTE = 4


@dataclass(slots=True)
class _Pieces:
    """The pieces of one client, in order: each run begins at a clock and stands in one thing, `depth` levels down.

    `gone` says of each run whether it came without its content, which had been deleted.
    """

    starts: list[int] = field(default_factory=list)
    places: list[tuple[In, int]] = field(default_factory=list)
    gone: list[bool] = field(default_factory=list)
    end: int = 0

    def add(self, length: int, place: tuple[In, int], is_gone: bool) -> None:
        if not self.places or (self.places[-1], self.gone[-1]) != (place, is_gone):
            self.starts.append(self.end)
            self.places.append(place)
            self.gone.append(is_gone)
        self.end += length

    def run(self, clock: int) -> int:
        return bisect_right(self.starts, clock) - 1


@dataclass(slots=True)
class Checked:
    """A change that may be taken in: whose pieces are new, and what the ledger will then know."""

    clients: set[int]
    pieces: list[tuple[int, int, tuple[In, int], bool]]
    kinds: dict[Id, tuple[In, int]]
    halves: set[Id]
    spans: set[Id]


class Ledger:
    """Of every piece of one document what it stands in."""

    def __init__(self) -> None:
        self.clients: dict[int, _Pieces] = {}
        # Elements and texts by their id: what stands in them, and how deep.
        self.kinds: dict[Id, tuple[In, int]] = {}
        # The second halves of signs that count twice: who cuts between two halves leaves a piece that nobody can read.
        self.halves: set[Id] = set()
        # Attributes that say how many columns or rows a cell takes: editors make a map of so many places.
        self.spans: set[Id] = set()

    def check(self, update: bytes, most: int = MOST_PIECES) -> Checked:
        """Raises Malformed for what may not be taken in, or is of more than `most` pieces; changes nothing."""
        return _Check(self, update, most).done()

    def enter(self, checked: Checked) -> None:
        """Remember a change that has been taken in."""
        for client, length, place, is_gone in checked.pieces:
            self.clients.setdefault(client, _Pieces()).add(length, place, is_gone)
        self.kinds.update(checked.kinds)
        self.halves |= checked.halves
        self.spans |= checked.spans


class _Check:
    """One update on its way through."""

    def __init__(self, ledger: Ledger, update: bytes, most: int) -> None:
        self.most = most
        self.ledger = ledger
        self.reader = Reader(update)
        self.checked = Checked(set(), [], {}, set(), set())
        self.fresh: dict[int, _Pieces] = {}
        self.begun: dict[int, int] = {}
        self.waiting: list[tuple[int, int, int]] = []

    def done(self) -> Checked:
        reader = self.reader
        count = 0
        pieces: list[tuple[int, int, _Piece]] = []
        for _ in range(reader.number()):
            structs, client, clock = reader.number(), reader.number(), reader.number()
            count += structs
            if count > self.most:
                raise Malformed("too many pieces at once")
            for _ in range(structs):
                piece = _read_piece(reader)
                pieces.append((client, clock, piece))
                clock += piece.length
        self._read_deletions()
        if not reader.is_at_end:
            raise Malformed("something stands behind it")
        self._place_all(pieces)
        return self.checked

    def _place_all(self, pieces: list[tuple[int, int, _Piece]]) -> None:
        """Pieces may refer to those of other clients further on; each client's own come in order."""
        queues: dict[int, list[tuple[int, _Piece]]] = {}
        for client, clock, piece in pieces:
            queues.setdefault(client, []).append((clock, piece))
        places = dict.fromkeys(queues, 0)
        is_moving = True
        while is_moving:
            is_moving = False
            for client, queue in queues.items():
                while places[client] < len(queue) and self._enter(client, *queue[places[client]]):
                    places[client] += 1
                    is_moving = True
        if any(places[client] < len(queue) for client, queue in queues.items()):
            raise Malformed("it refers to what is not there")
        if any(self._known_to(client) < clock + length for client, clock, length in self.waiting):
            raise Malformed("it deletes what is not there")
        for client, clock, length in self.waiting:
            self._ask_whether_whole((client, clock), (client, clock + length))

    def _known_to(self, client: int) -> int:
        fresh = self.fresh.get(client)
        if fresh is not None:
            return fresh.end
        known = self.ledger.clients.get(client)
        return known.end if known else 0

    def _enter(self, client: int, clock: int, piece: _Piece) -> bool:
        """False while something that it refers to has not been met."""
        known = self._known_to(client)
        if clock > known:
            raise Malformed("something is missing before it")
        end = clock + piece.length
        if end <= known:
            return True  # known already: what a client sends anew after a break
        for beside in (piece.left, piece.right):
            if beside is not None and beside[0] == client and beside[1] >= clock:
                raise Malformed("it stands beside itself")
        place = self._place_of(piece)
        if place is None:
            return False
        if clock < known and (self._at((client, known - 1)) != place or known - clock in piece.halves):
            # Yjs cuts off what it knows and lays the rest behind that, whatever the piece says it stands beside.
            raise Malformed("it goes on elsewhere than it began")
        _ask_whether_it_fits(piece, place[0])
        if place[0] == In.ATTRIBUTE and self._is_span(piece):
            if not piece.is_few:
                raise Malformed("a cell is too wide or too tall")
            self.checked.spans.add((client, clock))
        if client not in self.fresh:
            self.fresh[client] = _Pieces(end=known)
        is_gone = piece.content in (_GONE, _DELETED)
        self.fresh[client].add(end - known, place, is_gone)
        self.checked.pieces.append((client, end - known, place, is_gone))
        self.checked.clients.add(client)
        self.checked.halves |= {(client, clock + half) for half in piece.halves if clock + half >= known}
        if piece.kind:
            within = In.TEXT if piece.kind == _XML_TEXT else In.ELEMENT
            depth = place[1] + 1
            if depth > DEEPEST:
                raise Malformed("it is nested too deep")
            self.checked.kinds[client, clock] = (within, depth)
        return True

    def _place_of(self, piece: _Piece) -> tuple[In, int] | None:
        if piece.content in (_GONE,):
            return (In.NOTHING, 0)
        if piece.root is not None:
            if piece.key is not None:
                raise Malformed("the document has no attributes")
            if piece.root not in (PAGE, TITLE):
                raise Malformed("an unknown part of the document")
            return (In.ROOT, 0) if piece.root == PAGE else (In.TEXT, 0)
        if piece.parent is not None:
            kind = self.checked.kinds.get(piece.parent) or self.ledger.kinds.get(piece.parent)
            if kind is None:
                return self._in_forgotten(piece.parent)
            return (In.ATTRIBUTE, kind[1]) if piece.key is not None else kind
        return self._between(piece)

    def _in_forgotten(self, parent: Id) -> tuple[In, int] | None:
        """What stands in a part that was deleted is deleted with it. In anything else nothing can stand: Yjs would stop
        there, with what came before already taken in."""
        found = self._run(parent)
        if found is None:
            return None
        pieces, run = found
        if not pieces.gone[run]:
            raise Malformed("it stands in what holds nothing")
        return (In.NOTHING, 0)

    def _between(self, piece: _Piece) -> tuple[In, int] | None:
        """Where its neighbours stand, which must be one place."""
        if piece.left is not None and piece.left == piece.right:
            raise Malformed("it stands on both sides of the same")
        found = None
        for beside in (piece.left, piece.right):
            if beside is None:
                continue
            place = self._at(beside)
            if place is None:
                return None
            if found is None or found[0] == In.NOTHING:
                found = place
            elif place[0] != In.NOTHING and place != found:
                raise Malformed("its neighbours are not beside each other")
        if piece.left is not None:
            self._ask_whether_whole((piece.left[0], piece.left[1] + 1))
        if piece.right is not None:
            self._ask_whether_whole(piece.right)
        return found

    def _is_span(self, piece: _Piece) -> bool:
        """Yjs names the attribute of the first value only; later ones follow on that."""
        return piece.key in SPANS or (
            piece.left is not None and (piece.left in self.ledger.spans or piece.left in self.checked.spans)
        )

    def _ask_whether_whole(self, *cuts: Id) -> None:
        for cut in cuts:
            if cut in self.ledger.halves or cut in self.checked.halves:
                raise Malformed("it cuts a sign in two")

    def _at(self, where: Id) -> tuple[In, int] | None:
        found = self._run(where)
        return found[0].places[found[1]] if found else None

    def _run(self, where: Id) -> tuple[_Pieces, int] | None:
        client, clock = where
        for pieces in (self.ledger.clients.get(client), self.fresh.get(client)):
            if pieces is not None and pieces.starts and pieces.starts[0] <= clock < pieces.end:
                return pieces, pieces.run(clock)
        return None

    def _read_deletions(self) -> None:
        reader = self.reader
        count = 0
        for _ in range(reader.number()):
            client = reader.number()
            for _ in range(reader.number()):
                self.waiting.append((client, reader.number(), reader.number()))
                count += 1
                if count > self.most:
                    raise Malformed("too many deletions at once")


@dataclass(slots=True)
class _Piece:
    content: int
    length: int = 1
    left: Id | None = None
    right: Id | None = None
    root: str | None = None
    parent: Id | None = None
    key: str | None = None
    kind: int = 0  # of an element or text
    is_few: bool = False  # a whole number from 1 to WIDEST, or nothing
    halves: tuple[int, ...] = ()  # places of second halves of signs that count twice


def _read_piece(reader: Reader) -> _Piece:
    head = reader.byte()
    piece = _Piece(head & 0x1F)
    if piece.content == _SKIP:
        raise Malformed("something is missing before it")
    if piece.content == _GONE:
        piece.length = reader.number()
    else:
        piece.left = (reader.number(), reader.number()) if head & _ORIGIN else None
        piece.right = (reader.number(), reader.number()) if head & _RIGHT else None
        if piece.left is None and piece.right is None:
            if reader.number() == 1:
                piece.root = reader.text()
            else:
                piece.parent = (reader.number(), reader.number())
            if head & _KEY:
                piece.key = reader.text()
        _read_content(reader, piece)
    if not 0 < piece.length <= 10_000_000:
        raise Malformed("a piece of no length")
    return piece


def _read_content(reader: Reader, piece: _Piece) -> None:
    match piece.content:
        case 1:  # _DELETED
            piece.length = reader.number()
        case 4:  # _STRING
            # Yjs counts as JavaScript does: what lies beyond the first 65,536 signs counts twice.
            text = reader.text()
            if text.isascii() or max(text) <= "\uffff":
                piece.length = len(text)
            else:
                at, halves = 0, list[int]()
                for letter in text:
                    if letter > "\uffff":
                        at += 1
                        halves.append(at)
                    at += 1
                piece.length, piece.halves = at, tuple(halves)
        case 6:  # _FORMAT
            name, _value = reader.text(), reader.json(LONGEST_VALUE)
            if name not in MARKS:
                raise Malformed("an unknown mark")
        case 7:  # _TYPE
            piece.kind = reader.number()
            if piece.kind not in (_XML_ELEMENT, _XML_TEXT):
                raise Malformed("an unknown kind of part")
            if piece.kind == _XML_ELEMENT and reader.text() not in NODES:
                raise Malformed("an unknown kind of node")
        case 8:  # _ANY
            piece.length = reader.number()
            begun = reader.at
            for _ in range(piece.length):
                reader.value()
            piece.is_few = _is_few(reader.source[begun : reader.at])
            if reader.at - begun > LONGEST_VALUE * 4:
                raise Malformed("a value is too long")
        case _:
            raise Malformed("an unknown kind of piece")


def _is_few(value: bytes) -> bool:
    match value[0]:
        case 126 | 127:
            return True
        case 125:  # six bits, a sign, and whether more follow
            number: float = value[1] & 0x3F
            if value[1] & 0x80:
                number += value[2] << 6
            return len(value) <= 3 and not value[1] & 0x40 and 1 <= number <= WIDEST
        case 124 | 123 | 122:
            (number,) = struct.unpack({124: ">f", 123: ">d", 122: ">q"}[value[0]], value[1:])
            return 1 <= number <= WIDEST and number == int(number)
    return False


def _ask_whether_it_fits(piece: _Piece, place: In) -> None:
    if piece.content in (_GONE, _DELETED) or place == In.NOTHING:
        return
    fits = {
        In.ROOT: piece.kind == _XML_ELEMENT,
        In.ELEMENT: bool(piece.kind),
        In.TEXT: piece.content in (_STRING, _FORMAT),
        In.ATTRIBUTE: piece.content == _ANY and piece.length == 1,
    }
    if not fits[place]:
        raise Malformed("something stands where it cannot")
