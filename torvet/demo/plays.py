"""Reading the plays in company/plays: what people wrote, in the order of a conversation.

== customers | D12 09:15 | nadia.jakobsen      a post: space, time (see times.py), author
title: Ny vagtplan
picture: harbour | What the picture shows      as often as needed
file: vagtplan.csv
reactions: 👍12 ❤️3                             who reacts is drawn by lot
typo: fredag => torsdag                        first published with `fredag`, mended soon after
bookmark: nadia.jakobsen                       pinned, too, may stand here
The text, Markdown, until the first answer. @handle names somebody, @{log} a unit.
- mari.madsen [👍4; removed nicoline.overgaard; typo a => b]: An answer, to the post.
-- eivind.haug: An answer to that answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PLAYS = Path(__file__).parent / "company" / "plays"
_OPENS = re.compile(r"== (?P<space>[a-z]+) \| (?P<when>[^|]+) \| (?P<by>\S+)")
_ANSWER = re.compile(r"(?P<depth>-+) (?P<by>[a-z][a-z0-9.]+)(?: \[(?P<notes>[^\]]*)\])?: (?P<text>.*)")
_NOTE = re.compile(r"(title|picture|file|reactions|typo|bookmark|pinned): ?(.*)")
_REACTION = re.compile(r"(\D+?)(\d+)(?:\s+|$)")


class BadPlay(Exception):
    """A line that cannot be understood; says which."""


@dataclass
class Said:
    """What a post and an answer have in common. `typo` is (first written, mended), both empty for most."""

    by: str
    text: str = ""
    reactions: dict[str, int] | None = None  # None: by lot
    typo: tuple[str, str] = ("", "")

    @property
    def first_text(self) -> str:
        was, became = self.typo
        return self.text.replace(became, was, 1) if became else self.text


@dataclass
class Answer(Said):
    depth: int = 1
    removed_by: str = ""


@dataclass
class Play(Said):
    """A post with all that became of it."""

    space: str = ""
    when: str = ""
    title: str = ""
    pictures: list[tuple[str, str]] = field(default_factory=list)  # (name of the drawing, alternative text)
    files: list[str] = field(default_factory=list)
    bookmarks: list[str] = field(default_factory=list)
    is_pinned: bool = False
    answers: list[Answer] = field(default_factory=list)


def read_plays(folder: Path = PLAYS) -> list[Play]:
    """All plays of all files. Raises BadPlay."""
    return [play for path in sorted(folder.glob("*.txt")) for play in _read(path)]


def _read(path: Path) -> Iterator[Play]:
    play: Play | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("=="):
            if play:
                yield _trimmed(play)
            play = _open(line, f"{path.name}, line {number}")
        elif play is not None:
            _take(play, line, f"{path.name}, line {number}")
    if play:
        yield _trimmed(play)


def _open(line: str, where: str) -> Play:
    match = _OPENS.fullmatch(line.rstrip())
    if match is None:
        raise BadPlay(f"{where}: {line}")
    return Play(space=match["space"], when=match["when"].strip(), by=match["by"])


def _take(play: Play, line: str, where: str) -> None:
    answer = _ANSWER.fullmatch(line)
    if answer:
        play.answers.append(_answer(answer, where))
        return
    note = _NOTE.fullmatch(line)
    if note and not play.text and not play.answers:
        _note(play, note[1], note[2].strip(), where)
        return
    told: Said = play.answers[-1] if play.answers else play
    if line or told.text:
        told.text += f"\n{line}" if told.text else line


def _answer(match: re.Match[str], where: str) -> Answer:
    answer = Answer(by=match["by"], text=match["text"], depth=len(match["depth"]))
    for note in filter(None, (part.strip() for part in (match["notes"] or "").split(";"))):
        if note.startswith("removed "):
            answer.removed_by = note.removeprefix("removed ")
        elif note.startswith("typo "):
            answer.typo = _typo(note.removeprefix("typo "), where)
        else:
            answer.reactions = _reactions(note, where)
    return answer


def _note(play: Play, name: str, value: str, where: str) -> None:
    if name == "title":
        play.title = value
    elif name == "picture":
        drawing, _bar, alt = (part.strip() for part in value.partition("|"))
        play.pictures.append((drawing, alt))
    elif name == "file":
        play.files.append(value)
    elif name == "reactions":
        play.reactions = _reactions(value, where)
    elif name == "typo":
        play.typo = _typo(value, where)
    elif name == "bookmark":
        play.bookmarks += value.split()
    else:
        play.is_pinned = True


def _reactions(words: str, where: str) -> dict[str, int]:
    found = {emoji.strip(): int(number) for emoji, number in _REACTION.findall(words)}
    if not found and words != "0":
        raise BadPlay(f"{where}: {words} are no reactions")
    return found


def _typo(words: str, where: str) -> tuple[str, str]:
    was, arrow, became = words.partition(" => ")
    if not arrow:
        raise BadPlay(f"{where}: {words} says not what became of what")
    return was.strip(), became.strip()


def _trimmed(play: Play) -> Play:
    play.text = play.text.strip()
    for answer in play.answers:
        answer.text = answer.text.strip()
    return play
