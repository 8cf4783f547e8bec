"""An overall time limit for one exchange, and connections that can be ended when it is over.

The time limits of requests are for each read: a byte every few seconds holds it for ever, in the headers, in
the body and in the TLS handshake. Here the connection is shut down from another thread once the time is over,
which ends any of these.
"""

import os
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_thread = threading.local()


class Deadline:
    """The time limit of the exchange that runs in its `with` block, on this thread."""

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self.has_passed = False
        """Whether the time was over before the exchange."""

    def __enter__(self) -> Self:
        _thread.deadline = self
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        _thread.deadline = None
        with self._lock:
            self._drop()

    def watch(self, connection: socket.socket) -> None:
        """Note the connection that the exchange uses."""
        with self._lock:
            self._drop()
            # A file of its own: TLS takes over the connection's, and the pool may close it at any time.
            self._connection = socket.socket(fileno=os.dup(connection.fileno()))
            if self.has_passed:
                self._shut_down()

    def _end(self) -> None:
        with self._lock:
            self.has_passed = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._connection is not None:
            with suppress(OSError):  # it has ended meanwhile
                self._connection.shutdown(socket.SHUT_RDWR)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class WatchedAdapter(HTTPAdapter):
    """An adapter of requests whose connections the current `Deadline` can end."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """See `HTTPAdapter`."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """See `HTTPAdapter`."""
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


def _watch(connection: socket.socket | None) -> None:
    deadline: Deadline | None = getattr(_thread, "deadline", None)
    if deadline is not None and connection is not None:
        deadline.watch(connection)


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        _watch(connection)
        return connection

    def request(self, *args: Any, **options: Any) -> None:
        _watch(self.sock)  # one that was kept from the last exchange
        super().request(*args, **options)


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        _watch(connection)  # before the handshake
        return connection

    def request(self, *args: Any, **options: Any) -> None:
        _watch(self.sock)
        super().request(*args, **options)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS: Mapping[str, type[HTTPConnectionPool]] = {"http": _PlainPool, "https": _TlsPool}
