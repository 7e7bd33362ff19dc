"""The requests of the matrix: every route with every id, in several dresses; and the scanner for canaries."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from django.test import Client

from tests.cast import signed_in
from tests.plugins.machine import database
from tests.safety.world import World, ids
from torvet.base.policies import routes
from torvet.blogs.models import Delegate, OutcomeSource, Question
from torvet.entries.models import Entry, Topic
from torvet.forum.models import SubForum
from torvet.people.models import Absence
from torvet.spaces.models import JoinRequest, Membership
from torvet.wiki.models import Remark, Report, Suggestion

CANARY = re.compile(r"cnry\d{3}x\d{4}q")
ABSENT = 987654321
SESSIONS = (
    "administrator", "community_manager", "leader", "anna", "bo", "outsider", "guest", "guest_elsewhere", "removed",
    "asking", "invited", "deactivated",
)  # fmt: skip
EVERYBODY = ("anonymous", *SESSIONS, "token_read", "token_write", "token_ended")
# Everybody asks on SQLite; on PostgreSQL one of each standing, which is enough to see that its statements say the same.
ONE_OF_EACH = (
    "anonymous",
    "administrator",
    "anna",
    "outsider",
    "guest_elsewhere",
    "removed",
    "invited",
    "token_read",
)
VISITORS = ONE_OF_EACH if database() == "postgres" else EVERYBODY
# Signing in and out, and what ends the visitor's own way in: asked last, or they would be somebody else afterwards.
LEAVES = (
    "sign-out",
    "settings/browsers/delete",
    "settings/password",
    "first-run",
    "deactivation",
    "manage/members",
)


@dataclass
class Asker:
    """A visitor with their browser or key."""

    name: str
    client: Client
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, address: str, **dress: str) -> tuple[int, str]:
        """(status, everything that came back as text). Never follows a redirect."""
        extra = {"headers": {**self.headers, **dress}} if self.headers or dress else {}
        kind = (
            {"content_type": "application/json"}
            if address.startswith("/api/") and method not in {"GET", "HEAD"}
            else {}
        )
        body = {"data": PAYLOAD_JSON} if kind else {"data": dict(PAYLOAD)} if method == "POST" else {}
        answer = (
            self.client.generic(method, address, **extra)
            if not body
            else getattr(self.client, method.lower())(address, **body, **kind, **extra)
        )
        content = (
            b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content
        )
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        head = "\n".join(f"{name}: {value}" for name, value in answer.items())
        return answer.status_code, readable(head + "\n" + content.decode("utf-8", errors="replace"))


PAYLOAD = {
    "body": "Written by the matrix", "title": "Matrix", "emoji": "👍", "version": "1", "space": "", "answer": "Let me in",
    "standing": "owner", "involvement": "nothing", "member": "1", "role": "administrator", "email": "x@y.example",
    "name": "Matrix", "state": "on", "size": "10", "reason": "matrix", "at": "2031-01-01T00:00:00+00:00", "q": "cnry",
    "purpose": "p", "audience": "a", "access": "open", "quote": "Part", "decided": "1",
    "due_on": "2028-01-01", "send": "1", "people": "Bo Dijkstra", "meaning": "significant", "signed": "1",
    "signed_on": "2026-01-01", "from_on": "2028-01-01", "until_on": "2028-01-02",
    "stage": "declined", "sort": "fact", "decide_by": "2028-01-01", "question": "Matrix?", "days_to_decide": "9",
    "replies": "1", "into": "1", "way": "up", "ask": "1", "to": "page",
}  # fmt: skip
PAYLOAD_JSON = '{"body":"Written by the matrix","version":1,"title":"Matrix"}'


def readable(text: str) -> str:
    """As somebody would decode it who looks for secrets."""
    plain = text.encode().decode("unicode_escape", errors="ignore") if "\\u" in text else ""
    return f"{text}\n{html.unescape(text)}\n{unquote(text)}\n{plain}"


def asker(world: World, name: str) -> Asker:
    client = Client(raise_request_exception=False)
    if name in world.tokens:
        return Asker(name, client, {"authorization": f"Bearer {world.tokens[name]}"})
    if name == "anonymous":
        return Asker(name, client)
    member = world.people[name]
    if name == "deactivated":
        # Their browser still holds the cookie of a session that ended with the account.
        client.cookies["sessionid"] = "0123456789abcdef0123456789abcdef"
        return Asker(name, client)
    found = signed_in(member)
    found.raise_request_exception = False
    return Asker(name, found)


def addresses(world: World) -> Iterator[str]:
    """Every route once, with every id that its place could mean, and with one that is not there."""
    known = ids(world)
    words = ["havvind", "nothing", *(word for word in world.secrets if word in _topics())]
    parts = _parts()
    found = (re.sub(r"^\^|\$$", "", address) for address, _pattern in routes())
    for address in dict.fromkeys(found):
        numbers = _numbers(address, known)
        yield from _fill(f"/{address}", numbers, known, words, parts)


# Ids of one kind are numbers of the others too: entry 3 is asked where a space is meant, and space 3 where an entry is.
# Where a kind of entry is meant, one of each other kind is asked as well.
KINDS = {
    "e": "entry",
    "entries": "entry",
    "pages": "page",
    "articles": "article",
    "blogs": "blog",
    "outcomes": "outcome",
    "drafts": "draft",
    "questions": "question",
    "answers": "answer",
    "spaces": "space",
    "people": "member",
    "members": "member",
    "notices": "notice",
    "ideas": "idea",
    "idea-rooms": "space",
    "threads": "question",
}
# Where the first word of an address does not say what its number is.
BEGINS = {"questions/asked/": "asked", "settings/fields/": "field"}


def _numbers(address: str, known: dict[str, list[int]]) -> list[int]:
    kind = KINDS.get(address.removeprefix("api/v1/").split("/")[0])
    kind = next((meant for begun, meant in BEGINS.items() if address.startswith(begun)), kind)
    # Addresses of other things: their numbers are small, and so are these.
    others = [*known["entry"][::4], *known["space"], *known["member"]]
    return sorted({*(known[kind] if kind else others), *known["stranger"], ABSENT})


def _parts() -> dict[str, list[tuple[int, int]]]:
    """What the second number of an address may mean, by its name there: (the part, what it is a part of)."""
    return {
        "absence": list(Absence.objects.values_list("pk", "member")),
        "answer_id": list(Entry.objects.filter(kind="answer").values_list("pk", "root")),
        "asked": list(JoinRequest.objects.values_list("pk", "space")),
        "comment": list(Question.objects.values_list("pk", "blog")),
        "delegate": list(Delegate.objects.values_list("pk", "blog")),
        "membership": list(Membership.objects.values_list("pk", "space")),
        "remark": list(Remark.objects.values_list("pk", "page")),
        "report": list(Report.objects.values_list("pk", "page")),
        "source": list(OutcomeSource.objects.values_list("entry", "outcome")),
        "sub": list(SubForum.objects.values_list("pk", "forum")),
        "suggestion": list(Suggestion.objects.values_list("pk", "page")),
    }


def _topics() -> set[str]:
    return set(Topic.objects.values_list("name", flat=True))


def _fill(
    address: str,
    numbers: list[int],
    known: dict[str, list[int]],
    words: list[str],
    parts: dict[str, list[tuple[int, int]]],
) -> Iterator[str]:
    first = re.search(r"<(?:(\w+):)?(\w+)>", address)
    if first is None:
        yield address
        return
    kind, name = first[1] or "str", first[2]
    whole = re.search(r"(?<=/)\d+(?=/)", address)
    if kind == "int" and whole and name in parts:
        values: list[object] = [*_parts_of(int(whole[0]), numbers, parts[name]), ABSENT]
    elif kind == "int" and name == "number":  # a version
        values = [1, 2, ABSENT]
    elif kind == "int":
        values = list(numbers)
    elif name == "key" and "file" in address:
        values = [*known["file"], "not-there"]
    elif name == "emoji":
        values = [quote("👍")]
    elif name == "name" and "files" in address:
        values = ["x.bin"]
    elif name == "name":
        values = [quote(word) for word in words]
    else:
        values = ["seen_by", "not-there"]
    for value in values:
        yield from _fill(address.replace(first[0], str(value), 1), numbers, known, words, parts)


def _parts_of(whole: int, numbers: list[int], parts: list[tuple[int, int]]) -> list[int]:
    """Those of the whole itself; of every sixth whole also all that are parts of others, which it must not answer for."""
    answers_for_all = whole in numbers[::6]
    return [part for part, of in parts if of == whole or answers_for_all]


def leaks(world: World, visitor: str, text: str) -> set[str]:
    """Canaries in a text that this visitor may not see."""
    return {word for word in set(CANARY.findall(text)) if visitor not in world.secrets.get(word, frozenset())}
