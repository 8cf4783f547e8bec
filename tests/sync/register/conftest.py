import logging
import shutil
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sync.register import hashing
from sync.register.accounts import sessions
from sync.register.schools.schools import SchoolRecord, load_school
from sync.register.storage.database import Database
from sync.wire import BundleSchool
from tests import browser
from tests.postgres import Cluster, cluster
from tests.sync.register.pages import PATIENCE_S
from tests.sync.register.roster.support import SCHOOL
from tests.sync.register.shared import (
    PostgresStore,
    SharedDatabase,
    SharedRegister,
    SqliteStore,
    shared_database,
    shared_register,
)
from tests.sync.register.support import LOGIN, PASSWORD, Clock, Kiosk, Running


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


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database for tests to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("sqlite") / "register.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="package", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords and PINs cheaply: the real cost (64 MiB) at thousands of logins would take a third of a
    run. `test_hashing` checks the real parameters, and a test that starts a process uses them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "_PASSWORDS", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(hashing, "_PINS", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(sessions, "DECOY", hashing.hash_password("nobody"))
        yield


@pytest.fixture(scope="package", autouse=True)
def certificates_read_once() -> Iterator[None]:
    """Load the certificate authorities once: httpx loads them for each client and request, also for HTTP."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="package", autouse=True)
def patient_requests() -> Iterator[None]:
    """Raise httpx's timeout of five seconds, which is too short on a busy machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, "read", PATIENCE_S)
        patch.setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, "connect", PATIENCE_S)
        yield


@pytest.fixture(scope="package", autouse=True)
def usual_logging() -> Iterator[None]:
    """Reset the log level: Kivy, which another test may have imported, sets it to DEBUG for every library."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.WARNING)
    yield
    root.setLevel(before)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on SQLite, and on PostgreSQL as well when it is marked `both_databases` (pyproject.toml)."""
    if "database_url" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases") is not None
        kinds = ["sqlite", "postgresql"] if both else ["sqlite"]
        metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture(scope="package")
def sqlite_register(sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedRegister]:
    with shared_register(SqliteStore(tmp_path_factory.mktemp("shared-register"), sqlite)) as it:
        yield it


@pytest.fixture(scope="package")
def sqlite_database(sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedDatabase]:
    with shared_database(SqliteStore(tmp_path_factory.mktemp("shared-database"), sqlite)) as it:
        yield it


@pytest.fixture(scope="package")
def postgres_register(postgres: Cluster) -> Iterator[SharedRegister]:
    with shared_register(PostgresStore(postgres, "shared_register")) as it:
        yield it


@pytest.fixture(scope="package")
def postgres_database(postgres: Cluster) -> Iterator[SharedDatabase]:
    with shared_database(PostgresStore(postgres, "shared_database")) as it:
        yield it


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database with a test's data alone: the register's, if the test has one."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    if {"register", "strict"} & set(request.fixturenames):
        register: SharedRegister = request.getfixturevalue(f"{kind}_register")
        yield register.database_url
    elif "database" in request.fixturenames:
        shared: SharedDatabase = request.getfixturevalue(f"{kind}_database")
        shared.empty()
        yield shared.url
    else:
        with new_database(request, tmp_path) as url:
            yield url


def kind_of(url: str) -> str:
    """The kind of database at an address, as in the names of the fixtures."""
    return "sqlite" if url.startswith("sqlite") else "postgres"


@contextmanager
def new_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """A migrated database of the parameter's kind; a SQLite file is created in that folder."""
    if request.param == "sqlite":
        path = folder / "register.db"
        shutil.copyfile(request.getfixturevalue("sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: Cluster = request.getfixturevalue("postgres")
    with server.new() as url:
        yield url


@pytest.fixture
def database(request: pytest.FixtureRequest, database_url: str) -> Iterator[Database]:
    if "register" not in request.fixturenames:
        shared: SharedDatabase = request.getfixturevalue(f"{kind_of(database_url)}_database")
        if shared.url == database_url:
            yield shared.database
            return
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """A second, empty database of the same kind."""
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
def register(request: pytest.FixtureRequest, database_url: str, clock: Clock) -> Iterator[Running]:
    shared: SharedRegister = request.getfixturevalue(f"{kind_of(database_url)}_register")
    with shared.turn(clock) as it:
        yield it


@pytest.fixture
def strict(request: pytest.FixtureRequest, database_url: str, clock: Clock) -> Iterator[Running]:
    """A register whose login takes a code, as by default."""
    shared: SharedRegister = request.getfixturevalue(f"{kind_of(database_url)}_register")
    with shared.turn(clock, totp=True) as it:
        yield it


@pytest.fixture
def kiosk(register: Running) -> Kiosk:
    return register.enrol()


@pytest.fixture
def office(register: Running) -> Iterator[httpx.Client]:
    """An HTTP client that is logged in at the office page."""
    with httpx.Client(base_url=register.url, follow_redirects=True, timeout=PATIENCE_S) as client:
        client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield client


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser per test file: starting one takes longer than most tests."""
    with browser.chromium() as it:
        yield it


@pytest.fixture(scope="module")
def shared_context(chromium: Browser, sqlite_register: SharedRegister) -> Iterator[BrowserContext]:
    """A browser context whose first page keeps the renderer process alive for the tests' pages."""
    with browser.new_context(chromium) as context:
        context.new_page().goto(f"{sqlite_register.url}/login")
        yield context


@pytest.fixture
def tabs(shared_context: BrowserContext) -> BrowserContext:
    """The shared context without the last test's cookies. Nothing else is stored outside a tab."""
    shared_context.clear_cookies()
    return shared_context


@pytest.fixture
def page(tabs: BrowserContext, register: Running) -> Iterator[Page]:
    """Logged in, at Today; fails if the page loads anything from another host or violates its CSP."""
    with browser.tab_of(tabs, only=register.url + "/") as page:
        at_today(page, register)
        yield page


@pytest.fixture
def page_with_clock(chromium: Browser, register: Running) -> Iterator[Page]:
    """As `page`, in its own context: the browser clock that a test sets holds for a whole context."""
    with browser.page_of(chromium, only=register.url + "/") as page:
        at_today(page, register)
        yield page


def at_today(page: Page, register: Running) -> None:
    """Log in and open Today. The login page has tests of its own."""
    page.context.request.post(f"{register.url}/login", form={"login": LOGIN, "password": PASSWORD})
    page.goto(register.url)
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


@pytest.fixture
def school(database: Database) -> Database:
    """A register with a school that has no pupils yet."""
    with database.write() as session:
        record = SchoolRecord(
            school=BundleSchool(id=SCHOOL, name="Oak Lane School"), card_key="0b" * 32, policy={}
        )
        load_school(session, record)
    return database
