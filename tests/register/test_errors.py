"""What goes wrong inside: a page in words, and a log without anybody's name."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import OperationalError

from sync.register.service import create_app
from tests.register.support import Clock, serving

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
        """A number is wanted."""

    return app


def test_an_error_is_a_page_in_words_and_its_text_is_in_no_log(
    app: FastAPI, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with serving(app) as url:
        page = httpx.get(f"{url}/breaks/P1")
        answer = httpx.get(f"{url}/api/v1/breaks/P1")
        away = httpx.get(f"{url}/locked")
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{url}/half")
    assert (page.status_code, "Something went wrong here" in page.text) == (500, True)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (answer.status_code, answer.json()["detail"]) == (500, "the register failed; nothing was stored")
    assert (away.status_code, away.headers["retry-after"]) == (503, "5")
    said = "".join(capfd.readouterr()) + caplog.text
    assert "request.failed" in said
    assert "ValueError" in said
    assert "/breaks/{pupil}" in said
    assert "database.failed" in said
    for secret in ("Amelia", "Kaur", "P1"):
        assert secret not in said


def test_a_form_that_cannot_be_read_is_a_page_in_words(app: FastAPI) -> None:
    with serving(app) as url:
        page = httpx.get(f"{url}/form", params={"day": "Tuesday"})
    assert (page.status_code, "look at: day" in page.text) == (400, True)
    assert page.headers["content-type"].startswith("text/html")


def test_the_database_is_for_nobody_elses_eyes(tmp_path: Path) -> None:
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
