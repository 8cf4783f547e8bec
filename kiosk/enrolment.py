"""A kiosk's enrolment with a register: an enrolment code from the office page is exchanged for a token."""

import hashlib
import os
import tempfile
from pathlib import Path

from kiosk.disk_faults import sentence_for
from kiosk.errors import NotEnrolledError

_DAMAGED = (
    "{path} is damaged, so no register knows this kiosk; what it has recorded is kept;"
    " make a code on the office page under Kiosks and run: latebook enrol"
)
TOKEN_FILE = "token"  # noqa: S105  the name of a file


def read_token(state: Path) -> str:
    """The kiosk's token.

    Raises:
        NotEnrolledError: this kiosk has no token, or the token cannot be read.
    """
    path = state / TOKEN_FILE
    if not path.exists():
        raise NotEnrolledError(
            f"{path} is missing, so no register knows this kiosk;"
            " make a code on the office page under Kiosks and run: latebook enrol"
        )
    try:
        token = path.read_text("ascii").strip()
    except OSError as error:
        raise NotEnrolledError(
            sentence_for(error, state)
            or f"{path} cannot be read: {error.strerror}; run as the user who owns it"
        ) from error
    except UnicodeDecodeError as error:
        raise NotEnrolledError(_DAMAGED.format(path=path)) from error
    if not token or not token.isprintable():  # a power cut can leave zeros
        raise NotEnrolledError(_DAMAGED.format(path=path))
    return token


def enrolment_of(token: str) -> str:
    """An id of this enrolment, from which the token cannot be derived."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def check_can_store_token(state: Path) -> None:
    """Check that a token can be stored, before the enrolment code is used, since a code works only once.

    Raises:
        OSError: the folder cannot be created or written to.
    """
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=state):
        pass


def store_token(state: Path, token: str) -> None:
    """Store the token, readable by this user only, and replace any earlier one.

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
    folder = os.open(state, os.O_RDONLY)
    try:
        os.fsync(folder)  # the code that it was exchanged for works only once
    finally:
        os.close(folder)
