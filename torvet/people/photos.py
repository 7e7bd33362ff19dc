"""Photos of members: cut to a square, written anew without position data, kept below the files folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from torvet.base import pictures
from torvet.base.rules import Refused

LARGEST_PHOTO = 15 * 1024 * 1024  # bytes
FOLDER = "photos"


class BrokenPhoto(Refused):
    """What was sent is no picture we can show."""


def keep_photo(source: IO[bytes]) -> str:
    """Store a photo and give its path below the files folder. Raises BrokenPhoto."""
    sent = source.read(LARGEST_PHOTO + 1)
    if len(sent) > LARGEST_PHOTO:
        raise BrokenPhoto(
            _("The photo is larger than %(most)s MB.") % {"most": LARGEST_PHOTO // 1024 // 1024}
        )
    try:
        made = pictures.square(sent)
    except pictures.PictureRefused as error:
        raise BrokenPhoto(_("This cannot be read as a picture. Is the file whole?")) from error
    relative = f"{FOLDER}/{secrets.token_hex(16)}.webp"
    absolute = Path(settings.MEDIA_ROOT) / relative
    absolute.parent.mkdir(parents=True, exist_ok=True)
    with absolute.open("xb") as target:
        target.write(made)
        target.flush()
        os.fsync(target.fileno())
    return relative


def forget_photo(path: str) -> None:
    """Delete the file of a photo that nobody wears any more."""
    if path.startswith(f"{FOLDER}/"):
        (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)


def photo_bytes(path: str) -> bytes | None:
    """The picture, or None when its file is gone."""
    try:
        return (Path(settings.MEDIA_ROOT) / path).read_bytes() if path else None
    except OSError:
        return None
