"""Locks a kiosk's state folder, because two programs that write one journal could damage it."""

import fcntl
from pathlib import Path
from typing import IO

from kiosk.disk_faults import sentence_for
from kiosk.errors import FolderError


def lock_folder(state: Path) -> IO[str]:
    """Lock the folder for this process until the returned file is closed; create the folder if missing.

    Raises:
        FolderError: the folder cannot be used, or another program holds the lock.
    """
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (state / "lock").open("w")
    except OSError as error:
        raise FolderError(
            sentence_for(error, state)
            or f"{state} cannot be used: {error.strerror}; set [kiosk] state to a folder of this user"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise FolderError(f"another kiosk is running with {state}; stop it first") from error
    return lock
