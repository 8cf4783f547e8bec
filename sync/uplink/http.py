"""One exchange with the register, with a small set of outcomes.

Every exchange has time limits, certificates are always checked except on this machine, and redirects are not
followed: a token is for one address. Any other answer than success raises an error of `sync.uplink.errors`.
"""

import re
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

from sync.uplink.errors import NoAnswerError, RefusedError, TooLargeError
from sync.uplink.network_errors import why
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
TIMEOUT_S = (5.0, 10.0)
"""Seconds to connect, and to wait for each part of an answer."""
PIN_TIMEOUT_S = (3.0, 5.0)
"""The same for the question before a PIN release: an adult and a member of staff are waiting."""
LONGEST_REFUSAL = 300
"""The most characters of a reason from the register, which always sends fewer."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

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
        session = requests.Session()
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
                response = exchange(session, "POST", url, body=body, timeout_s=PIN_TIMEOUT_S)
                if response.status_code != HTTPStatus.OK:
                    raise unusable_answer(response)
                answer = parse_answer(PinReleaseAnswer, response)
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
            headers = {"If-None-Match": etag} if etag else None
            response = call(session, "GET", self.path("on-site"), headers=headers)
            if (
                response.status_code == HTTPStatus.NOT_MODIFIED
                and etag
                and etag == response.headers.get("ETag")
            ):
                return FetchedOnSite(None, etag or "")
            if response.status_code != HTTPStatus.OK:
                raise unusable_answer(response)
            answer = parse_answer(OnSiteResponse, response)
            return FetchedOnSite(answer, response.headers.get("ETag", ""))


@dataclass(frozen=True, slots=True)
class FetchedOnSite:
    """The register's list of who is on site, and its version for the next question."""

    on_site: OnSiteResponse | None
    """`None`: the list has not changed since the version that was named."""
    etag: str


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
        response = call(session, "POST", register.path("enrol"), body=message)
        return parse_answer(EnrolResponse, response)


def call(
    session: requests.Session,
    method: str,
    url: str,
    *,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    wait_s: float = 0.0,
) -> requests.Response:
    """One exchange that returns a successful answer or raises.

    Args:
        session: from `RegisterClient.open`.
        method: the HTTP method.
        url: from `RegisterClient.path`.
        body: JSON.
        headers: in addition to the session's.
        wait_s: seconds that the register may take on purpose (a long poll), on top of the time limits.

    Raises:
        RefusedError: 401 or 403.
        TooLargeError: 413.
        NoAnswerError: no answer, or any other answer than success.
    """
    response = exchange(session, method, url, body=body, headers=headers, wait_s=wait_s)
    status = response.status_code
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        reason = refusal_reason(response)
        raise RefusedError(f"the register refused this kiosk ({status})" + (f": {reason}" if reason else ""))
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        raise TooLargeError("the register rejected the batch as too large")
    if response.ok or status == HTTPStatus.NOT_MODIFIED:
        return response
    raise unusable_answer(response)


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    *,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    wait_s: float = 0.0,
    timeout_s: tuple[float, float] = TIMEOUT_S,
) -> requests.Response:
    """One exchange, whatever status the answer has. The arguments are those of `call`, and the time limits.

    Raises:
        NoAnswerError: there was no complete answer, or its sender could not be verified.
    """
    json_type = {"Content-Type": "application/json"} if body is not None else {}
    connect_s, read_s = timeout_s
    try:
        return session.request(
            method,
            url,
            data=body.encode() if body is not None else None,
            headers={**json_type, **(headers or {})},
            timeout=(connect_s, read_s + wait_s),
            allow_redirects=False,  # a token is for one address only
            verify=session.verify,  # also here, or REQUESTS_CA_BUNDLE would override it
        )
    except requests.exceptions.SSLError as error:
        raise NoAnswerError(
            "the register's certificate cannot be trusted, so nothing was sent; check its name and dates, and"
            " [uplink] ca if the school has its own authority"
        ) from error
    except requests.RequestException as error:
        raise NoAnswerError(f"no answer from the register: {why(error)}") from error
    except OSError as error:  # raised by requests when it cannot read the certificates
        raise NoAnswerError(
            f"the certificates in {session.verify} cannot be read, so nothing was sent; check [uplink] ca"
        ) from error


def unusable_answer(response: requests.Response) -> NoAnswerError:
    """The error for an answer that is not a success and has no error class of its own."""
    status = response.status_code
    busy = status in _BUSY
    wait_s = _retry_after(response) if busy or status >= 500 else RETRY_MOST_S
    return NoAnswerError(f"the register answered {status}", wait_s, busy=busy)


def refusal_reason(response: requests.Response) -> str:
    """The register's reason for refusing, as it sent it; empty when the answer is not the register's.

    The reason is one line in a JSON object, so a proxy's error page is never mistaken for it.
    """
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return ""
    if not isinstance(detail, str) or len(detail) > LONGEST_REFUSAL or _CONTROL.search(detail):
        return ""
    return detail


def _retry_after(response: requests.Response) -> float:
    """The seconds that the register asks the kiosk to wait, at most ten minutes; 0 if it does not ask.

    The header may hold an instant (RFC 9110). It is compared with the answer's own Date, because this
    machine's clock may be wrong.
    """
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), LONGEST_RETRY_AFTER_S)
    until, now = _http_date(text), _http_date(response.headers.get("Date", ""))
    if until is None or now is None:
        return 0.0
    return min(max(0.0, (until - now).total_seconds()), LONGEST_RETRY_AFTER_S)


def _http_date(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)  # `-0000` is UTC too


def parse_answer(model: type[MessageT], response: requests.Response) -> MessageT:
    """The answer as a message; raises `NoAnswerError` if it is cut short or from another program."""
    try:
        return model.model_validate_json(response.content)
    except ValidationError as error:
        raise NoAnswerError(f"the register's answer is not a {model.__name__}") from error
