"""A failure is answered with an error page, and no name gets into the log."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import OperationalError

from sync.register.server.app import create_app
from tests.sync.register.support import Clock, Running, serving

NAME = "Amelia Kaur"


@pytest.fixture
def app(database_url: str) -> FastAPI:
    app = create_app(database_url, now=Clock())

    @app.get("/breaks/{pupil}")
    @app.get("/api/v1/breaks/{pupil}")
    def breaks(pupil: str) -> None:
        raise ValueError(f"no mark for {NAME}")

    @app.get("/locked")
    def locked() -> None:
        raise OperationalError("SELECT 1", {}, ValueError(f"Key (name)=({NAME}) already exists"))

    @app.get("/half")
    def half() -> StreamingResponse:
        def pieces() -> Iterator[str]:
            yield "first"
            raise ValueError(f"no mark for {NAME}")

        return StreamingResponse(pieces())

    @app.get("/form")
    def form(day: int) -> None:
        """Takes a number."""

    return app


def test_an_error_is_shown_as_a_page_and_its_text_is_never_logged(
    app: FastAPI, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with serving(app) as url:
        page = httpx.get(f"{url}/breaks/P1")
        answer = httpx.get(f"{url}/api/v1/breaks/P1")
        away = httpx.get(f"{url}/locked")
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{url}/half")
    assert (page.status_code, "Sorry, something went wrong" in page.text) == (500, True)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (answer.status_code, answer.json()["detail"]) == (500, "the register failed; nothing was stored")
    assert (away.status_code, away.headers["retry-after"]) == (503, "5")
    output = "".join(capfd.readouterr()) + caplog.text
    assert "request.failed" in output
    assert "ValueError" in output
    assert "/breaks/{pupil}" in output
    assert "database.failed" in output
    for secret in ("Amelia", "Kaur", "P1"):
        assert secret not in output


def test_an_invalid_form_is_answered_with_a_page_that_names_the_field(app: FastAPI) -> None:
    with serving(app) as url:
        page = httpx.get(f"{url}/form", params={"day": "Tuesday"})
    assert (page.status_code, "Go back and check: day" in page.text) == (400, True)
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("address", "field"), [("/needs?after=x", "after"), ("/changes?before=x", "before"), ("/?page=x", "page")]
)
def test_an_invalid_address_is_answered_with_a_page_that_names_its_field(
    office: httpx.Client, address: str, field: str
) -> None:
    page = office.get(address)
    assert (page.status_code, f"Go back and check: {field}. " in page.text) == (400, True)


ANNOUNCED = b"x" * 3_000_000


def unannounced() -> Iterator[bytes]:
    """A file in pieces, without an announced length."""
    yield b'--b\r\nContent-Disposition: form-data; name="login"; filename="a"\r\n\r\n'
    for _ in range(90):
        yield b"x" * 100_000


@pytest.mark.parametrize("content", [ANNOUNCED, unannounced], ids=["announced", "in pieces"])
def test_a_request_that_is_too_large_gets_a_page_and_logs_no_failure(
    tmp_path: Path, content: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(f"sqlite:///{tmp_path / 'register.db'}", now=Clock())
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    with serving(app) as url:
        sent = content() if callable(content) else content
        page = httpx.post(f"{url}/login", content=sent, headers=form)
        api = httpx.post(f"{url}/api/v1/enrol", content=ANNOUNCED)
    assert (page.status_code, "The file or form is too large" in page.text) == (413, True)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (api.status_code, api.json()) == (413, {"detail": "Content Too Large"})
    output = "".join(capfd.readouterr()) + caplog.text
    for failure in ("request.failed", "ResponseAbortedError", "Traceback"):
        assert failure not in output


NUL = "%00"


def test_a_nul_in_a_form_or_an_address_causes_no_server_error(
    register: Running, office: httpx.Client
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    stranger = httpx.post(f"{register.url}/login", content=f"login={NUL}&password=x", headers=form)
    assert stranger.status_code in (400, 403)
    for address in (
        "/pupil?id=",
        "/changes?pupil=",
        "/changes?by=",
        "/pupils?form=",
        "/mark?on=2026-11-24&half=AM&pupil=",
    ):
        answer = office.get(f"{address}{NUL}")
        assert answer.status_code < 500, address
        assert answer.headers["content-type"].startswith("text/html")
    if register.database.file is None:  # SQLite stores a NUL
        assert stranger.status_code == 400
        assert "A field contains characters that cannot be stored" in stranger.text


@pytest.mark.parametrize(
    "address",
    [
        "/?day=0001-01-01",
        "/changes?day=9999-12-31",
        "/changes.csv?day=9999-12-31",
        "/punctuality?last=9999-12-31",
        "/punctuality?last=0001-02-01",
        "/punctuality?first=0026-09-01",
        "/mark?pupil=P1&half=AM&on=0001-01-01",
    ],
)
def test_a_date_out_of_range_is_answered_with_a_sentence(office: httpx.Client, address: str) -> None:
    page = office.get(address)
    assert (page.status_code, "The date must be between 1970 and 9000" in page.text) == (400, True)


@pytest.mark.parametrize(
    "address", ["/?day=", "/changes?day=", "/punctuality?first=&last=", "/?day=1970-01-01"]
)
def test_an_empty_date_and_the_date_of_a_wrong_clock_are_accepted(office: httpx.Client, address: str) -> None:
    assert office.get(address).status_code == 200


def test_a_period_longer_than_marks_are_kept_is_refused(office: httpx.Client) -> None:
    page = office.get("/punctuality?first=2019-11-01&last=2026-11-24")
    assert (page.status_code, "at most seven years apart" in page.text) == (400, True)
    assert office.get("/punctuality?first=2019-12-01&last=2026-11-24").status_code == 200


def test_the_database_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        folder = tmp_path / "register"
        app = create_app(f"sqlite:///{folder / 'register.db'}", now=Clock())
        with serving(app) as url:
            httpx.get(f"{url}/login")
            rights = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    finally:
        os.umask(before)
    assert set(rights.values()) == {0o600}
    assert {"register.db", "register.db-wal", "register.db.lock"} <= set(rights)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
