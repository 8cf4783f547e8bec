"""On site now and the evacuation list: what reception knows, how old that is, and what it does not know."""

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


def said(register: Running) -> dict[str, tuple[str, str]]:
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


def test_reception_knows_who_came_late_and_who_left_and_says_so_of_nobody_else(
    register: Running, kiosk: Kiosk
) -> None:
    kiosk.send(
        entry(1),
        leaves(2, pupil="P2"),
        leaves(3, pupil="P3", departure={"expected_back": None}),
        comes_back(4, pupil="P3"),
    )
    assert said(register) == {
        "Amelia Kaur": ("in", "Signed in 09:07"),
        "Leo Price": ("out", "Signed out 10:00, with Aunt May (aunt), due back 11:30"),
        "Yusuf Ahmed": ("in", "Signed back in 11:20"),
        "Maja Wójcik": NOT_KNOWN,
        "Grace O’Neil": NOT_KNOWN,
        "Tom Bell": NOT_KNOWN,
    }
    shown = site(register)
    assert (shown.roll, shown.count("out"), shown.count("in"), shown.count("register")) == (6, 1, 2, 3)


def test_a_mark_in_the_register_is_told_of_those_who_signed_nothing(register: Running, kiosk: Kiosk) -> None:
    for pupil, code in (("P1", "/"), ("P2", "I")):
        with register.database.write() as session:
            place = Place("oak-lane", pupil, TUESDAY, "AM")
            amend_mark(session, place, code, at=register.clock(), reason="x", actor=Actor("T", "Teacher"))
    assert said(register)["Amelia Kaur"] == ("register", "Mark in the register (AM): /, present")
    assert said(register)["Leo Price"] == ("register", "Mark in the register (AM): I, authorised absence")


def test_who_is_not_certain_is_to_be_looked_for(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(leaves(at="1970-01-01T00:01:00Z", date="1970-01-01", clock={"trust": "unknown"}))
    place, words = said(register)["Amelia Kaur"]
    assert (place, "the kiosk’s clock was uncertain" in words) == ("check", True)
    assert site(register).count("out") == 0


def test_a_sign_out_that_was_taken_back_has_them_on_site(register: Running, kiosk: Kiosk) -> None:
    left = leaves(1)
    kiosk.send(left)
    assert said(register)["Amelia Kaur"][0] == "out"
    kiosk.send(void(left, 2))
    assert said(register)["Amelia Kaur"] == NOT_KNOWN


def test_somebody_who_left_without_being_on_the_roll_is_on_the_list(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(leaves(pupil="P999"))
    last = site(register).forms[-1]
    assert (last.name, last.lines[0].last, last.lines[0].status) == (
        "Not on the roll",
        "Not on the roll",
        "out",
    )


def test_forms_stand_in_the_order_in_which_people_count(register: Running) -> None:
    assert [form.name for form in site(register).forms] == ["7B", "8A", "9A", "10C", "11D"]


def test_the_age_of_what_each_kiosk_has_told_is_on_the_list(
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


def test_what_was_refused_is_a_warning_on_the_list(
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


def test_what_waits_on_a_kiosk_that_was_taken_out_is_a_warning_on_the_list(
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
def test_a_kiosk_not_heard_since_the_register_opened_is_a_grave_warning(
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


def test_a_register_without_a_kiosk_says_that_it_knows_of_nobody(browser: httpx.Client) -> None:
    for page in ("/on-site", "/on-site/evacuation"):
        assert "No kiosk is enrolled" in browser.get(page).text


def test_a_day_without_school_says_so(register: Running, browser: httpx.Client) -> None:
    change_school(register, calendar={"closures": [{"first": "2026-11-24", "reason": "staff training"}]})
    for page in ("/on-site", "/on-site/evacuation"):
        assert "There is no school today: staff training" in browser.get(page).text


def test_a_year_that_has_no_school_is_not_looked_for_in_its_register(register: Running) -> None:
    closed = {"first": "2026-11-24", "reason": "mock exams", "years": ["11"]}
    change_school(register, calendar={"closures": [closed]})
    assert said(register)["Tom Bell"][1] == "No school for year 11 today: mock exams"
    assert site(register).closed_because is None


def test_the_list_has_everybody_by_form_with_a_box_to_tick_and_its_time(
    kiosk: Kiosk, browser: httpx.Client
) -> None:
    kiosk.send(leaves(pupil="P2"))
    text = browser.get("/on-site/evacuation").text
    assert text.count('type="checkbox"') == 6
    assert "<strong>12:00</strong>" in text
    assert "NOT ON SITE" in text
    assert "take the class registers too" in text


def test_the_copy_for_a_phone_needs_nothing_else(browser: httpx.Client) -> None:
    answer = browser.get("/on-site/evacuation/phone")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="evacuation-oak-lane-school-2026-11-24-1200.html"'
    )
    for elsewhere in ("<script", "<link", "src=", "href=", "url("):
        assert elsewhere not in answer.text
    assert "<style>" in answer.text
    assert "<strong>12:00</strong>" in answer.text
    assert answer.text.count('type="checkbox"') == 6


def test_the_list_as_a_table_has_when_it_was_made_in_every_row(kiosk: Kiosk, browser: httpx.Client) -> None:
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


def test_whoever_takes_the_list_is_in_the_audit(register: Running, browser: httpx.Client) -> None:
    for path in ("", "/phone", ".csv"):
        assert browser.get(f"/on-site/evacuation{path}").status_code == 200
    with register.database.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "export")).all()
    assert [(row.login, row.subject) for row in rows] == [(LOGIN, "evacuation list")] * 3


def test_an_administrator_has_the_list_too(register: Running, browser: httpx.Client) -> None:
    with register.database.write() as session:
        session.get_one(StaffRow, LOGIN).role = Role.ADMINISTRATOR.value
    assert "Kaur, Amelia" in browser.get("/on-site/evacuation").text


@contextmanager
def writing_fails(register: Running) -> Iterator[None]:
    """Every transaction refuses to write, as on a disk that is full or read-only."""
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
def test_nothing_that_the_disk_refuses_stands_between_a_warden_and_the_list(
    register: Running, browser: httpx.Client, clock: Clock, copy: str
) -> None:
    clock.forward(minutes=2)  # that the session is used is due to be written
    with writing_fails(register):
        answer = browser.get(f"/on-site/evacuation{copy}")
    assert (answer.status_code, "Kaur" in answer.text) == (200, True)


def test_nobody_sees_the_list_who_is_not_logged_in(register: Running) -> None:
    for path in ("", "/live", "/evacuation", "/evacuation/phone", "/evacuation.csv"):
        answer = httpx.get(f"{register.url}/on-site{path}")
        assert (answer.status_code, "Kaur" in answer.text) == (303, False)
