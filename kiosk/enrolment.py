"""How a kiosk comes to belong to a register: a code from the office page for a token of its own."""

import hashlib
import os
import tempfile
from pathlib import Path

from kiosk.errors import NotEnrolledError

TOKEN_FILE = "token"  # noqa: S105  the name of a file


def read_token(state: Path) -> str:
    """The kiosk's token.

    Raises:
        NotEnrolledError: this kiosk has none, or it cannot be read.
    """
    path = state / TOKEN_FILE
    if not path.exists():
        raise NotEnrolledError(
            f"{path} is missing, so no register knows this kiosk;"
            " make a code on the office page under Kiosks and run: latebook enrol"
        )
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise NotEnrolledError(
            f"{path} cannot be read: {error.strerror}; run as the user who owns it"
        ) from error


def enrolment_of(token: str) -> str:
    """What tells one enrolment of a kiosk from another; the token does not follow from it."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def check_can_keep(state: Path) -> None:
    """Find out whether a token could be kept there: before a code is used, which works only once.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=state):
        pass


def keep_token(state: Path, token: str) -> None:
    """Keep the token, readable by this user alone, in the place of the one before.

    Raises:
        OSError: the folder cannot be written to.
    """
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = state / f"{TOKEN_FILE}.new"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(state / TOKEN_FILE)
