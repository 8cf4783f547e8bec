"""The kiosk's end of departures: asks the office for a pupil's release, and waits for its answer.

Each request has a thread and an HTTP session of its own: an answer may be half a minute away, and neither
the entries nor another family waits for it. A request goes out again until the register has it; it is
known by its id, so that twice is once. Nothing here releases anybody: without the register's own answer
the screen says that a member of staff is needed.
"""

import random
import threading
from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus
from uuid import UUID

import requests
import structlog

from sync.uplink.errors import NoAnswerError, RequestStoppedError
from sync.uplink.http import Bearer, RegisterClient, exchange, no_good_answer, understood
from sync.wire import DepartureAnswer, DepartureRequest, DepartureState

log = structlog.get_logger()

WAIT_S = 25
"""How long the register may hold a look at a request that nobody has answered (wire.md)."""
RETRY_MOST_S = 5.0
"""The longest wait before another try: somebody stands there."""

_NEVER = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""Answers that would be the same however often it is asked."""

OnAnswer = Callable[[UUID, DepartureAnswer | None], None]


class RequestStage(StrEnum):
    """How a request stands while there is no answer to it."""

    SENDING = "sending"
    """The register has not confirmed yet that it has it."""
    WAITING = "waiting"
    """The register has it: the office sees it."""
    OFFLINE = "offline"
    """The register cannot be reached; it is tried again all the same."""


class ReleaseRequests:
    """The requests of one kiosk that wait for the office.

    Args:
        register: where it is.
        token: the kiosk's.
        on_answer: told, on a request's own thread and once for each: released, refused or withdrawn. None:
            the register takes no such request from this kiosk; only a member of staff can help.
        on_asking: told, on that thread, whenever the state of a request changes until then.
        rng: for the jitter.
    """

    def __init__(
        self,
        register: RegisterClient,
        token: str,
        on_answer: OnAnswer,
        *,
        on_asking: Callable[[UUID, RequestStage], None],
        rng: random.Random,
    ) -> None:
        self._register = register
        self._token = token
        self._on_answer = on_answer
        self._on_asking = on_asking
        self._rng = rng
        self._lock = threading.Lock()
        self._asked: dict[UUID, _PendingRequest] = {}
        self._stopped = False

    def ask(self, request_id: UUID, request: DepartureRequest) -> None:
        """Put a request before the office. One that is under way already goes on as it is."""
        with self._lock:
            if self._stopped or request_id in self._asked:
                return
            asked = self._asked[request_id] = _PendingRequest(
                self._register, self._token, request_id, request, rng=self._rng, on_asking=self._on_asking
            )
        self._start(asked.follow, request_id)

    def withdraw(self, request_id: UUID) -> None:
        """Nobody waits any more. Where the office was quicker, its answer is what is told."""
        with self._lock:
            asked = self._asked.get(request_id)
            if asked is None or asked.withdrawn:
                return
            asked.withdrawn = True
        self._start(asked.take_back, request_id)

    def stop(self) -> None:
        """End. What waits stays with the register; threads that wait for an answer end with the process."""
        with self._lock:
            self._stopped = True
            for asked in self._asked.values():
                asked.stopped.set()

    def _start(self, work: Callable[[], DepartureAnswer | None], request_id: UUID) -> None:
        thread = threading.Thread(target=self._run, args=(work, request_id), name="departure", daemon=True)
        thread.start()

    def _run(self, work: Callable[[], DepartureAnswer | None], request_id: UUID) -> None:
        try:
            answer = work()
        except RequestStoppedError:
            return
        except Exception:  # a fault of ours must not leave a family before a screen that waits
            log.exception("departure.fault", id=str(request_id))
            answer = None
        with self._lock:  # two threads may know: the one that waits, and the one that withdraws
            asked = self._asked.pop(request_id, None)
            if asked is None or self._stopped:
                return
            asked.stopped.set()
        log.info("departure.answered", id=str(request_id), state=answer.state.value if answer else "none")
        self._on_answer(request_id, answer)


class _PendingRequest:
    """One request on its way."""

    def __init__(
        self,
        register: RegisterClient,
        token: str,
        request_id: UUID,
        request: DepartureRequest,
        *,
        rng: random.Random,
        on_asking: Callable[[UUID, RequestStage], None],
    ) -> None:
        self.withdrawn = False
        self.stopped = threading.Event()
        self._register = register
        self._token = token
        self._id = request_id
        self._body = request.model_dump_json()
        self._rng = rng
        self._on_asking = on_asking
        self._state: RequestStage | None = None
        self._posting = threading.Lock()
        self._sent = False
        """A request has gone out: the register may have it."""
        self._there = False
        """The register has said so."""

    def follow(self) -> DepartureAnswer | None:
        """Ask until the register has it, then wait for the office. None: it will not have it."""
        with self._session() as session:
            self._enter(RequestStage.SENDING)
            answer = self._keep_on(lambda: self._ask(session))
            while answer is not None and answer.state is DepartureState.WAITING:
                self._enter(RequestStage.WAITING)
                answer = self._keep_on(lambda: self._look(session))
            return answer

    def take_back(self) -> DepartureAnswer | None:
        """Withdraw it, and know that it is: one that is still on its way must not reach the office later."""
        with self._posting:  # none goes out from here on, but by this thread
            sent, there = self._sent, self._there
        if not sent:
            return DepartureAnswer(state=DepartureState.WITHDRAWN)
        with self._session() as session:
            if not there:
                answer = self._keep_on(lambda: self._post(session))
                if answer is None or answer.state is not DepartureState.WAITING:
                    return answer
            return self._keep_on(lambda: self._delete(session))

    def _session(self) -> requests.Session:
        session = self._register.open()
        session.auth = Bearer(self._token)
        return session

    def _keep_on(self, do: Callable[[], DepartureAnswer | None]) -> DepartureAnswer | None:
        """Do it until the register answers."""
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
        self._there = answer is not None
        return answer

    def _look(self, session: requests.Session) -> DepartureAnswer | None:
        response = exchange(session, "GET", self._path(f"?wait={WAIT_S}"), wait_s=WAIT_S)
        if response.status_code == HTTPStatus.NOT_FOUND:  # the register was restored from a copy
            return self._ask(session)
        return self._answer(response)

    def _delete(self, session: requests.Session) -> DepartureAnswer | None:
        response = exchange(session, "DELETE", self._path(""))
        if response.status_code == HTTPStatus.NOT_FOUND:
            return DepartureAnswer(state=DepartureState.WITHDRAWN)
        return self._answer(response)

    def _answer(self, response: requests.Response) -> DepartureAnswer | None:
        """What the register says; None where it has understood and will not."""
        if response.ok:
            return understood(DepartureAnswer, response)
        if response.status_code in _NEVER:
            log.error("departure.not_taken", id=str(self._id), status=response.status_code)
            return None
        raise no_good_answer(response)

    def _path(self, rest: str) -> str:
        return self._register.path(f"departures/{self._id}{rest}")

    def _enter(self, state: RequestStage) -> None:
        if state is not self._state and not self.withdrawn:
            self._state = state
            self._on_asking(self._id, state)
