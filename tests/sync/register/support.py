"""A small school, entries as a kiosk would send them, and a register on a real port."""

import asyncio
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from typing import Any

import httpx
from fastapi import FastAPI

from sync.register.accounts.sessions import add_staff
from sync.register.context import Register
from sync.register.kiosks.kiosks import make_enrolment_code
from sync.register.schools.schools import ContactRecord, SchoolRecord, load_school
from sync.register.server.app import create_app
from sync.register.server.server import RegisterServer, listen
from sync.register.storage.database import Database
from sync.register.storage.models import KioskRow
from sync.wire import Appointment, BundleSchool, PlanDay, Pupil, PupilPlan

TUESDAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 24, 9, 33, tzinfo=UTC)
LOGIN, PASSWORD = "office", "correct horse battery"
DEADLINE_S = 60


class Clock:
    """The clock that tests hand to the register and move."""

    def __init__(self, instant: datetime = MORNING) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant

    def forward(self, **span: float) -> None:
        self.instant += timedelta(**span)


PART_TIME = PupilPlan(
    code="C2",
    days={"tue": PlanDay(due_in=wall(10, 30))},
    first=date(2026, 9, 1),
    review=date(2027, 7, 31),
)
PUPILS = [
    Pupil(id="P1", first="Amelia", last="Kaur", year="7", form="7B"),
    Pupil(id="P2", first="Leo", last="Price", year="10", form="10C"),
    Pupil(id="P3", first="Yusuf", last="Ahmed", year="8", form="8A"),
    Pupil(id="P4", first="Maja", last="Wójcik", year="9", form="9A"),
    Pupil(id="P5", first="Grace", last="O’Neil", year="7", form="7B", plans=[PART_TIME]),
    Pupil(id="P6", first="Thomas", preferred="Tom", last="Bell", year="11", form="11D"),
]


def school_record(**changes: Any) -> SchoolRecord:
    values: dict[str, Any] = {
        "school": BundleSchool(id="oak-lane", name="Oak Lane School"),
        "card_key": "0b" * 32,
        "policy": {"name": "oak-lane"},
        "pupils": PUPILS,
        "cards": {"aa" * 32: "P1", "bb" * 32: "P2"},
        "contacts": [
            ContactRecord(id="C1", pupil="P1", name="Aunt May", relationship="aunt", may_collect=True),
            ContactRecord(id="C2", pupil="P1", name="Barred Person", relationship="other", may_collect=False),
        ],
        "appointments": [Appointment(pupil="P4", date=TUESDAY, kind="medical", until=wall(10, 30))],
    }
    return SchoolRecord.model_validate(values | changes)


def seed(database: Database, clock: Clock) -> str:
    """Store the school and one staff account; returns an enrolment code."""
    with database.write() as session:
        load_school(session, school_record())
        add_staff(
            session,
            school="oak-lane",
            login=LOGIN,
            name="J. Office",
            position="Attendance officer",
            password=PASSWORD,
        )
        return make_enrolment_code(session, "oak-lane", now=clock()).code


def entry(seq: int = 1, /, **changes: Any) -> dict[str, Any]:
    """An L at 09:07:42 for Amelia, with changes; `decision` and `clock` are changed key by key."""
    decision = {
        "outcome": "late",
        "code": "L",
        "suggested": None,
        "minutes_late": 22,
        "needs_office": False,
        "policy": "oak-lane",
        "policy_version": "abc123",
        "opens": "08:45",
        "late_after": "08:45",
        "closes": "09:15",
        "unauthorised_after": "09:15",
    } | changes.pop("decision", {})
    clock = {"trust": "synced", "boot_id": "boot", "monotonic_ns": 1} | changes.pop("clock", {})
    values = {
        "id": str(uuid.uuid4()),
        "seq": seq,
        "kind": "arrival",
        "pupil": "P1",
        "at": "2026-11-24T09:07:42.120Z",
        "date": "2026-11-24",
        "session": "AM",
        "reason": "overslept",
        "note": None,
    }
    return values | {"decision": decision, "clock": clock} | changes


def void(target: dict[str, Any], seq: int, **changes: Any) -> dict[str, Any]:
    """A void of that entry."""
    decision = {"outcome": "void", "code": None, "minutes_late": None}
    return entry(seq, kind="void", pupil=target["pupil"], voids=target["id"], decision=decision, **changes)


def heartbeat(waiting: int = 0, last_seq: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "queue": {"waiting": waiting, "oldest_at": "2026-11-24T09:29:00Z" if waiting else None, "dead": 0},
        "clock": {"trust": "synced", "boot_id": "boot", "monotonic_ns": 1},
        "readers": {"front": "ready"},
        "printer": None,
        "version": "0.1.0",
        "uptime_s": 60,
        "last_seq": last_seq,
    } | changes


@dataclass
class Kiosk:
    """A kiosk's end of the wire."""

    url: str
    token: str
    id: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, path: str, body: Any) -> httpx.Response:
        return httpx.post(f"{self.url}/api/v1{path}", json=body, headers=self.headers)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.url}/api/v1{path}", headers=self.headers | headers)

    def send(self, *entries: Any) -> list[dict[str, Any]]:
        """Send a batch, which the register must accept, and return its results."""
        answer = self.post("/entries", {"entries": list(entries)})
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def knows(self, pupil: str) -> dict[str, Any]:
        """The pupil in the bundle that the kiosk is sent."""
        return next(each for each in self.get("/bundle").json()["pupils"] if each["id"] == pupil)

    def statuses(self, *entries: Any) -> list[str]:
        return [result["status"] for result in self.send(*entries)]


@dataclass
class Running:
    """A register that listens on a port of this machine."""

    url: str
    register: Register
    clock: Clock
    code: str

    @property
    def database(self) -> Database:
        return self.register.database

    def new_code(self) -> str:
        with self.database.write() as session:
            return make_enrolment_code(session, "oak-lane", now=self.clock()).code

    def enrol(self, name: str = "Main reception", *, for_days: int = 30) -> Kiosk:
        """A kiosk that was enrolled so many days ago: no mark is written for a time before that."""
        code, self.code = self.code or self.new_code(), ""
        answer = httpx.post(f"{self.url}/api/v1/enrol", json={"code": code, "name": name})
        assert answer.status_code == 201, answer.text
        kiosk = Kiosk(self.url, answer.json()["token"], answer.json()["kiosk_id"])
        if for_days:
            with self.database.write() as session:
                session.get_one(KioskRow, uuid.UUID(kiosk.id)).enrolled_at -= timedelta(days=for_days)
        return kiosk


@contextmanager
def serving(app: FastAPI, *, trusted_proxies: Sequence[str] = ()) -> Iterator[str]:
    """Serve an app on a free port with the product's server; yields its address."""
    listener = listen("127.0.0.1", 0)
    server = PromptServer(app, trusted_proxies=trusted_proxies)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="register")
    thread.start()
    try:
        wait_for(lambda: server.started, "the register to start")
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(DEADLINE_S)
        assert not thread.is_alive(), "the register did not stop"


class PromptServer(RegisterServer):
    """The product's server, checking every 10 ms instead of every 100 whether to stop."""

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks // 10):
            ticks += 1
            await asyncio.sleep(0.01)


@contextmanager
def running(
    database_url: str, clock: Clock, *, demo_clock: bool = False, totp: bool = False
) -> Iterator[Running]:
    """A register with the small school in it, on a real port and a real database."""
    app = create_app(database_url, now=clock, demo_clock=demo_clock, totp=totp)
    register: Register = app.state.register
    code = seed(register.database, clock)
    with serving(app) as url:
        yield Running(url, register, clock, code)


def wait_for(condition: Any, what: str, seconds: float = DEADLINE_S) -> None:
    """Wait until the condition holds, or fail at the deadline."""
    event = threading.Event()
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        event.wait(0.01)
