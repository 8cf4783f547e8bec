"""The office page over plain HTTP, as a browser without scripts uses it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx

from sync.register.accounts.sessions import add_staff
from sync.register.permissions import Role
from sync.register.schools.schools import load_school
from sync.register.storage.models import SchoolRow
from sync.wire import BundleSchool
from tests.sync.register.support import PASSWORD, Running, school_record

PATIENCE_S = 60
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


class Office:
    """A browser without scripts."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, follow_redirects=True, timeout=PATIENCE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()

    def log_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        return self.client.post("/login", data={"login": login, "password": password})

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.client.get(path, **more)

    def post(self, path: str, form: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        """Send a form with this session's form token."""
        return self.client.post(path, data={"form_token": self.token, **(form or {})}, **more)

    @property
    def token(self) -> str:
        found = _TOKEN.search(self.client.get("/account").text)
        return found[1] if found else ""


@contextmanager
def office(register: Running, login: str, role: Role, *, school: str = "oak-lane") -> Iterator[Office]:
    """A logged-in user of that role; creates the school if it does not exist."""
    with register.database.write() as session:
        if session.get(SchoolRow, school) is None:
            record = school_record(
                school=BundleSchool(id=school, name=school), pupils=[], cards={}, contacts=[], appointments=[]
            )
            load_school(session, record)
        add_staff(
            session,
            school=school,
            login=login,
            name=f"{login.title()} Name",
            position=f"{role.value} position",
            password=PASSWORD,
            role=role,
        )
    with Office(register.url) as browser:
        assert browser.log_in(login).url.path == "/"
        yield browser
