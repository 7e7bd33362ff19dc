"""The shared document of a page: a Yjs fragment "page" in the editor's schema, and a text "title".

Everything here takes bytes and gives bytes: it runs in a thread of its own, on a copy, and what comes out is taken in
by the room as one more change. Text places of pycrdt count bytes of UTF-8.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc, Text, XmlElement, XmlFragment, XmlText

from torvet.base.differences.sequence import Budget, matches
from torvet.realtime.together.trees import DEEPEST, RANK, Inside, Mark, Node, Words, read, words_of, write

PAGE, TITLE = "page", "title"
ONE_BY_ONE = 500  # changed blocks in a row; more are another text


@dataclass(frozen=True)
class Written:
    """What a document says, as HTML that still has to be cleaned."""

    title: str
    html: str


def sitting_name(page: int, version: int, title: str, html: str) -> str:
    """Names the document that `fill` makes: the same words of the same version always give the same one."""
    return hashlib.sha256(f"{page}:{version}:{title}:{html}".encode()).hexdigest()[:16]


def fill(name: str, title: str, html: str) -> bytes:
    """The first state of a document. The same for the same arguments to the last bit: nothing can be doubled by it."""
    doc: Doc[Any] = Doc(client_id=int(name[:8], 16) | 1)
    fragment, line = doc.get(PAGE, type=XmlFragment), doc.get(TITLE, type=Text)
    with doc.transaction():
        line += title
        _insert_all(fragment, 0, read(html))
    return bytes(doc.get_update())


def read_state(state: bytes) -> Written:
    """The words of a stored or running document."""
    doc = _opened(state)
    return Written(_title(doc), write(_tree(doc)))


def change(state: bytes, title: str, wanted: Inside) -> bytes:
    """The update that makes a document say this, with as little change as possible: what others write meanwhile, or
    wrote without a connection, keeps its place in it.
    """
    doc = _opened(state)
    before = doc.get_state()
    fragment, line = doc.get(PAGE, type=XmlFragment), doc.get(TITLE, type=Text)
    with doc.transaction():
        _rewrite_title(line, title)
        _change_inside(fragment, _inside(fragment), wanted)
    return bytes(doc.get_update(before))


def tree_of(state: bytes) -> tuple[str, Inside]:
    doc = _opened(state)
    return _title(doc), _tree(doc)


def _opened(state: bytes) -> Doc[Any]:
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    return doc


def _title(doc: Doc[Any]) -> str:
    return str(doc.get(TITLE, type=Text))


def _tree(doc: Doc[Any]) -> Inside:
    with doc.transaction():
        return _inside(doc.get(PAGE, type=XmlFragment))


# --- Reading ----------------------------------------------------------------------------------------------------


def _inside(parent: Any, depth: int = 0) -> Inside:
    """One part for each child, also for an empty text: their places are those of the document."""
    found: list[Node | Words] = []
    for child in parent.children:
        if isinstance(child, XmlText):
            found.append(_words(child))
        else:
            attributes = sorted(
                (name, _plain(value)) for name, value in child.attributes if value is not None
            )
            inside = _inside(child, depth + 1) if depth < DEEPEST else ()
            found.append(Node(str(child.tag), tuple(attributes), inside))
    return tuple(found)


def _plain(value: Any) -> Any:
    """Numbers come as floats, and 2.0 is the heading's 2; what is neither word, number nor yes is its text."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


def _words(text: XmlText) -> Words:
    runs: list[tuple[str, list[Mark]]] = []
    for words, marks in text.diff():
        if isinstance(words, str):
            runs.append(
                (words, [_mark(name, value) for name, value in (marks or {}).items() if value is not None])
            )
    return words_of((words, [mark for mark in marks if mark[0] in RANK]) for words, marks in runs)


def _mark(name: str, value: Any) -> Mark:
    href = value.get("href") if name == "link" and isinstance(value, dict) else ""
    return (name, href if isinstance(href, str) else "")


# --- Writing ----------------------------------------------------------------------------------------------------


def _insert_all(parent: Any, at: int, nodes: Inside) -> None:
    """From the last to the first, all at one place: Yjs walks from the first part to each place, which takes the square
    of time for a long text that is written from its beginning."""
    for node in reversed(nodes):
        _insert(parent, at, node)


def _insert(parent: Any, at: int, node: Node | Words) -> None:
    if isinstance(node, Words):
        text = parent.children.insert(at, XmlText(""))
        _write_runs(text, node)
        return
    element = parent.children.insert(at, XmlElement(node.name))
    for name, value in node.attributes:
        element.attributes[name] = value
    _insert_all(element, 0, node.inside)


def _write_runs(text: XmlText, words: Words) -> None:
    text.insert(0, words.plain)
    _mark_runs(text, words)


def _mark_runs(text: XmlText, words: Words) -> None:
    """One mark after the other: several at once come in an order of chance, and `fill` must not."""
    at = 0
    for run, marks in words.runs:
        end = at + len(run.encode())
        for name, address in marks:
            text.format(at, end, {name: {"href": address} if name == "link" else {}})
        at = end


def _rewrite_title(line: Text, wanted: str) -> None:
    start, end = _same_ends(str(line), wanted)
    old = str(line)
    at = len(old[:start].encode())
    gone = len(old[start : len(old) - end].encode())
    if gone:
        del line[at : at + gone]
    if new := wanted[start : len(wanted) - end]:
        line.insert(at, new)


def _same_ends(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts share at their beginning, and then at their end."""
    shortest = min(len(old), len(new))
    start = 0
    while start < shortest and old[start] == new[start]:
        start += 1
    end = 0
    while end < shortest - start and old[len(old) - 1 - end] == new[len(new) - 1 - end]:
        end += 1
    return start, end


def _change_inside(parent: Any, old: Inside, new: Inside) -> None:
    """Make what stands in `parent`, which is `old`, into `new`; from the end, so that places before keep."""
    same = matches(old, new, Budget())
    begins = [(0, 0), *((at + 1, to + 1) for at, to in same)]
    for (from_old, from_new), (to_old, to_new) in reversed(
        list(zip(begins, [*same, (len(old), len(new))], strict=True))
    ):
        shared = min(to_old - from_old, to_new - from_new)
        if shared > ONE_BY_ONE:  # each is walked to from the first part
            shared = 0
        if to_old - from_old > shared:
            del parent.children[from_old + shared : to_old]
        _insert_all(parent, from_old + shared, new[from_new + shared : to_new])
        for number in reversed(range(shared)):
            _change_one(parent, from_old + number, old[from_old + number], new[from_new + number])


def _change_one(parent: Any, at: int, old: Node | Words, new: Node | Words) -> None:
    if isinstance(old, Words) and isinstance(new, Words):
        _change_words(parent.children[at], old, new)
    elif isinstance(old, Node) and isinstance(new, Node) and old.name == new.name:
        element = parent.children[at]
        wanted = dict(new.attributes)
        for name, value in wanted.items():
            if old.get(name) != value:
                element.attributes[name] = value
        for name, _value in old.attributes:
            if name not in wanted:
                del element.attributes[name]
        _change_inside(element, old.inside, new.inside)
    else:
        del parent.children[at]
        _insert(parent, at, new)


def _change_words(text: XmlText, old: Words, new: Words) -> None:
    start, end = _same_ends(old.plain, new.plain)
    at = len(old.plain[:start].encode())
    gone = len(old.plain[start : len(old.plain) - end].encode())
    if gone:
        del text[at : at + gone]
    if fresh := new.plain[start : len(new.plain) - end]:
        text.insert(at, fresh)
    for name in {mark[0] for _run, marks in old.runs for mark in marks}:
        text.format(0, len(new.plain.encode()), {name: None})
    _mark_runs(text, new)
