"""Signing in to the office page in two steps, and the user's own account."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pyotp
import pytest
from sqlalchemy import select

from sync.register.accounts.sessions import add_staff
from sync.register.permissions import Role
from sync.register.storage.models import AuditRow
from tests.sync.register.pages import Office, office
from tests.sync.register.support import LOGIN, PASSWORD, Clock, Running

OTHER = "quite another one"


@pytest.fixture
def browser(strict: Running) -> Iterator[Office]:
    with Office(strict.url) as it:
        yield it


def step_token(page: httpx.Response) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]


def app_of(page: httpx.Response) -> pyotp.TOTP:
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert found
    return pyotp.TOTP(found[1].replace(" ", ""))


def give(browser: Office, page: httpx.Response, code: str) -> httpx.Response:
    return browser.client.post("/login/code", data={"form_token": step_token(page), "code": code})


def set_up(browser: Office, clock: Clock, login: str = LOGIN) -> pyotp.TOTP:
    page = browser.log_in(login)
    app = app_of(page)
    assert give(browser, page, app.at(clock())).url.path == "/"
    clock.forward(seconds=60)
    return app


def audited(register: Running) -> list[str]:
    with register.database.read() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


def test_the_first_login_sets_an_app_up_and_opens_nothing_before_its_code(
    browser: Office, clock: Clock, strict: Running
) -> None:
    page = browser.log_in(LOGIN)
    assert page.url.path == "/login/set-up"
    assert "<svg" in page.text
    assert page.headers["cache-control"] == "no-store"
    for path in ("/", "/account", "/kiosks"):
        assert browser.get(path).url.path == "/login"
    app = app_of(browser.get("/login/set-up"))
    assert give(browser, page, "000000").status_code == 403
    assert give(browser, page, app.at(clock())).url.path == "/"
    assert audited(strict) == ["sign-in failed", "second step set up", "sign-in"]


def test_the_next_login_asks_for_a_code_and_shows_no_secret(browser: Office, clock: Clock) -> None:
    app = set_up(browser, clock)
    browser.post("/logout")
    page = browser.log_in(LOGIN)
    assert (page.url.path, app.secret in page.text.replace(" ", "")) == ("/login/code", False)
    assert browser.get("/login/set-up").url.path == "/login"
    assert give(browser, page, app.at(clock())).url.path == "/"


def test_each_step_has_a_token_of_its_own(browser: Office, clock: Clock, strict: Running) -> None:
    app = set_up(browser, clock)
    browser.post("/logout")
    page = browser.log_in(LOGIN)
    before = browser.client.cookies["latebook"]
    assert give(browser, page, app.at(clock())).url.path == "/"
    assert browser.client.cookies["latebook"] != before
    assert httpx.get(strict.url, cookies={"latebook": before}).headers["location"] == "/login"


def test_a_code_works_once_on_the_page(browser: Office, clock: Clock, strict: Running) -> None:
    app = set_up(browser, clock)
    code = app.at(clock())
    assert give(browser, browser.log_in(LOGIN), code).url.path == "/"
    with Office(strict.url) as other:
        assert give(other, other.log_in(LOGIN), code).status_code == 403


def test_wrong_codes_must_wait(browser: Office, clock: Clock) -> None:
    app = set_up(browser, clock)
    page = browser.log_in(LOGIN)
    wrong = "000000" if app.at(clock()) != "000000" else "000001"
    for _ in range(5):
        assert give(browser, page, wrong).status_code == 403
    refused = give(browser, page, app.at(clock()))
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "300")


def test_a_code_form_of_another_session_does_nothing(browser: Office, clock: Clock) -> None:
    app = set_up(browser, clock)
    browser.log_in(LOGIN)
    answer = browser.client.post("/login/code", data={"form_token": "0" * 64, "code": app.at(clock())})
    assert answer.status_code == 403
    assert browser.get("/").url.path == "/login"


def test_a_late_code_starts_the_login_again(browser: Office, clock: Clock) -> None:
    app = set_up(browser, clock)
    page = browser.log_in(LOGIN)
    clock.forward(minutes=11)
    late = give(browser, page, app.at(clock()))
    assert (late.status_code, "Log in again." in late.text) == (403, True)


def test_an_administrator_lets_a_user_set_up_another_app(
    browser: Office, clock: Clock, strict: Running
) -> None:
    first = set_up(browser, clock)
    with office_with_app(strict, clock) as admin:
        page = admin.post(f"/people/accounts/{LOGIN}/second-step")
    assert "Saved." in page.text
    assert browser.get("/").url.path == "/login"
    second = browser.log_in(LOGIN)
    assert second.url.path == "/login/set-up"
    assert app_of(second).secret != first.secret
    assert "account recovered" in audited(strict)


@contextmanager
def office_with_app(register: Running, clock: Clock) -> Iterator[Office]:
    """An administrator who has logged in with a code."""
    with register.database.write() as session:
        add_staff(
            session,
            school="oak-lane",
            login="admin",
            name="A. Admin",
            position="Network manager",
            password=PASSWORD,
            role=Role.ADMINISTRATOR,
        )
    with Office(register.url) as browser:
        set_up(browser, clock, "admin")
        yield browser


def test_a_changed_password_ends_every_other_session(register: Running) -> None:
    with office(register, "sam", Role.OFFICE) as here, Office(register.url) as there:
        there.log_in("sam")
        before = here.client.cookies["latebook"]
        changed = here.post("/account/password", {"present": PASSWORD, "new": OTHER, "again": OTHER})
        assert "Your password is changed." in changed.text
        assert here.client.cookies["latebook"] != before
        assert here.get("/").url.path == "/"
        assert there.get("/").url.path == "/login"
        assert there.log_in("sam").status_code == 403
        assert there.log_in("sam", OTHER).url.path == "/"
    assert "password changed" in audited(register)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"present": "wrong", "new": OTHER, "again": OTHER}, "not your current password"),
        ({"present": PASSWORD, "new": "short", "again": "short"}, "10 to 1024 characters"),
        ({"present": PASSWORD, "new": OTHER, "again": OTHER + "!"}, "two new passwords are not the same"),
        ({"present": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "is your current one"),
        ({"present": PASSWORD, "new": "gwendolyn22", "again": "gwendolyn22"}, "easily guessed"),
    ],
)
def test_an_unacceptable_password_is_refused_with_the_reason(
    register: Running, form: dict[str, str], expected: str
) -> None:
    with office(register, "gwendolyn", Role.OFFICE) as browser:
        refused = browser.post("/account/password", form)
        assert (refused.status_code, expected in refused.text) == (400, True)
        assert browser.get("/").url.path == "/"


def test_the_current_password_cannot_be_guessed_from_an_open_page(register: Running) -> None:
    with office(register, "sam", Role.OFFICE) as browser:
        wrong = {"present": "wrong", "new": OTHER, "again": OTHER}
        statuses = [browser.post("/account/password", wrong).status_code for _ in range(6)]
        assert statuses == [400] * 5 + [429]


def test_logging_out_everywhere_ends_this_session_too(register: Running) -> None:
    with office(register, "sam", Role.OFFICE) as here, Office(register.url) as there:
        there.log_in("sam")
        assert here.post("/account/log-out-everywhere").url.path == "/login"
        for browser in (here, there):
            assert browser.get("/").url.path == "/login"
    assert audited(register)[-1] == "sign-out everywhere"


def test_logging_in_and_out_is_in_the_audit(register: Running) -> None:
    with office(register, "sam", Role.OFFICE) as browser:
        browser.post("/logout")
        browser.log_in("sam", "wrong password")
    assert audited(register) == ["sign-in", "sign-out", "sign-in failed"]
