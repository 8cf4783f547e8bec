"""One exchange with the register: sent once, with time limits, a size limit and checked certificates.

Redirects are not followed: a token is for one address. Whatever answers is returned; whether it is the
register is for the caller to decide (`sync.uplink.answer`).
"""

import zlib

import requests
import structlog
import urllib3

from sync.uplink.answer import HttpAnswer
from sync.uplink.deadline import Deadline
from sync.uplink.errors import NoAnswerError
from sync.uplink.obstacles import SILENT, Obstacle, of_failure

log = structlog.get_logger()

TIMEOUT_S = (5.0, 10.0)
"""Seconds to connect, and to wait for each part of an answer. The whole exchange has twice their sum."""
LARGEST_ANSWER = 4 * 1024 * 1024
"""The most bytes of an answer, decompressed: a list of 20,000 pupils on site has half as many."""
_PIECE = 16 * 1024
"""Bytes read at a time."""


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    *,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    wait_s: float = 0.0,
    timeout_s: tuple[float, float] | None = None,
    total_s: float | None = None,
    most_bytes: int = LARGEST_ANSWER,
) -> HttpAnswer:
    """One exchange, whatever status the answer has.

    Args:
        session: from `RegisterClient.open`.
        method: the HTTP method.
        url: from `RegisterClient.path`.
        body: JSON.
        headers: in addition to the session's.
        wait_s: seconds that the register may take on purpose (a long poll), on top of the time limits.
        timeout_s: seconds to connect, and to wait for each part of the answer; otherwise `TIMEOUT_S`.
        total_s: seconds for the whole exchange; otherwise twice the sum of those.
        most_bytes: the most bytes of the answer, decompressed.

    Raises:
        NoAnswerError: there was no complete answer, or its sender could not be verified.
    """
    json_type = {"Content-Type": "application/json"} if body is not None else {}
    connect_s, read_s = timeout_s or TIMEOUT_S
    total_s = (total_s or 2 * (connect_s + read_s)) + wait_s
    with Deadline(total_s) as deadline:
        try:
            with session.request(
                method,
                url,
                data=body.encode() if body is not None else None,
                headers={**json_type, **(headers or {}), "Accept-Encoding": "gzip"},
                timeout=(connect_s, read_s + wait_s),
                allow_redirects=False,  # a token is for one address only
                verify=session.verify,  # also here, or REQUESTS_CA_BUNDLE would override it
                stream=True,
            ) as response:
                content = _read(response, most_bytes)
        except NoAnswerError:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            if deadline.has_passed:
                raise _too_slow(total_s) from error
            found = of_failure(error)
            raise NoAnswerError(found.sentence, obstacle=found.kind) from error
        except OSError as error:  # raised by requests when it cannot read the certificates
            raise NoAnswerError(
                f"the certificates in {session.verify} cannot be read, so nothing was sent; check [uplink]"
                " ca",
                obstacle=Obstacle.CERTIFICATE,
            ) from error
        if deadline.has_passed:  # the end of an answer without a length looks complete
            raise _too_slow(total_s)
    return HttpAnswer(response.status_code, response.headers, content)


def _too_slow(total_s: float) -> NoAnswerError:
    return NoAnswerError(
        f"no answer from the register: {SILENT}, because the whole answer took over {total_s:g} s",
        obstacle=Obstacle.SILENCE,
    )


def _read(response: requests.Response, most_bytes: int) -> bytes:
    """The whole body, decompressed.

    Raises:
        NoAnswerError: it is too large, or compressed in a way that was not asked for.
    """
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", ""):
        raise NoAnswerError(
            f"the answer is compressed as {coding[:20]!r}, which the register does not do",
            obstacle=Obstacle.OTHER_SERVICE,
        )
    unpack = zlib.decompressobj(wbits=31) if coding == "gzip" else None
    content = bytearray()
    while piece := _piece(response):
        # At most one byte more than is allowed, however small the compressed piece is.
        room = most_bytes + 1 - len(content)
        try:
            content += unpack.decompress(piece, room) if unpack else piece
        except zlib.error as error:
            raise NoAnswerError(
                "the answer's compression is damaged", obstacle=Obstacle.OTHER_SERVICE
            ) from error
        if len(content) > most_bytes:
            raise NoAnswerError(
                f"the answer is larger than {most_bytes // (1024 * 1024)} MB, which the register's never are",
                obstacle=Obstacle.OTHER_SERVICE,
            )
    return bytes(content)


def _piece(response: requests.Response) -> bytes:
    """The next bytes, as they came; empty at the end."""
    try:
        return response.raw.read(_PIECE, decode_content=False)
    except ValueError as error:  # urllib3 passes on a chunk of a negative length
        raise urllib3.exceptions.ProtocolError("a length is not one") from error
