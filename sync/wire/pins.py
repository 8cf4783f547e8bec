"""The hash of a staff PIN, which the register makes and a kiosk compares with the typed digits.

All PINs of a school are hashed with one salt. A PIN alone does not say whose it is, so a kiosk compares it
with every holder's hash; with one salt that takes one computation, however many hold a PIN, and the
computation can be slow enough to count (SECURITY.md says what this gives and costs). PINs that an earlier
version hashed, each with a salt of its own, cost one computation each until they are drawn again.
"""

from base64 import b64decode
from hmac import compare_digest


class TypedPin:
    """A PIN as it was typed, to be compared with stored hashes.

    Args:
        digits: the PIN.
    """

    def __init__(self, digits: str) -> None:
        self._digits = digits.encode()
        self._computed: dict[str, bytes] = {}
        """The PIN's hash for each cost and salt, as they stand before the hash in a stored text."""

    def is_of(self, stored: str) -> bool:
        """Whether a stored hash is this PIN's. Slow for the first hash of each salt.

        Args:
            stored: an Argon2 hash in the PHC string format, with its cost and salt.

        Raises:
            ValueError: this version does not know the form of the hash.
            argon2.exceptions.HashingError: there is too little memory now.
        """
        cost_and_salt, _, hashed = stored.rpartition("$")
        if cost_and_salt not in self._computed:
            self._computed[cost_and_salt] = self._compute(stored)
        return compare_digest(self._computed[cost_and_salt], _decoded(hashed))

    def _compute(self, stored: str) -> bytes:
        from argon2 import extract_parameters  # imported late, so that a kiosk's window does not wait for it
        from argon2.low_level import hash_secret_raw

        cost = extract_parameters(stored)  # raises a ValueError for another form
        return hash_secret_raw(
            self._digits,
            salt_of(stored),
            time_cost=cost.time_cost,
            memory_cost=cost.memory_cost,
            parallelism=cost.parallelism,
            hash_len=cost.hash_len,
            type=cost.type,
            version=cost.version,
        )


def salt_of(stored: str) -> bytes:
    """The salt of a stored hash.

    Raises:
        ValueError: it has none.
    """
    parts = stored.split("$")
    if len(parts) < 3:
        raise ValueError("a stored hash has its salt before the last $")
    return _decoded(parts[-2])


def _decoded(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4), validate=True)
