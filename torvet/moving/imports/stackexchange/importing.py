"""`torvet import stackexchange`."""

from __future__ import annotations

from pathlib import Path

from torvet.moving.imports.stackexchange.reading import StackExchangeSource
from torvet.moving.imports.talk.importing import bring_in
from torvet.moving.imports.talk.places import Wish
from torvet.moving.progress import Progress
from torvet.moving.report import Report
from torvet.people.viewer import Viewer


def import_stackexchange(
    path: Path,
    *,
    by: Viewer,
    report: Report,
    progress: Progress,
    space: str = "",
    new_space: str = "",
    called: str = "",
    address: str = "",
) -> None:
    """Bring a dump in. Raises BadInput, and writes nothing then."""
    source = StackExchangeSource(path, address=address)
    bring_in(
        source, path, by=by, report=report, progress=progress, wish=Wish(space, new_space), called=called
    )
