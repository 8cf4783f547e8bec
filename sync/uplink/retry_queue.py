"""What is to be sent next, where the register has no answer for some entry while it has one for others.

Such an entry is set aside and tried again by itself, ever more seldom. The entries of its pupil that came
after it wait behind it, so that a pupil's entries reach the register in order; everybody else's go on.
They do not wait for ever: once it has been tried `TRIES` times by itself, its pupil's later entries go on
without it. A child who is in the building must not be missing in the register over an older entry, and
the register knows what to do with entries out of order: it puts them before the office.

Nothing of this is written down. After a restart everything that waits is sent again from the oldest on.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

TRIES = 8
"""How often an entry is tried by itself before its pupil's later entries go on: two to four minutes."""
MOST_S = 60.0
"""The longest wait between two tries of it."""

QueuedEntry = tuple[str, str]
"""An entry that waits: its id, and its JSON text."""


@dataclass(slots=True)
class _Tried:
    times: int
    due: float
    """When it is tried again, in seconds of the caller's monotonic clock."""


class RetryQueue:
    """The entries that are set aside."""

    def __init__(self) -> None:
        self._tried: dict[str, _Tried] = {}

    def __contains__(self, entry_id: str) -> bool:
        return entry_id in self._tried

    def put(self, entry_id: str, now: float, share: float) -> None:
        """The register had no answer for that entry by itself: try it again, and not soon.

        Args:
            entry_id: which.
            now: seconds of a monotonic clock.
            share: of the longest wait that is due now, from 0 to 1: the jitter.
        """
        times = self._tried[entry_id].times + 1 if entry_id in self._tried else 1
        self._tried[entry_id] = _Tried(times, now + share * min(MOST_S, 2.0**times))

    def answered(self, entry_id: str) -> None:
        """The register has answered for it."""
        self._tried.pop(entry_id, None)

    def due_in(self, now: float) -> float | None:
        """Seconds until one is to be tried again; None where none is set aside."""
        return min((max(0.0, each.due - now) for each in self._tried.values()), default=None)

    def ready(self, waiting: Sequence[QueuedEntry]) -> list[QueuedEntry]:
        """Those that nothing holds back.

        Args:
            waiting: the entries that wait, oldest first.
        """
        return [each for each, tried in self._unheld(waiting) if tried is None]

    def due(self, waiting: Sequence[QueuedEntry], now: float) -> list[QueuedEntry]:
        """Those that are set aside and to be tried again by now, each by itself."""
        return [each for each, tried in self._unheld(waiting) if tried is not None and tried.due <= now]

    def _unheld(self, waiting: Sequence[QueuedEntry]) -> Iterator[tuple[QueuedEntry, _Tried | None]]:
        held: set[str] = set()
        for each in waiting:
            tried, pupil = self._tried.get(each[0]), _pupil(each[1])
            if pupil not in held:
                yield each, tried
            if tried is not None and tried.times < TRIES and pupil is not None:
                held.add(pupil)


def _pupil(text: str) -> str | None:
    """Whose an entry is; None where that cannot be read, so that it holds nobody up."""
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        return None
    pupil = sent.get("pupil") if isinstance(sent, dict) else None
    return pupil if isinstance(pupil, str) else None
