"""Running the register on a port."""

import errno
import os
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from sync import logs
from sync.register.context import Register
from sync.register.errors import ServerError
from sync.register.server.app import create_app
from sync.register.server.upgrade import bring_up_to_date
from sync.register.server.workers import run_workers
from sync.register.storage.database import Database

log = structlog.get_logger()

GRACE_S = 5
"""How long a request in hand may take once the server has been told to stop."""


class RegisterServer(uvicorn.Server):
    """A web server that lets go of the pages that watch it as soon as it is told to stop."""

    def __init__(self, app: FastAPI, *, trusted_proxies: Sequence[str] = ()) -> None:
        """A server for an app made by `create_app`; `run(sockets=[…])` serves until it is told to stop.

        Args:
            app: the app.
            trusted_proxies: whose `X-Forwarded-For` and `-Proto` are believed: addresses or networks.
        """
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,  # the logging of whoever starts it stays as it is
                access_log=False,  # its lines have query strings and no structure
                # Addresses count in the throttle: none is believed that a client names for itself.
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=list(trusted_proxies),
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._register: Register = app.state.register

    def stop_when(self, event: threading.Event) -> None:
        """Wait for the event, then stop as a signal would."""
        event.wait()
        self.should_exit = True

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
        listener = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise ServerError(_why_not(host, port, error)) from error
    # asyncio sets this only on sockets made with IPPROTO_TCP, and `create_server` makes them with 0.
    # Without it every answer on a kept connection waits 40 ms for a delayed ACK. Accepted sockets inherit it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    choose = "choose another with [server] port or LATEBOOK_SERVER_PORT"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use by another program; stop it, or {choose}"
    if error.errno == errno.EACCES:
        return f"port {port} needs the rights of root; {choose}, 1024 or above"
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    return f"the register cannot listen on {host} port {port}: {reason}; set [server] host and port"


@dataclass(frozen=True, slots=True)
class OffsetClock:
    """This machine's clock and so many seconds more: a demo's. A worker process is given a copy of it."""

    offset_s: float = 0

    def __call__(self) -> datetime:
        """The instant, UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_s)


@dataclass(frozen=True, slots=True)
class _Serving:
    """What a worker is told; it is sent to its process, so it is plain data."""

    database_url: str
    clock: OffsetClock
    alone: bool
    totp: bool
    trusted_proxies: tuple[str, ...]

    def app(self) -> FastAPI:
        """The service, on a connection to the database of its own."""
        return create_app(
            self.database_url,
            now=self.clock,
            demo_clock=self.clock.offset_s != 0,
            alone=self.alone,
            totp=self.totp,
        )

    def server(self) -> RegisterServer:
        """A server for it."""
        return RegisterServer(self.app(), trusted_proxies=self.trusted_proxies)

    def __call__(self, listener: socket.socket, parent_gone: threading.Event) -> None:
        """Serve as one worker of several."""
        logs.configure()
        with _signals_end_quietly():
            server = self.server()
            stopper = threading.Thread(target=server.stop_when, args=(parent_gone,), daemon=True)
            stopper.start()
            server.run(sockets=[listener])


def serve(
    database_url: str,
    *,
    host: str,
    port: int,
    clock_offset_s: float = 0,
    workers: int = 1,
    totp: bool = True,
    trusted_proxies: Sequence[str] = (),
) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is in hand and return.

    Args:
        database_url: the database's address.
        host: the address to listen on.
        port: the port; 0 finds a free one.
        clock_offset_s: seconds added to the real time; the office page says so where it is not 0.
        workers: how many processes serve the port; one that dies is started again.
        totp: a login at the office page takes a second step.
        trusted_proxies: whose `X-Forwarded-…` is believed: addresses or networks.

    Raises:
        ServerError: the port cannot be listened on.
        DatabaseError: the database cannot be used.
    """
    listener = listen(host, port)  # first: a second register must not touch the database of the one that runs
    serving = _Serving(
        database_url,
        OffsetClock(clock_offset_s),
        alone=workers == 1,
        totp=totp,
        trusted_proxies=tuple(trusted_proxies),
    )
    with listener, _signals_end_quietly():
        if workers == 1:
            server = serving.server()
            _say_listening(listener, host, serving, workers)
            server.run(sockets=[listener])
        else:
            _migrate_first(database_url)
            _say_listening(listener, host, serving, workers)
            run_workers(serving, listener, workers)
    log.info("register.stopped")


def _say_listening(listener: socket.socket, host: str, serving: _Serving, workers: int) -> None:
    log.info(
        "register.listening",
        host=host,
        port=listener.getsockname()[1],
        demo_clock=serving.clock.offset_s != 0,
        totp=serving.totp,
        workers=workers,
    )


def _migrate_first(database_url: str) -> None:
    """What is wrong with the database is told here, once and in a sentence, and not by every worker."""
    database = Database(database_url)
    try:
        bring_up_to_date(database)
    finally:
        database.close()


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
