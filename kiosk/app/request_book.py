"""Keeps the requests for release that wait in the journal, so that a restart takes them up again."""

from concurrent.futures import Future
from uuid import UUID

import structlog

from kiosk.journal.journal import Journal

log = structlog.get_logger()


class JournalRequestBook:
    """Implements `kiosk.journey.RequestBook`.

    Args:
        journal: the journal.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def keep_request(self, request: UUID, text: str) -> None:
        """Keep or replace a request."""
        self._journal.keep_request(request, text).add_done_callback(_log_failure)

    def forget_request(self, request: UUID) -> None:
        """Delete a request."""
        self._journal.forget_request(request).add_done_callback(_log_failure)


def _log_failure(change: "Future[None]") -> None:
    if (error := change.exception()) is not None:  # the request waits all the same, until a restart
        log.error("request.not_kept", error=type(error).__name__)
