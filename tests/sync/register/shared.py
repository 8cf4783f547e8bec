"""One register for many tests: its app and its server start once, and every test finds fresh data in it.

Most of what a test of its own register costs is the start: routes to build, and each SQL statement to compile
again for a new engine. What a test can change is new for each: the database's content, the clock, and who
watches for changes.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from fastapi import FastAPI

from sync.register.context import Register
from sync.register.live import Notifier, relay_for
from sync.register.server.app import create_app
from sync.register.server.server import RegisterServer, listen
from sync.register.storage.database import Database
from tests.postgres import TEMPLATE, Cluster
from tests.sync.register.support import DEADLINE_S, Clock, Running, seed, wait_for

EMPTY = "empty"


class Store(Protocol):
    """Where a database lies whose content can be replaced while nothing is connected to it."""

    @property
    def url(self) -> str:
        """The database's address, which stays the same."""

    def fill(self, template: str) -> None:
        """Replace the content by a saved one; `EMPTY` has all tables and no rows."""

    def save(self, template: str) -> None:
        """Save the content under a name."""


class SqliteStore:
    """A SQLite file."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self._path = folder / "register.db"
        self._templates = {EMPTY: empty}

    @property
    def url(self) -> str:
        return f"sqlite:///{self._path}"

    def fill(self, template: str) -> None:
        fresh = self._path.with_suffix(".new")
        shutil.copyfile(self._templates[template], fresh)
        for suffix in ("-wal", "-shm"):  # they belong to the old content
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        fresh.replace(self._path)

    def save(self, template: str) -> None:
        assert not self._path.with_name(self._path.name + "-wal").exists(), "a connection is still open"
        copy = self._path.with_name(f"{template}.db")
        shutil.copyfile(self._path, copy)
        self._templates[template] = copy


class PostgresStore:
    """A database of the tests' own server."""

    def __init__(self, server: Cluster, name: str) -> None:
        self._server, self._name = server, name

    @property
    def url(self) -> str:
        return self._server.url(self._name)

    def fill(self, template: str) -> None:
        self._server.copy(TEMPLATE if template == EMPTY else f"{self._name}_{template}", self._name)

    def save(self, template: str) -> None:
        self._server.copy(self._name, f"{self._name}_{template}")


class SharedDatabase:
    """An open database, whose engine keeps the SQL that it has compiled."""

    def __init__(self, store: Store, database: Database) -> None:
        self._store, self.database = store, database

    @property
    def url(self) -> str:
        """The database's address."""
        return self._store.url

    def empty(self) -> Database:
        """The database, with all tables and no rows."""
        self.fill(EMPTY)
        return self.database

    def fill(self, template: str) -> None:
        """Replace the content by a saved one."""
        self.database.engine.dispose()
        self._store.fill(template)

    def save(self, template: str) -> None:
        """Save the content under a name."""
        self.database.engine.dispose()
        self._store.save(template)


class SharedRegister:
    """A register on a real port."""

    def __init__(self, shared: SharedDatabase, app: FastAPI, server: RegisterServer, url: str) -> None:
        self._shared, self._app, self._server, self.url = shared, app, server, url
        self._codes: dict[datetime, str] = {}
        self._in_use = False

    @property
    def database_url(self) -> str:
        """The database's address."""
        return self._shared.url

    @contextmanager
    def turn(self, clock: Clock, *, demo_clock: bool = False, totp: bool = False) -> Iterator[Running]:
        """The register with the small school in it, for one test."""
        assert not self._in_use, "another test, or a fixture of its module, uses the shared register"
        self._in_use = True
        try:
            code = self._fill(clock)
            database = self._shared.database
            notifier = Notifier(None if database.file is not None else relay_for(database))
            register = Register(database, clock, notifier, demo_clock, totp)
            self._app.state.register = register
            try:
                yield Running(self.url, register, clock, code)
            finally:
                notifier.close()
                wait_for(lambda: not self._server.server_state.tasks, "the register to answer every request")
        finally:
            self._in_use = False

    def _fill(self, clock: Clock) -> str:
        """Fill the database with the small school; returns its enrolment code."""
        template = f"school_{clock.instant:%Y%m%d_%H%M%S_%f}"
        if clock.instant not in self._codes:
            self._codes[clock.instant] = seed(self._shared.empty(), clock)
            self._shared.save(template)
        self._shared.fill(template)
        return self._codes[clock.instant]


@contextmanager
def shared_database(store: Store) -> Iterator[SharedDatabase]:
    """A database that tests use one after another."""
    store.fill(EMPTY)
    database = Database(store.url)
    yield SharedDatabase(store, database)
    database.close()


@contextmanager
def shared_register(store: Store) -> Iterator[SharedRegister]:
    """A register that tests use one after another."""
    store.fill(EMPTY)
    app = create_app(store.url, now=Clock())
    started: Register = app.state.register
    started.notifier.close()
    listener = listen("127.0.0.1", 0)
    server = RegisterServer(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="register")
    thread.start()
    try:
        wait_for(lambda: server.started, "the register to start")
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield SharedRegister(SharedDatabase(store, started.database), app, server, url)
    finally:
        server.should_exit = True
        thread.join(DEADLINE_S)
        assert not thread.is_alive(), "the register did not stop"
