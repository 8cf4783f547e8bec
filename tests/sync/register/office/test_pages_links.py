"""Every page shows each role only the links and forms that it may use: all of them are followed."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from sync.register.permissions import ALLOWED, Permission, Role
from tests.sync.register.office.test_pages_axe import a_day
from tests.sync.register.pages import Office, office
from tests.sync.register.support import Clock, running
from tests.sync.register.test_permissions import OPEN, SIGNED_IN, TAKES

MOST = 500
"""More addresses than the small school has: a walk that finds more is going in circles."""


class Found(HTMLParser):
    """The targets of a page's links and forms."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.forms: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form" and attributes.get("method", "get").lower() == "post":
            self.forms.add(attributes["action"])
        for name in ("href", "hx-get", "sse-connect", *(["action"] if tag == "form" else [])):
            if name in attributes and attributes.get("method", "get").lower() == "get":
                self.links.add(attributes[name])
        if "formaction" in attributes:
            self.forms.add(attributes["formaction"])


Walk = list[tuple[str, int, str]]
"""Addresses, each with the status and the text of its answer."""


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Role, Walk]]:
    """Walk a register with content on every page. SQLite is enough: pages do not depend on the database."""
    folder = tmp_path_factory.mktemp("links")
    with (
        running(f"sqlite:///{folder / 'register.db'}", Clock()) as register,
        office(register, "senior", Role.SENIOR) as senior,
    ):
        a_day(register, register.enrol(), senior)
        found: dict[Role, Walk] = {}
        for role in Role:
            with office(register, f"walks-{role.value}", role) as browser:
                found[role] = list(walk(browser))
        yield found


def walk(browser: Office) -> Iterator[tuple[str, int, str]]:
    """Every address reachable from Today, with its answer. One other day stands for all."""
    to_do, known = ["/"], {"/"}
    while to_do:
        address = to_do.pop()
        answer = browser.get(address)
        text = answer.text if answer.headers["content-type"].startswith("text/html") else ""
        yield address, answer.status_code, text
        for link in Found(text).links:
            there = urlsplit(urljoin(address, link))
            path = there.path + (f"?{there.query}" if there.query else "")
            kind = re.sub(r"day=[0-9-]+", "day=", path)
            if kind not in known and not path.startswith("/static/") and path != "/live":
                known.add(kind)
                to_do.append(path)
        assert len(known) < MOST


def required_by(method: str, path: str) -> set[Permission]:
    """The permissions that an address requires, by the table of all addresses."""
    if (method, path) in OPEN | SIGNED_IN:
        return set()
    fits = [
        takes
        for (how, declared), takes in TAKES.items()
        if how == method and re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", declared), path)
    ]
    assert fits, f"{method} {path} is in no table"
    return fits[0]


@pytest.mark.parametrize("role", Role)
def test_every_link_opens_for_the_user_who_sees_it(walks: dict[Role, Walk], role: Role) -> None:
    assert {address: status for address, status, _ in walks[role] if status != 200} == {}
    assert len(walks[role]) > 20


@pytest.mark.parametrize("role", Role)
def test_every_form_is_permitted_to_the_user_who_sees_it(walks: dict[Role, Walk], role: Role) -> None:
    forms = {(address, form) for address, _, text in walks[role] for form in Found(text).forms}
    refused = {(on, form) for on, form in forms if not required_by("POST", form) <= ALLOWED[role]}
    assert refused == set()
    assert len({form for _, form in forms}) > 3
