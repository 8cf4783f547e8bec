"""A request that is larger than the register takes (413), answered in words."""

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.register.office.web.errors import too_much

TOO_MUCH = 413


class TooMuchInWords:
    """Puts an answer in words in place of the plain line of FastAPI's limit to a body.

    Plain ASGI, and around the whole application: the limit stands outside everything that can be added to
    it, and what is said of a request whose announced length is too large is replaced there by that line.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the application does, but for that line."""
        replaced = False

        async def in_words(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_the_line(message):
                replaced = True
                await too_much(Request(scope))(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, in_words if scope["type"] == "http" else send)


def _is_the_line(start: Message) -> bool:
    kind = Headers(raw=list(start["headers"])).get("content-type", "")
    return start["status"] == TOO_MUCH and kind.startswith("text/plain")
