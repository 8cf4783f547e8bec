"""Signing in to the office page, and what keeps others out."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import select

from sync.register.accounts.sessions import add_staff, set_password
from sync.register.errors import AccountError
from sync.register.storage.models import StaffRow, WebSessionRow
from tests.sync.register.support import LOGIN, PASSWORD, Clock, Running


@pytest.fixture
def browser(register: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=register.url, follow_redirects=True) as client:
        yield client


def log_in(browser: httpx.Client, password: str = PASSWORD, login: str = LOGIN) -> httpx.Response:
    return browser.post("/login", data={"login": login, "password": password})


def form_token(page: httpx.Response) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]


def test_every_page_needs_a_login(browser: httpx.Client) -> None:
    for path in ("/", "/kiosks"):
        page = browser.get(path)
        assert (page.url.path, page.status_code) == ("/login", 200)
    for path in ("/live", "/today/live"):
        answer = browser.get(path, headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login")


def test_the_right_password_opens_today_with_a_cookie_that_scripts_cannot_read(
    browser: httpx.Client,
) -> None:
    answer = browser.post("/login", data={"login": " Office ", "password": PASSWORD}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "J. Office" in browser.get("/").text


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(browser: httpx.Client) -> None:
    wrong, unknown = log_in(browser, "wrong"), log_in(browser, login="nobody")
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    expected = "Wrong user name or password."
    assert expected in wrong.text
    assert expected in unknown.text


def test_five_wrong_passwords_must_wait_even_with_the_right_one(browser: httpx.Client, clock: Clock) -> None:
    for _ in range(5):
        assert log_in(browser, "wrong").status_code == 403
    refused = log_in(browser)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert "Wait 60 seconds" in refused.text
    clock.forward(seconds=60)
    assert log_in(browser).url.path == "/"


def test_others_failures_do_not_lock_out_a_browser_that_has_logged_in_before(
    browser: httpx.Client, register: Running
) -> None:
    log_in(browser)
    browser.post("/logout", data={"form_token": form_token(browser.get("/kiosks"))})
    with httpx.Client(base_url=register.url) as other:
        assert [log_in(other, "wrong").status_code for _ in range(6)] == [403] * 5 + [429]
    assert log_in(browser).url.path == "/"
    device = next(cookie for cookie in browser.cookies.jar if "_device_" in cookie.name)
    assert "HttpOnly" in device._rest  # type: ignore[attr-defined] # the jar keeps it nowhere else
    assert LOGIN not in device.name


def test_parallel_wrong_passwords_are_counted_too(register: Running) -> None:
    def attempt(_: int) -> int:
        data = {"login": LOGIN, "password": "wrong"}
        return httpx.post(f"{register.url}/login", data=data, timeout=60).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(attempt, range(12)))
    assert (statuses.count(403), statuses.count(429)) == (5, 7)


def test_a_session_ends_when_the_page_has_been_closed_for_half_an_hour(
    browser: httpx.Client, clock: Clock
) -> None:
    log_in(browser)
    for _ in range(3):
        clock.forward(minutes=29)
        assert browser.get("/today/live").status_code == 200
    clock.forward(minutes=30)
    assert browser.get("/").url.path == "/login"


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(
    browser: httpx.Client, clock: Clock
) -> None:
    log_in(browser)
    for _ in range(28):
        clock.forward(minutes=25)
        assert browser.get("/today/live").status_code == 200
    clock.forward(minutes=20)
    assert browser.get("/").url.path == "/login"


def test_logging_out_ends_the_session_at_the_register(browser: httpx.Client, register: Running) -> None:
    token = form_token(log_in(browser))
    cookies = dict(browser.cookies)
    assert browser.post("/logout", data={"form_token": token}).url.path == "/login"
    assert httpx.get(register.url, cookies=cookies).status_code == 303


def test_a_form_without_this_sessions_token_does_nothing(browser: httpx.Client, register: Running) -> None:
    page = log_in(browser)
    with httpx.Client(base_url=register.url, follow_redirects=True) as other:
        foreign = form_token(log_in(other))
    for data in ({}, {"form_token": "0" * 64}, {"form_token": foreign}):
        assert browser.post("/kiosks/code", data=data).status_code == 403
        assert browser.post("/logout", data=data).status_code == 403
    made = browser.post("/kiosks/code", data={"form_token": form_token(page)})
    assert made.status_code == 200


def test_a_form_from_another_site_does_nothing(browser: httpx.Client) -> None:
    data = {"login": LOGIN, "password": PASSWORD}
    for origin in ("https://elsewhere.example", "null", "http://[", ""):
        answer = browser.post("/login", data=data, headers={"Origin": origin})
        assert answer.status_code == 403
    own = str(browser.base_url).rstrip("/")
    assert browser.post("/login", data=data, headers={"Origin": own}).url.path == "/"


def test_an_enrolment_code_from_the_page_enrols_a_kiosk(browser: httpx.Client, register: Running) -> None:
    made = browser.post("/kiosks/code", data={"form_token": form_token(log_in(browser))})
    found = re.search(r"<code>([A-Z2-9-]+)</code>", made.text)
    assert found
    assert "before 09:48" in made.text
    assert found[1] not in browser.get("/kiosks").text
    register.code = found[1]
    assert register.enrol("Infants entrance").token


def test_passwords_and_sessions_are_kept_as_hashes(browser: httpx.Client, register: Running) -> None:
    log_in(browser)
    with register.database.read() as session:
        assert session.scalars(select(StaffRow.password_hash)).one().startswith("$argon2id$")
        assert browser.cookies["latebook"] not in session.scalars(select(WebSessionRow.token_hash)).one()


def test_a_new_password_ends_the_sessions_of_the_old(browser: httpx.Client, register: Running) -> None:
    log_in(browser)
    with register.database.write() as session:
        set_password(session, LOGIN, "another long one")
    assert browser.get("/").url.path == "/login"


def test_a_short_password_is_refused(register: Running) -> None:
    with register.database.write() as session, pytest.raises(AccountError, match="10 to 1024 characters"):
        add_staff(
            session,
            school="oak-lane",
            login="new",
            name="N. New",
            position="Office",
            password="short",  # noqa: S106 -- a test's own
        )


def test_every_answer_forbids_content_from_other_hosts(browser: httpx.Client) -> None:
    answers = [browser.get(path) for path in ("/login", "/static/office.css", "/nowhere", "/openapi.json")]
    for answer in [*answers, log_in(browser), browser.get("/api/v1/bundle")]:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_pages_have_no_inline_script_or_style_and_nothing_from_other_hosts(
    browser: httpx.Client,
) -> None:
    for page in (browser.get("/login"), log_in(browser), browser.get("/kiosks")):
        assert not re.search(
            r"<style|style=|<script>|\son\w+=|//\w", page.text.replace("http://www.w3.org", "")
        )
        assert page.headers["cache-control"] == "no-store"


def test_errors_are_readable_pages(browser: httpx.Client) -> None:
    page = browser.get("/nowhere")
    assert (page.status_code, "Page not found" in page.text) == (404, True)
    assert browser.get("/api/v1/nowhere").json() == {"detail": "Not Found"}
