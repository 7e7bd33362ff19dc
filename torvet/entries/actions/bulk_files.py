"""Files that come in with an import: checked like uploads, kept apart until everything is known to be right."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from torvet.base import files as base_files
from torvet.base import pictures
from torvet.base.rules import Refused, require
from torvet.entries.actions.attach import CHUNK, LARGEST_PICTURE, new_path
from torvet.entries.models import Attachment
from torvet.people.bulk import can_bring_in
from torvet.people.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept, waiting in a folder of the import. `size` in bytes, `width` and `height` in pixels.

    `refused` is why a picture is kept as an ordinary file (base/pictures.py: PictureRefused.code).
    """

    name: str
    mime: str
    size: int
    full: Path
    thumb: Path | None = None
    width: int = 0
    height: int = 0
    refused: str = ""


def check_file(source: IO[bytes], name: str, folder: Path) -> Checked:
    """Put a file into `folder` as it would be kept; pictures are decoded apart and written anew.

    A picture that cannot be decoded is kept as an ordinary file, which browsers only ever download: unlike with an
    upload there is nobody to ask for a better one. Raises Refused for what is empty or too large.
    """
    shown = base_files.safe_name(name)
    full = _new(folder)
    size = _copy(source, full, shown)
    with full.open("rb") as file:
        kind = base_files.sniff(file.read(8192), name)
    if kind.is_picture:
        return _check_picture(full, size, shown, folder)
    return Checked(shown, kind.mime, size, full)


def _copy(source: IO[bytes], target: Path, shown: str) -> int:
    size = 0
    with target.open("xb") as file:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > settings.UPLOAD_BYTES:
                target.unlink()
                most = settings.UPLOAD_BYTES // 1024 // 1024
                raise Refused(_("%(name)s is larger than %(most)s MB.") % {"name": shown, "most": most})
            file.write(chunk)
    if not size:
        target.unlink()
        raise Refused(_("%(name)s is empty.") % {"name": shown})
    return size


def _check_picture(full: Path, size: int, shown: str, folder: Path) -> Checked:
    try:
        if size > LARGEST_PICTURE:
            raise pictures.PictureRefused("too_large")
        made = pictures.prepare(full.read_bytes())
    except pictures.PictureRefused as error:
        return Checked(shown, "application/octet-stream", size, full, refused=error.code)
    thumb = _new(folder)
    full.write_bytes(made.full)
    thumb.write_bytes(made.thumb)
    name = f"{Path(shown).stem or 'picture'}.webp"
    return Checked(name, made.mime, len(made.full), full, thumb, made.width, made.height)


def check_text(said: str, name: str, folder: Path) -> Checked:
    """A text that is too long to stand in an entry, as a file."""
    full = _new(folder)
    full.write_text(said, encoding="utf-8")
    return Checked(base_files.safe_name(name), "text/plain", full.stat().st_size, full)


def _new(folder: Path) -> Path:
    return folder / secrets.token_hex(16)


def keep_file(*, by: Viewer, checked: Checked, member_id: int, at: datetime, alt: str = "") -> Attachment:
    """Copy a checked file to where files are kept. Gives the row, not written yet.

    Should the transaction fail, `drop_files` takes them away again; a file without a row is seen by nobody.
    """
    require(can_bring_in(by))
    return Attachment(
        uploaded_by_id=member_id,
        name=checked.name,
        mime=checked.mime,
        size=checked.size,
        is_picture=checked.thumb is not None,
        width=checked.width,
        height=checked.height,
        alt=alt.strip()[:300],
        path=_keep(checked.full),
        thumb_path=_keep(checked.thumb) if checked.thumb else "",
        created_at=at,
    )


def _keep(source: Path) -> str:
    relative, absolute = new_path()
    with source.open("rb") as waiting, absolute.open("xb") as target:
        shutil.copyfileobj(waiting, target, CHUNK)
        target.flush()
        os.fsync(target.fileno())
    return relative


def drop_files(attachments: Iterable[Attachment]) -> None:
    """Delete what `keep_file` stored."""
    for attachment in attachments:
        for path in filter(None, (attachment.path, attachment.thumb_path)):
            (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)
