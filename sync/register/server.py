"""Running the register on a port."""

import errno
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from sync.register.context import Register
from sync.register.service import create_app

log = structlog.get_logger()

GRACE_S = 5
"""How long a request in hand may take once the server has been told to stop."""


class ServerError(RuntimeError):
    """The server cannot start; the text says why and what to do."""


class RegisterServer(uvicorn.Server):
    """A web server that lets go of the pages that watch it as soon as it is told to stop."""

    def __init__(self, app: FastAPI) -> None:
        """A server for an app made by `create_app`; `run(sockets=[…])` serves until it is told to stop."""
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,  # the logging of whoever starts it stays as it is
                access_log=False,  # its lines have query strings and no structure
                proxy_headers=False,  # addresses count in the throttle: none is believed that a client names
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._register: Register = app.state.register

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: end the live updates first, or their open connections would hold the server up."""
        self._register.notifier.close()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 finds a free one.

    Raises:
        ServerError: the port is in use or may not be used, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise ServerError(_why_not(host, port, error)) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    choose = "choose another with [server] port or LATEBOOK_SERVER_PORT"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use by another program; stop it, or {choose}"
    if error.errno == errno.EACCES:
        return f"port {port} needs the rights of root; {choose}, 1024 or above"
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    return f"the register cannot listen on {host} port {port}: {reason}; set [server] host and port"


def serve(
    database_url: str,
    *,
    host: str,
    port: int,
    now: Callable[[], datetime],
    demo_clock: bool = False,
) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is in hand and return.

    Args:
        database_url: an SQLAlchemy URL.
        host: the address to listen on.
        port: the port; 0 finds a free one.
        now: gives the instant, with a zone.
        demo_clock: `now` is not the real time; the office page says so.

    Raises:
        ServerError: the port cannot be listened on.
        DatabaseError: the database cannot be used.
    """
    listener = listen(host, port)  # first: a second register must not touch the database of the one that runs
    with listener, _signals_end_quietly():
        app = create_app(database_url, now=now, demo_clock=demo_clock)
        log.info("register.listening", host=host, port=listener.getsockname()[1], demo_clock=demo_clock)
        RegisterServer(app).run(sockets=[listener])
    log.info("register.stopped")


@contextmanager
def _signals_end_quietly() -> Iterator[None]:
    """Uvicorn raises a signal again once it has stopped, which would end the process as if it had failed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ignore(_number: int, _frame: FrameType | None) -> None:
        """The server has stopped already."""

    before = {number: signal.signal(number, ignore) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
