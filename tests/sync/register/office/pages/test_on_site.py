"""On site now and the evacuation list: what reception knows, how current it is, and what is unknown."""

import csv
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import DBAPIError

from attendance.policy.files import load
from sync.register.actor import Actor
from sync.register.kiosks.kiosks import revoke
from sync.register.marks.marks import Place, amend_mark
from sync.register.office.views.on_site import OnSite, on_site
from sync.register.permissions import Role
from sync.register.storage.models import AuditRow, KioskRow, SchoolRow, StaffRow
from tests.sync.register.departures.test_whereabouts import comes_back, leaves
from tests.sync.register.support import (
    LOGIN,
    PASSWORD,
    TUESDAY,
    Clock,
    Kiosk,
    Running,
    entry,
    heartbeat,
    void,
)


@pytest.fixture
def browser(register: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=register.url, follow_redirects=True) as client:
        client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield client


@pytest.fixture(autouse=True)
def at_noon(clock: Clock) -> None:
    clock.instant = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def site(register: Running) -> OnSite:
    with register.database.read() as session:
        return on_site(session, session.get_one(SchoolRow, "oak-lane"), now=register.clock())


def statuses(register: Running) -> dict[str, tuple[str, str]]:
    return {
        f"{line.first} {line.last}": (line.status.value, line.detail)
        for form in site(register).forms
        for line in form.lines
    }


def change_school(register: Running, **values: Any) -> None:
    with register.database.write() as session:
        row = session.get_one(SchoolRow, "oak-lane")
        for name, value in values.items():
            setattr(row, name, value)


NOT_KNOWN = ("register", "Not at reception today: see the class register")


def test_only_late_arrivals_and_departures_have_a_status(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(
        entry(1),
        leaves(2, pupil="P2"),
        leaves(3, pupil="P3", departure={"expected_back": None}),
        comes_back(4, pupil="P3"),
    )
    assert statuses(register) == {
        "Amelia Kaur": ("in", "Signed in 09:07"),
        "Leo Price": ("out", "Signed out 10:00, with Aunt May (aunt), due back 11:30"),
        "Yusuf Ahmed": ("in", "Signed back in 11:20"),
        "Maja Wójcik": NOT_KNOWN,
        "Grace O’Neil": NOT_KNOWN,
        "Tom Bell": NOT_KNOWN,
    }
    shown = site(register)
    assert (shown.roll, shown.count("out"), shown.count("in"), shown.count("register")) == (6, 1, 2, 3)


def test_a_pupil_without_a_visit_is_shown_with_the_registers_mark(register: Running, kiosk: Kiosk) -> None:
    for pupil, code in (("P1", "/"), ("P2", "I")):
        with register.database.write() as session:
            place = Place("oak-lane", pupil, TUESDAY, "AM")
            amend_mark(session, place, code, at=register.clock(), reason="x", actor=Actor("T", "Teacher"))
    assert statuses(register)["Amelia Kaur"] == ("register", "Mark in the register (AM): /, present")
    assert statuses(register)["Leo Price"] == ("register", "Mark in the register (AM): I, authorised absence")


def test_a_pupil_with_an_uncertain_time_is_to_be_checked(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(leaves(at="1970-01-01T00:01:00Z", date="1970-01-01", clock={"trust": "unknown"}))
    place, words = statuses(register)["Amelia Kaur"]
    assert (place, "the kiosk’s clock was uncertain" in words) == ("check", True)
    assert site(register).count("out") == 0


def test_a_voided_sign_out_leaves_the_pupil_on_site(register: Running, kiosk: Kiosk) -> None:
    left = leaves(1)
    kiosk.send(left)
    assert statuses(register)["Amelia Kaur"][0] == "out"
    kiosk.send(void(left, 2))
    assert statuses(register)["Amelia Kaur"] == NOT_KNOWN


def test_a_signed_out_pupil_who_is_not_on_the_roll_is_listed(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(leaves(pupil="P999"))
    last = site(register).forms[-1]
    assert (last.name, last.lines[0].last, last.lines[0].status) == (
        "Not on the roll",
        "Not on the roll",
        "out",
    )


def test_forms_are_in_numeric_order(register: Running) -> None:
    assert [form.name for form in site(register).forms] == ["7B", "8A", "9A", "10C", "11D"]


def test_each_kiosks_last_contact_is_on_the_list(
    register: Running, kiosk: Kiosk, clock: Clock, browser: httpx.Client
) -> None:
    kiosk.post("/heartbeat", heartbeat(waiting=3, last_seq=3))
    (age,) = site(register).kiosks
    assert age.description == "last heard at 12:00, under a minute ago. 3 entries are waiting there unsent"
    assert not age.fresh
    kiosk.post("/heartbeat", heartbeat())
    clock.forward(minutes=2)
    (age,) = site(register).kiosks
    assert (
        age.description == "last heard at 12:00; anyone who signed in or out there since is not on this list"
    )
    assert (age.fresh, age.grave) == (False, False)
    assert age.description in browser.get("/on-site/evacuation").text


def test_refused_entries_are_a_warning_on_the_list(
    register: Running, kiosk: Kiosk, browser: httpx.Client
) -> None:
    kiosk.send(entry(1, decision={"code": "H"}))
    queue = {"waiting": 0, "oldest_at": None, "dead": 1}
    kiosk.post("/heartbeat", heartbeat(last_seq=1, queue=queue))
    (age,) = site(register).kiosks
    assert age.description == (
        "last heard at 12:00, under a minute ago. 1 entry was refused and is not on this list: "
        "check its queue"
    )
    assert not age.fresh
    text = browser.get("/on-site/evacuation").text
    assert f'<li class="warning"><strong>Main reception:</strong> {age.description}.' in text
    assert "nothing waiting" not in text
    assert age.description in browser.get("/on-site").text


def test_entries_on_a_removed_kiosk_are_a_warning_on_the_list(
    register: Running, kiosk: Kiosk, clock: Clock, browser: httpx.Client
) -> None:
    kiosk.post("/heartbeat", heartbeat(waiting=5, last_seq=5))
    with register.database.write() as session:
        revoke(session, uuid.UUID(kiosk.id), now=clock())
    (age,) = site(register).kiosks
    assert (
        age.description
        == "last heard at 12:00, since removed from the register. 5 entries are waiting there unsent"
    )
    assert not age.fresh
    for page in ("/on-site", "/on-site/evacuation", "/on-site/evacuation/phone"):
        assert age.description in browser.get(page).text


@pytest.mark.parametrize(("now", "grave"), [((8, 0), False), ((8, 44), False), ((9, 0), True)])
def test_a_kiosk_silent_since_the_register_opened_is_a_grave_warning(
    register: Running,
    kiosk: Kiosk,
    clock: Clock,
    now: tuple[int, int],
    grave: bool,
) -> None:
    change_school(register, policy=load("wessex-mat").model_dump(mode="json"))
    clock.instant = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    kiosk.post("/heartbeat", heartbeat())
    clock.instant = datetime(2026, 11, 24, *now, tzinfo=UTC)
    (age,) = site(register).kiosks
    assert age.grave is grave
    assert ("Not heard since the register opened at" in age.description) is grave


def test_the_grave_warning_is_on_the_list_and_on_the_copy(
    register: Running, kiosk: Kiosk, clock: Clock, browser: httpx.Client
) -> None:
    change_school(register, policy=load("wessex-mat").model_dump(mode="json"))
    assert "Do not rely on this list" not in browser.get("/on-site/evacuation").text
    with register.database.write() as session:
        session.get_one(KioskRow, uuid.UUID(kiosk.id)).last_seen_at = datetime(2026, 11, 24, 7, tzinfo=UTC)
    for copy in ("", "/phone"):
        text = browser.get(f"/on-site/evacuation{copy}").text
        assert "Do not rely on this list for late arrivals or departures there." in text


def test_a_register_without_kiosks_shows_a_warning(browser: httpx.Client) -> None:
    for page in ("/on-site", "/on-site/evacuation"):
        assert "No kiosk is enrolled" in browser.get(page).text


def test_a_day_without_school_is_announced(register: Running, browser: httpx.Client) -> None:
    change_school(register, calendar={"closures": [{"first": "2026-11-24", "reason": "staff training"}]})
    for page in ("/on-site", "/on-site/evacuation"):
        assert "There is no school today: staff training" in browser.get(page).text


def test_a_year_without_school_is_not_referred_to_its_register(register: Running) -> None:
    closed = {"first": "2026-11-24", "reason": "mock exams", "years": ["11"]}
    change_school(register, calendar={"closures": [closed]})
    assert statuses(register)["Tom Bell"][1] == "No school for year 11 today: mock exams"
    assert site(register).closed_because is None


def test_the_list_has_every_pupil_by_form_with_a_tick_box_and_its_time(
    kiosk: Kiosk, browser: httpx.Client
) -> None:
    kiosk.send(leaves(pupil="P2"))
    text = browser.get("/on-site/evacuation").text
    assert text.count('type="checkbox"') == 6
    assert "<strong>12:00</strong>" in text
    assert "NOT ON SITE" in text
    assert "take the class registers too" in text


def test_the_copy_for_a_phone_is_self_contained(browser: httpx.Client) -> None:
    answer = browser.get("/on-site/evacuation/phone")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="evacuation-oak-lane-school-2026-11-24-1200.html"'
    )
    for elsewhere in ("<script", "<link", "src=", "href=", "url("):
        assert elsewhere not in answer.text
    assert "<style>" in answer.text
    assert "<strong>12:00</strong>" in answer.text
    assert answer.text.count('type="checkbox"') == 6


def test_every_row_of_the_csv_has_the_time_of_the_list(kiosk: Kiosk, browser: httpx.Client) -> None:
    kiosk.send(leaves(departure={"collector": "=1+1"}))
    answer = browser.get("/on-site/evacuation.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert len(rows) == 6
    assert {row["List made"] for row in rows} == {"Tuesday 24 November 2026, 12:00"}
    assert rows[0] | {"What reception knows": ""} == {
        "Form": "7B",
        "Last name": "Kaur",
        "First name": "Amelia",
        "Where": "out",
        "Since": "10:00",
        "What reception knows": "",
        "List made": "Tuesday 24 November 2026, 12:00",
    }


def test_opening_the_list_is_audited(register: Running, browser: httpx.Client) -> None:
    for path in ("", "/phone", ".csv"):
        assert browser.get(f"/on-site/evacuation{path}").status_code == 200
    with register.database.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "export")).all()
    assert [(row.login, row.subject) for row in rows] == [(LOGIN, "evacuation list")] * 3


def test_an_administrator_may_open_the_list(register: Running, browser: httpx.Client) -> None:
    with register.database.write() as session:
        session.get_one(StaffRow, LOGIN).role = Role.ADMINISTRATOR.value
    assert "Kaur, Amelia" in browser.get("/on-site/evacuation").text


@contextmanager
def writing_fails(register: Running) -> Iterator[None]:
    """Make every write in the block fail, as on a full or read-only disk."""
    engine = register.database.engine
    only_reads = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY"}

    def refuse(connection: Connection) -> None:
        connection.exec_driver_sql(only_reads[engine.dialect.name])

    event.listen(engine, "begin", refuse)
    try:
        with pytest.raises(DBAPIError), register.database.write() as session:
            session.get_one(StaffRow, LOGIN).name = "Nobody"
        yield
    finally:
        event.remove(engine, "begin", refuse)


@pytest.mark.parametrize("copy", ["", "/phone", ".csv"])
def test_the_list_is_shown_although_the_database_cannot_be_written(
    register: Running, browser: httpx.Client, clock: Clock, copy: str
) -> None:
    clock.forward(minutes=2)  # the session's use is due to be recorded
    with writing_fails(register):
        answer = browser.get(f"/on-site/evacuation{copy}")
    assert (answer.status_code, "Kaur" in answer.text) == (200, True)


def test_the_list_needs_a_login(register: Running) -> None:
    for path in ("", "/live", "/evacuation", "/evacuation/phone", "/evacuation.csv"):
        answer = httpx.get(f"{register.url}/on-site{path}")
        assert (answer.status_code, "Kaur" in answer.text) == (303, False)
