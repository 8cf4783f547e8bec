"""What each role may open and do on the office page, for every address."""

import uuid
from collections.abc import Iterator

import pytest
from fastapi import APIRouter

from sync.register.office.pages import router as pages
from sync.register.permissions import ALLOWED, Permission, Role
from tests.sync.register.conftest import new_database
from tests.sync.register.pages import Office, office
from tests.sync.register.support import Clock, Running, running

P = Permission
OPEN = {
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/login/set-up"),
    ("GET", "/login/code"),
    ("POST", "/login/code"),
}
"""Addresses that need no login."""

SIGNED_IN = {
    ("POST", "/logout"),
    ("GET", "/account"),
    ("POST", "/account/password"),
    ("POST", "/account/log-out-everywhere"),
    ("GET", "/live"),
}
"""Addresses for every logged-in user."""

TAKES: dict[tuple[str, str], set[Permission]] = {
    ("GET", "/"): {P.SEE_TODAY},
    ("GET", "/today/live"): {P.SEE_TODAY},
    ("GET", "/today.csv"): {P.SEE_TODAY, P.EXPORT},
    ("GET", "/kiosks"): {P.SEE_TODAY},
    ("GET", "/kiosks/live"): {P.SEE_TODAY},
    ("GET", "/kiosks.csv"): {P.SEE_TODAY, P.EXPORT},
    ("POST", "/kiosks/code"): {P.MANAGE_KIOSKS},
    ("GET", "/kiosks/{kiosk}/revoke"): {P.MANAGE_KIOSKS},
    ("POST", "/kiosks/{kiosk}/revoke"): {P.MANAGE_KIOSKS},
    ("GET", "/needs"): {P.SEE_TODAY},
    ("GET", "/needs/live"): {P.SEE_TODAY},
    ("GET", "/needs.csv"): {P.SEE_TODAY, P.EXPORT},
    ("POST", "/needs/{question}"): {P.RESOLVE},
    ("GET", "/leaving"): {P.RELEASE},
    ("GET", "/leaving/live"): {P.RELEASE},
    ("POST", "/leaving/{departure}/release"): {P.RELEASE},
    ("POST", "/leaving/{departure}/refuse"): {P.RELEASE},
    ("POST", "/leaving/out/{entry}/back"): {P.RELEASE},
    ("POST", "/leaving/out/{entry}/still-out"): {P.RELEASE},
    ("POST", "/leaving/released/{departure}/here"): {P.RELEASE},
    ("POST", "/leaving/released/{departure}/gone"): {P.RELEASE},
    ("GET", "/on-site"): {P.SEE_TODAY},
    ("GET", "/on-site/live"): {P.SEE_TODAY},
    ("GET", "/on-site/evacuation"): {P.SEE_TODAY},
    ("GET", "/on-site/evacuation/phone"): {P.SEE_TODAY},
    ("GET", "/on-site/evacuation.csv"): {P.SEE_TODAY, P.EXPORT},
    ("GET", "/pupils"): {P.SEE_PUPIL},
    ("GET", "/pupils.csv"): {P.SEE_PUPIL, P.EXPORT},
    ("GET", "/pupil"): {P.SEE_PUPIL},
    ("POST", "/not-due"): {P.AMEND},
    ("POST", "/pupil/plans"): {P.CHANGE_PUPIL},
    ("POST", "/pupil/plans/end"): {P.CHANGE_PUPIL},
    ("POST", "/pupil/alone"): {P.CHANGE_PUPIL},
    ("POST", "/pupil/lists"): {P.CHANGE_PUPIL},
    ("POST", "/pupil/cards/revoke"): {P.CHANGE_PUPIL},
    ("POST", "/pupil/contacts"): {P.CHANGE_PUPIL},
    ("POST", "/pupil/contacts/change"): {P.CHANGE_PUPIL},
    ("POST", "/pupil/contacts/remove"): {P.CHANGE_PUPIL},
    ("POST", "/pupil/absences"): {P.CHANGE_PUPIL},
    ("POST", "/pupil/absences/remove"): {P.CHANGE_PUPIL},
    ("GET", "/roster"): {P.IMPORT_ROSTER},
    ("POST", "/roster"): {P.IMPORT_ROSTER},
    ("GET", "/roster/{import_id}"): {P.IMPORT_ROSTER},
    ("GET", "/roster/{import_id}/progress"): {P.IMPORT_ROSTER},
    ("POST", "/roster/{import_id}/apply"): {P.IMPORT_ROSTER},
    ("POST", "/roster/{import_id}/discard"): {P.IMPORT_ROSTER},
    ("GET", "/settings"): {P.SEE_TODAY},
    ("POST", "/settings/language"): {P.CHANGE_POLICY},
    ("POST", "/settings/policy"): {P.CHANGE_POLICY},
    ("POST", "/settings/policy/confirm"): {P.CHANGE_POLICY},
    ("POST", "/settings/calendar/closure"): {P.CHANGE_POLICY},
    ("POST", "/settings/calendar/term"): {P.CHANGE_POLICY},
    ("POST", "/settings/calendar/remove"): {P.CHANGE_POLICY},
    ("POST", "/settings/calendar/bank-holidays"): {P.CHANGE_POLICY},
    ("POST", "/settings/calendar/file"): {P.CHANGE_POLICY},
    ("POST", "/settings/calendar/confirm"): {P.CHANGE_POLICY},
    ("GET", "/people"): {P.MANAGE_PINS},
    ("POST", "/people/accounts"): {P.MANAGE_STAFF},
    ("GET", "/people/accounts/{login}"): {P.MANAGE_STAFF},
    ("POST", "/people/accounts/{login}"): {P.MANAGE_STAFF},
    ("POST", "/people/accounts/{login}/start-password"): {P.MANAGE_STAFF},
    ("POST", "/people/accounts/{login}/second-step"): {P.MANAGE_STAFF},
    ("POST", "/people/accounts/{login}/log-out"): {P.MANAGE_STAFF},
    ("POST", "/people/accounts/{login}/end"): {P.MANAGE_STAFF},
    ("POST", "/people/pins"): {P.MANAGE_PINS},
    ("POST", "/people/pins/renew"): {P.MANAGE_PINS},
    ("GET", "/people/pins/{holder_id}"): {P.MANAGE_PINS},
    ("POST", "/people/pins/{holder_id}"): {P.MANAGE_PINS},
    ("POST", "/people/pins/{holder_id}/pin"): {P.MANAGE_PINS},
    ("POST", "/people/pins/{holder_id}/end"): {P.MANAGE_PINS},
    ("GET", "/audit"): {P.SEE_AUDIT},
    ("GET", "/audit.csv"): {P.SEE_AUDIT},
    ("GET", "/leaving/out.csv"): {P.RELEASE, P.EXPORT},
    ("GET", "/leaving/answered.csv"): {P.RELEASE, P.EXPORT},
    ("GET", "/people/accounts.csv"): {P.MANAGE_STAFF},
    ("GET", "/people/pins.csv"): {P.MANAGE_PINS},
    ("GET", "/roster/{import_id}/{part}.csv"): {P.IMPORT_ROSTER},
    ("GET", "/settings/versions.csv"): {P.SEE_TODAY},
    ("GET", "/pupil.csv"): {P.SEE_PUPIL, P.EXPORT},
    ("GET", "/mark.csv"): {P.SEE_PUPIL, P.EXPORT},
    ("GET", "/changes"): {P.SEE_PUPIL},
    ("GET", "/changes.csv"): {P.SEE_PUPIL, P.EXPORT},
    ("GET", "/entries/{entry}"): {P.SEE_PUPIL},
    ("POST", "/entries/{entry}/take-back"): {P.AMEND},
    ("GET", "/mark"): {P.SEE_PUPIL},
    ("POST", "/mark"): {P.AMEND},
    ("GET", "/punctuality"): {P.SEE_PUPIL},
    ("GET", "/punctuality/{table}.csv"): {P.SEE_PUPIL, P.EXPORT},
}
"""The parameters of each address. A new address needs a line here first."""

THERE_IS_NONE = {
    "{question}": "999999",
    "{departure}": str(uuid.UUID(int=1)),
    "{entry}": str(uuid.UUID(int=1)),
    "{kiosk}": str(uuid.UUID(int=1)),
    "{login}": "nobody",
    "{holder_id}": "none",
    "{import_id}": str(uuid.UUID(int=1)),
    "{table}": "pupils",
    "{part}": "faults",
}
PASSES = {"POST /needs/{question}": {"act": "1:keep"}}
"""Forms that an address requires before anything else."""


def addresses(router: APIRouter) -> Iterator[tuple[str, str]]:
    """Every method and address of a router and of those in it."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from addresses(inner)
        else:
            yield from ((method, route.path) for method in route.methods if method != "HEAD")  # type: ignore[attr-defined]  # an APIRoute


@pytest.fixture(scope="module", params=["sqlite"])
def offices(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Role, Office]]:
    """A logged-in user of each role, at a register on each kind of database."""
    with (
        new_database(request, tmp_path_factory.mktemp("roles")) as url,
        running(url, Clock()) as register,
        office(register, "o", Role.OFFICE) as one,
        office(register, "s", Role.SENIOR) as two,
        office(register, "a", Role.ADMINISTRATOR) as three,
    ):
        yield {Role.OFFICE: one, Role.SENIOR: two, Role.ADMINISTRATOR: three}


def test_every_address_is_in_one_of_the_tables() -> None:
    assert set(addresses(pages.router)) == OPEN | SIGNED_IN | set(TAKES)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "path"), list(TAKES))
def test_an_address_opens_only_to_the_roles_with_its_permission(
    offices: dict[Role, Office], role: Role, method: str, path: str
) -> None:
    address = path
    for name, value in THERE_IS_NONE.items():
        address = address.replace(name, value)
    browser = offices[role]
    if method == "GET":
        answer = browser.get(address)
    else:
        answer = browser.post(address, PASSES.get(f"{method} {path}"))
    assert answer.status_code < 500
    if ALLOWED[role] >= TAKES[method, path]:
        assert answer.status_code != 403, answer.text
    else:
        assert (answer.status_code, "you need another role" in answer.text) == (403, True)


def test_no_address_opens_without_a_login(register: Running) -> None:
    with Office(register.url) as stranger:
        stranger.client.follow_redirects = False
        for method, path in [*TAKES, *SIGNED_IN]:
            address = path
            for name, value in THERE_IS_NONE.items():
                address = address.replace(name, value)
            answer = stranger.client.request(method, address, data={} if method == "POST" else None)
            away = answer.headers.get("location") or answer.headers.get("hx-redirect")
            assert away == "/login", f"{method} {path}: {answer.status_code}"


def test_the_navigation_shows_only_what_the_user_may_open(offices: dict[Role, Office]) -> None:
    for browser in offices.values():
        shown = browser.get("/").text.split("<nav", 1)[1].split("</nav>", 1)[0]
        for page in ("/leaving", "/pupils", "/people", "/audit", "/changes"):
            assert (f'href="{page}"' in shown) is (browser.get(page).status_code == 200), page
