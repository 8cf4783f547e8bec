"""Decrypts the pages of an encrypted journal by hand, damaged ones as far as they go.

SQLCipher refuses a page in which one bit has changed. Decrypted all the same, such a page is whole but for a
few bytes, and what salvages a plain journal salvages it. The format is SQLCipher 4's: AES-256-CBC, and in the
last 80 bytes of a page its IV and an HMAC-SHA-512 of page and number (zetetic.net/sqlcipher/design).
"""

import hashlib
import hmac
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from kiosk.disk_key import DiskKey
from kiosk.errors import DiskKeyError
from kiosk.journal.damage.files import PAGE, read_bytes, read_pages, wal_of
from kiosk.journal.damage.wal import pages_of

RESERVED, IV, MAC = 80, 16, 64
_HEADER = b"SQLite format 3\0"
"""What a plain database begins with; an encrypted one has the salt in its place."""
_VERSIONS = slice(18, 20)
"""Where a database says that it has a write-ahead log."""
_MAC_SALT_MASK = 0x3A
_MAC_ROUNDS = 2
_EMPTY = bytes(PAGE)


class PageCipher:
    """Decrypts pages, each by its number, since the first begins with the salt."""

    def __init__(self, key: DiskKey) -> None:
        self._key = key

    def plain(self, number: int, page: bytes) -> bytes:
        """The page as a plain database would have it: garbage where it is damaged, zeros if it is zeros."""
        if page == _EMPTY:
            return page
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        at = len(_HEADER) if number == 1 else 0
        iv = page[PAGE - RESERVED : PAGE - RESERVED + IV]
        decryptor = Cipher(algorithms.AES(self._key.key), modes.CBC(iv)).decryptor()
        text = decryptor.update(page[at : PAGE - RESERVED]) + decryptor.finalize()
        return _HEADER[:at] + text + bytes(RESERVED)

    def is_of_key(self, number: int, page: bytes) -> bool:
        """Whether the page is as it was encrypted, with this key."""
        at = len(_HEADER) if number == 1 else 0
        signed = page[at : PAGE - RESERVED + IV] + number.to_bytes(4, "little")
        mac = hmac.digest(self._mac_key, signed, "sha512")
        return hmac.compare_digest(mac, page[PAGE - MAC :])

    def is_any_of_key(self, pages: Iterable[tuple[int, bytes]]) -> bool:
        """Whether one of the numbered pages is."""
        return any(self.is_of_key(number, page) for number, page in pages)

    @cached_property
    def _mac_key(self) -> bytes:
        salt = bytes(byte ^ _MAC_SALT_MASK for byte in self._key.salt)
        return hashlib.pbkdf2_hmac("sha512", self._key.key, salt, _MAC_ROUNDS, len(self._key.key))


def check_key(path: Path, key: DiskKey) -> None:
    """Check that a journal was encrypted with the key, so that a wrong key is never taken for damage.

    A damaged journal was, if it begins with the key's salt or one whole page is left. Of one in which nothing
    but zeros is left, nobody can say; it passes.

    Raises:
        DiskKeyError: it was encrypted with another key, or not at all.
        OSError: the files cannot be opened.
    """
    cipher = PageCipher(key)
    database = read_pages(path)
    if database and database[0].startswith(key.salt):
        return
    if cipher.is_any_of_key(enumerate(database, 1)):
        return
    frames = list(pages_of(read_bytes(wal_of(path))))
    if cipher.is_any_of_key(frames):
        return
    if any(page != _EMPTY for page in database):
        raise DiskKeyError(
            f"{path} was not encrypted with the key in the file that [kiosk] key_file names; put that key"
            " back. Nothing was changed"
        )


def plain_image(path: Path, key: DiskKey | None) -> bytes:
    """A whole database without a log, decrypted, as `sqlite3.Connection.deserialize` takes it.

    Raises:
        OSError: the file cannot be opened.
    """
    pages = read_pages(path)
    if key is not None:
        cipher = PageCipher(key)
        pages = [cipher.plain(number, page) for number, page in enumerate(pages, 1)]
    image = bytearray(b"".join(pages))
    image[_VERSIONS] = b"\1\1"  # a database in memory has no log
    return bytes(image)
