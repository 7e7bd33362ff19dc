"""`torvet import mbox`."""

from __future__ import annotations

from pathlib import Path

from torvet.moving.imports.mbox.reading import MboxSource
from torvet.moving.imports.talk.importing import bring_in
from torvet.moving.imports.talk.places import Wish
from torvet.moving.progress import Progress
from torvet.moving.report import Report
from torvet.people.viewer import Viewer


def import_mbox(
    path: Path,
    *,
    by: Viewer,
    report: Report,
    progress: Progress,
    space: str = "",
    new_space: str = "",
    called: str = "",
) -> None:
    """Bring an archive in. Raises BadInput, and writes nothing then."""
    bring_in(
        MboxSource(path),
        path,
        by=by,
        report=report,
        progress=progress,
        wish=Wish(space, new_space),
        called=called,
    )
