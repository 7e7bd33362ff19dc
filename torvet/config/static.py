"""Front-end files, put where WhiteNoise and a proxy find them, with their compressed copies."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from whitenoise.storage import CompressedStaticFilesStorage  # type: ignore[import-untyped]

from torvet.config.prepare import alone

KEPT = 2  # this version's, and the one that pages opened before an upgrade still ask for


def collect() -> bool:
    """Fill settings.STATIC_ROOT, unless it is there: its name holds a digest of all files. Gives whether it is new."""
    root = Path(settings.STATIC_ROOT)
    if root.is_dir():
        return False
    with alone(settings.DATA):
        if root.is_dir():
            return False
        root.parent.mkdir(parents=True, exist_ok=True)
        draft = root.parent / f".draft-{secrets.token_hex(6)}"
        try:
            _fill(draft)
            # All of it or nothing: a folder without the last files would be served for ever.
            draft.rename(root)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _forget_old(root.parent)
    return True


def _fill(folder: Path) -> None:
    storage = CompressedStaticFilesStorage(location=folder, base_url=settings.STATIC_URL)
    found = {}
    for finder in get_finders():
        for path, source in finder.list([]):
            name = f"{source.prefix}/{path}" if getattr(source, "prefix", None) else path
            # As Django does: the first app that has a file wins.
            if name in found:
                continue
            with source.open(path) as file:
                storage.save(name, file)
            found[name] = (storage, name)
    folder.mkdir(exist_ok=True)
    for _name, _compressed, problem in storage.post_process(found, dry_run=False):
        if isinstance(problem, Exception):
            raise problem


def _forget_old(folder: Path) -> None:
    folders = [path for path in folder.iterdir() if path.is_dir()]
    drafts = [path for path in folders if path.name.startswith(".draft-")]
    versions = sorted(set(folders) - set(drafts), key=lambda path: path.stat().st_mtime, reverse=True)
    # Nobody else drafts while we hold the lock: a draft was left behind by somebody who was stopped.
    for old in drafts + versions[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
