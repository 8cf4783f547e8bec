"""A browser without scripts at the office page: logs in, and sends forms with their token."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from sync.register.permissions import Role
from sync.register.storage.models import StaffRow
from tests.sync.register.support import LOGIN, PASSWORD, Running


@dataclass
class Office:
    """A logged-in user's browser at Oak Lane School."""

    client: httpx.Client
    token: str

    def get(self, path: str, **how: Any) -> httpx.Response:
        return self.client.get(path, **how)

    def submit(self, path: str, files: Any = None, **fields: str | list[str]) -> httpx.Response:
        """Send a form with this session's form token."""
        return self.client.post(path, data={"form_token": self.token} | fields, files=files)


@contextmanager
def at_the_office(register: Running, role: Role = Role.SENIOR) -> Iterator[Office]:
    """Log in as a user of that role."""
    with register.database.write() as session:
        session.get_one(StaffRow, LOGIN).role = role.value
    with httpx.Client(base_url=register.url, follow_redirects=True, timeout=30) as client:
        client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        token = re.search(r'name="form_token" value="([0-9a-f]+)"', client.get("/").text)
        assert token
        yield Office(client, token[1])


def content(answer: httpx.Response) -> str:
    """The page's main content as text."""
    html = answer.text.split('id="content"')[1]
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())
