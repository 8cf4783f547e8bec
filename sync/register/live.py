"""Live updates: watching pages and kiosks are notified that something has changed, and fetch it themselves.

Losing a note costs nothing but time: a page also refreshes itself now and then. With several workers each
must hear what the others have changed; `PostgresNotes` and `SqliteNotes` bring it, each in the way of its
database, because the database is the only thing that workers share.
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
LOOK_EVERY_S = 0.1
"""How often a worker on SQLite looks whether another has committed: one number in shared memory."""
STOP_WITHIN_S = 0.5
RECONNECT_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class _Watcher:
    school: str
    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event


class Notes(Protocol):
    """How a change reaches the other workers, and theirs this one."""

    def start(self, notifier: "Notifier") -> None:
        """Begin to hear the others."""

    def tell(self, school: str) -> None:
        """Tell the others that something of that school has changed."""

    def close(self) -> None:
        """Hear no more."""


class Notifier:
    """Wakes those who watch a school. May be called from any thread."""

    def __init__(self, notes: Notes | None = None) -> None:
        """A notifier for this process; with `notes` it also tells and hears the other workers."""
        self._lock = threading.Lock()
        self._watchers: set[_Watcher] = set()
        self._closed = False
        self._notes = notes
        if notes is not None:
            notes.start(self)

    @property
    def closed(self) -> bool:
        """Whether the server is about to stop."""
        return self._closed

    @property
    def watching(self) -> int:
        """How many watch in this process."""
        with self._lock:
            return len(self._watchers)

    def changed(self, school: str) -> None:
        """Something of that school has changed and is committed."""
        self.wake(school)
        if self._notes is not None:
            self._notes.tell(school)

    def wake(self, school: str | None) -> None:
        """Wake who watches that school in this process; None: every school."""
        with self._lock:
            for watcher in self._watchers:
                if school in (None, watcher.school):
                    watcher.loop.call_soon_threadsafe(watcher.woken.set)

    def close(self) -> None:
        """End every watch, so that the server need not wait for pages that are open."""
        with self._lock:
            self._closed = True
        self.wake(None)
        if self._notes is not None:
            self._notes.close()

    async def watch(self, school: str, *, at_least_every_s: float | None = None) -> AsyncIterator[None]:
        """Yield once at the beginning and then after each change; several in a row may come as one.

        Args:
            school: whose changes.
            at_least_every_s: yield after so many seconds even if nothing was heard.
        """
        watcher = _Watcher(school, asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._watchers.add(watcher)
        try:
            while not self._closed:
                yield
                try:
                    await asyncio.wait_for(watcher.woken.wait(), at_least_every_s)
                except TimeoutError:
                    continue
                watcher.woken.clear()
        finally:
            with self._lock:
                self._watchers.discard(watcher)


def notes_of(database: Database) -> Notes:
    """The way in which workers on that database hear each other."""
    return SqliteNotes(database) if database.file is not None else PostgresNotes(database)


class _Listening:
    """A thread that listens until it is stopped."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, notifier: Notifier) -> None:
        """Begin to hear the others."""
        self._thread = threading.Thread(
            target=self._listen, args=(notifier,), name="live updates", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Hear no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _listen(self, notifier: Notifier) -> None:
        raise NotImplementedError


class PostgresNotes(_Listening):
    """LISTEN and NOTIFY: one connection of each worker listens, and a short statement notifies of a change.

    The notification follows the commit and is not part of it, because transactions that notify commit one by
    one.
    """

    def __init__(self, database: Database) -> None:
        """Notes by way of that database."""
        super().__init__()
        self._database = database
        self._me = uuid.uuid4().hex

    def tell(self, school: str) -> None:
        """Tell the others. Where that fails the change is there all the same, only seen a little later."""
        try:
            with self._database.engine.connect() as connection:
                connection.execute(select(func.pg_notify(CHANNEL, f"{self._me} {school}")))
                connection.commit()
        except DBAPIError as error:
            log.warning("live.not_told", error=type(error.orig).__name__)

    def _listen(self, notifier: Notifier) -> None:
        while not self._stop.is_set():
            try:
                self._hear(notifier)
            except psycopg.Error as error:
                log.warning("live.not_heard", error=type(error).__name__)
                self._stop.wait(RECONNECT_S)

    def _hear(self, notifier: Notifier) -> None:
        with psycopg.connect(driver_address(self._database.engine.url), autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            notifier.wake(None)  # changes may have been missed while it did not listen
            while not self._stop.is_set():
                for note in connection.notifies(timeout=STOP_WITHIN_S, stop_after=1):
                    sender, _, school = note.payload.partition(" ")
                    if sender != self._me:
                        notifier.wake(school)


class SqliteNotes(_Listening):
    """SQLite sends no notes, but counts: `PRAGMA data_version` of a connection goes up whenever another one
    has committed. It is read from memory that the connections share, so looking often costs next to
    nothing. It does not say whose change it was: everybody is woken.
    """

    def __init__(self, database: Database) -> None:
        """Notes by way of that database."""
        super().__init__()
        self._database = database

    def tell(self, school: str) -> None:
        """Nothing to do: the commit itself is what the others see."""

    def _listen(self, notifier: Notifier) -> None:
        engine = self._database.engine.execution_options(latebook_reads_only=True)
        with engine.connect() as connection:
            before = None
            while not self._stop.wait(LOOK_EVERY_S):
                now = connection.execute(text("PRAGMA data_version")).scalar_one()
                connection.rollback()  # a transaction left open would hold the WAL back from its checkpoint
                if before is not None and now != before:
                    notifier.wake(None)
                before = now
