"""The data folder and the secret: what must be there before Django can be asked anything. No Django in here."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


class CannotPrepare(Exception):
    """The folder cannot be made or written; the message says what to do."""


def make_folder(data: Path) -> bool:
    """Make the data folder, for its owner alone. Gives whether it is new. Raises CannotPrepare."""
    try:
        is_new = not data.exists()
        if is_new:
            data.mkdir(mode=0o700, parents=True)
        if not data.is_dir():
            raise CannotPrepare(f"{data} is a file. Choose a folder with --data or TORVET_DATA")
    except OSError as error:
        raise CannotPrepare(f"the data folder {data} cannot be made: {error.strerror}") from None
    if not os.access(data, os.W_OK | os.X_OK):
        raise CannotPrepare(
            f"the data folder {data} cannot be written. Give it to the account that runs Torvet"
        )
    return is_new


def make_secret(data: Path) -> bool:
    """Make the signing secret, unless there is one. Gives whether it is new. Raises CannotPrepare."""
    kept = data / "secret"
    if kept.exists():
        return False
    draft = data / f".secret-{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link never replaces what is there: of two who begin at once, one secret wins.
        os.link(draft, kept)
    except FileExistsError:
        return False
    except OSError as error:
        raise CannotPrepare(f"the secret cannot be written to {kept}: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return True


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """Nobody else on this machine prepares the same folder meanwhile."""
    with (data / "prepare.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
