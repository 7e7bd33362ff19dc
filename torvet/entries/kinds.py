"""The kinds of entry. Each feature registers its own; the core never asks which one it has before it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from torvet.base.text import MAX_TEXT


@dataclass(frozen=True)
class Kind:
    """One sort of entry.

    `template` renders its card; `opens` tells whether it opens a thread; `wants_title` asks for a title; `is_shared`
    lets everybody who may write in the space edit it; `address` is its own page;
    `longest` is how many characters of plain text fit; `changed_by` is the dotted name of the feature's own action for
    changing its words, when the feature decides what becomes of them: nothing then changes them past it.

    `spoken_for_by` is the dotted name of the feature's own question, who beside the author may act in the author's
    name: `(viewer, entries) -> ids of those among them`. `names_reactions`: whether people see who reacted, or numbers
    alone. `takes_votes`: members may say yes to it, and lists are sorted by how many did; the feature's own action
    asks what else must hold, and calls `entries.actions.give_vote`.

    `kept_by` is the dotted name of what keeps the feature's copies beside its threads true: `(thread ids) -> None`,
    called in the transaction in which something was said in them, removed, restored or moved.
    `may_be_arranged`: threads of it may be split and merged.

    `replied_by` is the dotted name of the feature's own way of listing what was said to its openers: `(request, entry,
    membership) -> context`, in which `list_template` is what draws the list. `reply_address` is where a reply stands.

    `stands_apart`: a reply that its feature shows in a place of its own, so it is not among the comments of the thread.
    `replies_word`: which of the core's phrases is the button under a reply of this kind: "comment" where "answer" would
    be taken for one more of them.
    """

    key: str
    label: str | Promise
    icon: str
    template: str
    opens: bool = True
    wants_title: bool = False
    is_shared: bool = False
    address: str = "/e/{}/"
    longest: int = MAX_TEXT
    changed_by: str = ""
    spoken_for_by: str = ""
    names_reactions: bool = True
    takes_votes: bool = False
    kept_by: str = ""
    may_be_arranged: bool = False
    replied_by: str = ""
    reply_address: str = "/e/{}/#c{}"  # filled with the opener's id and the reply's
    stands_apart: bool = False
    replies_word: str = "answer"


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. Raises ValueError when the key is taken by another."""
    if _kinds.get(kind.key, kind) != kind:
        raise ValueError(f"two kinds are called {kind.key}")
    _kinds[kind.key] = kind
    return kind


def kind_of(key: str) -> Kind:
    """The kind with this key. Raises KeyError for an unknown one."""
    return _kinds[key]


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def openers() -> list[Kind]:
    """The kinds that open threads, for filters and the composer."""
    return [kind for kind in _kinds.values() if kind.opens]


def apart() -> list[str]:
    """The keys of replies that are not listed among comments."""
    return [kind.key for kind in _kinds.values() if kind.stands_apart]


POST = register(Kind("post", _("Post"), "message-square-text", "entries/_post_card.html"))
COMMENT = register(Kind("comment", _("Comment"), "message-circle", "entries/_comment_card.html", opens=False))
