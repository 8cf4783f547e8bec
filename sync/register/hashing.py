"""Argon2id hashes of passwords and PINs, their cost, and a limit on how many are computed at once."""

import threading

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_PASSWORDS = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)
"""RFC 9106's second recommended option: 64 MiB. Only the register hashes passwords."""

_PINS = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
"""OWASP's minimum (Password Storage Cheat Sheet): 19 MiB. A kiosk checks a PIN on a Raspberry Pi with 1 GB
beside its window, against the hash of each member of staff in turn, while an adult waits at reception; 64
MiB on four lanes would take seconds there. A costlier hash would gain little: there are only ten thousand
PINs of four digits, so an attacker who has the kiosk's disk finds one at any cost. What protects a PIN is
the limit on attempts."""

DECOY = "$argon2id$v=19$m=65536,t=3,p=4$nHngHFd67+F+Wagrx1NApg$HJ4BGo4c9+gxAmGe56fxLbU+RRKRj6tW5/6UFfScUR0"
"""The hash of a random password that was thrown away.

It is verified for an unknown login, so that the response time does not reveal which logins exist. It is
written out, because computing it at each start takes a fifth of a second."""

_at_once = threading.BoundedSemaphore(4)
"""Limits memory: up to forty requests run at once, and forty times 64 MiB is more than many servers have."""


def hash_password(password: str) -> str:
    """The password's hash, with its parameters."""
    with _at_once:
        return _PASSWORDS.hash(password)


def hash_pin(pin: str) -> str:
    """The PIN's hash, with its parameters, cheap enough to verify on a Raspberry Pi."""
    with _at_once:
        return _PINS.hash(pin)


def verify(stored: str, typed: str) -> bool:
    """Whether `stored` is the hash of `typed`, as a password or as a PIN."""
    try:
        with _at_once:
            return _PASSWORDS.verify(stored, typed)  # with the parameters in the hash
    except (VerificationError, InvalidHashError):
        return False
