"""The uplink's view of the journal."""

from collections.abc import Sequence
from typing import Protocol

from sync.wire import Bundle, EntryResult, Heartbeat, SeqRange


class Outbox(Protocol):
    """What the uplink needs of the journal. Called on the uplink's thread; a call may wait for the disk."""

    def waiting(self, limit: int) -> list[tuple[str, str]]:
        """Unanswered entries as (id, JSON), oldest first."""

    def settle(self, results: Sequence[EntryResult]) -> None:
        """Store the register's answers durably."""

    def vitals(self) -> Heartbeat:
        """The kiosk's state."""

    def send_again(self, missing: Sequence[SeqRange]) -> int:
        """Queue again the entries that the register had answered for and no longer has.

        Returns:
            Their number, without those that this kiosk has already purged.
        """

    def bundle_etag(self) -> str | None:
        """The tag of the bundle in use."""

    def keep_bundle(self, bundle: Bundle, etag: str) -> None:
        """Replace the bundle, as a whole or not at all.

        Raises:
            ValueError: it cannot be used; the one in use stays.
        """
