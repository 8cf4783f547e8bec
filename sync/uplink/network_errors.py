"""Why a request failed, in words for the user at the kiosk and for its log."""

import errno
import socket
from collections.abc import Iterator

import requests

_NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
_TIMED_OUT = "it timed out"
_BROKEN_OFF = "the connection broke off"
_CAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (requests.exceptions.ProxyError, "the network's proxy did not let it through"),
    (requests.Timeout, _TIMED_OUT),
    (socket.gaierror, "no address was found for its name; is the network up, and is [uplink] url right?"),
    (ConnectionRefusedError, "its machine refused the connection; is the register running?"),
    (TimeoutError, _TIMED_OUT),
    (ConnectionError, _BROKEN_OFF),
)
"""The first that matches is used."""


def why(error: requests.RequestException) -> str:
    """Why a request failed, as the end of a sentence."""
    for cause in _causes(error):
        for kind, words in _CAUSES:
            if isinstance(cause, kind):
                return words
        if isinstance(cause, OSError) and cause.errno in _NO_ROUTE:
            return "there is no route to its machine; is the network up?"
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return _BROKEN_OFF
    return f"the exchange failed ({type(error).__name__})"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it was raised from."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
