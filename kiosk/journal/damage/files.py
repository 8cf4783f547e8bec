"""The files of a journal, read page by page; and forcing files and their folder to the disk."""

import errno
import os
from pathlib import Path

PAGE = 4096
"""Bytes. SQLite's own default, which no journal has ever changed."""


def wal_of(path: Path) -> Path:
    """The write-ahead log beside a journal."""
    return path.with_name(f"{path.name}-wal")


def shm_of(path: Path) -> Path:
    """The index of that log, which SQLite makes again when it is missing."""
    return path.with_name(f"{path.name}-shm")


def journal_of(path: Path) -> Path:
    """The rollback journal of a database that has no log yet."""
    return path.with_name(f"{path.name}-journal")


def new_of(path: Path) -> Path:
    """An empty journal that is being created."""
    return path.with_name(f"{path.name}.new")


def read_pages(path: Path) -> list[bytes]:
    """The file's pages; one that the disk cannot read is zeros. None if there is no such file.

    Raises:
        OSError: the file cannot be opened.
    """
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return []
    try:
        size = os.fstat(file).st_size
        return [_page(file, at) for at in range(0, size, PAGE)]
    finally:
        os.close(file)


def read_bytes(path: Path) -> bytes:
    """The file's bytes, in the same way."""
    if not path.exists():
        return b""
    return b"".join(read_pages(path))[: path.stat().st_size]


def _page(file: int, at: int) -> bytes:
    try:
        return os.pread(file, PAGE, at).ljust(PAGE, b"\0")
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return bytes(PAGE)


def sync_file(path: Path) -> None:
    """Force a file or a folder to the disk.

    Raises:
        OSError: the disk does not take it.
    """
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def unused(path: Path) -> Path:
    """The path, or one with a number behind it that does not exist: nothing is overwritten."""
    number, free = 1, path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free
