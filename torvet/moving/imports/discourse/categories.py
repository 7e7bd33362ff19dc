"""The categories of a forum: which were for everybody, in which answers are accepted, and what they are called."""

from __future__ import annotations

import re

from torvet.base.text.characters import clean_line
from torvet.moving.imports.discourse.files import SavedForum
from torvet.moving.imports.talk.loose_json import Json, part_in, parts_of, words_in
from torvet.moving.imports.talk.shapes import Part


class Categories:
    def __init__(self, *, with_restricted: bool) -> None:
        self._with_restricted = with_restricted
        self._known: dict[int, Json] = {}
        self._asking: set[int] = set()

    def read(self, saved: SavedForum) -> None:
        for found in saved.about_the_site():
            listed = found.get("categories") or part_in(found, "category_list").get("categories")
            for category in parts_of(listed):
                self._note(category)

    def _note(self, category: Json) -> None:
        id = category.get("id")
        if isinstance(id, int):
            self._known.setdefault(id, category)
            own = part_in(category, "custom_fields").get("enable_accepted_answers")
            if own in (True, "true", "t") or category.get("create_as_post_voting_default") is True:
                self._asking.add(id)
        for below in parts_of(category.get("subcategory_list")):
            self._note(below)

    def accepts_answers(self, id: object) -> None:
        """An answer was accepted in it, so it is one for questions."""
        if isinstance(id, int):
            self._asking.add(id)

    def is_for_questions(self, id: object) -> bool:
        return id in self._asking

    def is_restricted(self, id: object) -> bool:
        """It, or the category around it, was not for everybody."""
        return any(one.get("read_restricted") is True for one in (self._get(id), self._above(id)))

    def is_left_out(self, id: object) -> bool:
        return self.is_restricted(id) and not self._with_restricted

    def parts(self) -> list[Part]:
        """Those that become sub-fora. Numbers that nobody describes do not: their threads stand in the forum itself."""
        kept = [id for id in self._known if not self.is_left_out(id)]
        return [Part(str(id), self._name(id), _plain(self._known[id])) for id in kept]

    def _name(self, id: int) -> str:
        """A category's name; within another one it carries that one's too, for sub-fora do not nest."""
        above = clean_line(words_in(self._above(id), "name"))
        name = clean_line(words_in(self._known[id], "name")) or str(id)
        return f"{above} – {name}" if self._above(id) else name

    def _get(self, id: object) -> Json:
        return self._known.get(id, {}) if isinstance(id, int) else {}

    def _above(self, id: object) -> Json:
        return self._get(self._get(id).get("parent_category_id"))


def _plain(category: Json) -> str:
    said = words_in(category, "description_text") or re.sub(r"<[^>]*>", "", words_in(category, "description"))
    return clean_line(said)[:300]
