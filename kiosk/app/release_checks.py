"""Asks the register whether a PIN may release a pupil; on threads of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from kiosk.app.inbox import ReleaseChecked
from sync.uplink.http import PinReleaseCheck, RegisterClient
from sync.wire import DepartureRequest

MOST_AT_ONCE = 6
"""As many as one request can have pupils: their answers are needed within the same few seconds."""


class ReleaseChecks:
    """Implements `kiosk.journey.ReleaseChecker`.

    Args:
        register: the register.
        token: the kiosk's token.
        put: puts a message into the UI thread's inbox.
    """

    def __init__(self, register: RegisterClient, token: str, put: Callable[[ReleaseChecked], None]) -> None:
        self._register = register
        self._token = token
        self._put = put
        self._workers = ThreadPoolExecutor(max_workers=MOST_AT_ONCE, thread_name_prefix="release-check")

    def check(
        self, request_id: UUID, request: DepartureRequest, on_result: Callable[[bool | None], None]
    ) -> None:
        """Ask about a request."""

        def work() -> None:
            answer = self._register.may_release_by_pin(self._token, request_id, request)
            may = None if answer is PinReleaseCheck.NOT_ANSWERED else answer is PinReleaseCheck.MAY
            self._put(ReleaseChecked(may, on_result))

        self._workers.submit(work)

    def close(self) -> None:
        """Ask nothing more. A question under way ends by its own time limit."""
        self._workers.shutdown(wait=False, cancel_futures=True)
