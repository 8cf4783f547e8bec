"""Where a policy file may be written, and writing it whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from attendance.policy.files import parse
from attendance.policy.model import Policy
from kiosk.errors import NotWritableError


def save(text: str, path: Path, *, replace: bool) -> Policy:
    """Write a policy file, whole or not at all, and read it back.

    Args:
        text: the policy.
        path: the file to write.
        replace: whether an existing file may be replaced.

    Raises:
        NotWritableError: the file cannot be written; an existing file is left as it was.
        PolicyError: the text is not a policy; nothing was written.
    """
    parse(text, str(path))
    check_place(path, replace=replace)
    try:
        _write(text, path.resolve())  # a symbolic link to the file stays a link
        return parse(path.read_text("utf-8"), str(path))
    except OSError as error:
        raise NotWritableError(
            f"{path}: cannot be written: {error.strerror}; give a FILE in another folder"
        ) from error


def check_place(path: Path, *, replace: bool) -> None:
    """Check that a file can be written, before the user answers twenty questions in vain.

    Args:
        path: the file to write.
        replace: whether an existing file may be replaced.

    Raises:
        NotWritableError: the file cannot be written, or would replace one that must stay.
    """
    try:
        if path.is_dir():
            raise NotWritableError(
                f"{path} is a folder; give the name of a FILE in it, for example {path / 'oak-lane.toml'}"
            )
        if path.exists() and not replace:
            raise NotWritableError(f"{path} already exists; give another FILE, or --force to replace it")
        _check_folder(path.parent if path.parent.name else path.parent.absolute())
    except PermissionError as error:  # the folder cannot even be read
        raise NotWritableError(_no_permission(path.parent)) from error


def _check_folder(folder: Path) -> None:
    nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not nearest.is_dir():
        raise NotWritableError(f"{nearest} is a file, not a folder; give a FILE in a folder")
    if not folder.exists():
        raise NotWritableError(
            f"there is no folder {folder}; create it first, or give a FILE in a folder that exists"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NotWritableError(_no_permission(folder))


def _no_permission(folder: Path) -> str:
    return (
        f"you may not write to the folder {folder}; give a FILE in a folder of your own, or ask the person"
        " who looks after this one"
    )


def _write(text: str, path: Path) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with suppress(OSError):  # it has been renamed, or was never created
            part.unlink()
