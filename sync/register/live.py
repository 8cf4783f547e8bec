"""Live updates: open pages and waiting kiosks are notified of a change, and fetch it themselves.

A lost notification only costs time, because pages also refresh themselves. Several workers must learn of each
other's changes; `PostgresRelay` and `SqliteRelay` pass them on through the database, which is the only thing
that workers share.
"""

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

import psycopg
import structlog
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from sync.register.storage.database import Database
from sync.register.storage.engine import driver_address

log = structlog.get_logger()

CHANNEL = "latebook"
CHECK_EVERY_S = 0.1
"""How often a worker on SQLite checks for commits of others, in seconds. A check reads shared memory."""
STOP_WITHIN_S = 0.5
RECONNECT_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class _Watcher:
    school: str
    loop: asyncio.AbstractEventLoop
    changed: asyncio.Event


class Relay(Protocol):
    """Passes changes between the workers."""

    def start(self, notifier: "Notifier") -> None:
        """Start passing the other workers' changes to the notifier."""

    def publish(self, school: str) -> None:
        """Tell the other workers that data of that school has changed."""

    def close(self) -> None:
        """Stop."""


class Notifier:
    """Wakes the watchers of a school. Thread-safe."""

    def __init__(self, relay: Relay | None = None) -> None:
        """A notifier for this process; a relay connects it with the other workers."""
        self._lock = threading.Lock()
        self._watchers: set[_Watcher] = set()
        self._closed = False
        self._relay = relay
        if relay is not None:
            relay.start(self)

    @property
    def closed(self) -> bool:
        """Whether the server is about to stop."""
        return self._closed

    @property
    def watching(self) -> int:
        """The number of watchers in this process."""
        with self._lock:
            return len(self._watchers)

    def changed(self, school: str) -> None:
        """Announce that a change to that school's data has been committed."""
        self.wake(school)
        if self._relay is not None:
            self._relay.publish(school)

    def wake(self, school: str | None) -> None:
        """Wake this process's watchers of that school; `None` wakes those of every school."""
        with self._lock:
            for watcher in self._watchers:
                if school in (None, watcher.school):
                    watcher.loop.call_soon_threadsafe(watcher.changed.set)

    def close(self) -> None:
        """End every watch, so that the server does not wait for open pages."""
        with self._lock:
            self._closed = True
        self.wake(None)
        if self._relay is not None:
            self._relay.close()

    async def watch(self, school: str, *, at_least_every_s: float | None = None) -> AsyncIterator[None]:
        """Yield at the beginning and after each change. Changes in quick succession may be combined.

        Args:
            school: the school's id.
            at_least_every_s: yield after this many seconds even without a change.
        """
        watcher = _Watcher(school, asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._watchers.add(watcher)
        try:
            while not self._closed:
                yield
                try:
                    await asyncio.wait_for(watcher.changed.wait(), at_least_every_s)
                except TimeoutError:
                    continue
                watcher.changed.clear()
        finally:
            with self._lock:
                self._watchers.discard(watcher)


def relay_for(database: Database) -> Relay:
    """The relay for that kind of database."""
    return SqliteRelay(database) if database.file is not None else PostgresRelay(database)


class _ListenerThread:
    """A thread that listens for changes until it is stopped."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, notifier: Notifier) -> None:
        """Start passing the other workers' changes to the notifier."""
        self._thread = threading.Thread(
            target=self._listen, args=(notifier,), name="live updates", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _listen(self, notifier: Notifier) -> None:
        raise NotImplementedError


class PostgresRelay(_ListenerThread):
    """LISTEN and NOTIFY: each worker listens on a connection of its own, and notifies after each change.

    The notification is sent after the commit and not within it, because PostgreSQL serialises the commits of
    transactions that notify.
    """

    def __init__(self, database: Database) -> None:
        """A relay through that database."""
        super().__init__()
        self._database = database
        self._own_id = uuid.uuid4().hex

    def publish(self, school: str) -> None:
        """Notify the other workers. If that fails they see the change a little later."""
        try:
            with self._database.engine.connect() as connection:
                connection.execute(select(func.pg_notify(CHANNEL, f"{self._own_id} {school}")))
                connection.commit()
        except DBAPIError as error:
            log.warning("live.not_told", error=type(error.orig).__name__)

    def _listen(self, notifier: Notifier) -> None:
        while not self._stop.is_set():
            try:
                self._receive(notifier)
            except psycopg.Error as error:
                log.warning("live.not_heard", error=type(error).__name__)
                self._stop.wait(RECONNECT_S)

    def _receive(self, notifier: Notifier) -> None:
        with psycopg.connect(driver_address(self._database.engine.url), autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            notifier.wake(None)  # changes may have been missed before it listened
            while not self._stop.is_set():
                for notification in connection.notifies(timeout=STOP_WITHIN_S, stop_after=1):
                    sender, _, school = notification.payload.partition(" ")
                    if sender != self._own_id:
                        notifier.wake(school)


class SqliteRelay(_ListenerThread):
    """SQLite sends no notifications, but the `PRAGMA data_version` of a connection changes whenever another
    one has committed.

    It is read from memory that the connections share, so frequent checks are cheap. It does not show which
    school has changed, so all watchers are woken.
    """

    def __init__(self, database: Database) -> None:
        """A relay through that database."""
        super().__init__()
        self._database = database

    def publish(self, school: str) -> None:
        """Does nothing: the others notice the commit itself."""

    def _listen(self, notifier: Notifier) -> None:
        engine = self._database.engine.execution_options(latebook_reads_only=True)
        with engine.connect() as connection:
            before = None
            while not self._stop.wait(CHECK_EVERY_S):
                now = connection.execute(text("PRAGMA data_version")).scalar_one()
                connection.rollback()  # an open transaction would block the WAL's checkpoint
                if before is not None and now != before:
                    notifier.wake(None)
                before = now
