"""The kiosk's end of the wire: sends the outbox, reports the kiosk's state, fetches the school.

One thread, one HTTP session, time limits always. An entry leaves the outbox only on the register's answer for
that very entry: after a lost, truncated or failed answer it stays queued and is sent again. That an entry is
"in flight" is not stored anywhere, so a crash loses nothing.
"""

import random
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

import structlog

from sync.uplink.answer import HttpAnswer
from sync.uplink.entry_sender import EntrySender
from sync.uplink.errors import NoAnswerError, RefusedError, UplinkError
from sync.uplink.exchange import TIMEOUT_S
from sync.uplink.http import (
    BUNDLE_TOTAL_S,
    LARGEST_BUNDLE,
    RETRY_MOST_S,
    Bearer,
    RegisterClient,
    call,
    parse_answer,
    unusable_answer,
)
from sync.uplink.obstacles import Obstacle
from sync.uplink.outbox import Outbox
from sync.wire import (
    Bundle,
    EntryResult,
    HeartbeatResponse,
    SeqRange,
)

log = structlog.get_logger()

HEARTBEAT_S = 30.0
"""Seconds between heartbeats, plus or minus a fifth so that kiosks do not call in step (docs/wire.md)."""


QUICK_S = 2.0
"""The longest exchange, in seconds, whose time counts: it may be wrong by as much
(`hardware.clock.clock.AGREES_WITHIN`)."""


class UplinkState(StrEnum):
    """The kiosk's connection to the register."""

    STARTING = "starting"
    CONNECTED = "connected"
    OFFLINE = "offline"
    REFUSED = "refused"
    """The register no longer knows this kiosk (401) or has revoked it (403)."""


class Uplink:
    """Keeps a kiosk and the register in step for as long as it runs.

    Args:
        register: the register.
        token: the kiosk's.
        outbox: the journal's side.
        on_state: called on this thread when the state changes.
        on_obstacle: called on this thread when what stands between kiosk and register changes; `None` for
            nothing.
        on_settled: called on this thread with the register's answers.
        on_server_time: called on this thread with the register's time now, if the answer came quickly.
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
        on_obstacle: Callable[[Obstacle | None], None] = lambda _: None,
    ) -> None:
        self._register = register
        self._outbox = outbox
        self._on_state = on_state
        self._on_obstacle = on_obstacle
        self._on_settled = on_settled
        self._on_server_time = on_server_time
        self._rng = rng
        self._monotonic = monotonic
        self._session = register.open()
        self._session.auth = Bearer(token)
        self._state = UplinkState.STARTING
        self._obstacle: Obstacle | None = None
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._sender = EntrySender(
            outbox,
            lambda body: self._request("POST", "entries", body=body),
            self._entries_settled,
            rng=rng,
            monotonic=monotonic,
        )
        self._refused_bundle: str | None = None
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
                failures = 1 if self._sender.is_narrowing else failures + 1
                state = UplinkState.REFUSED if isinstance(error, RefusedError) else UplinkState.OFFLINE
                self._enter(state, str(error), getattr(error, "obstacle", None))
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
        heartbeat, retry = max(0.0, self._heartbeat_due - now), self._sender.retry_in()
        return heartbeat if retry is None else min(heartbeat, retry)

    def _exchange(self) -> None:
        """Send what waits, then a heartbeat if it is due, even when sending failed."""
        failure: Exception | None = None
        try:
            while not self._stop.is_set() and self._sender.send_batch():
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
        if failure is not None and not self._sender.narrow_down(failure):
            raise failure

    def _wait_after(self, failures: int, error: UplinkError | None) -> float:
        """Exponential backoff with full jitter, and never less than the register's Retry-After."""
        requested = 0.0
        if isinstance(error, NoAnswerError) and not self._sender.is_narrowing:
            requested = error.retry_after_s
        most = RETRY_MOST_S if isinstance(error, RefusedError) else min(RETRY_MOST_S, 2.0 ** min(failures, 6))
        return max(requested, self._rng.uniform(0.0, most))

    def _enter(self, state: UplinkState, why: str = "", obstacle: Obstacle | None = None) -> None:
        if state is self._state and obstacle is self._obstacle:
            return
        log.info("uplink.state", state=state.value, why=why)
        if obstacle is not self._obstacle:
            self._obstacle = obstacle
            self._on_obstacle(obstacle)
        if state is not self._state:
            self._state = state
            self._on_state(state)

    def _heartbeat(self) -> None:
        vitals = self._outbox.vitals()
        began = self._monotonic()
        sent = self._request("POST", "heartbeat", body=vitals.model_dump_json())
        took_s = self._monotonic() - began
        answer = parse_answer(HeartbeatResponse, sent)
        self._reported_waiting = vitals.queue.waiting
        if took_s <= QUICK_S:  # the register read its clock at some instant of the exchange
            self._on_server_time(answer.server_time)
        self._send_again(answer.missing)
        etag = self._outbox.bundle_etag()
        has = (etag or "").strip('W/"')
        if answer.bundle_version not in (has, self._refused_bundle) and not self._fetch_bundle(etag):
            # The version from the heartbeat: the bundle's own may differ if it changed in between, and would
            # then be fetched again without end.
            self._refused_bundle = answer.bundle_version
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
        """Fetch the bundle; return `False` if it was not taken over and the office should see why."""
        answer = call(
            self._session,
            "GET",
            self._register.path("bundle"),
            etag=etag,
            most_bytes=LARGEST_BUNDLE,
            total_s=BUNDLE_TOTAL_S,
        )
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return True
        if not isinstance(answer.json(), dict):
            raise unusable_answer(answer)
        try:
            bundle = Bundle.model_validate_json(answer.body)
        except ValueError as error:  # entries go on; the text may quote a pupil, so it is not logged
            log.error("bundle.unusable", error=type(error).__name__)
            return True
        try:
            self._outbox.keep_bundle(bundle, answer.headers.get("ETag", ""))
        except ValueError as error:  # another try would not help; the next version may
            log.error("bundle.not_taken", version=bundle.version, error=type(error).__name__)
            return False
        self._refused_bundle = None
        log.info("bundle.taken", version=bundle.version)
        return True

    def _entries_settled(self, results: Sequence[EntryResult]) -> None:
        self._on_settled(results)
        if self._reported_waiting:  # the office saw a queue: report its new length soon
            self._heartbeat_due = self._monotonic()

    def _request(self, method: str, name: str, *, body: str) -> HttpAnswer:
        return call(self._session, method, self._register.path(name), body=body)
