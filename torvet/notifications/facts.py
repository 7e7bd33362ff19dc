"""What a sentence of a notification is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What a sentence is made of: names of those who did it (newest first) and how many they are in all."""

    verb: str
    names: tuple[str, ...]
    number: int
    space: str = ""
    # Kinds of entry, empty for none: what was answered or reacted to, what opened the thread, and what was said.
    about: str = ""
    thread: str = ""
    said: str = ""
    is_own_thread: bool = False
    title: str = ""  # of the page it is about
    is_on_page: bool = False  # it speaks of an entry, and not of the space alone
    because: str = ""  # why they are asked
