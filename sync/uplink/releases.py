"""The kiosk's end of departures: asks the office to release a pupil, and waits for its answer.

Each request has a thread and an HTTP session of its own: an answer may take half a minute, and neither the
entries nor another family waits for it. A request is sent again until the register has it; its id makes
repeats harmless. Nothing here releases a pupil: without the register's own answer the screen says that a
member of staff is needed.
"""

import random
import threading
from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus
from uuid import UUID

import requests
import structlog

from sync.uplink.answer import HttpAnswer
from sync.uplink.errors import NoAnswerError, RequestStoppedError
from sync.uplink.exchange import exchange
from sync.uplink.http import Bearer, RegisterClient, parse_answer, unusable_answer
from sync.wire import DepartureAnswer, DepartureRequest, DepartureState

log = structlog.get_logger()

WAIT_S = 25
"""Seconds that the register may hold a poll of an unanswered request (docs/wire.md)."""
RETRY_MOST_S = 5.0
"""The longest wait before another try, in seconds: an adult is waiting at the kiosk."""

_FINAL = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""Statuses of the register that a repeated request would get again."""

OnAnswer = Callable[[UUID, DepartureAnswer | None], None]


class RequestStage(StrEnum):
    """The stage of a request that has no answer yet."""

    SENDING = "sending"
    """The register has not confirmed the request yet."""
    WAITING = "waiting"
    """The register has it, and the office sees it."""
    OFFLINE = "offline"
    """The register cannot be reached; the kiosk keeps trying."""


class ReleaseRequests:
    """The requests of one kiosk that wait for the office.

    Args:
        register: the register.
        token: the kiosk's.
        on_answer: called once for each request, on its thread, when it is released, refused or withdrawn;
            with `None` when the register rejects the request for good, so that only a member of staff can
            help.
        on_stage: called on that thread with each stage until then.
        rng: for the jitter.
    """

    def __init__(
        self,
        register: RegisterClient,
        token: str,
        on_answer: OnAnswer,
        *,
        on_stage: Callable[[UUID, RequestStage], None],
        rng: random.Random,
    ) -> None:
        self._register = register
        self._token = token
        self._on_answer = on_answer
        self._on_stage = on_stage
        self._rng = rng
        self._lock = threading.Lock()
        self._pending: dict[UUID, _PendingRequest] = {}
        self._stopped = False

    def ask(self, request_id: UUID, request: DepartureRequest) -> None:
        """Send a request to the office; no effect if it is already under way."""
        with self._lock:
            if self._stopped or request_id in self._pending:
                return
            pending = self._pending[request_id] = _PendingRequest(
                self._register, self._token, request_id, request, rng=self._rng, on_stage=self._on_stage
            )
        self._start(pending.follow, request_id)

    def withdraw(self, request_id: UUID) -> None:
        """Withdraw a request. If the office has already answered, its answer is reported."""
        with self._lock:
            pending = self._pending.get(request_id)
            if pending is None or pending.withdrawn:
                return
            pending.withdrawn = True
        self._start(pending.take_back, request_id)

    def stop(self) -> None:
        """Stop. The register keeps open requests; threads that wait for an answer end with the process."""
        with self._lock:
            self._stopped = True
            for pending in self._pending.values():
                pending.stopped.set()

    def _start(self, work: Callable[[], DepartureAnswer | None], request_id: UUID) -> None:
        thread = threading.Thread(target=self._run, args=(work, request_id), name="departure", daemon=True)
        thread.start()

    def _run(self, work: Callable[[], DepartureAnswer | None], request_id: UUID) -> None:
        try:
            answer = work()
        except RequestStoppedError:
            return
        except Exception:  # our own fault must not leave a family waiting at the screen
            log.exception("departure.fault", id=str(request_id))
            answer = None
        with self._lock:  # two threads may finish it: the waiting and the withdrawing one
            pending = self._pending.pop(request_id, None)
            if pending is None or self._stopped:
                return
            pending.stopped.set()
        log.info("departure.answered", id=str(request_id), state=answer.state.value if answer else "none")
        self._on_answer(request_id, answer)


class _PendingRequest:
    """One request that has no answer yet."""

    def __init__(
        self,
        register: RegisterClient,
        token: str,
        request_id: UUID,
        request: DepartureRequest,
        *,
        rng: random.Random,
        on_stage: Callable[[UUID, RequestStage], None],
    ) -> None:
        self.withdrawn = False
        self.stopped = threading.Event()
        self._register = register
        self._token = token
        self._id = request_id
        self._body = request.model_dump_json()
        self._rng = rng
        self._on_stage = on_stage
        self._state: RequestStage | None = None
        self._posting = threading.Lock()
        self._sent = False
        """A request has been sent: the register may have it."""
        self._confirmed = False
        """The register has confirmed it."""

    def follow(self) -> DepartureAnswer | None:
        """Send the request until the register has it, then wait for the office; `None` if it is rejected."""
        with self._session() as session:
            self._enter(RequestStage.SENDING)
            answer = self._repeat(lambda: self._ask(session))
            while answer is not None and answer.state is DepartureState.WAITING:
                self._enter(RequestStage.WAITING)
                answer = self._repeat(lambda: self._poll(session))
            return answer

    def take_back(self) -> DepartureAnswer | None:
        """Withdraw the request, and make sure that a copy still under way does not reach the office later."""
        with self._posting:  # from here on only this thread sends it
            sent, confirmed = self._sent, self._confirmed
        if not sent:
            return DepartureAnswer(state=DepartureState.WITHDRAWN)
        with self._session() as session:
            if not confirmed:
                answer = self._repeat(lambda: self._post(session))
                if answer is None or answer.state is not DepartureState.WAITING:
                    return answer
            return self._repeat(lambda: self._delete(session))

    def _session(self) -> requests.Session:
        session = self._register.open()
        session.auth = Bearer(self._token)
        return session

    def _repeat(self, do: Callable[[], DepartureAnswer | None]) -> DepartureAnswer | None:
        """Repeat an exchange until the register answers."""
        failures = 0
        while not self.stopped.is_set():
            try:
                return do()
            except NoAnswerError as error:
                failures += 1
                self._enter(RequestStage.OFFLINE)
                most = min(RETRY_MOST_S, 0.5 * 2.0 ** min(failures, 6))
                self.stopped.wait(max(self._rng.uniform(0.0, most), min(error.retry_after_s, RETRY_MOST_S)))
        raise RequestStoppedError

    def _ask(self, session: requests.Session) -> DepartureAnswer | None:
        with self._posting:
            if self.withdrawn:
                raise RequestStoppedError
            self._sent = True
            return self._post(session)

    def _post(self, session: requests.Session) -> DepartureAnswer | None:
        answer = self._answer(exchange(session, "POST", self._path("/request"), body=self._body))
        self._confirmed = answer is not None
        return answer

    def _poll(self, session: requests.Session) -> DepartureAnswer | None:
        answer = exchange(session, "GET", self._path(f"?wait={WAIT_S}"), wait_s=WAIT_S)
        if _is_unknown(answer):  # the register was restored from a backup
            return self._ask(session)
        return self._answer(answer)

    def _delete(self, session: requests.Session) -> DepartureAnswer | None:
        answer = exchange(session, "DELETE", self._path(""))
        if _is_unknown(answer):
            return DepartureAnswer(state=DepartureState.WITHDRAWN)
        return self._answer(answer)

    def _answer(self, answer: HttpAnswer) -> DepartureAnswer | None:
        """The register's answer; `None` when it rejects the request for good."""
        if answer.status in (HTTPStatus.OK, HTTPStatus.CREATED):
            return parse_answer(DepartureAnswer, answer)
        if answer.status in _FINAL and answer.reason is not None:
            log.error("departure.not_taken", id=str(self._id), status=answer.status)
            return None
        raise unusable_answer(answer)

    def _path(self, rest: str) -> str:
        return self._register.path(f"departures/{self._id}{rest}")

    def _enter(self, state: RequestStage) -> None:
        if state is not self._state and not self.withdrawn:
            self._state = state
            self._on_stage(self._id, state)


def _is_unknown(answer: HttpAnswer) -> bool:
    """Whether the register itself says that it has no such request."""
    return answer.status == HTTPStatus.NOT_FOUND and answer.reason is not None
