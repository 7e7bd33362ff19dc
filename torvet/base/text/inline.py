"""Writes one line of Markdown from pieces of text under marks, escaping only what would be read as a sign."""

import re
from dataclasses import dataclass, replace
from itertools import groupby

from torvet.base.text.addresses import find_addresses

_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]{1,40};)")
_BARE = re.compile(r"[\w:/.?=%#&+,;@-]+")
_ENDS_ADDRESS = re.compile(r"[.,;:!?)]*(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text under marks (outermost first) and in a link when `href` is given. Not plain: already Markdown."""

    text: str
    marks: tuple[str, ...] = ()
    href: str = ""
    plain: bool = True


def write_line(pieces: list[Piece]) -> str:
    """Markdown of one line (or several, at the breaks)."""
    pieces = _shift_punctuation(_joined(pieces))
    groups = [(href, list(inside)) for href, inside in groupby(pieces, key=lambda piece: piece.href)]
    written = ""
    for place, (href, inside) in enumerate(groups):
        following = groups[place + 1][1][0].text if place + 1 < len(groups) else ""
        if href:
            link = _link(href, inside, written, following)
            # "!" in front of a link would make it a picture.
            written = written[:-1] + "\\!" if written.endswith("!") and link.startswith("[") else written
            written += link
        else:
            written += _marked(inside, written[-1:] or " ", following[:1] or " ")
    return written


def _joined(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        if found and replace(found[-1], text="") == replace(piece, text="") and piece.plain:
            found[-1] = replace(piece, text=found[-1].text + piece.text)
        elif piece.text:
            found.append(piece)
    return found


def _shift_punctuation(pieces: list[Piece]) -> list[Piece]:
    """Move punctuation out of a mark that touches a word: `**Note:**text` is not read as bold, `**Note**:text` is."""
    found = list(pieces)
    for place in range(len(found) - 1):
        left, right = found[place], found[place + 1]
        if left.marks == right.marks or not (left.plain and right.plain) or left.href != right.href:
            continue
        if (
            set(left.marks) - set(right.marks) - {"code"}
            and _is_word(right.text[:1])
            and "code" not in left.marks
        ):
            kept = _without_end(left.text)
            moved = left.text[len(kept) :]
            found[place], found[place + 1] = replace(left, text=kept), replace(right, text=moved + right.text)
        elif (
            set(right.marks) - set(left.marks) - {"code"}
            and _is_word(left.text[-1:])
            and "code" not in right.marks
        ):
            kept = _without_end(right.text[::-1])[::-1]
            moved = right.text[: len(right.text) - len(kept)]
            found[place], found[place + 1] = replace(left, text=left.text + moved), replace(right, text=kept)
    return _joined([piece for piece in found if piece.text])


def _without_end(text: str) -> str:
    end = len(text)
    while end and not _is_word(text[end - 1]):
        end -= 1
    return text[:end]


def _is_word(letter: str) -> bool:
    return letter.isalnum()


def _link(href: str, inside: list[Piece], before: str, following: str) -> str:
    text = "".join(piece.text for piece in inside)
    own = href in (text, f"http://{text}", f"mailto:{text}") and not any(piece.marks for piece in inside)
    if own and _stands_alone(text, href, before, following):
        return text
    if own and href == text and re.fullmatch(r"https?://[^\s<>\\]+", href):
        return f"<{href}>"
    words = _marked(inside, "[", "]", linked=True)
    target = _ENTITY.sub("&amp;", href.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E"))
    return f"[{words}](<{target}>)" if re.search(r"[()\s]", target) else f"[{words}]({target})"


def _stands_alone(text: str, href: str, before: str, following: str) -> bool:
    """Will the bare address be found again, whole, and with nothing around it drawn in?"""
    if not _BARE.fullmatch(text) or re.search(r"(?<![^\W_])_|_(?![^\W_])|&#?\w+;", text):
        return False
    alone = (not before or before[-1] in " \n(") and bool(_ENDS_ADDRESS.match(following))
    return alone and [(start, end) for start, end, _ in find_addresses(text)] == [(0, len(text))]


def _marked(pieces: list[Piece], before: str, after: str, *, linked: bool = False) -> str:
    written = ""
    open_marks: list[tuple[str, str]] = []
    for place, piece in enumerate(pieces):
        same = 0
        while same < min(len(piece.marks), len(open_marks)) and piece.marks[same] == open_marks[same][0]:
            same += 1
        while len(open_marks) > same:
            written += open_marks.pop()[1]
        for mark in piece.marks[same:]:
            if mark == "code":
                continue
            sign = _sign(mark, (written or before)[-1], pieces, place, piece.marks.index(mark), after)
            written += sign
            open_marks.append((mark, sign))
        if not piece.plain:
            written += piece.text
        elif "code" in piece.marks:
            written += _code(piece.text)
        else:
            written += escape_text(piece.text, linked=linked)
    while open_marks:
        written += open_marks.pop()[1]
    return written


def _sign(mark: str, before: str, pieces: list[Piece], place: int, depth: int, after: str) -> str:
    if mark != "em":
        return "**" if mark == "strong" else "~~"
    # An underscore keeps clear of the stars of a bold neighbour, but only works at the edge of a word.
    end = place
    while end + 1 < len(pieces) and pieces[end + 1].marks[: depth + 1] == pieces[place].marks[: depth + 1]:
        end += 1
    next_text = pieces[end + 1].text[:1] if end + 1 < len(pieces) else after
    return "*" if _is_word(before) or _is_word(next_text) else "_"


def _code(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


_SIGN = re.compile(r"[\\`*_~\[\]<&!@]")


def escape_text(text: str, *, linked: bool = False) -> str:
    """Text with a backslash before each sign that Markdown would take for itself, and no others."""

    def one(match: re.Match[str]) -> str:
        place, sign = match.start(), match.group()
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        return "\\" + sign if _is_sign(sign, before, after, text, place, linked) else sign

    return _SIGN.sub(one, text)


def _is_sign(sign: str, before: str, after: str, text: str, place: int, linked: bool) -> bool:
    match sign:
        case "`":
            return True
        case "\\":
            return not after or (after.isascii() and not after.isalnum() and not after.isspace())
        case "*":
            return not ((not before or before.isspace()) and after.isspace())
        case "_":
            return not (_is_word(before) and _is_word(after))
        case "~":
            return not before or not after or "~" in before + after
        case "[":
            return linked
        case "]":
            return linked or (bool(after) and after in "(:[")
        case "<":
            return not after or after.isalpha()
        case "&":
            return bool(_ENTITY.match(text, place))
    return False
