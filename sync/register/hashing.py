"""Argon2id for passwords and PINs: how costly each is, and never too many at once."""

import threading

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_PASSWORDS = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)
"""RFC 9106's second recommended option: 64 MiB. The register hashes them, and nobody else ever does."""

_PINS = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
"""OWASP's least (Password Storage Cheat Sheet): 19 MiB. A PIN is tried on a Raspberry Pi of 1 GB beside the
kiosk's window, against the hash of each member of staff in turn, while somebody waits at reception; 64 MiB on
four lanes would take seconds there. A dearer hash would buy little: there are only ten thousand PINs of four
digits, so whoever has the kiosk's disk finds one at any cost. What protects a PIN is that few are tried."""

_at_once = threading.BoundedSemaphore(4)
"""Forty requests may be in hand at a time, and forty times 64 MiB is more than many a server has."""


def hash_password(password: str) -> str:
    """A password's hash, with its parameters in it."""
    with _at_once:
        return _PASSWORDS.hash(password)


def hash_pin(pin: str) -> str:
    """A PIN's hash, fit to be verified on a Raspberry Pi, with its parameters in it."""
    with _at_once:
        return _PINS.hash(pin)


def verified(kept: str, typed: str) -> bool:
    """Whether that is what was hashed, as a password or as a PIN."""
    try:
        with _at_once:
            return _PASSWORDS.verify(kept, typed)  # the parameters are those in the hash
    except (VerificationError, InvalidHashError):
        return False
