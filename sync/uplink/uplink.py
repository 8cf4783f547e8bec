"""The kiosk's end of the wire: sends what waits, says how the kiosk is, fetches the school.

One thread, one HTTP session, time limits always. Nothing is ever taken out of the outbox but on the
register's word for that very entry: whatever is lost, cut short or answered with an error stays
queued and is sent again. An entry "in flight" is not written down anywhere, so a crash loses nothing.

Where the register is there and yet has no good answer to a batch, the fault may be with one entry in it:
half of the batch is tried, and half of that, until the entry is alone. Then it is set aside
(`sync.uplink.retry_queue`), and the others go on.
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
from sync.uplink.http import RETRY_MOST_S, TIMEOUT_S, Bearer, RegisterClient, call, understood
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
"""Seconds between heartbeats, give or take a fifth so that kiosks do not call in step (wire.md)."""


class UplinkState(StrEnum):
    """How the kiosk stands with the register."""

    STARTING = "starting"
    CONNECTED = "connected"
    OFFLINE = "offline"
    REFUSED = "refused"
    """The register does not know this kiosk any more (401) or has revoked it (403)."""


class Outbox(Protocol):
    """What the uplink needs of the journal. Called on the uplink's thread; a call may wait for the disk."""

    def waiting(self, limit: int) -> list[tuple[str, str]]:
        """Entries not yet answered for as (id, JSON), oldest first."""

    def settle(self, results: Sequence[EntryResult]) -> None:
        """Note the register's answers, durably."""

    def vitals(self) -> Heartbeat:
        """How the kiosk is."""

    def send_again(self, missing: Sequence[SeqRange]) -> int:
        """Put what this register has answered for, and does not have, back among what waits. Returns how many
        entries there were; those that this kiosk does not have any more are not among them."""

    def bundle_etag(self) -> str | None:
        """The tag of the bundle that is in use."""

    def keep_bundle(self, bundle: Bundle, etag: str) -> None:
        """Take a new bundle, whole or not at all.

        Raises:
            ValueError: it is not to be used; the one in use stays.
        """


class Uplink:
    """Keeps a kiosk and the register in step for as long as it runs.

    Args:
        register: where it is.
        token: the kiosk's.
        outbox: the journal's side.
        on_state: told, on this thread, when the state changes.
        on_settled: told, on this thread, what the register has answered for.
        on_server_time: told, on this thread, what time it is at the register.
        rng: for the jitter.
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
        """Half of what failed is to be tried next, or what is left without the entry that was at fault."""
        self._blamed = False
        """An entry was set aside, and nothing has been taken since."""
        self._not_taken: str | None = None
        """The version of the register's newest bundle, where this kiosk has not taken that over."""
        self._asked_for: set[SeqRange] = set()
        """What the register was found to lack. It is sent again once, and not with each heartbeat."""
        self._heartbeat_due = monotonic()
        self._said_to_wait = 0
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is something to send. Does not cut a wait short that follows a failure."""
        self._wake.set()

    def tell(self) -> None:
        """Something that the office should see has changed: a heartbeat now, and not in half a minute."""
        self._heartbeat_due = self._monotonic()
        self._wake.set()

    def stop(self) -> None:
        """End; waits for an exchange that is under way, at most its time limits.

        One that goes on for longer ends with the process: what it carried is still queued.
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
                # Looking for the entry that is at fault is no reason to wait longer each time: the register
                # is there, and asked for less each time.
                failures = 1 if self._narrowing else failures + 1
                state = UplinkState.REFUSED if isinstance(error, RefusedError) else UplinkState.OFFLINE
                self._enter(state, str(error))
                self._stop.wait(self._wait_after(failures, error))
            except Exception:
                # A fault on this side, such as a full disk under the journal. Whatever it is, it must not
                # end the sending for good: it is logged, and tried again.
                failures += 1
                log.exception("uplink.fault")
                self._enter(UplinkState.OFFLINE, "a fault on this kiosk")
                self._stop.wait(self._wait_after(failures, None))
            else:
                failures = 0
                self._enter(UplinkState.CONNECTED)
                self._wake.wait(self._idle_s())

    def _idle_s(self) -> float:
        """Seconds until something is to be done by itself: a heartbeat, or another try of an entry."""
        now = self._monotonic()
        heartbeat, retry = max(0.0, self._heartbeat_due - now), self._aside.due_in(now)
        return heartbeat if retry is None else min(heartbeat, retry)

    def _exchange(self) -> None:
        """Send what waits, then say how the kiosk is if that is due, even where the sending failed."""
        failure: Exception | None = None
        self._narrowing = False
        try:
            while not self._stop.is_set() and self._send_batch():
                pass
        except Exception as error:  # whatever it is: it is raised again once the office has been told
            failure = error
            self._heartbeat_due = self._monotonic()
        if self._monotonic() >= self._heartbeat_due and not self._stop.is_set():
            # Before it is under way: what is to be told from then on may not be in it.
            self._heartbeat_due = self._monotonic() + HEARTBEAT_S * self._rng.uniform(0.8, 1.2)
            try:
                self._heartbeat()
            except Exception:
                self._heartbeat_due = self._monotonic()  # it is owed still
                raise
        if failure is not None and not self._explained(failure):
            raise failure

    def _explained(self, failure: Exception) -> bool:
        """The register has taken a heartbeat and not the batch: look for the entry that is at fault.

        Returns whether it is known already: the batch was an entry that had been set aside before.
        """
        if not isinstance(failure, NoAnswerError) or failure.not_now:
            return False
        if len(self._sent) > 1:
            self._batch, self._narrowing = len(self._sent) // 2, True
            return False
        [(entry_id, _)] = self._sent
        known = entry_id in self._aside
        # The others go on at once. Where one after the other has to be set aside, it is none of theirs.
        self._narrowing, self._blamed = not self._blamed, True
        self._aside.put(entry_id, self._monotonic(), self._rng.uniform(0.0, 1.0))
        log.warning("entry.set_aside", id=entry_id, why=str(failure))
        return known

    def _wait_after(self, failures: int, error: UplinkError | None) -> float:
        """Exponential backoff with full jitter, and never sooner than the register asked for."""
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
        self._said_to_wait = vitals.queue.waiting
        answer = understood(HeartbeatResponse, response)
        self._on_server_time(answer.server_time)
        self._send_again(answer.missing)
        etag = self._outbox.bundle_etag()
        has = (etag or "").strip('W/"')
        if answer.bundle_version not in (has, self._not_taken) and not self._fetch_bundle(etag):
            # By the version that the register goes by: what the bundle says of itself may be another, if it
            # has changed in between, and would be fetched again without end.
            self._not_taken = answer.bundle_version
            self._heartbeat()  # at once, so that the office hears why; this time nothing is fetched

    def _send_again(self, missing: Sequence[SeqRange]) -> None:
        """What the register lacks, as one that was put back from a backup does, waits once more."""
        lacks = [numbers for numbers in missing if numbers not in self._asked_for]
        entries = self._outbox.send_again(lacks) if lacks else 0
        self._asked_for = set(missing)
        if lacks:
            log.warning("entry.asked_for_again", runs=len(lacks), still_here=entries)
        if entries:
            self._wake.set()

    def _fetch_bundle(self, etag: str | None) -> bool:
        """Fetch what the kiosk knows of its school. Returns whether there is nothing to be said about it."""
        response = self._ask("GET", "bundle", headers={"If-None-Match": etag} if etag else {})
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return True
        try:
            bundle = Bundle.model_validate_json(response.content)
        except ValueError as error:  # the entries go on; the text may quote a pupil, so it is not logged
            log.error("bundle.unusable", error=type(error).__name__)
            return True
        try:
            self._outbox.keep_bundle(bundle, response.headers.get("ETag", ""))
        except ValueError as error:  # it would be no better half a minute later: the next version may be
            log.error("bundle.not_taken", version=bundle.version, error=type(error).__name__)
            return False
        self._not_taken = None
        log.info("bundle.taken", version=bundle.version)
        return True

    def _next_batch(self) -> list[QueuedEntry]:
        """The oldest entries that nothing holds back; where there are none, one that is set aside and due.

        Those that are held back must not hide those behind them, however many they are.
        """
        looked_at = self._batch
        while True:
            waiting = self._outbox.waiting(looked_at)
            ready = self._aside.ready(waiting)
            if len(ready) >= self._batch or len(waiting) < looked_at:
                return ready[: self._batch] or self._aside.due(waiting, self._monotonic())[:1]
            looked_at *= 2

    def _send_batch(self) -> bool:
        """Send what waits, at most one batch. Returns whether there may be more."""
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
        asked = {entry_id for entry_id, _ in batch}
        results = [result for result in _results(response) if result.id in asked]
        if not results:
            raise NoAnswerError("the register answered for none of the entries that it was sent")
        self._pass_over(batch, {result.id for result in results})
        self._settle(results)
        self._blamed = False
        self._batch = min(MOST_ENTRIES, self._batch * 2)  # what was too large once need not be so for ever
        return True

    def _pass_over(self, batch: Sequence[QueuedEntry], answered: Collection[str | None]) -> None:
        """Set aside what was left out of an answer. What comes after all that was answered is only the rest
        of an answer that ended early: it is sent again in its order."""
        last = max(at for at, (entry_id, _) in enumerate(batch) if entry_id in answered)
        for entry_id, _ in batch[:last]:
            if entry_id not in answered:
                self._aside.put(entry_id, self._monotonic(), self._rng.uniform(0.0, 1.0))
                log.warning("entry.set_aside", id=entry_id, why="left out of an answer")

    def _halve(self, batch: Sequence[tuple[str, str]]) -> None:
        """413: half as many the next time. One that is too large by itself can never be sent."""
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
        if self._said_to_wait:  # the office was told of a queue: tell it soon how that stands now
            self._heartbeat_due = self._monotonic()

    def _ask(
        self, method: str, name: str, *, body: str | None = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        return call(self._session, method, self._register.path(name), body=body, headers=headers)


class _Results(Message):
    """The answer to a batch, each result as it came."""

    results: list[Any]


def _results(response: requests.Response) -> list[EntryResult]:
    """The results that can be understood. One of a later version leaves its entry waiting, and no other."""
    results = []
    for result in understood(_Results, response).results:
        try:
            results.append(EntryResult.model_validate(result))
        except ValidationError:
            log.error("entry.answer_not_understood")
    return results
