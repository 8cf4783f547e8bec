"""Why a disk does not take or give what it should, from the error that shows it."""

import errno
import os
import sqlite3
from enum import StrEnum
from pathlib import Path

ROOM = 1_000_000
"""Bytes. With less, not even the journal's log and its index fit."""


class DiskFault(StrEnum):
    """A fault of a disk."""

    FULL = "full"
    READ_ONLY = "read-only"
    FAILING = "failing"
    """It reports errors when it is read or written."""


_SENTENCES = {
    DiskFault.FULL: "the disk with {folder} is full; delete files that are not needed from it",
    DiskFault.READ_ONLY: "the disk with {folder} is read-only, as a failing one becomes; start the machine"
    " again, and change the storage if that does not help",
    DiskFault.FAILING: "the disk with {folder} cannot be read or written (an input/output error); start the"
    " machine again, and change the storage if that does not help",
}
"""What is wrong, where, and what to do."""
_OF_ERRNO = {
    errno.ENOSPC: DiskFault.FULL,
    errno.EDQUOT: DiskFault.FULL,
    errno.EROFS: DiskFault.READ_ONLY,
    errno.EIO: DiskFault.FAILING,
}


def fault_of(error: BaseException, folder: Path) -> DiskFault | None:
    """The fault that an error shows; `None` if it shows another one, such as a missing permission.

    Args:
        error: raised by the system or by the database.
        folder: where it was raised. SQLite says "disk I/O error" for some writes that find no room, and
            "unable to open" on a disk that is read-only.
    """
    if isinstance(error, OSError):
        return _OF_ERRNO.get(error.errno or 0)
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return DiskFault.FULL
    if primary not in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return None
    shown = DiskFault.FAILING if primary == sqlite3.SQLITE_IOERR else None
    try:
        return _state_of(folder) or shown
    except OSError as silent:
        return _OF_ERRNO.get(silent.errno or 0, shown)


def _state_of(folder: Path) -> DiskFault | None:
    if is_read_only(folder):
        return DiskFault.READ_ONLY
    return None if has_room(folder) else DiskFault.FULL


def sentence_for(error: BaseException, folder: Path) -> str | None:
    """A sentence that names the disk's fault and what to do; `None` if the disk is not at fault."""
    fault = fault_of(error, folder)
    return None if fault is None else _SENTENCES[fault].format(folder=folder)


def has_room(folder: Path) -> bool:
    """Whether there is room for the journal to be opened.

    Raises:
        OSError: the disk does not even say that.
    """
    disk = os.statvfs(_existing(folder))
    return disk.f_bavail * disk.f_frsize >= ROOM


def is_read_only(folder: Path) -> bool:
    """Whether the disk is mounted read-only, as the kernel does with one that fails."""
    return bool(os.statvfs(_existing(folder)).f_flag & os.ST_RDONLY)


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.absolute().parents) if each.exists())
