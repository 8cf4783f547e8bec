"""The tests' own PostgreSQL server: on loopback, in a temporary folder, stopped with the run that started it.

Hand-written because pytest-postgresql fails as root: it runs `pg_ctl initdb` as root, and PostgreSQL refuses.
"""

import itertools
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

INSTALLED = Path("/usr/lib/postgresql")
"""Debian's folder, by version: 15 in Debian 12, 17 in Debian 13."""
START_S = 60
USER = "latebook"
TEMPLATE = "latebook_template"
FOR_TESTS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # Its data is thrown away, so nothing needs to survive a power cut.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
}
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


def programs() -> Path:
    """The folder with the programs of the newest installed PostgreSQL."""
    folders = sorted(INSTALLED.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    assert folders, "these tests need PostgreSQL: apt-get install postgresql"
    return folders[-1]


class Cluster:
    """A PostgreSQL server; each test gets its own database, a copy of a migrated template."""

    def __init__(self, port: int, password: str) -> None:
        self._port, self._password = port, password
        self._numbers = itertools.count(1)
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def url(self, database: str) -> str:
        """The URL of a database, as an operator would write it."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self._port}/{database}"

    def prepare(self, migrate: Callable[[str], None]) -> None:
        """Make the template that `new` copies; `migrate` gets its URL."""
        self._run("CREATE DATABASE {}", TEMPLATE)
        migrate(self.url(TEMPLATE))

    @contextmanager
    def new(self, *, migrated: bool = True) -> Iterator[str]:
        """The URL of a new database, dropped at the end."""
        name = f"test_{next(self._numbers)}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, TEMPLATE if migrated else "template0")
        try:
            yield self.url(name)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def copy(self, template: str, name: str) -> None:
        """Replace the database `name` by a copy of a template; ends connections to the old one."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)

    def answers(self) -> bool:
        try:
            self._run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def close(self) -> None:
        """Close the connection that creates and drops databases."""
        if self._connection is not None:
            self._connection.close()

    def _run(self, statement: str, *names: str) -> None:
        if self._connection is None:  # one for all: to log in costs as much as to create a database
            self._connection = psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5)
        self._connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Run a server until the block ends or this process dies.

    Args:
        durable: commits wait for the disk, as at a school; for benchmarks.
    """
    folder = Path(tempfile.mkdtemp(prefix="latebook-postgres-"))
    try:
        if os.getuid() == 0:  # PostgreSQL refuses to be root
            shutil.chown(folder, "postgres", "postgres")
        password = secrets.token_hex(16)
        _initdb(folder, password)
        port = _free_port()
        server = _start(folder, {**FOR_TESTS, **(DURABLE if durable else {}), "port": str(port)})
        try:
            running = Cluster(port, password)
            _wait(running, server, folder / "log")
            with closing(running):
                yield running
        finally:
            server.send_signal(signal.SIGINT)  # it closes every connection, then stops
            server.wait(START_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_server(*command: str | Path) -> list[str]:
    """The command, run as a user that PostgreSQL accepts; the kernel ends it when this process dies."""
    prefix = ["setpriv", "--pdeathsig", "INT"]
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        prefix += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [*prefix, "--", *map(str, command)]


def _initdb(folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o644)  # read by the server's user; its folder is closed to others
    command = _as_server(
        programs() / "initdb",
        f"--pgdata={folder / 'data'}",
        f"--username={USER}",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    )
    subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)


def _start(folder: Path, options: Mapping[str, str]) -> subprocess.Popen[bytes]:
    settings = [f"--{name}={value}" for name, value in options.items()]
    with (folder / "log").open("wb") as log:
        command = _as_server(programs() / "postgres", "-D", folder / "data", *settings)
        return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)


def _wait(cluster: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while not cluster.answers():
        assert server.poll() is None, f"PostgreSQL did not start: {log.read_text()}"
        assert time.monotonic() < deadline, f"PostgreSQL did not answer within {START_S} s: {log.read_text()}"
        time.sleep(0.05)  # another process: there is no event to wait for


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
