"""The key that encrypts what a kiosk keeps on its disk: the journal, and the token.

The key is in a file of its own, which the installer places where a finder of the SD card does not have it. It
is never in a setting, the environment, a command line or a log: only the file's path is.
"""

import hmac
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.errors import DiskKeyError

KEY_BYTES, SALT_BYTES = 32, 16
"""An AES-256 key, and the salt that SQLCipher keeps in a file's first bytes: with it beside the key, a
journal whose first bytes are damaged can still be read."""
_LONGEST = 1000
_NONCE, _TAG = 12, 16
_SPOILED = "it was encrypted with another key, or has been changed since"
_TOKEN = b"latebook token"


@dataclass(frozen=True, slots=True)
class DiskKey:
    """The key. Its parts are never printed."""

    key: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @property
    def raw(self) -> str:
        """The key as SQLCipher takes a raw one, which it does not derive from a password."""
        return f"x'{(self.key + self.salt).hex()}'"

    def seal(self, text: str) -> bytes:
        """Encrypt a short text (AES-256-GCM), so that a change of it is noticed."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # imported only where a key is used

        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._of_texts).encrypt(nonce, text.encode(), _TOKEN)

    def unseal(self, sealed: bytes) -> str:
        """The text of `seal`.

        Raises:
            ValueError: it was sealed with another key, or has been changed since.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if len(sealed) < _NONCE + _TAG:
            raise ValueError(_SPOILED)
        try:
            return AESGCM(self._of_texts).decrypt(sealed[:_NONCE], sealed[_NONCE:], _TOKEN).decode()
        except InvalidTag as error:
            raise ValueError(_SPOILED) from error

    @property
    def _of_texts(self) -> bytes:
        return hmac.digest(self.key, _TOKEN, "sha256")


def read_key(path: Path) -> DiskKey:
    """Read a key's file. Its owner is this user or root; no other user can read it, but for a group that root
    lets (a service manager hands a credential over in this way).

    Raises:
        DiskKeyError: it is missing, other users can read it, or it is no key.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise DiskKeyError(
            f"{path} is missing, and without this key the journal cannot be read; put it back where the"
            " setting [kiosk] key_file expects it. Nothing was changed"
        ) from error
    except OSError as error:
        raise DiskKeyError(
            f"{path} cannot be read: {error.strerror}; it must belong to the kiosk's user or to root"
        ) from error
    try:
        _check_owner(path, os.fstat(file))
        content = os.read(file, _LONGEST)
    except OSError as error:
        raise DiskKeyError(f"{path} cannot be read: {error.strerror}") from error
    finally:
        os.close(file)
    return _parse(path, content)


def make_key(path: Path) -> None:
    """Write a new key to a new file that only this user can read.

    Raises:
        DiskKeyError: the file exists already, or cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="ascii") as file:
            file.write(os.urandom(KEY_BYTES + SALT_BYTES).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise DiskKeyError(
            f"{path} exists already; a key is never overwritten, so name a new file"
        ) from error
    except OSError as error:
        raise DiskKeyError(f"{path} cannot be written: {error.strerror}") from error


def _check_owner(path: Path, about: os.stat_result) -> None:
    if not stat.S_ISREG(about.st_mode):
        raise DiskKeyError(f"{path} is not a file; [kiosk] key_file names the file of the key")
    if about.st_uid not in (os.geteuid(), 0):
        raise DiskKeyError(f"{path} belongs to another user; run: chown $(id -un) {path}")
    to_group = stat.S_IRWXG if about.st_uid != 0 else stat.S_IWGRP | stat.S_IXGRP
    if about.st_mode & (stat.S_IRWXO | to_group):
        raise DiskKeyError(f"{path} can be used by other users of this machine; run: chmod 600 {path}")


def _parse(path: Path, content: bytes) -> DiskKey:
    try:
        both = bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        both = b""
    if len(both) != KEY_BYTES + SALT_BYTES:
        raise DiskKeyError(
            f"{path} is not a key; a key is one line of {2 * (KEY_BYTES + SALT_BYTES)} hex digits, as"
            " `latebook key make` writes it"
        )
    return DiskKey(both[:KEY_BYTES], both[KEY_BYTES:])
