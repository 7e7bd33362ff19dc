"""`torvet import discourse`."""

from __future__ import annotations

from pathlib import Path

from torvet.moving.imports.discourse.reading import DiscourseSource
from torvet.moving.imports.talk.importing import bring_in
from torvet.moving.imports.talk.places import Wish
from torvet.moving.progress import Progress
from torvet.moving.report import Report
from torvet.people.viewer import Viewer


def import_discourse(
    path: Path,
    *,
    by: Viewer,
    report: Report,
    progress: Progress,
    space: str = "",
    new_space: str = "",
    called: str = "",
    address: str = "",
    with_restricted: bool = False,
) -> None:
    """Bring topics in. Raises BadInput, and writes nothing then."""
    source = DiscourseSource(path, address=address, with_restricted=with_restricted)
    bring_in(
        source, path, by=by, report=report, progress=progress, wish=Wish(space, new_space), called=called,
        with_restricted=with_restricted,
    )  # fmt: skip
