"""What stands between a kiosk and the register: named for its staff, its log and `latebook doctor`."""

import errno
import http.client
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3

from sync.uplink.answer import HttpAnswer


class Obstacle(StrEnum):
    """The kind of what stands between. A staff screen has a sentence for each."""

    NETWORK = "network"
    """There is no way to the register's machine."""
    SILENCE = "silence"
    """Nothing, or nothing complete, comes from the register's machine."""
    CERTIFICATE = "certificate"
    """The certificate cannot be trusted."""
    CLOCK = "clock"
    """The certificate is not valid yet, by this machine's clock."""
    PORTAL = "portal"
    """A network's login page."""
    FILTER = "filter"
    """A web filter."""
    PROXY = "proxy"
    """A proxy, of the network or in front of the register."""
    OTHER_SERVICE = "other service"
    """Another program, at the register's address."""


class FoundObstacle(NamedTuple):
    """What stands between, and the sentence that says so."""

    kind: Obstacle
    sentence: str


_NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
_HOST = re.compile(r"[0-9A-Za-z._:-]{1,253}")
_UNTRUSTED = "the register's certificate cannot be trusted, so nothing was sent"
_NOT_YET_VALID, _EXPIRED = 9, 10
_WRONG_NAME = {62, 63, 64}
"""OpenSSL's verify codes for the host, an e-mail and an IP address that do not match (x509_vfy.h)."""

SILENT = "it timed out"
_BROKEN_OFF = FoundObstacle(Obstacle.SILENCE, "no answer from the register: the connection broke off")


def of_failure(
    error: BaseException, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> FoundObstacle:
    """Why there was no answer.

    Args:
        error: the error of the exchange.
        now: this machine's time, aware, UTC.
    """
    # The innermost first: urllib3's error for a refused connection is a kind of its TimeoutError.
    causes = list(_causes(error))[::-1]
    for find in (_of_tls, _of_proxy, _of_connection):
        for cause in causes:
            if (found := find(cause, now)) is not None:
                return found
    if any(
        isinstance(cause, http.client.HTTPException | urllib3.exceptions.ProtocolError) for cause in causes
    ):
        return _BROKEN_OFF
    return FoundObstacle(
        Obstacle.SILENCE, f"no answer from the register: the exchange failed ({type(error).__name__})"
    )


def of_answer(answer: HttpAnswer) -> FoundObstacle:
    """What gave an answer that is not of the register's own form."""
    status = answer.status
    if status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED or 300 <= status < 400:
        host = _host(answer.headers.get("Location", ""))
        where = f" and leads to {host}" if host else ""
        return FoundObstacle(
            Obstacle.PORTAL,
            f"a login page of the network answers in the register's place ({status}){where}: log this machine"
            " in to the network, or have it let through to the register without a login",
        )
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return FoundObstacle(Obstacle.PROXY, _PROXY_LOGIN)
    if status >= 500 or status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS):
        return FoundObstacle(
            Obstacle.PROXY,
            f"a proxy answers in the register's place ({status}): is the register running behind it?",
        )
    if status >= 400:
        return FoundObstacle(
            Obstacle.FILTER,
            f"a web filter or proxy answers in the register's place ({status}): have the register's address"
            " allowed there",
        )
    if answer.looks_like_a_page or not answer.body:
        return FoundObstacle(
            Obstacle.PORTAL,
            f"a web page answers in the register's place ({status}): log this machine in to the network if it"
            " asks for that, and check [uplink] url",
        )
    return FoundObstacle(
        Obstacle.OTHER_SERVICE,
        f"another service, or half an answer, came in the register's place ({status}): check [uplink] url",
    )


def _host(address: str) -> str:
    """The host of a web address; empty if there is none that can be shown."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host if _HOST.fullmatch(host) else ""


_PROXY_LOGIN = (
    "the network's proxy asks for a login (407): put one into the proxy's address, or have this machine let"
    " through to the register without a proxy"
)


def _of_tls(cause: BaseException, now: Callable[[], datetime]) -> FoundObstacle | None:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _of_certificate(cause, now())
    if not isinstance(cause, ssl.SSLError):
        return None
    if cause.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"):
        return FoundObstacle(
            Obstacle.CERTIFICATE,
            "the register's port answers without encryption, so nothing was sent: check the port in [uplink]"
            " url, and that the register or its proxy serves HTTPS there",
        )
    if "EOF" in str(cause.reason):
        return _BROKEN_OFF
    return FoundObstacle(
        Obstacle.CERTIFICATE,
        f"no encrypted connection to the register could be made, so nothing was sent ({cause.reason}): check"
        " what stands between, and the TLS settings of the register or its proxy",
    )


def _of_certificate(error: ssl.SSLCertVerificationError, now: datetime) -> FoundObstacle:
    clock = f"this machine's clock says {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if error.verify_code == _NOT_YET_VALID:
        return FoundObstacle(
            Obstacle.CLOCK,
            f"{_UNTRUSTED}: it is not valid yet, and {clock}; set the clock, or let this machine reach a time"
            " server",
        )
    if error.verify_code == _EXPIRED:
        return FoundObstacle(
            Obstacle.CERTIFICATE,
            f"{_UNTRUSTED}: it has expired, and {clock}; renew it at the register, or set the clock if that"
            " is wrong",
        )
    if error.verify_code in _WRONG_NAME:
        return FoundObstacle(
            Obstacle.CERTIFICATE,
            f"{_UNTRUSTED}: it is for another name; check the name in [uplink] url, and whether a filter"
            " answers in the register's place",
        )
    return FoundObstacle(
        Obstacle.CERTIFICATE,
        f"{_UNTRUSTED}: its authority is unknown here; set [uplink] ca if the school has its own, and check"
        " whether a filter opens encrypted connections",
    )


def _of_proxy(cause: BaseException, _now: object) -> FoundObstacle | None:
    """A proxy that does not connect; urllib3 and http.client have no error with its status."""
    if isinstance(cause, OSError) and str(cause).startswith("Tunnel connection failed"):
        status = "".join(char for char in str(cause) if char.isdigit())[:3]
        if status == str(HTTPStatus.PROXY_AUTHENTICATION_REQUIRED.value):
            return FoundObstacle(Obstacle.PROXY, _PROXY_LOGIN)
        return FoundObstacle(
            Obstacle.PROXY,
            f"the network's proxy does not connect to the register ({status}): have the register's address"
            " allowed there",
        )
    if isinstance(cause, urllib3.exceptions.ProxyError | requests.exceptions.ProxyError):
        return FoundObstacle(
            Obstacle.PROXY,
            "the network's proxy cannot be reached: check its address in the environment (HTTPS_PROXY), or"
            " have this machine let through without it",
        )
    return None


def _of_connection(cause: BaseException, _now: object) -> FoundObstacle | None:
    match cause:
        case socket.gaierror():
            kind, why = (
                Obstacle.NETWORK,
                "no address was found for its name; is the network up, and is [uplink] url right?",
            )
        case ConnectionRefusedError():
            kind, why = (
                Obstacle.SILENCE,
                "its machine refused the connection; is the register running?",
            )
        case OSError(errno=number) if number in _NO_ROUTE:
            kind, why = Obstacle.NETWORK, "there is no route to its machine; is the network up?"
        case requests.Timeout() | TimeoutError() | urllib3.exceptions.TimeoutError():
            kind, why = Obstacle.SILENCE, SILENT
        case ConnectionError():
            return _BROKEN_OFF
        case _:
            return None
    return FoundObstacle(kind, f"no answer from the register: {why}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it was raised from or wraps; each once."""
    left, seen = [error], set[int]()
    while left:
        found = left.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        inner = (found.__cause__, found.__context__, getattr(found, "reason", None), *found.args)
        left += [each for each in inner if isinstance(each, BaseException)]
