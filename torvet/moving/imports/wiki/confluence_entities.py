"""Reading `entities.xml` of Confluence once, from end to end, into a spool: pages, bodies, comments, files, people.

Only what is named here is read. Passwords and keys that full exports hold are passed over unread.
"""

from __future__ import annotations

from typing import IO, Any

from torvet.moving.imports.wiki.shapes import Losses, Person
from torvet.moving.imports.wiki.spool import Facts, Spool
from torvet.moving.xml_reading import elements, local

_PAGES = {"Page", "BlogPost"}
_WANTED = _PAGES | {
    "Space", "BodyContent", "Comment", "Attachment", "Label", "Labelling", "ContentPermissionSet",
    "ContentPermission", "ConfluenceUserImpl", "InternalUser", "SpacePermission", "ContentProperty",
}  # fmt: skip
_OF_COMMENTS = {"inline-original-selection", "inlineOriginalSelection"}


class Entities:
    """What one export holds. Texts and pages lie in the spool; titles, people and rights in memory."""

    def __init__(self, spool: Spool, losses: Losses, where: str) -> None:
        self.spool = spool
        self.losses = losses
        self.where = where
        self.spaces: dict[str, Facts] = {}
        self.restricted: set[str] = set()  # pages that not everybody in their space may read
        self.seen_by_many: set[str] = set()  # spaces that are shown to more than named people
        self.labels: dict[str, str] = {}
        self.labelled: dict[str, list[str]] = {}
        self._people: dict[str, Person] = {}
        self._accounts: dict[str, tuple[str, str]] = {}  # account name -> shown name, e-mail
        self._sets: dict[str, str] = {}
        self._view_sets: set[str] = set()

    def read(self, source: IO[bytes]) -> bool:
        """Read everything. False when it is not Confluence's."""
        is_ours = False
        for element in elements(source, ("object", "hibernate-generic"), self.where):
            is_ours |= local(element) == "hibernate-generic"
            if (kind := element.get("class", "")) in _WANTED:
                is_ours = True
                self._keep(kind, element)
            elif kind == "CustomContentEntityObject":
                self.losses.left_out.append(("parts", self.where, "it belongs to an app of the old wiki"))
        self.restricted |= {self._sets[one] for one in self._view_sets if one in self._sets}
        return is_ours

    def person(self, key: str) -> Person | None:
        """Somebody by key or account name; a stranger goes by the key."""
        if not key:
            return None
        known = self._people.get(key) or self._people.get(key.lower())
        account = known.name if known else key
        name, email = self._accounts.get(account.lower(), ("", ""))
        return Person(known.key if known else key, name or account, email or (known.email if known else ""))

    def _keep(self, kind: str, element: Any) -> None:
        id, key, said = _facts(element)
        match kind:
            case "Page" | "BlogPost":
                self._keep_page(id, kind, said)
            case "Space":
                self.spaces[id] = {
                    "key": said.get("key", ""),
                    "name": said.get("name", ""),
                    "home": said.get("homePage", ""),
                    "is_personal": said.get("spaceType") == "personal" or said.get("key", "").startswith("~"),
                }
            case "BodyContent":
                owner = said.get("content", "")
                self.spool.add("body", owner, {"sort": said.get("bodyType", "2")})
                self.spool.say(f"body {owner}", said.get("body", ""))
            case "Comment":
                self._keep_comment(id, said)
            case "Attachment":
                self._keep_file(id, said)
            case "Label":
                if said.get("namespace", "global") in ("global", "") and said.get("name"):
                    self.labels[id] = said["name"]
            case "Labelling":
                self.labelled.setdefault(said.get("content") or said.get("labelableId", ""), []).append(
                    said.get("label", "")
                )
            case "ContentProperty":
                if said.get("name") in _OF_COMMENTS and said.get("content"):
                    self.spool.say(f"selection {said['content']}", said.get("stringValue", "")[:2000])
            case "ConfluenceUserImpl":
                name = said.get("name") or said.get("lowerName") or key or id
                # Where people sign in with their address, it is their name.
                email = said.get("email") or (name if "@" in name else "")
                person = Person(key or id, name, email)
                self._people[person.key] = person
                self._people.setdefault(name.lower(), person)
                if said.get("atlassianAccountId"):
                    self._people.setdefault(said["atlassianAccountId"], person)
            case "InternalUser":
                if name := said.get("lowerName") or said.get("name", "").lower():
                    self._accounts[name] = (said.get("displayName", ""), said.get("emailAddress", ""))
            case _:
                self._keep_right(kind, id, said)

    def _keep_right(self, kind: str, id: str, said: dict[str, str]) -> None:
        if kind == "ContentPermissionSet":
            if owner := said.get("owningContent", ""):
                self._sets[id] = owner
            if said.get("type", "").lower() == "view":
                self._view_sets.add(id)
        elif kind == "ContentPermission":
            if said.get("type", "").lower() == "view":
                self._view_sets.add(said.get("owningSet", ""))
        elif said.get("type", "").upper() == "VIEWSPACE":
            named = said.get("userName") or said.get("userSubject")
            if said.get("group") or said.get("allUsersSubject") or not named:
                self.seen_by_many.add(said.get("space", ""))

    def _keep_page(self, id: str, kind: str, said: dict[str, str]) -> None:
        facts: Facts = {
            "title": said.get("title", "").strip(),
            "space": said.get("space", ""),
            "parent": said.get("parent", ""),
            "position": said.get("position", ""),
            "status": said.get("contentStatus") or "current",
            "is_blog": kind == "BlogPost",
            "version": _number(said.get("version", "")),
        } | _who_and_when(said)
        original = said.get("originalVersion") or said.get("originalVersionId", "")
        if original and facts["status"] in ("current", "historical"):
            self.spool.add("version", id, facts, of=original)
        elif not self.spool.add("page", id, facts):
            self.losses.left_out.append(
                ("pages", f"{self.where}, page {id}", "the same page stands in the export twice")
            )

    def _keep_comment(self, id: str, said: dict[str, str]) -> None:
        if said.get("originalVersion") or said.get("originalVersionId"):
            return
        on = said.get("containerContent") or said.get("owner") or said.get("content", "")
        facts = {"parent": said.get("parent", ""), "status": said.get("contentStatus") or "current"}
        self.spool.add("comment", id, facts | _who_and_when(said), of=on)

    def _keep_file(self, id: str, said: dict[str, str]) -> None:
        on = said.get("containerContent") or said.get("content", "")
        name = (said.get("title") or said.get("fileName", "")).strip().replace("/", "_")
        facts = {
            "name": name,
            "version": _number(said.get("version") or said.get("attachmentVersion", "")),
            "status": said.get("contentStatus") or "current",
        }
        original = said.get("originalVersion") or said.get("originalVersionId", "")
        if name and on and not original:
            self.spool.add("file", id, facts, of=on)


def _facts(element: Any) -> tuple[str, str, dict[str, str]]:
    """Id, key, and properties: texts, and the ids of what is referred to. Components and collections are not read."""
    id, key = "", ""
    said: dict[str, str] = {}
    for part in element:
        if part.tag == "id":
            if part.get("name") == "key":
                key = (part.text or "").strip()
            else:
                id = (part.text or "").strip()
        elif part.tag == "property":
            inner = part.find("id")
            said[part.get("name", "")] = ((inner.text if inner is not None else part.text) or "").strip(
                "\r\n"
            )
    return id, key, said


def _who_and_when(said: dict[str, str]) -> Facts:
    return {
        "by": said.get("creator") or said.get("creatorName", ""),
        "at": said.get("creationDate", ""),
        "edited_by": said.get("lastModifier") or said.get("lastModifierName", ""),
        "edited_at": said.get("lastModificationDate", ""),
    }


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 10 else 0
