"""Whether the register can be reached, and what it makes of this kiosk: asked once, changing nothing."""

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
    """The register has answered."""

    took_s: float
    """Seconds from the question to the answer."""
    server_time: datetime | None
    """What time it is there (UTC), to the second, where it says so."""


def probe(
    register: RegisterClient, token: str | None, *, monotonic: Callable[[], float] = time.monotonic
) -> ProbeResult:
    """Ask the register for the school's bundle, as the kiosk does, and throw the answer away.

    Raises:
        RefusedError: it does not know this kiosk (or there is no token), or has revoked it.
        NoAnswerError: it cannot be reached, its certificate is not to be trusted, or it is out of order.
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
