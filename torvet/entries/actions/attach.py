"""Pictures and files: uploaded first, attached when the entry is published."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from torvet.base import files as base_files
from torvet.base import pictures
from torvet.base.rules import Refused, require
from torvet.entries import queries, rules
from torvet.entries.models import Attachment, Entry
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of

MOST_FILES = 20
UNUSED_AFTER = timedelta(hours=24)
LARGEST_PICTURE = 30 * 1024 * 1024  # bytes; larger ones are kept as files
NAMED = re.compile(r'(?:src|href)="/files/([\w-]{1,32})/')
MOST_PLACES = 32_000
CHUNK = 1024 * 1024


class Readable(Protocol):
    """Something with bytes: an uploaded file, an entry of an archive."""

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, /) -> int: ...


def upload(*, by: Viewer, source: Readable, name: str, alt: str = "") -> Attachment:
    """Store one file of the viewer, to be attached to an entry within a day.

    Pictures are decoded apart and written anew, which drops position data. Raises Refused for what is too large, empty
    or a broken picture.
    """
    require(by.can_write)
    head = source.read(8192)
    if not head:
        raise Refused(_("%(name)s is empty.") % {"name": base_files.safe_name(name)})
    kind = base_files.sniff(head, name)
    source.seek(0)
    if kind.is_picture:
        return _upload_picture(by, source.read(LARGEST_PICTURE + 1), name, alt)
    path, size = _store(source, name)
    return Attachment.objects.create(
        uploaded_by_id=by.id,
        name=base_files.safe_name(name),
        mime=kind.mime,
        size=size,
        path=path,
        alt=alt.strip()[:300],
    )


def _upload_picture(by: Viewer, source: bytes, name: str, alt: str) -> Attachment:
    shown = base_files.safe_name(name)
    if len(source) > min(LARGEST_PICTURE, settings.UPLOAD_BYTES):
        raise Refused(_("%(name)s is too large.") % {"name": shown})
    try:
        made = pictures.prepare(source)
    except pictures.PictureRefused as error:
        raise Refused(
            _("%(name)s cannot be read as a picture. Is the file whole?") % {"name": shown}
        ) from error
    return Attachment.objects.create(
        uploaded_by_id=by.id,
        name=f"{Path(shown).stem or 'picture'}.webp",
        mime=made.mime,
        size=len(made.full),
        is_picture=True,
        width=made.width,
        height=made.height,
        path=store_bytes(made.full),
        thumb_path=store_bytes(made.thumb),
        alt=alt.strip()[:300],
    )


def new_path() -> tuple[str, Path]:
    """A random name below the files folder, and where that is; the folder exists afterwards."""
    name = secrets.token_hex(16)
    relative = f"{name[:2]}/{name[2:4]}/{name}"
    absolute = Path(settings.MEDIA_ROOT) / relative
    absolute.parent.mkdir(parents=True, exist_ok=True)
    return relative, absolute


def store_bytes(source: bytes) -> str:
    """Write bytes to a new file, safe against power loss, and give its path below the files folder."""
    relative, absolute = new_path()
    with absolute.open("xb") as target:
        target.write(source)
        target.flush()
        os.fsync(target.fileno())
    return relative


def _store(source: Readable, name: str) -> tuple[str, int]:
    relative, absolute = new_path()
    size = 0
    with absolute.open("xb") as target:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > settings.UPLOAD_BYTES:
                absolute.unlink()
                raise Refused(
                    _("%(name)s is larger than %(most)s MB.")
                    % {"name": base_files.safe_name(name), "most": settings.UPLOAD_BYTES // 1024 // 1024}
                )
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return relative, size


def attach(*, by: Viewer, entry: Entry, files: Sequence[str], alts: Mapping[str, str]) -> None:
    """Put the viewer's own uploads on an entry, in this order. Keys of others' uploads are refused, not ignored."""
    if not files:
        return
    if len(files) > MOST_FILES:
        raise Refused(_("At most %(most)s pictures and files fit on one entry.") % {"most": MOST_FILES})
    waiting = {found.key: found for found in Attachment.objects.waiting_for(by).filter(key__in=files)}
    if len(waiting) != len(set(files)):
        raise Refused(_("A file is no longer there. Please add it again."))
    for position, key in enumerate(dict.fromkeys(files)):
        attachment = waiting[key]
        attachment.entry, attachment.position = entry, position
        attachment.alt = alts.get(key, attachment.alt).strip()[:300]
        attachment.save(update_fields=["entry", "position", "alt"])


def attach_named(*, by: Viewer, entry: Entry) -> None:
    """Put those of the viewer's own uploads on an entry whose addresses stand in its text. Others' are left alone."""
    require(by.can_write)
    keys = set(NAMED.findall(entry.body))
    waiting = list(Attachment.objects.waiting_for(by).filter(key__in=keys)) if keys else []
    if not waiting:
        return
    place = Attachment.objects.filter(entry=entry).count()
    for attachment in waiting:
        attachment.entry, attachment.position = entry, min(place, MOST_PLACES)
        attachment.save(update_fields=["entry", "position"])
        place += 1


def attach_kept(*, by: Viewer, entry: Entry, files: Iterable[Attachment]) -> None:
    """Put uploads on an entry that a feature kept for its words (`keep_files_named_by`), whoever uploaded them."""
    speaks = queries.speaks_for(by, entry)
    require(rules.can_edit(by, entry, membership_of(by, entry.space), speaks=speaks))
    place = Attachment.objects.filter(entry=entry).count()
    for attachment in files:
        if attachment.entry_id is None:
            attachment.entry, attachment.position = entry, min(place, MOST_PLACES)
            attachment.save(update_fields=["entry", "position"])
            place += 1


def copy_file(*, by: Viewer, attachment: Attachment) -> Attachment:
    """A copy of a file that the viewer may see, as an upload of their own: to stand on another entry by itself.

    Bytes and all: what is copied may be removed, and its readers may become others. Raises Refused when it is not
    theirs to see, or has been lost.
    """
    require(by.can_write)
    seen = Attachment.objects.visible_to(by).filter(pk=attachment.pk).first()
    if seen is None:
        raise Refused(_("A file is no longer there. Please add it again."))
    paths = [_copied(seen.path), _copied(seen.thumb_path) if seen.thumb_path else ""]
    return Attachment.objects.create(
        uploaded_by_id=by.id, name=seen.name, mime=seen.mime, size=seen.size, is_picture=seen.is_picture,
        width=seen.width, height=seen.height, alt=seen.alt, path=paths[0], thumb_path=paths[1],
    )  # fmt: skip


def _copied(path: str) -> str:
    relative, absolute = new_path()
    try:
        shutil.copyfile(Path(settings.MEDIA_ROOT) / path, absolute)
    except FileNotFoundError as error:
        raise Refused(_("A file is no longer there. Please add it again.")) from error
    with absolute.open("rb") as made:
        os.fsync(made.fileno())
    return relative


def let_go(*, by: Viewer, entry: Entry, attachment: Attachment) -> None:
    """Take a picture off its entry. It is thrown away like any upload that stands nowhere."""
    speaks = queries.speaks_for(by, entry)
    require(rules.can_edit(by, entry, membership_of(by, entry.space), speaks=speaks))
    mine = Attachment.objects.filter(pk=attachment.pk, entry=entry)
    mine.update(entry=None, created_at=timezone.now())


_keepers: list[Callable[[], Iterable[str]]] = []


def keep_files_named_by(keeper: Callable[[], Iterable[str]]) -> None:
    """Let a feature keep uploads whose keys stand in words of its own that are no entry's yet."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def remove_unused_files() -> int:
    """Timed work: delete uploads that nobody attached within a day. Gives how many."""
    unused = Attachment.objects.filter(entry=None, created_at__lt=timezone.now() - UNUSED_AFTER)
    for keeper in _keepers:
        unused = unused.exclude(key__in=list(keeper()))
    gone = 0
    for attachment in unused[:1000]:
        with transaction.atomic():
            attachment.delete()
        for path in (attachment.path, attachment.thumb_path):
            if path:
                (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)
        gone += 1
    return gone
