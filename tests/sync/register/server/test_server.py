"""The register as a process: start, stop, port in use, logs."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from sync.register.storage.database import Database
from tests.sync.register.support import (
    DEADLINE_S,
    LOGIN,
    MORNING,
    PASSWORD,
    Clock,
    Kiosk,
    entry,
    heartbeat,
    seed,
    wait_for,
)

pytestmark = pytest.mark.both_databases

START_S = 60
"""A process imports much of Python's library before it listens, which takes time on a busy machine."""
REGISTER = [sys.executable, "-c", "from sync.register.commands.main import app; app()"]


class Process:
    """A register in a process of its own, with its clock at the morning of the entries."""

    def __init__(self, database_url: str, **environ: str) -> None:
        self.log: list[str] = []
        self.popen = subprocess.Popen(
            [*REGISTER, "serve"],
            env=os.environ
            | {"LATEBOOK_DATABASE_URL": database_url, "LATEBOOK_LOGIN_TOTP": "false"}
            | {"LATEBOOK_CLOCK_OFFSET_S": repr((MORNING - datetime.now(UTC)).total_seconds())}
            | environ,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.popen.stderr
        self.log.extend(iter(self.popen.stderr.readline, ""))

    def url(self) -> str:
        wait_for(lambda: "register.listening" in self.text, "the register to listen", START_S)
        found = re.search(r"port=(\d+)", self.text)
        assert found
        url = f"http://127.0.0.1:{found[1]}"
        wait_for(lambda: self._answers(url), "the register to answer")
        return url

    @staticmethod
    def _answers(url: str) -> bool:
        try:
            return httpx.get(f"{url}/login").status_code == 200
        except httpx.TransportError:
            return False

    @property
    def text(self) -> str:
        return "".join(self.log)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.popen.send_signal(number)
        return self.finish()

    def finish(self) -> int:
        code = self.popen.wait(DEADLINE_S)
        self._reading.join(DEADLINE_S)
        return code


@contextmanager
def process(database_url: str, **environ: str) -> Iterator[Process]:
    it = Process(database_url, **environ)
    try:
        yield it
    finally:
        if it.popen.poll() is None:
            it.popen.kill()
            it.finish()


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def seeded(database_url: str) -> str:
    """Puts the small school into a database; returns an enrolment code."""
    database = Database(database_url)
    database.migrate()
    code = seed(database, Clock())
    database.close()
    return code


SOON = {"at": "2026-11-24T09:40:00Z"}
"""After the enrolment of a kiosk in these tests, and hardly ahead of the register's clock."""


def enrolled(url: str, code: str) -> Kiosk:
    answer = httpx.post(f"{url}/api/v1/enrol?secret=1", json={"code": code, "name": "Main reception"})
    return Kiosk(url, answer.json()["token"], answer.json()["kiosk_id"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_stops_at_once_although_pages_are_open(database_url: str, number: int) -> None:
    seeded(database_url)
    with process(database_url, LATEBOOK_SERVER_PORT=free_port()) as register:
        with httpx.Client(base_url=register.url(), timeout=DEADLINE_S) as browser:
            browser.post("/login", data={"login": LOGIN, "password": PASSWORD})
            with browser.stream("GET", "/live") as stream:
                lines = stream.iter_lines()
                assert next(lines) == "event: changed"
                assert register.stop(number) == 0
                assert "event: changed" not in list(lines)  # it ends as a stream should, or this raises
        assert "register.stopped" in register.text
        assert "Traceback" not in register.text


def test_an_acknowledged_entry_survives_a_kill(database_url: str) -> None:
    code = seeded(database_url)
    sent = entry(**SOON)
    with process(database_url, LATEBOOK_SERVER_PORT=free_port()) as register:
        kiosk = enrolled(register.url(), code)
        assert kiosk.statuses(sent) == ["accepted"]
        register.stop(signal.SIGKILL)
    with process(database_url, LATEBOOK_SERVER_PORT=free_port()) as register:
        kiosk.url = register.url()
        assert kiosk.statuses(sent) == ["duplicate"]


def test_the_log_has_events_and_neither_names_nor_tokens(database_url: str) -> None:
    code = seeded(database_url)
    sent = entry(**SOON)
    with process(database_url, LATEBOOK_SERVER_PORT=free_port()) as register:
        kiosk = enrolled(register.url(), code)
        kiosk.send(sent)
        kiosk.post("/heartbeat", heartbeat())
        httpx.post(f"{kiosk.url}/login", data={"login": LOGIN, "password": "a wrong one"})
        httpx.get(f"{kiosk.url}/api/v1/bundle", headers={"Authorization": "Bearer wrong-token"})
        assert register.stop() == 0
    assert f"kiosk.enrolled kiosk={kiosk.id}" in register.text
    assert f"entry.received id={sent['id']} status=accepted" in register.text
    assert "kiosk.refused why='unknown token'" in register.text
    for secret in ("Amelia", "Kaur", "P1", kiosk.token, code, "wrong", LOGIN, "secret=1", "Main reception"):
        assert secret not in register.text


def test_a_port_in_use_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with process(f"sqlite:///{tmp_path / 'register.db'}", LATEBOOK_SERVER_PORT=port) as register:
            assert register.finish() == 2
            assert register.text.count("\n") == 1
            assert f"port {port} on 127.0.0.1 is in use" in register.text
            assert not (tmp_path / "register.db").exists()
