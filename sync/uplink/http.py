"""The register as a kiosk calls it: a small set of outcomes for each call.

Only an answer of the register's own form counts (`sync.uplink.answer`). Any other answer than success raises
an error of `sync.uplink.errors`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import requests
import structlog
from pydantic import ValidationError

from sync.uplink.answer import HttpAnswer
from sync.uplink.deadline import WatchedAdapter
from sync.uplink.errors import NoAnswerError, RefusedError, TooLargeError
from sync.uplink.exchange import LARGEST_ANSWER, TIMEOUT_S, exchange
from sync.uplink.obstacles import of_answer
from sync.wire import (
    BASE_PATH,
    DepartureRequest,
    EnrolRequest,
    EnrolResponse,
    Message,
    OnSiteResponse,
    PinReleaseAnswer,
)

MessageT = TypeVar("MessageT", bound=Message)
log = structlog.get_logger()

RETRY_MOST_S = 60.0
"""The longest wait before another try (docs/wire.md)."""
LONGEST_RETRY_AFTER_S = 600.0
"""The longest wait that the register may request: a typing error there must not delay entries for days."""
PIN_TIMEOUT_S = (3.0, 5.0)
"""Seconds to connect, and for each part of the answer, of the question before a PIN release: an adult and a
member of staff are waiting."""
LARGEST_BUNDLE = 32 * 1024 * 1024
"""The most bytes of a bundle: five times one of 20,000 pupils."""
BUNDLE_TOTAL_S = 120.0
"""Seconds for a whole bundle, over a slow network."""
PIN_TOTAL_S = 8.0
"""Seconds for the whole of that question."""
_SUCCESS = (HTTPStatus.OK, HTTPStatus.CREATED)

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_BUSY = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Answers that concern the register's state, never the request."""


class PinReleaseCheck(StrEnum):
    """The register's answer to whether a PIN may release a pupil to this adult."""

    MAY = "may"
    MAY_NOT = "may not"
    """Only the office may release the pupil."""
    NOT_ANSWERED = "not answered"
    """The register could not be asked: the family's list has not been checked."""


@dataclass(frozen=True, slots=True)
class RegisterClient:
    """The register's address, and how to verify it.

    Attributes:
        url: the address; `http://` only on this machine.
        ca: a file with the certificates of a private authority, if the school has its own.
    """

    url: str
    ca: Path | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{self.url!r} is not a web address; write it like https://register.example")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ValueError(f"{self.url} would send pupils' names unencrypted; write https://")

    @property
    def is_on_this_machine(self) -> bool:
        """Whether traffic to it never leaves this machine."""
        return urlsplit(self.url).hostname in _LOOPBACK

    def open(self) -> requests.Session:
        """A session that checks the register's certificate."""
        session = _DirectSession()
        for scheme in ("https://", "http://"):
            session.mount(scheme, WatchedAdapter())
        session.verify = str(self.ca) if self.ca else True
        if self.is_on_this_machine:
            session.trust_env = False  # no proxy between two programs on one machine
        return session

    def path(self, name: str) -> str:
        """The URL of one of the calls of docs/wire.md."""
        return f"{self.url.rstrip('/')}{BASE_PATH}/{name}"

    def may_release_by_pin(self, token: str, request_id: UUID, request: DepartureRequest) -> PinReleaseCheck:
        """Whether a PIN at this kiosk may release the pupil to this adult. Never raises.

        Blocks, with the time limits of `PIN_TIMEOUT_S`, so it is not for the UI thread. The departure names
        the same id in `DepartureDetail.request`: the register then knows that this release was checked.

        Args:
            token: the kiosk's.
            request_id: the id under which the release was requested from the office.
            request: that request, unchanged: the register refuses other content under the same id.

        Returns:
            `NOT_ANSWERED` after any answer but the register's own, for example from an older register.
        """
        try:
            with self.open() as session:
                session.auth = Bearer(token)
                url, body = self.path(f"departures/{request_id}/release-by-pin"), request.model_dump_json()
                sent = exchange(session, "POST", url, body=body, timeout_s=PIN_TIMEOUT_S, total_s=PIN_TOTAL_S)
                if sent.status != HTTPStatus.OK:
                    raise unusable_answer(sent)
                answer = parse_answer(PinReleaseAnswer, sent)
        except NoAnswerError as error:
            log.warning("departure.pin_release_not_checked", id=str(request_id), why=str(error))
            return PinReleaseCheck.NOT_ANSWERED
        return PinReleaseCheck.MAY if answer.may else PinReleaseCheck.MAY_NOT

    def on_site(self, token: str, etag: str | None = None) -> "FetchedOnSite":
        """Who is on site as far as the register knows. Blocks, so it is not for the UI thread.

        Args:
            token: the kiosk's.
            etag: the version that the kiosk has, from the last answer.

        Raises:
            RefusedError: 401 or 403.
            NoAnswerError: the register cannot be reached, or is older than this question.
        """
        with self.open() as session:
            session.auth = Bearer(token)
            answer = call(session, "GET", self.path("on-site"), etag=etag)
            if answer.status == HTTPStatus.NOT_MODIFIED:
                return FetchedOnSite(None, etag or "")
            return FetchedOnSite(parse_answer(OnSiteResponse, answer), answer.headers.get("ETag", ""))


@dataclass(frozen=True, slots=True)
class FetchedOnSite:
    """The register's list of who is on site, and its version for the next question."""

    on_site: OnSiteResponse | None
    """`None`: the list has not changed since the version that was named."""
    etag: str


class _DirectSession(requests.Session):
    """A session that never looks where a redirect leads; requests does, and fails at a malformed address."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """See `requests.Session`; there is none."""


class Bearer(requests.auth.AuthBase):
    """Adds the token to each request; as an `auth` it also keeps a .netrc file from replacing it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def enrol(register: RegisterClient, code: str, name: str) -> EnrolResponse:
    """Enrol this kiosk.

    Raises:
        RefusedError: the code is wrong, used or expired.
        NoAnswerError: the register cannot be reached or asks to wait.
    """
    with register.open() as session:
        message = EnrolRequest(code=code, name=name).model_dump_json()
        return parse_answer(EnrolResponse, call(session, "POST", register.path("enrol"), body=message))


def call(
    session: requests.Session,
    method: str,
    url: str,
    *,
    body: str | None = None,
    etag: str | None = None,
    most_bytes: int = LARGEST_ANSWER,
    total_s: float | None = None,
) -> HttpAnswer:
    """One exchange that returns a successful answer or raises.

    Args:
        session: from `RegisterClient.open`.
        method: the HTTP method.
        url: from `RegisterClient.path`.
        body: JSON.
        etag: the version that the kiosk has; 304 is a success only if the answer names it.
        most_bytes: the most bytes of the answer.
        total_s: seconds for the whole exchange; otherwise those of `exchange`.

    Raises:
        RefusedError: 401 or 403, from the register itself.
        TooLargeError: 413, from the register itself.
        NoAnswerError: no answer, or any other answer than success.
    """
    headers = {"If-None-Match": etag} if etag else None
    answer = exchange(
        session,
        method,
        url,
        body=body,
        headers=headers,
        most_bytes=most_bytes,
        total_s=total_s,
        timeout_s=TIMEOUT_S,
    )
    if answer.status in _SUCCESS:
        return answer
    if answer.status == HTTPStatus.NOT_MODIFIED and etag and _same_version(answer.headers.get("ETag"), etag):
        return answer
    reason = answer.reason
    if reason is None:
        raise unusable_answer(answer)
    if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        said = f": {reason}" if reason else ""
        raise RefusedError(f"the register refused this kiosk ({answer.status}){said}")
    if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        raise TooLargeError("the register rejected the batch as too large")
    raise unusable_answer(answer)


def _same_version(stated: str | None, etag: str) -> bool:
    return stated is not None and stated.removeprefix("W/") == etag.removeprefix("W/")


def unusable_answer(answer: HttpAnswer) -> NoAnswerError:
    """The error for an answer that is not a success and has no error class of its own."""
    status = answer.status
    busy = status in _BUSY
    requested_s = _retry_after(answer) if busy or status >= 500 else 0.0
    if answer.reason is None:  # it may be gone at the next try
        found = of_answer(answer)
        return NoAnswerError(found.sentence, requested_s, busy=busy, obstacle=found.kind)
    wait_s = requested_s if busy or status >= 500 else RETRY_MOST_S
    return NoAnswerError(f"the register answered {status}", wait_s, busy=busy)


def _retry_after(answer: HttpAnswer) -> float:
    """The seconds that the register asks the kiosk to wait, at most ten minutes; 0 if it does not ask.

    The header may hold an instant (RFC 9110). It is compared with the answer's own Date, because this
    machine's clock may be wrong.
    """
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), LONGEST_RETRY_AFTER_S)
    until, now = http_date(text), http_date(answer.headers.get("Date", ""))
    if until is None or now is None:
        return 0.0
    return min(max(0.0, (until - now).total_seconds()), LONGEST_RETRY_AFTER_S)


def http_date(text: str) -> datetime | None:
    """The instant that a header states (UTC), or `None`."""
    try:
        read = parsedate_to_datetime(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)  # `-0000` is UTC too
    except (ValueError, OverflowError):
        return None


def parse_answer(model: type[MessageT], answer: HttpAnswer) -> MessageT:
    """The answer as a message; raises `NoAnswerError` if it is cut short or from another program."""
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as error:
        raise unusable_answer(answer) from error
