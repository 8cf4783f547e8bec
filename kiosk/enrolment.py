"""A kiosk's enrolment with a register: an enrolment code from the office page is exchanged for a token."""

import hashlib
import os
import tempfile
from pathlib import Path

from kiosk.disk_faults import sentence_for
from kiosk.disk_key import DiskKey
from kiosk.errors import DiskKeyError, NotEnrolledError

_DAMAGED = (
    "{path} is damaged, so no register knows this kiosk; what it has recorded is kept;"
    " make a code on the office page under Kiosks and run: latebook enrol"
)
TOKEN_FILE, ENCRYPTED_TOKEN_FILE = "token", "token-encrypted"


def read_token(state: Path, key: DiskKey | None = None) -> str:
    """The kiosk's token.

    Args:
        state: the kiosk's folder.
        key: the key of an encrypted one.

    Raises:
        NotEnrolledError: this kiosk has no token, or the token cannot be read.
        DiskKeyError: the token was encrypted with another key, or is not encrypted yet.
    """
    path, other = _token_files(state, key)
    if not path.exists():
        if other.exists():
            raise DiskKeyError(
                f"{other} is encrypted; name the file of its key in the setting [kiosk] key_file"
                if key is None
                else f"{other} is not encrypted yet; run: latebook key encrypt --config FILE"
            )
        raise NotEnrolledError(
            f"{path} is missing, so no register knows this kiosk;"
            " make a code on the office page under Kiosks and run: latebook enrol"
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotEnrolledError(
            sentence_for(error, state)
            or f"{path} cannot be read: {error.strerror}; run as the user who owns it"
        ) from error
    if key is not None:
        return _decrypted(path, content, key)
    try:
        token = content.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise NotEnrolledError(_DAMAGED.format(path=path)) from error
    if not token or not token.isprintable():  # a power cut can leave zeros
        raise NotEnrolledError(_DAMAGED.format(path=path))
    return token


def _decrypted(path: Path, content: bytes, key: DiskKey) -> str:
    try:
        return key.unseal(content)
    except ValueError as error:
        raise DiskKeyError(
            f"{path} cannot be decrypted with the key in the file that [kiosk] key_file names: {error}; put"
            " that key back, or make a code on the office page under Kiosks and run: latebook enrol"
        ) from error


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


def store_token(state: Path, token: str, key: DiskKey | None = None) -> None:
    """Store the token, readable by this user only, and replace any earlier one.

    Args:
        state: the kiosk's folder.
        token: the token.
        key: the key to encrypt it with.

    Raises:
        OSError: the folder cannot be written to.
    """
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, other = _token_files(state, key)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.seal(token) if key else f"{token}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    other.unlink(missing_ok=True)
    folder = os.open(state, os.O_RDONLY)
    try:
        os.fsync(folder)  # the code that it was exchanged for works only once
    finally:
        os.close(folder)


def encrypt_token(state: Path, key: DiskKey) -> None:
    """Encrypt a token that is stored plain; without one, do nothing.

    Raises:
        NotEnrolledError: it cannot be read.
        OSError: the folder cannot be written to.
    """
    if (state / TOKEN_FILE).exists():
        store_token(state, read_token(state), key)


def _token_files(state: Path, key: DiskKey | None) -> tuple[Path, Path]:
    """The token's file, and the one that it has when it is stored in the other way."""
    plain, encrypted = state / TOKEN_FILE, state / ENCRYPTED_TOKEN_FILE
    return (plain, encrypted) if key is None else (encrypted, plain)
