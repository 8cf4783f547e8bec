"""Whether the register can be reached and accepts this kiosk: one request that changes nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sync.uplink.answer import HttpAnswer
from sync.uplink.errors import NoAnswerError
from sync.uplink.http import LARGEST_BUNDLE, Bearer, RegisterClient, call, http_date, parse_answer
from sync.wire import BundleSchool, Message


class _BundleHead(Message):
    """What shows that an answer is a bundle, of whichever version."""

    version: str
    school: BundleSchool


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
        NoAnswerError: the register cannot be reached, is out of order, or its certificate cannot be trusted;
            or something else answers in its place.
    """
    with register.open() as session:
        if token is not None:
            session.auth = Bearer(token)
        began = monotonic()
        answer = call(session, "GET", register.path("bundle"), most_bytes=LARGEST_BUNDLE)
        took_s = monotonic() - began
        parse_answer(_BundleHead, answer)
        return ProbeResult(took_s, _date(answer))


def _date(answer: HttpAnswer) -> datetime | None:
    if "Date" not in answer.headers:
        return None
    if (date := http_date(answer.headers["Date"])) is None:
        raise NoAnswerError("the register's answer has no date that can be read")
    return date
