"""The kiosk's end of the wire: sends the outbox, reports the kiosk's state, fetches the school.

One thread, one HTTP session, time limits always. An entry leaves the outbox only on the register's answer for
that very entry: after a lost, truncated or failed answer it stays queued and is sent again. That an entry is
"in flight" is not stored anywhere, so a crash loses nothing.

When the register is up and yet has no good answer to a batch, one entry in it may be at fault: the batch is
halved until the entry is alone. It is then set aside (`sync.uplink.retry_queue`), and the others go on.
"""

import random
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Protocol

import requests
import structlog
from pydantic import ValidationError

from sync.uplink.errors import NoAnswerError, RefusedError, TooLargeError, UplinkError
from sync.uplink.http import RETRY_MOST_S, TIMEOUT_S, Bearer, RegisterClient, call, parse_answer
from sync.uplink.retry_queue import QueuedEntry, RetryQueue
from sync.wire import (
    MOST_ENTRIES,
    Bundle,
    EntryResult,
    EntryStatus,
    Heartbeat,
    HeartbeatResponse,
    Message,
    SeqRange,
)

log = structlog.get_logger()

HEARTBEAT_S = 30.0
"""Seconds between heartbeats, plus or minus a fifth so that kiosks do not call in step (docs/wire.md)."""


class UplinkState(StrEnum):
    """The kiosk's connection to the register."""

    STARTING = "starting"
    CONNECTED = "connected"
    OFFLINE = "offline"
    REFUSED = "refused"
    """The register no longer knows this kiosk (401) or has revoked it (403)."""


class Outbox(Protocol):
    """What the uplink needs of the journal. Called on the uplink's thread; a call may wait for the disk."""

    def waiting(self, limit: int) -> list[tuple[str, str]]:
        """Unanswered entries as (id, JSON), oldest first."""

    def settle(self, results: Sequence[EntryResult]) -> None:
        """Store the register's answers durably."""

    def vitals(self) -> Heartbeat:
        """The kiosk's state."""

    def send_again(self, missing: Sequence[SeqRange]) -> int:
        """Queue those entries again that the register had answered for and no longer has. Returns how many
        there were; entries that this kiosk has already purged are not counted."""

    def bundle_etag(self) -> str | None:
        """The tag of the bundle in use."""

    def keep_bundle(self, bundle: Bundle, etag: str) -> None:
        """Replace the bundle, as a whole or not at all.

        Raises:
            ValueError: it cannot be used; the one in use stays.
        """


class Uplink:
    """Keeps a kiosk and the register in step for as long as it runs.

    Args:
        register: the register.
        token: the kiosk's.
        outbox: the journal's side.
        on_state: called on this thread when the state changes.
        on_settled: called on this thread with the register's answers.
        on_server_time: called on this thread with the register's time.
        rng: for the jitter.
        monotonic: seconds of a monotonic clock.
    """

    def __init__(
        self,
        register: RegisterClient,
        token: str,
        outbox: Outbox,
        *,
        on_state: Callable[[UplinkState], None],
        on_settled: Callable[[Sequence[EntryResult]], None],
        on_server_time: Callable[[datetime], None],
        rng: random.Random,
        monotonic: Callable[[], float],
    ) -> None:
        self._register = register
        self._outbox = outbox
        self._on_state = on_state
        self._on_settled = on_settled
        self._on_server_time = on_server_time
        self._rng = rng
        self._monotonic = monotonic
        self._session = register.open()
        self._session.auth = Bearer(token)
        self._state = UplinkState.STARTING
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._batch = MOST_ENTRIES
        self._sent: list[QueuedEntry] = []
        self._aside = RetryQueue()
        self._narrowing = False
        """The next batch is half of one that failed, or the rest without the entry at fault."""
        self._blamed = False
        """An entry was set aside, and none has been accepted since."""
        self._not_taken: str | None = None
        """The version of the register's newest bundle, if this kiosk has not taken it over."""
        self._already_queued: set[SeqRange] = set()
        """The ranges that the register lacked. They are sent again once, not with each heartbeat."""
        self._heartbeat_due = monotonic()
        self._reported_waiting = 0
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Send soon: there is a new entry. Does not shorten the wait after a failure."""
        self._wake.set()

    def report(self) -> None:
        """Send a heartbeat now, because something that the office should see has changed."""
        self._heartbeat_due = self._monotonic()
        self._wake.set()

    def stop(self) -> None:
        """Stop; waits for an exchange that is under way, at most its time limits.

        A longer one ends with the process: what it carried is still queued.
        """
        self._stop.set()
        self._wake.set()
        self._thread.join(sum(TIMEOUT_S))
        self._session.close()

    # --- the thread ------------------------------------------------------------------------------

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self._exchange()
            except UplinkError as error:
                # Narrowing a batch down needs no growing wait: the register is up, and gets less each time.
                failures = 1 if self._narrowing else failures + 1
                state = UplinkState.REFUSED if isinstance(error, RefusedError) else UplinkState.OFFLINE
                self._enter(state, str(error))
                self._stop.wait(self._wait_after(failures, error))
            except Exception:
                # A fault on this side, such as a full disk under the journal, must not end sending for good.
                failures += 1
                log.exception("uplink.fault")
                self._enter(UplinkState.OFFLINE, "a fault on this kiosk")
                self._stop.wait(self._wait_after(failures, None))
            else:
                failures = 0
                self._enter(UplinkState.CONNECTED)
                self._wake.wait(self._idle_s())

    def _idle_s(self) -> float:
        """Seconds until the next heartbeat or retry."""
        now = self._monotonic()
        heartbeat, retry = max(0.0, self._heartbeat_due - now), self._aside.due_in(now)
        return heartbeat if retry is None else min(heartbeat, retry)

    def _exchange(self) -> None:
        """Send what waits, then a heartbeat if it is due, even when sending failed."""
        failure: Exception | None = None
        self._narrowing = False
        try:
            while not self._stop.is_set() and self._send_batch():
                pass
        except Exception as error:  # raised again after the heartbeat
            failure = error
            self._heartbeat_due = self._monotonic()
        if self._monotonic() >= self._heartbeat_due and not self._stop.is_set():
            # Set before sending: a change from here on may not be in this heartbeat.
            self._heartbeat_due = self._monotonic() + HEARTBEAT_S * self._rng.uniform(0.8, 1.2)
            try:
                self._heartbeat()
            except Exception:
                self._heartbeat_due = self._monotonic()  # still due
                raise
        if failure is not None and not self._explained(failure):
            raise failure

    def _explained(self, failure: Exception) -> bool:
        """Look for the entry at fault: the register has accepted a heartbeat but not the batch.

        Returns:
            Whether it is known already: the batch was an entry that had been set aside before.
        """
        if not isinstance(failure, NoAnswerError) or failure.not_now:
            return False
        if len(self._sent) > 1:
            self._batch, self._narrowing = len(self._sent) // 2, True
            return False
        [(entry_id, _)] = self._sent
        known = entry_id in self._aside
        # The others go on at once. If one after another has to be set aside, no single entry is at fault.
        self._narrowing, self._blamed = not self._blamed, True
        self._aside.put(entry_id, self._monotonic(), self._rng.uniform(0.0, 1.0))
        log.warning("entry.set_aside", id=entry_id, why=str(failure))
        return known

    def _wait_after(self, failures: int, error: UplinkError | None) -> float:
        """Exponential backoff with full jitter, and never less than the register asked for."""
        wished = error.retry_after_s if isinstance(error, NoAnswerError) and not self._narrowing else 0.0
        most = RETRY_MOST_S if isinstance(error, RefusedError) else min(RETRY_MOST_S, 2.0 ** min(failures, 6))
        return max(wished, self._rng.uniform(0.0, most))

    def _enter(self, state: UplinkState, why: str = "") -> None:
        if state is self._state:
            return
        self._state = state
        log.info("uplink.state", state=state.value, why=why)
        self._on_state(state)

    def _heartbeat(self) -> None:
        vitals = self._outbox.vitals()
        response = self._ask("POST", "heartbeat", body=vitals.model_dump_json())
        self._reported_waiting = vitals.queue.waiting
        answer = parse_answer(HeartbeatResponse, response)
        self._on_server_time(answer.server_time)
        self._send_again(answer.missing)
        etag = self._outbox.bundle_etag()
        has = (etag or "").strip('W/"')
        if answer.bundle_version not in (has, self._not_taken) and not self._fetch_bundle(etag):
            # The version from the heartbeat: the bundle's own may differ if it changed in between, and would
            # then be fetched again without end.
            self._not_taken = answer.bundle_version
            self._heartbeat()  # at once, so that the office sees why; this time nothing is fetched

    def _send_again(self, missing: Sequence[SeqRange]) -> None:
        """Queue again what the register lacks, for example after a restore from a backup."""
        lacks = [numbers for numbers in missing if numbers not in self._already_queued]
        entries = self._outbox.send_again(lacks) if lacks else 0
        self._already_queued = set(missing)
        if lacks:
            log.warning("entry.asked_for_again", runs=len(lacks), still_here=entries)
        if entries:
            self._wake.set()

    def _fetch_bundle(self, etag: str | None) -> bool:
        """Fetch the bundle. Returns `False` when it was not taken over and the office should hear why."""
        response = self._ask("GET", "bundle", headers={"If-None-Match": etag} if etag else {})
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return True
        try:
            bundle = Bundle.model_validate_json(response.content)
        except ValueError as error:  # entries go on; the text may quote a pupil, so it is not logged
            log.error("bundle.unusable", error=type(error).__name__)
            return True
        try:
            self._outbox.keep_bundle(bundle, response.headers.get("ETag", ""))
        except ValueError as error:  # another try would not help; the next version may
            log.error("bundle.not_taken", version=bundle.version, error=type(error).__name__)
            return False
        self._not_taken = None
        log.info("bundle.taken", version=bundle.version)
        return True

    def _next_batch(self) -> list[QueuedEntry]:
        """The oldest entries that can be sent; if there are none, one that was set aside and is due.

        Entries that are held back must not hide those behind them, however many they are.
        """
        looked_at = self._batch
        while True:
            waiting = self._outbox.waiting(looked_at)
            ready = self._aside.ready(waiting)
            if len(ready) >= self._batch or len(waiting) < looked_at:
                return ready[: self._batch] or self._aside.due(waiting, self._monotonic())[:1]
            looked_at *= 2

    def _send_batch(self) -> bool:
        """Send at most one batch. Returns whether more may be waiting."""
        batch = self._sent = self._next_batch()
        if not batch:
            return False
        try:
            response = self._ask(
                "POST", "entries", body='{"entries":[' + ",".join(body for _, body in batch) + "]}"
            )
        except TooLargeError:
            self._halve(batch)
            return True
        log.info("entry.sent", entries=len(batch), first=batch[0][0])
        sent = {entry_id for entry_id, _ in batch}
        results = [result for result in _results(response) if result.id in sent]
        if not results:
            raise NoAnswerError("the register answered for none of the entries that it was sent")
        self._pass_over(batch, {result.id for result in results})
        self._settle(results)
        self._blamed = False
        self._batch = min(MOST_ENTRIES, self._batch * 2)  # the limit may have been temporary
        return True

    def _pass_over(self, batch: Sequence[QueuedEntry], answered: Collection[str | None]) -> None:
        """Set aside entries that were left out of an answer. Those after the last one answered are only the
        rest of a truncated answer: they are sent again in order."""
        last = max(at for at, (entry_id, _) in enumerate(batch) if entry_id in answered)
        for entry_id, _ in batch[:last]:
            if entry_id not in answered:
                self._aside.put(entry_id, self._monotonic(), self._rng.uniform(0.0, 1.0))
                log.warning("entry.set_aside", id=entry_id, why="left out of an answer")

    def _halve(self, batch: Sequence[tuple[str, str]]) -> None:
        """413: halve the batch. An entry that is too large by itself can never be sent."""
        self._batch = max(1, len(batch) // 2)
        if len(batch) == 1:
            detail = "too large for the register (413)"
            self._settle([EntryResult(id=batch[0][0], status=EntryStatus.REJECTED, detail=detail)])

    def _settle(self, results: Sequence[EntryResult]) -> None:
        self._outbox.settle(results)
        for result in results:
            self._aside.answered(result.id or "")
            log.info("entry.settled", id=result.id, status=result.status.value, detail=result.detail)
        self._on_settled(results)
        if self._reported_waiting:  # the office saw a queue: report its new length soon
            self._heartbeat_due = self._monotonic()

    def _ask(
        self, method: str, name: str, *, body: str | None = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        return call(self._session, method, self._register.path(name), body=body, headers=headers)


class _Results(Message):
    """The answer to a batch, each result unparsed."""

    results: list[Any]


def _results(response: requests.Response) -> list[EntryResult]:
    """The results that can be parsed. One of a later version leaves its own entry waiting and no other."""
    results = []
    for result in parse_answer(_Results, response).results:
        try:
            results.append(EntryResult.model_validate(result))
        except ValidationError:
            log.error("entry.answer_not_understood")
    return results
