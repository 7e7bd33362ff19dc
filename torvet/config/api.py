"""The API, put together. Its operations stand in each app's api.py; who may knock is said beside each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torvet.base.door import Api
from torvet.blogs import api as blogs
from torvet.entries import api as entries
from torvet.entries import queries as entry_queries
from torvet.feed import api as feed
from torvet.forum import api as forum
from torvet.forum.queries import questions as question_queries
from torvet.ideas import api as ideas
from torvet.ideas.queries import one as idea_queries
from torvet.ideas.queries import rooms as idea_room_queries
from torvet.notices import api as notices
from torvet.notices import queries as notice_queries
from torvet.people import api as people
from torvet.people.viewer import Viewer
from torvet.search import api as search
from torvet.spaces import api as spaces
from torvet.spaces import queries as space_queries
from torvet.spaces.models import Space


def still_sees(viewer: Viewer, address: str, kwargs: Mapping[str, Any]) -> bool:
    """Whether the viewer may still see what a kept answer to a call at `address` shows."""
    if address.startswith("/entries/"):
        return entry_queries.get_noticed(viewer, kwargs["id"]) is not None
    if address.startswith("/questions/"):
        return question_queries.get_visible(viewer, kwargs["id"]) is not None
    if address.startswith("/answers/"):
        return entry_queries.get_visible(viewer, kwargs["id"]) is not None
    if address in {"/spaces/{int:id}/entries", "/spaces/{int:id}/questions"}:
        return Space.objects.readable_by(viewer).listed().filter(pk=kwargs["id"]).exists()
    if address.startswith("/ideas/"):
        return idea_queries.get_visible(viewer, kwargs["id"]) is not None
    if address.startswith("/idea-rooms/"):
        return idea_room_queries.get_visible(viewer, kwargs["id"]) is not None
    if address.startswith("/notices/"):
        return notice_queries.get_visible(viewer, kwargs["id"]) is not None
    if address.startswith("/spaces/"):
        return space_queries.get_visible(viewer, kwargs["id"]) is not None
    return True  # one's own uploads


DESCRIPTION = """\
What people do in Torvet's pages, other programs do here: by the same rules, as the member whose session or token it is.

**Coming in.** Make a personal token in your settings and send it as `Authorization: Bearer torvet_…`. `read` opens
what you may read; writing needs `read` and `write`. A browser that is signed in may ask too; it sends the CSRF token as
`X-CSRFToken` when it writes. Accounts, roles and tokens are changed in a browser only.

**Lists.** A list answers `{"items": […], "next": cursor or null}`. Ask again with `after=` and that
cursor; nothing comes twice.

**Abilities.** Members, spaces and entries say in `abilities` what you may do with them. What you may not see answers
404, just as what does not exist.

**Writing once.** Send an `Idempotency-Key` of your own making. The same call with the same key is done once and answers
the same for 24 hours; another body under the same key is refused.

**Errors.** Whatever goes wrong is said as problem details (RFC 9457), with a plain sentence in `detail` and, for
fields, one line each in `errors`.

**Limits.** `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds) come with every answer; 429 says in
`Retry-After` how long to wait. Times are UTC in ISO 8601.
"""

api = Api(title="Torvet", version="1", description=DESCRIPTION, urls_namespace="api", still_sees=still_sees)
for router in (
    people.router,
    spaces.router,
    entries.router,
    feed.router,
    blogs.router,
    forum.router,
    ideas.router,
    notices.router,
    search.router,
):
    api.add_router("", router)
