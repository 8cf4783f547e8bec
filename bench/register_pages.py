"""Office page benchmarks: a long day and a whole year."""

import http.client
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, select
from uuid6 import uuid7

from attendance.calendar import Calendar
from attendance.reasons import Reason
from bench.measure import Measurement, in_turn
from demo.school import DemoSchool, oak_lane
from demo.seed import seed
from sync.register.accounts.sessions import open_session
from sync.register.office.views.school_days import school_days
from sync.register.office.views.today import PAGE
from sync.register.office.web.guard import COOKIE
from sync.register.server.app import create_app
from sync.register.server.server import RegisterServer, listen
from sync.register.storage.database import Database
from sync.register.storage.models import EntryRow, KioskRow, MarkChangeRow, MarkRow
from sync.wire import ClockReading, Entry, EntryDecision, Kind, Trust

TODAY = date(2027, 7, 20)
NOW = datetime(2027, 7, 20, 12, 30, tzinfo=UTC)
A_DAY = 5_000
TODAY_BUDGET_S = 0.2
LATE_SHARE = 0.06
"""The share of pupils who are late each day: more than at most schools."""
START_S = 30


def results(folder: Path) -> Iterator[Measurement]:
    """Measure the office pages. `folder` is on the disk to be measured."""
    demo = oak_lane()
    path = folder / "pages.db"
    url = f"sqlite:///{path}"
    login = seed(url, demo, TODAY, NOW).login
    database = Database(url)
    kiosk = _kiosk(database, demo.school.id)
    _fill_year(database, demo, kiosk)
    _fill_day(database, demo, kiosk)
    with database.write() as session:
        token = open_session(session, login, now=NOW)
    database.close()
    bare = sqlite3.connect(path)
    with _serving(url) as port:
        yield from _today(port, token, bare, demo.school.id)
        yield _punctuality(port, token, bare, demo.school.id)
        yield _changes(port, token, bare, demo.school.id)
    bare.close()


TODAY_ROWS = """
    SELECT e.id, e.kind, e.at, e.received_at, e.date, e.reason, e.outcome, e.code, e.suggested,
           e.minutes_late, e.taken_back, p.first, p.preferred, p.last, p.form, m.code
    FROM entries e
    LEFT JOIN pupils p ON p.school_id = e.school_id AND p.id = e.pupil
    LEFT JOIN marks m ON m.school_id = e.school_id AND m.pupil = e.pupil AND m.date = e.date
                     AND m.session = e.session
    WHERE e.school_id = ? AND e.date = ? ORDER BY e.at DESC LIMIT ? OFFSET ?
"""


def _today(port: int, token: str, bare: sqlite3.Connection, school: str) -> Iterator[Measurement]:
    last = A_DAY // PAGE
    for path, which, skip in (
        ("/today/live", "newest", 0),
        (f"/today/live?page={last}", "oldest", A_DAY - PAGE),
    ):
        get_page = _page_getter(port, token, path, PAGE)
        values = (school, str(TODAY), PAGE, skip)
        first, second = in_turn(100, get_page, partial(_select, bare, values))
        what = f"Today, a day of {A_DAY:,} visits, the {which} {PAGE} shown"
        yield Measurement(what, first, "a bare SELECT of the rows", second, budget_s=TODAY_BUDGET_S)


def _select(bare: sqlite3.Connection, values: tuple[str, str, int, int]) -> list[Any]:
    return bare.execute(TODAY_ROWS, values).fetchall()


def _punctuality(port: int, token: str, bare: sqlite3.Connection, school: str) -> Measurement:
    sql = """
        SELECT m.pupil, m.date, m.session, m.code, e.reason FROM marks m
        LEFT JOIN entries e ON e.id = m.entry_id
        WHERE m.school_id = ? AND m.date >= '2026-08-01' AND m.code IN ('L', 'U')
    """
    page = _page_getter(port, token, "/punctuality?period=year", 1)
    first, second = in_turn(50, page, lambda: bare.execute(sql, (school,)).fetchall())
    return Measurement("Punctuality of a year", first, "a bare SELECT of its marks", second, budget_s=0.3)


def _changes(port: int, token: str, bare: sqlite3.Connection, school: str) -> Measurement:
    sql = "SELECT * FROM mark_changes WHERE school_id = ? ORDER BY id DESC LIMIT 101"
    page = _page_getter(port, token, "/changes", 1)
    first, second = in_turn(50, page, lambda: bare.execute(sql, (school,)).fetchall())
    return Measurement("Changes, the newest hundred", first, "a bare SELECT of them", second)


def _page_getter(port: int, token: str, path: str, rows: int) -> Callable[[], None]:
    """A function that fetches the page at `path` and checks that it has at least `rows` rows."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"{COOKIE}={token}"}

    def get() -> None:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != http.HTTPStatus.OK or text.count(b'<tr role="row">') < rows:
            raise RuntimeError(f"{path} answered {answer.status} with {len(text)} bytes, too few rows")

    get()
    return get


@contextmanager
def _serving(url: str) -> Iterator[int]:
    app = create_app(url, now=lambda: NOW)
    listener = listen("127.0.0.1", 0)
    server = RegisterServer(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="register")
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(START_S)


def _kiosk(database: Database, school: str) -> KioskRow:
    with database.write() as session:
        kiosk = KioskRow(
            id=uuid7(),
            school_id=school,
            name="Main reception",
            token_hash="none",  # noqa: S106 -- not a hash: this kiosk never sends
            enrolled_at=NOW,
            last_seen_at=NOW,
        )
        session.add(kiosk)
    with database.read() as session:
        return session.scalars(select(KioskRow)).one()


def _fill_year(database: Database, demo: DemoSchool, kiosk: KioskRow) -> None:
    """Write a year of late pupils; about a quarter arrive after the register has closed."""
    draw = Random(2026)  # noqa: S311  not a secret
    calendar = Calendar.model_validate(demo.calendar.model_dump())
    days = school_days(calendar, date(2026, 9, 1), TODAY - timedelta(days=1))
    late = [
        (pupil.id, day)
        for day, pupil in product(days, demo.pupils)
        if draw.random() < LATE_SHARE * (3 if pupil.id.endswith("7") else 0.8)
    ]
    rows = [_visit(kiosk, draw, seq, pupil, day) for seq, (pupil, day) in enumerate(late, start=1)]
    _write(database, rows)


def _fill_day(database: Database, demo: DemoSchool, kiosk: KioskRow) -> None:
    """Write more visits on one day than any school has."""
    draw = Random(2027)  # noqa: S311  not a secret
    pupils = [demo.pupils[n % len(demo.pupils)].id for n in range(A_DAY)]
    _write(database, [_visit(kiosk, draw, 10**6 + n, pupil, TODAY) for n, pupil in enumerate(pupils)])


def _visit(kiosk: KioskRow, draw: Random, seq: int, pupil: str, day: date) -> dict[str, Any]:
    closed = draw.random() < 0.25
    minutes = draw.randrange(31, 90) if closed else draw.randrange(1, 30)
    at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(
        hours=8, minutes=minutes, seconds=seq % 60
    )
    reason = draw.choice(list(Reason))
    decision = EntryDecision(
        outcome="after_close" if closed else "late",
        code="U" if closed else "L",
        minutes_late=minutes,
        policy="wessex-mat",
        policy_version="none",
    )
    entry = Entry(
        id=uuid7(),
        seq=seq,
        kind=Kind.ARRIVAL,
        pupil=pupil,
        at=at,
        date=day,
        session="AM",
        decision=decision,
        reason=reason,
        clock=ClockReading(trust=Trust.SYNCED, boot_id="b", monotonic_ns=1),
    )
    return {
        "id": entry.id,
        "school_id": kiosk.school_id,
        "kiosk_id": kiosk.id,
        "raw": entry.model_dump_json(),
        "content_hash": "",
        "epoch": 1,
        "seq": seq,
        "kind": "arrival",
        "pupil": pupil,
        "at": at,
        "date": day,
        "session": "AM",
        "reason": reason.value,
        "outcome": decision.outcome,
        "code": decision.code,
        "suggested": None,
        "minutes_late": minutes,
        "received_at": at,
        "status": "accepted",
    }


def _write(database: Database, visits: list[dict[str, Any]]) -> None:
    """Write the entries, the mark from each pupil's first entry of a day, and its change."""
    first = {(each["pupil"], each["date"]): each for each in reversed(visits)}
    places = [
        {name: each[name] for name in ("school_id", "pupil", "date", "session")}
        | {
            "code": each["code"],
            "minutes_late": each["minutes_late"],
            "entry_id": each["id"],
            "at": each["at"],
        }
        for each in first.values()
    ]
    marks = [
        {name: value for name, value in place.items() if name != "at"}
        | {"source": "kiosk", "changed_at": place["at"]}
        for place in places
    ]
    changes = [
        {name: place[name] for name in ("school_id", "pupil", "date", "session", "entry_id", "at")}
        | {"original": None, "reason": "arrival at a kiosk", "name": "Main reception", "position": "kiosk"}
        | {"amended": _as_json(place)}
        for place in places
    ]
    with database.write() as session:
        for table, rows in ((EntryRow, visits), (MarkRow, marks), (MarkChangeRow, changes)):
            session.execute(insert(table), rows)


def _as_json(place: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": place["code"],
        "minutes_late": place["minutes_late"],
        "source": "kiosk",
        "entry_id": str(place["entry_id"]),
    }
