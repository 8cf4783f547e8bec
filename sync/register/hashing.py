"""Argon2id hashes of passwords and PINs, their cost, and a limit on how many are computed at once."""

import threading

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_PASSWORDS = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)
"""RFC 9106's second recommended option: 64 MiB. Only the register hashes passwords."""

_PINS = PasswordHasher(time_cost=1, memory_cost=64 * 1024, parallelism=1, type=Type.ID)
"""64 MiB once, on one lane: more than OWASP's 46 MiB once (Password Storage Cheat Sheet). A kiosk computes it
once for each PIN that is typed, while an adult waits at reception: 0.1 s on the x86-64 server on which it was
measured, about 0.3 s on a Raspberry Pi 4 (a Pi 2 takes 1.4 s, as reported to Nextcloud in server#19023, and a
core of a Pi 4 is four to five times as fast). A Pi with 1 GB has the memory for it beside its window."""

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


def hash_pin(pin: str, salt: bytes | None = None) -> str:
    """The PIN's hash, with its parameters.

    Args:
        pin: the digits.
        salt: the salt of the school's other PINs, so that a kiosk compares a PIN with all of them at once
            (`sync.wire.pins`); `None` draws one.
    """
    with _at_once:
        return _PINS.hash(pin, salt=salt)


def is_pin_hash_of_today(stored: str) -> bool:
    """Whether a PIN was hashed at today's cost, so it was drawn and has six digits; else a person may have
    chosen it, with four."""
    return not _PINS.check_needs_rehash(stored)


def verify(stored: str, typed: str) -> bool:
    """Whether `stored` is the hash of a password."""
    try:
        with _at_once:
            return _PASSWORDS.verify(stored, typed)  # with the parameters in the hash
    except (VerificationError, InvalidHashError):
        return False
