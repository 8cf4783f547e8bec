"""What a form may be, checked before any of it is read: everyone who reaches the register can send one."""

from codecs import lookup

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sync.register.office.web.errors import not_utf8, too_large

MOST_BYTES = 2 * 1024 * 1024
"""The largest form without a file. Its fields are found byte by byte, which takes a second for 5 MB."""
_FIELDS, _FIELDS_AND_FILES = b"application/x-www-form-urlencoded", b"multipart/form-data"


class FormLimits:
    """Refuses a form in another encoding than UTF-8, and a large one that has no file.

    A form may name the encoding of its texts, and Python knows some (Punycode) that take half a minute for a
    megabyte. No browser names one. Plain ASGI around the application, because forms are read before any
    dependency of a route runs.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the application does, unless it is such a form."""
        app = self._app
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            kind, options = parse_options_header(headers.get("content-type"))
            if kind == _FIELDS_AND_FILES and not _is_utf8(options.get(b"charset", b"utf-8")):
                app = not_utf8(Request(scope))
            elif kind == _FIELDS and not _is_short(headers):
                app = too_large(Request(scope))
        await app(scope, receive, send)


def _is_utf8(charset: bytes) -> bool:
    try:
        return lookup(charset.decode("latin-1")).name == "utf-8"
    except (LookupError, ValueError):
        return False


def _is_short(headers: Headers) -> bool:
    """Whether a form says how long it is, as every browser's does, and is not too long."""
    if "transfer-encoding" in headers:
        return False
    length = headers.get("content-length", "0")  # without either there is no body
    return length.isdecimal() and len(length) <= len(str(MOST_BYTES)) and int(length) <= MOST_BYTES
