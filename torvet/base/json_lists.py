"""JSON from outside: whole, or a list of any length element by element."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any, NoReturn, Protocol

LONGEST_ELEMENT = 2 * 1024 * 1024
"""Characters of one element of a list."""
CHUNK = 1 << 16
_WHITE = " \t\n\r"


class NotJson(ValueError):
    """The bytes are not JSON, or not the list that was expected. As text: what is wrong, in a few English words."""


class TooLong(ValueError):
    """One element is longer than LONGEST_ELEMENT."""


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _constant(word: str) -> NoReturn:
    # Python reads NaN and Infinity; no database of ours takes them, and nobody's export has them.
    raise json.JSONDecodeError(f"{word} is not a number", word, 0)


_DECODER = json.JSONDecoder(parse_constant=_constant)


def parse(raw: bytes) -> Any:
    """A whole JSON text in UTF-8. Raises NotJson."""
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise NotJson(_what(error)) from error


def iter_list(source: _Source, *, longest: int = LONGEST_ELEMENT) -> Iterator[Any]:
    """The elements of a JSON list, holding one at a time. Raises NotJson, or TooLong for an element over `longest`.

    Elements before a fault have been given by then: callers that must not keep half a list write in a transaction.
    """
    window = _Window(source)
    if window.next_sign() != "[":
        raise NotJson("a list was expected")
    window.place += 1
    if window.next_sign() == "]":
        window.place += 1
    else:
        while True:
            yield _element(window, longest)
            sign = window.next_sign()
            window.place += 1
            if sign == "]":
                break
            if sign != ",":
                raise NotJson("the list breaks off" if not sign else "a comma was expected")
            window.next_sign()
    if window.next_sign():
        raise NotJson("something stands behind the list")


class _Window:
    """The part of the text that is being looked at: characters from `place` on are still to be read."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.text = ""
        self.place = 0
        self.ended = False

    def more(self, size: int = CHUNK) -> None:
        raw = self._source.read(size)
        self.ended = not raw
        try:
            self.text = self.text[self.place :] + self._decoder.decode(raw, final=self.ended)
        except UnicodeDecodeError as error:
            raise NotJson("it is not UTF-8") from error
        self.place = 0

    def next_sign(self) -> str:
        """The next character that is no white space, without passing it; "" at the end."""
        while True:
            while self.place < len(self.text) and self.text[self.place] in _WHITE:
                self.place += 1
            if self.place < len(self.text):
                return self.text[self.place]
            if self.ended:
                return ""
            self.more()


def _element(window: _Window, longest: int) -> Any:
    while True:
        try:
            element, end = _DECODER.raw_decode(window.text, window.place)
        except RecursionError as error:
            raise NotJson("it is nested too deep") from error
        except json.JSONDecodeError as error:
            # A fault near the end of what was read may be the cut; a string that does not end always may.
            cut = error.pos > len(window.text) - 20 or error.msg.startswith("Unterminated string")
            if window.ended or not cut:
                raise NotJson(_what(error)) from error
        except ValueError as error:
            raise NotJson(_what(error)) from error
        else:
            if end - window.place > longest:
                raise TooLong
            # A number at the very end may go on in the next chunk, "1.5e" as "1.5e10".
            if window.ended or window.text[end : end + 3].strip(".eE+-"):
                window.place = end
                return element
        waiting = len(window.text) - window.place
        if waiting > longest:
            raise TooLong
        # As much again each time: a long element is parsed a few times, not once per chunk.
        window.more(max(CHUNK, waiting))


def _what(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg[:1].lower() + error.msg[1:]
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return "it is nested too deep" if isinstance(error, RecursionError) else "a number is too long"
