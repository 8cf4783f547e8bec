"""Puts a damaged journal aside and another file in its place, so that a power cut at any step loses nothing.

The new file is complete, under a name that says so, before the old one is touched; the old one goes by a
second name before the new one takes its first. What was interrupted is completed at the next start.
"""

import os
import shutil
from pathlib import Path

from kiosk.journal.damage.files import journal_of, new_of, shm_of, sync_file, unused, wal_of

_DAMAGED = ".damaged-"
_COMPLETE = ".saved"
_BUILDING = ".building"


def name_for_damaged(path: Path, stamp: str) -> Path:
    """A free name for the damaged file, beside it."""
    return unused(path.with_name(f"{path.name}{_DAMAGED}{stamp}"))


def begin(aside: Path) -> Path:
    """Where to write the new file. What an interrupted attempt has left there is written again."""
    for part in aside.parent.glob(f"*{_DAMAGED}*{_BUILDING}*"):
        part.unlink()
    return _building(aside)


def swap(path: Path, aside: Path) -> None:
    """Put the journal aside and the file that was written in its place.

    Args:
        path: the journal.
        aside: the name for the damaged file, with which `begin` was called.

    Raises:
        OSError: the disk does not take it; the next start tries again.
    """
    building, complete = _building(aside), aside.with_name(f"{aside.name}{_COMPLETE}")
    sync_file(building)
    building.rename(complete)
    sync_file(path.parent)
    _complete(path, aside, complete)


def resume(path: Path) -> bool:
    """Complete a swap that was interrupted; returns whether there was one.

    Raises:
        OSError: the disk does not take it.
    """
    waiting = sorted(path.parent.glob(f"{path.name}{_DAMAGED}*{_COMPLETE}"))
    for complete in waiting:
        _complete(path, complete.with_name(complete.name.removesuffix(_COMPLETE)), complete)
    return bool(waiting)


def _building(aside: Path) -> Path:
    return aside.with_name(f"{aside.name}{_BUILDING}")


def _complete(path: Path, aside: Path, complete: Path) -> None:
    if path.exists() and not aside.exists():
        _second_name(path, aside)
    for part in (wal_of, shm_of):
        if part(path).exists():
            part(path).rename(unused(part(aside)))
    sync_file(path.parent)
    complete.replace(path)
    sync_file(path.parent)


def _second_name(path: Path, aside: Path) -> None:
    try:
        os.link(path, aside)
    except OSError:  # a file system without links, such as FAT
        copy = aside.with_name(f"{aside.name}{_BUILDING}-copy")
        copy.touch(mode=0o600)  # it holds pupils' data
        shutil.copyfile(path, copy)
        sync_file(copy)
        copy.rename(aside)


def put_foreign_aside(path: Path, log: Path, stamp: str) -> str:
    """Put a log aside that is not this journal's; returns the name of its file.

    Raises:
        OSError: it cannot be renamed.
    """
    aside = _foreign(log, stamp)
    shm_of(path).unlink(missing_ok=True)
    sync_file(path.parent)
    return aside.name


def put_other_things_aside(path: Path, stamp: str) -> str | None:
    """Put aside what has a name of the journal's files and is no file, such as a folder or a pipe.

    Returns:
        The new name of the first of them; `None` if there were none.

    Raises:
        OSError: one cannot be renamed.
    """
    names = (path, *(part(path) for part in (wal_of, shm_of, journal_of, new_of)))
    others = [name for name in names if name.exists() and not name.is_file()]
    put = [_foreign(name, stamp).name for name in others]
    if put:
        sync_file(path.parent)
    return next(iter(put), None)


def _foreign(path: Path, stamp: str) -> Path:
    aside = unused(path.with_name(f"{path.name}.foreign-{stamp}"))
    path.rename(aside)
    return aside
