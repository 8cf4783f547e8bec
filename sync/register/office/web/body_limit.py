"""A page for a request that is too large (413), in place of FastAPI's plain text."""

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.register.office.web.errors import too_large

TOO_LARGE = 413


class TooLargePage:
    """Replaces FastAPI's plain-text 413 with a page of the office.

    Plain ASGI around the whole application: FastAPI's limit runs outside every middleware that can be added,
    and itself answers a request whose Content-Length is too large.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the application does, except for the plain-text 413."""
        replaced = False

        async def send_page(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_plain_413(message):
                replaced = True
                await too_large(Request(scope))(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, send_page if scope["type"] == "http" else send)


def _is_plain_413(start: Message) -> bool:
    content_type = Headers(raw=list(start["headers"])).get("content-type", "")
    return start["status"] == TOO_LARGE and content_type.startswith("text/plain")
