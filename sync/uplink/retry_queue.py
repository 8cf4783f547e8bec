"""Decides what is sent next when the register answers for some entries but not for others.

An entry without an answer is set aside and retried by itself, at growing intervals. The later entries of its
pupil wait behind it, so that a pupil's entries reach the register in order; those of other pupils go on. They
do not wait for ever: once the entry has been tried `TRIES` times by itself, its pupil's later entries go on
without it. A child who is in the building must not be missing in the register because of an older entry, and
the register puts entries that arrive out of order before the office.

None of this is stored. After a restart everything that waits is sent again from the oldest on.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

TRIES = 8
"""How often an entry is tried by itself before its pupil's later entries go on: two to four minutes."""
MOST_S = 60.0
"""The longest wait between two tries, in seconds."""

QueuedEntry = tuple[str, str]
"""An entry that waits to be sent: its id and its JSON text."""


@dataclass(slots=True)
class _Attempts:
    times: int
    due: float
    """When the entry is tried again, in seconds of the caller's monotonic clock."""


class RetryQueue:
    """The entries that are set aside."""

    def __init__(self) -> None:
        self._tried: dict[str, _Attempts] = {}

    def __contains__(self, entry_id: str) -> bool:
        return entry_id in self._tried

    def put(self, entry_id: str, now: float, share: float) -> None:
        """Set an entry aside after the register gave no answer for it alone.

        Args:
            entry_id: the entry's id.
            now: seconds of a monotonic clock.
            share: the share of the longest wait, from 0 to 1: the jitter.
        """
        times = self._tried[entry_id].times + 1 if entry_id in self._tried else 1
        self._tried[entry_id] = _Attempts(times, now + share * min(MOST_S, 2.0**times))

    def forget(self, entry_id: str) -> None:
        """Forget an entry that the register has answered for."""
        self._tried.pop(entry_id, None)

    def due_in(self, now: float) -> float | None:
        """Seconds until the next retry; `None` when no entry is set aside."""
        return min((max(0.0, each.due - now) for each in self._tried.values()), default=None)

    def ready(self, waiting: Sequence[QueuedEntry]) -> list[QueuedEntry]:
        """The entries that can be sent now.

        Args:
            waiting: the entries that wait, oldest first.
        """
        return [each for each, tried in self._not_held_back(waiting) if tried is None]

    def due(self, waiting: Sequence[QueuedEntry], now: float) -> list[QueuedEntry]:
        """The entries set aside whose retry is due, each to be sent by itself."""
        return [
            each for each, tried in self._not_held_back(waiting) if tried is not None and tried.due <= now
        ]

    def _not_held_back(
        self, waiting: Sequence[QueuedEntry]
    ) -> Iterator[tuple[QueuedEntry, _Attempts | None]]:
        held: set[str] = set()
        for each in waiting:
            tried, pupil = self._tried.get(each[0]), _pupil(each[1])
            if pupil not in held:
                yield each, tried
            if tried is not None and tried.times < TRIES and pupil is not None:
                held.add(pupil)


def _pupil(text: str) -> str | None:
    """The pupil of an entry; `None` when it cannot be read, so that it holds up no other entry."""
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        return None
    pupil = sent.get("pupil") if isinstance(sent, dict) else None
    return pupil if isinstance(pupil, str) else None
