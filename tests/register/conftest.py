from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sync.register.storage.database import Database
from tests.postgres import Cluster, cluster
from tests.register.pages import PATIENCE_S
from tests.register.support import LOGIN, PASSWORD, Clock, Kiosk, Running, running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One server for the whole run, started by the first test that asks for it."""
    with cluster() as it:
        it.prepare(migrate)
        yield it


def migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, once of each kind. PostgreSQL's is migrated, SQLite's not there yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'register.db'}"
        return
    server: Cluster = request.getfixturevalue("postgres")
    with server.new() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """A second database of the same kind with nothing in it."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other.db'}"
        return
    server: Cluster = request.getfixturevalue("postgres")
    with server.new(migrated=False) as url:
        yield url


@pytest.fixture
def empty_database(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()


@pytest.fixture
def register(database_url: str, clock: Clock) -> Iterator[Running]:
    with running(database_url, clock) as it:
        yield it


@pytest.fixture
def kiosk(register: Running) -> Kiosk:
    return register.enrol()


@pytest.fixture
def office(register: Running) -> Iterator[httpx.Client]:
    """Somebody who is logged in at the office page, by plain requests."""
    with httpx.Client(base_url=register.url, follow_redirects=True, timeout=PATIENCE_S) as client:
        client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield client
