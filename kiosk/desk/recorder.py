"""Records entries in the journal, each once, and reports the results on the UI thread."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

from kiosk.journal.journal import Journal
from sync.wire import Entry

ResultT = TypeVar("ResultT")
OnFailed = Callable[[BaseException], None]
Commit = Future[Entry]


class Recorder:
    """Commits entries to the journal. For the UI thread only, on which it also makes every callback.

    Args:
        journal: stores the entries.
        later: queues a function for the UI thread; callable from any thread.
    """

    def __init__(self, journal: Journal, later: Callable[[Callable[[], None]], None]) -> None:
        self._journal = journal
        self._later = later
        self._callbacks: dict[Hashable, list[tuple[Callable[[Any], None], OnFailed]]] = {}
        """The callbacks for each entry that is not on the disk yet."""

    def record_once(
        self,
        key: Hashable,
        entry_with: Callable[[int], Entry],
        result: ResultT,
        *,
        on_commit: Callable[[], None],
        on_saved: Callable[[ResultT], None],
        on_failed: OnFailed,
    ) -> bool:
        """Commit an entry, unless the same entry is already being saved. Returns whether it was committed.

        Args:
            key: the same for two entries that must not both be recorded.
            entry_with: makes the entry for its `seq`.
            result: passed to `on_saved`.
            on_commit: called first after the commit, once for all callers with this key.
            on_saved: called once the entry is on the disk.
            on_failed: called instead if the commit failed.
        """
        waiting = self._callbacks.setdefault(key, [])
        waiting.append((on_saved, on_failed))
        if len(waiting) > 1:
            return False
        self.commit(entry_with, lambda commit: self._finish(key, commit, result, on_commit))
        return True

    def commit(self, entry_with: Callable[[int], Entry], on_done: Callable[[Commit], None]) -> None:
        """Commit an entry; `on_done` receives the finished future."""
        commit = self._journal.commit(entry_with)
        commit.add_done_callback(lambda done: self._later(lambda: on_done(done)))

    def _finish(self, key: Hashable, commit: Commit, result: object, on_commit: Callable[[], None]) -> None:
        error = commit.exception()
        if error is None:
            on_commit()
        for on_saved, on_failed in self._callbacks.pop(key):
            if error is None:
                on_saved(result)
            else:
                on_failed(error)
