"""Whether the register can be reached and accepts this kiosk: one request that changes nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import requests

from sync.uplink.errors import NoAnswerError
from sync.uplink.http import Bearer, RegisterClient, call


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The register's answer."""

    took_s: float
    """Seconds from the request to the answer."""
    server_time: datetime | None
    """The register's time (UTC), to the second, if it states it."""


def probe(
    register: RegisterClient, token: str | None, *, monotonic: Callable[[], float] = time.monotonic
) -> ProbeResult:
    """Fetch the school's bundle, as the kiosk does, and discard it.

    Raises:
        RefusedError: the register does not know this kiosk (or there is no token), or has revoked it.
        NoAnswerError: the register cannot be reached, is out of order, or its certificate cannot be trusted.
    """
    with register.open() as session:
        if token is not None:
            session.auth = Bearer(token)
        began = monotonic()
        response = call(session, "GET", register.path("bundle"))
        return ProbeResult(monotonic() - began, _date(response))


def _date(response: requests.Response) -> datetime | None:
    if response.status_code != HTTPStatus.OK or "Date" not in response.headers:
        return None
    try:
        return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
    except ValueError as error:
        raise NoAnswerError("the register's answer has no date that can be read") from error
