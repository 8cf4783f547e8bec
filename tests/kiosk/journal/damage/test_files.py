import errno
import os
from pathlib import Path

import pytest

from kiosk.journal.damage.files import PAGE, read_bytes, read_pages, unused


def test_a_file_that_is_cut_within_a_page_is_filled_up(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    path.write_bytes(b"x" * (PAGE + 10))
    assert read_pages(path) == [b"x" * PAGE, b"x" * 10 + bytes(PAGE - 10)]
    assert read_bytes(path) == b"x" * (PAGE + 10)


def test_a_missing_file_has_no_pages(tmp_path: Path) -> None:
    assert read_pages(tmp_path / "none") == []
    assert read_bytes(tmp_path / "none") == b""


def test_a_page_that_the_disk_cannot_read_loses_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "some.db"
    path.write_bytes(b"a" * PAGE + b"b" * PAGE + b"c" * PAGE)
    read = os.pread

    def failing(file: int, length: int, at: int) -> bytes:
        if at == PAGE:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(file, length, at)

    monkeypatch.setattr(os, "pread", failing)
    assert read_pages(path) == [b"a" * PAGE, bytes(PAGE), b"c" * PAGE]


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "aside"
    for name in ("aside", "aside-2", "aside-3"):
        assert unused(path).name == name
        unused(path).touch()
