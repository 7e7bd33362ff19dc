"""`torvet import mattermost`."""

from __future__ import annotations

from pathlib import Path

from torvet.moving.imports.mattermost.reading import MattermostSource
from torvet.moving.imports.talk.importing import bring_in
from torvet.moving.imports.talk.places import Wish
from torvet.moving.progress import Progress
from torvet.moving.report import Report
from torvet.people.viewer import Viewer
from torvet.spaces.models import Access


def import_mattermost(
    path: Path,
    *,
    by: Viewer,
    report: Report,
    progress: Progress,
    called: str = "",
    with_restricted: bool = False,
    private_as: str = Access.CLOSED,
) -> None:
    """Bring an export in. Raises BadInput, and writes nothing then."""
    bring_in(
        MattermostSource(path), path, by=by, report=report, progress=progress, wish=Wish(), called=called,
        with_restricted=with_restricted, private_as=private_as,
    )  # fmt: skip
