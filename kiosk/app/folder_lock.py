"""One program at a time on a kiosk's folder: a second one on the same journal could damage it."""

import fcntl
from pathlib import Path
from typing import IO

from kiosk.errors import FolderError


def only_one_in(state: Path) -> IO[str]:
    """Hold the folder for this process, until what is returned is closed.

    Raises:
        FolderError: it cannot be used, or another program holds it.
    """
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (state / "lock").open("w")
    except OSError as error:
        raise FolderError(
            f"{state} cannot be used: {error.strerror}; set [kiosk] state to a folder of this user"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise FolderError(f"another kiosk is running with {state}; stop it first") from error
    return lock
