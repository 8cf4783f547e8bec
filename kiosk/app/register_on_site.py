"""Fetches who is on site from the register, for the staff screen; on a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from kiosk.app.inbox import OnSiteAnswered
from sync.uplink.errors import UplinkError
from sync.uplink.http import RegisterClient
from sync.wire import OnSiteResponse

log = structlog.get_logger()


class RegisterOnSite:
    """Implements `kiosk.journey.SiteList`. Keeps the last list: the register sends only a changed one.

    Args:
        register: the register.
        token: the kiosk's token.
        put: puts a message into the UI thread's inbox.
    """

    def __init__(self, register: RegisterClient, token: str, put: Callable[[OnSiteAnswered], None]) -> None:
        self._register = register
        self._token = token
        self._put = put
        self._last: OnSiteResponse | None = None
        self._etag = ""
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="on site")

    def ask(self, on_result: Callable[[OnSiteResponse | None], None]) -> None:
        """Ask for the list; returns at once."""
        self._worker.submit(self._fetch, on_result)

    def close(self) -> None:
        """Ask no more. A question under way ends by its own time limit."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _fetch(self, on_result: Callable[[OnSiteResponse | None], None]) -> None:
        result: OnSiteResponse | None = None
        try:
            fetched = self._register.on_site(self._token, self._etag or None)
            if fetched.on_site is not None:
                self._last, self._etag = fetched.on_site, fetched.etag
            result = self._last
        except UplinkError as error:
            log.warning("on_site.not_answered", why=type(error).__name__)
        self._put(OnSiteAnswered(lambda: on_result(result)))
