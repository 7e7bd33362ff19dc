"""Running one import from beginning to end: who runs it, what it tells on the way, and what it reports."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import translation

from torvet.moving.imports.discourse.importing import import_discourse
from torvet.moving.imports.mattermost.importing import import_mattermost
from torvet.moving.imports.mbox.importing import import_mbox
from torvet.moving.imports.people.importing import import_people
from torvet.moving.imports.slack.importing import import_slack
from torvet.moving.imports.stackexchange.importing import import_stackexchange
from torvet.moving.imports.wiki.importing import import_wiki
from torvet.moving.progress import Progress
from torvet.moving.report import BadInput, Report
from torvet.people.actions import as_house
from torvet.people.models import Member, Role
from torvet.people.queries import company
from torvet.people.viewer import Viewer

KINDS: dict[str, Callable[..., None]] = {
    "people": import_people, "slack": import_slack, "wiki": import_wiki, "stackexchange": import_stackexchange,
    "discourse": import_discourse, "mattermost": import_mattermost, "mbox": import_mbox,
}  # fmt: skip
FOLDERS = frozenset({"wiki", "stackexchange", "discourse"})  # kinds that may also lie in a folder, unpacked
_SHELLS = (
    "Authors without an account here were given a closed one, without a password. Import your list of people"
    " (torvet import people), or open accounts under Administration, and invite them: what they wrote is theirs."
)
_NEW_FORUM = (
    "A space that was opened for the forum is closed, and you are its only member: let people in, or open it, under"
    " Members and Settings there. "
)
HOW_THEY_GET_IN = {
    "people": (
        "Nobody has a password yet. Invite people to their accounts, by link or by e-mail: Administration, Members,"
        " Not signed in yet."
    ),
    "slack": _SHELLS,
    "mattermost": _SHELLS,
    "stackexchange": _NEW_FORUM + _SHELLS,
    "discourse": _NEW_FORUM + _SHELLS,
    "mbox": _NEW_FORUM + _SHELLS,
    "wiki": (
        "A space that was opened for the pages is closed, and you are its only member: let people in, or open it, under"
        " Members and Settings there. Pages wait to be looked through one after the other, from half a year on."
    ),
}


def run_import(
    kind: str,
    path: Path,
    *,
    by: Viewer,
    is_dry_run: bool = False,
    progress: Progress | None = None,
    **wishes: str | bool,
) -> Report:
    """Bring a file in, or only look at it. `wishes` are the kind's own. Raises BadInput; nothing is written then."""
    report = Report(kind=kind, file=path.resolve().name, is_dry_run=is_dry_run)
    if not (path.is_file() or (kind in FOLDERS and path.is_dir())):
        raise BadInput(f"{path.name} is not a file that can be read.")
    started = time.monotonic()
    ours = company()
    # Sentences that are written down (a file that is not in the export) speak the company's language.
    with translation.override(ours.language if ours else "en"), rare_collection():
        KINDS[kind](path, by=by, report=report, progress=progress or Progress.silent(), **wishes)
    report.seconds = time.monotonic() - started
    return report


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for circles of garbage rarely: an import makes millions of rows and no circles, and the looking took a fifth
    of its time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def importer(email: str = "") -> Viewer:
    """Who the import acts as: the administrator with this address, or the first one there is."""
    administrators = Member.objects.active().filter(role=Role.ADMINISTRATOR).order_by("id")
    if email:
        administrators = administrators.filter(email__iexact=email.strip())
    found = administrators.first()
    if found is None and email:
        raise BadInput(f"{email} is not an administrator here.")
    if found is None:
        raise BadInput("There is no administrator yet. Set Torvet up first, with torvet init.")
    return as_house(found)
