"""Sends the outbox's entries in batches, and finds the one entry that keeps a batch from being answered.

When the register is up and yet gives no usable answer to a batch, one entry in it may be at fault: the batch
is halved until the entry is alone. It is then set aside (`sync.uplink.retry_queue`), and the others go on.
"""

import random
from collections.abc import Callable, Collection, Sequence
from typing import Any

import structlog
from pydantic import ValidationError

from sync.uplink.answer import HttpAnswer
from sync.uplink.errors import NoAnswerError, TooLargeError
from sync.uplink.http import parse_answer
from sync.uplink.outbox import Outbox
from sync.uplink.retry_queue import QueuedEntry, RetryQueue
from sync.wire import MOST_ENTRIES, EntryResult, EntryStatus, Message

log = structlog.get_logger()


class EntrySender:
    """Sends waiting entries and settles those that the register answers. For the uplink's thread.

    Args:
        outbox: the journal's side.
        post: sends the body of `POST /entries`; raises an `UplinkError` without a successful answer.
        on_settled: called with the register's answers, once they are stored.
        rng: for the jitter.
        monotonic: seconds of a monotonic clock.
    """

    def __init__(
        self,
        outbox: Outbox,
        post: Callable[[str], HttpAnswer],
        on_settled: Callable[[Sequence[EntryResult]], None],
        *,
        rng: random.Random,
        monotonic: Callable[[], float],
    ) -> None:
        self._outbox = outbox
        self._post = post
        self._on_settled = on_settled
        self._rng = rng
        self._monotonic = monotonic
        self._most = MOST_ENTRIES
        """The most entries in the next batch."""
        self._last: list[QueuedEntry] = []
        """The batch sent last."""
        self._aside = RetryQueue()
        self._set_aside_last = False
        """An entry was set aside, and none has been accepted since."""
        self.is_narrowing = False
        """The next batch is half of one that failed, or the rest without the entry at fault."""

    def retry_in(self) -> float | None:
        """Seconds until an entry that was set aside is due; `None` when there is none."""
        return self._aside.due_in(self._monotonic())

    def send_batch(self) -> bool:
        """Send at most one batch; return whether more may be waiting.

        Raises:
            UplinkError: the register gave no usable answer. The batch stays queued.
        """
        self.is_narrowing = False
        batch = self._last = self._next_batch()
        if not batch:
            return False
        try:
            answer = self._post('{"entries":[' + ",".join(body for _, body in batch) + "]}")
        except TooLargeError:
            self._halve(batch)
            return True
        sent = {entry_id for entry_id, _ in batch}
        results = [result for result in _results(answer) if result.id in sent]
        if not results:
            raise NoAnswerError("the register answered for none of the entries that it was sent")
        log.info("entry.sent", entries=len(batch), answered=len(results), first=batch[0][0])
        self._set_aside_skipped(batch, {result.id for result in results})
        self._settle(results)
        self._set_aside_last = False
        self._most = min(MOST_ENTRIES, self._most * 2)  # the limit may have been temporary
        return True

    def narrow_down(self, failure: Exception) -> bool:
        """Look for the entry at fault after a batch failed while the register accepted a heartbeat.

        Returns:
            Whether the cause is known: the batch was a single entry that had been set aside before.
        """
        if not isinstance(failure, NoAnswerError) or failure.busy:
            return False
        if len(self._last) > 1:
            self._most, self.is_narrowing = len(self._last) // 2, True
            return False
        [(entry_id, _)] = self._last
        is_known = entry_id in self._aside
        # The others go on at once. If one after another has to be set aside, no single entry is at fault.
        self.is_narrowing, self._set_aside_last = not self._set_aside_last, True
        self._set_aside(entry_id, str(failure))
        return is_known

    def _next_batch(self) -> list[QueuedEntry]:
        """The oldest entries that can be sent; if there are none, one that was set aside and is due.

        Entries that are held back must not hide those behind them, however many there are.
        """
        limit = self._most
        while True:
            waiting = self._outbox.waiting(limit)
            ready = self._aside.ready(waiting)
            if len(ready) >= self._most or len(waiting) < limit:
                return ready[: self._most] or self._aside.due(waiting, self._monotonic())[:1]
            limit *= 2

    def _set_aside_skipped(self, batch: Sequence[QueuedEntry], answered: Collection[str | None]) -> None:
        """Set aside entries that were left out of an answer. Those after the last one answered are only the
        rest of a truncated answer: they are sent again in order."""
        last = max(at for at, (entry_id, _) in enumerate(batch) if entry_id in answered)
        for entry_id, _ in batch[:last]:
            if entry_id not in answered:
                self._set_aside(entry_id, "left out of an answer")

    def _set_aside(self, entry_id: str, why: str) -> None:
        self._aside.put(entry_id, self._monotonic(), self._rng.uniform(0.0, 1.0))
        log.warning("entry.set_aside", id=entry_id, why=why)

    def _halve(self, batch: Sequence[QueuedEntry]) -> None:
        """413: halve the batch. An entry that is too large by itself can never be sent."""
        self._most = max(1, len(batch) // 2)
        if len(batch) == 1:
            detail = "too large for the register (413)"
            self._settle([EntryResult(id=batch[0][0], status=EntryStatus.REJECTED, detail=detail)])

    def _settle(self, results: Sequence[EntryResult]) -> None:
        self._outbox.settle(results)
        for result in results:
            self._aside.forget(result.id or "")
            log.info("entry.settled", id=result.id, status=result.status.value, detail=result.detail)
        self._on_settled(results)


class _Results(Message):
    """The answer to a batch, each result unparsed."""

    results: list[Any]


def _results(answer: HttpAnswer) -> list[EntryResult]:
    """The results that can be parsed. One of a later version leaves its own entry waiting and no other."""
    results = []
    for result in parse_answer(_Results, answer).results:
        try:
            results.append(EntryResult.model_validate(result))
        except ValidationError:
            log.error("entry.answer_not_understood")
    return results
