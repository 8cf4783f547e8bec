"""Runs the register on a port."""

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
"""Seconds that an open request has to finish once the server is asked to stop."""


class RegisterServer(uvicorn.Server):
    """A web server that closes the live updates of open pages as soon as it is asked to stop."""

    def __init__(self, app: FastAPI, *, trusted_proxies: Sequence[str] = ()) -> None:
        """A server for an app made by `create_app`; `run(sockets=[…])` serves until it is asked to stop.

        Args:
            app: the app.
            trusted_proxies: addresses or networks whose `X-Forwarded-For` and `-Proto` are trusted.
        """
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,  # keep the logging that the program has configured
                access_log=False,  # its lines contain query strings and have no structure
                # Trust X-Forwarded-For from configured proxies only: addresses count in the throttle.
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=list(trusted_proxies),
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._register: Register = app.state.register

    def stop_when(self, event: threading.Event) -> None:
        """Wait for the event, then stop as on a signal."""
        event.wait()
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the live updates, then stop: their open connections would delay it."""
        self._register.notifier.close()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free port.

    Raises:
        ServerError: the port is in use or not permitted, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise ServerError(_listen_error(host, port, error)) from error
    # asyncio sets this only on sockets made with IPPROTO_TCP, and `create_server` makes them with 0.
    # Without it every answer on a kept connection waits 40 ms for a delayed ACK. Accepted sockets inherit it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _listen_error(host: str, port: int, error: OSError) -> str:
    choose = "choose another with [server] port or LATEBOOK_SERVER_PORT"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use by another program; stop it, or {choose}"
    if error.errno == errno.EACCES:
        return f"port {port} needs the rights of root; {choose}, 1024 or above"
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    return f"the register cannot listen on {host} port {port}: {reason}; set [server] host and port"


@dataclass(frozen=True, slots=True)
class OffsetClock:
    """This machine's clock plus an offset, for demonstrations. Each worker process gets a copy."""

    offset_s: float = 0

    def __call__(self) -> datetime:
        """The instant, UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_s)


@dataclass(frozen=True, slots=True)
class _WorkerPlan:
    """What a worker process needs. It is pickled, so it is plain data."""

    database_url: str
    clock: OffsetClock
    alone: bool
    totp: bool
    trusted_proxies: tuple[str, ...]

    def app(self) -> FastAPI:
        """The app, with a database connection of its own."""
        return create_app(
            self.database_url,
            now=self.clock,
            demo_clock=self.clock.offset_s != 0,
            alone=self.alone,
            totp=self.totp,
        )

    def server(self) -> RegisterServer:
        """A server for the app."""
        return RegisterServer(self.app(), trusted_proxies=self.trusted_proxies)

    def __call__(self, listener: socket.socket, parent_gone: threading.Event) -> None:
        """Serve as one of several workers."""
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
    """Serve until SIGINT or SIGTERM, then finish open requests and return.

    Args:
        database_url: the database's address.
        host: the address to listen on.
        port: the port; 0 picks a free one.
        clock_offset_s: seconds added to the real time; unless 0, the office page says so.
        workers: the number of processes that serve the port.
        totp: whether a login at the office page takes a second step.
        trusted_proxies: addresses or networks whose `X-Forwarded-…` headers are trusted.

    Raises:
        ServerError: the register cannot listen on the port.
        DatabaseError: the database cannot be used.
    """
    listener = listen(
        host, port
    )  # first, so that a second register never touches the database of a running one
    serving = _WorkerPlan(
        database_url,
        OffsetClock(clock_offset_s),
        alone=workers == 1,
        totp=totp,
        trusted_proxies=tuple(trusted_proxies),
    )
    with listener, _signals_end_quietly():
        if workers == 1:
            server = serving.server()
            _log_listening(listener, host, serving, workers)
            server.run(sockets=[listener])
        else:
            _migrate_first(database_url)
            _log_listening(listener, host, serving, workers)
            run_workers(serving, listener, workers)
    log.info("register.stopped")


def _log_listening(listener: socket.socket, host: str, serving: _WorkerPlan, workers: int) -> None:
    log.info(
        "register.listening",
        host=host,
        port=listener.getsockname()[1],
        demo_clock=serving.clock.offset_s != 0,
        totp=serving.totp,
        workers=workers,
    )


def _migrate_first(database_url: str) -> None:
    """Migrate here, so that a fault of the database is reported once and not by every worker."""
    database = Database(database_url)
    try:
        bring_up_to_date(database)
    finally:
        database.close()


@contextmanager
def _signals_end_quietly() -> Iterator[None]:
    """Ignore the signal that uvicorn raises again after it has stopped: it would end the process as a
    failure."""
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
