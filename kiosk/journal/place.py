"""Where a kiosk's journal is, and the key that it is encrypted with.

An encrypted journal has a name of its own. So a kiosk never takes an encrypted journal for a damaged one, or
starts an empty one beside the other when a setting is wrong.
"""

from pathlib import Path
from typing import NamedTuple

from kiosk.disk_key import DiskKey, read_key
from kiosk.errors import DiskKeyError

PLAIN, ENCRYPTED = "journal.db", "journal-encrypted.db"
"""The names of the file in the kiosk's folder."""


class JournalPlace(NamedTuple):
    """A journal's file and the key of an encrypted one."""

    path: Path
    key: DiskKey | None = None


def journal_place(state: Path, key_file: Path | None) -> JournalPlace:
    """The place of a kiosk's journal. Changes nothing.

    Args:
        state: the kiosk's folder.
        key_file: the key's file, if the journal is encrypted.

    Raises:
        DiskKeyError: the key cannot be used, or does not go with the journal that is there.
    """
    plain, encrypted = state / PLAIN, state / ENCRYPTED
    if key_file is None:
        if encrypted.exists():
            raise DiskKeyError(
                f"{encrypted} is encrypted; name the file of its key in the setting [kiosk] key_file."
                " Nothing was changed"
            )
        return JournalPlace(plain)
    key = read_key(key_file)
    if plain.exists():
        raise DiskKeyError(
            f"{plain} is not encrypted yet; run: latebook key encrypt --config FILE. Nothing was changed"
        )
    return JournalPlace(encrypted, key)
