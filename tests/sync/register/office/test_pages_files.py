"""The exports of Leaving, People, an import, the settings, a mark and a record."""

import csv
import io
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select

from sync.register.office.views.roster_import import MOST_SHOWN
from sync.register.permissions import Role
from sync.register.storage.models import AuditRow
from tests.sync.register.departures.test_whereabouts import leaves
from tests.sync.register.pages import Office, office
from tests.sync.register.support import LOGIN, Clock, Kiosk, Running, entry, wait_for

DEPARTURE = "0193a000-0000-7000-8000-000000000001"


@pytest.fixture
def senior(register: Running) -> Iterator[Office]:
    with office(register, "head", Role.SENIOR) as it:
        yield it


@pytest.fixture
def administrator(register: Running) -> Iterator[Office]:
    with office(register, "admin", Role.ADMINISTRATOR) as it:
        yield it


def table(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_pupils_out_and_answered_requests_are_exported(senior: Office, kiosk: Kiosk, clock: Clock) -> None:
    clock.forward(minutes=28)
    kiosk.send(leaves(1, pupil="P2"))
    request = {"pupil": "P1", "collector": "=Stranger", "reason": "medical"}
    kiosk.post(f"/departures/{DEPARTURE}/request", request)
    senior.post(f"/leaving/{DEPARTURE}/refuse", {"why": "no one knows them"})
    (out,) = table(senior.get("/leaving/out.csv"))
    assert (out["Pupil"], out["Since"], out["With"], out["Back"]) == (
        "Leo Price",
        "10:00",
        "Aunt May (aunt)",
        "11:30",
    )
    (answered,) = table(senior.get("/leaving/answered.csv"))
    assert (answered["Pupil"], answered["Asked for by"], answered["Why"]) == (
        "Amelia Kaur",
        "'=Stranger",
        "no one knows them",
    )
    for file in ("/leaving/out.csv", "/leaving/answered.csv"):
        assert f'href="{file}"' in senior.get("/leaving").text


def test_accounts_and_pins_are_exported_to_their_managers_without_secrets(
    administrator: Office,
) -> None:
    given = administrator.post("/people/pins", {"name": "T. Teacher", "position": "Teacher"})
    assert given.status_code == 200
    listed = administrator.get("/people/accounts.csv")
    assert {row["Login"]: row["Role"] for row in table(listed)} == {
        LOGIN: "office",
        "admin": "administrator",
    }
    pins = administrator.get("/people/pins.csv")
    assert table(pins) == [{"Name": "T. Teacher", "Position": "Teacher"}]
    assert "argon2" not in listed.text + pins.text


def test_every_faulty_row_of_a_roster_is_exported(administrator: Office) -> None:
    number = MOST_SHOWN + 20
    bad = "".join(f"X{each},First,Last {each},99,1A\n" for each in range(number))
    roster = f"id,first name,last name,year,form\nP1,Amelia,Kaur,7,7B\n{bad}"
    handed_in = administrator.client.post(
        "/roster", data={"form_token": administrator.token}, files={"files": ("roster.csv", roster)}
    )
    page = handed_in.url.path
    wait_for(lambda: "Rows with problems" in administrator.get(page).text, "the roster to be read")
    assert f"line {number + 2}" not in administrator.get(page).text
    rows = table(administrator.get(f"{page}/faults.csv"))
    assert len(rows) == number
    assert f"line {number + 2}" in rows[-1]["Rows with problems"]
    assert administrator.get(f"{page}/changed.csv").status_code == 200
    administrator.post(f"{page}/discard")
    assert administrator.get(f"{page}/faults.csv").status_code == 404


def test_the_policys_versions_are_exported(senior: Office, kiosk: Kiosk) -> None:
    kiosk.get("/bundle")
    (version,) = table(senior.get("/settings/versions.csv"))
    assert (version["Policy"], version["First sent"], version["In use"]) == ("oak-lane", "2026-11-24", "yes")


def test_every_change_of_a_mark_is_exported(senior: Office, kiosk: Kiosk) -> None:
    kiosk.send(entry(1))
    where = "pupil=P1&on=2026-11-24&half=AM"
    form = {"pupil": "P1", "on": "2026-11-24", "half": "AM", "code": "I", "reason": "a call", "seen": "1"}
    page = senior.get(f"/mark?{where}").text
    form["seen"] = page.split('name="seen" value="')[1].split('"')[0]
    senior.post("/mark", form)
    changes = table(senior.get(f"/mark.csv?{where}"))
    assert [(each["From"], each["To"], each["Reason"]) for each in changes] == [
        ("No mark", "L, 22 min", changes[0]["Reason"]),
        ("L, 22 min", "I", "a call"),
    ]
    assert f"/mark.csv?{where}".replace("&", "&amp;") in page


def test_exporting_a_pupils_record_is_audited(senior: Office, kiosk: Kiosk, register: Running) -> None:
    kiosk.send(entry(1))
    rows = [tuple(row.values()) for row in table(senior.get("/pupil.csv?id=P1"))]
    assert ("Who collects", "Barred Person", "may NOT collect", "other") in rows
    assert ("Marks", "Tuesday 24 November", "AM L, PM —", "22 min late") in rows
    with register.database.read() as session:
        noted = session.execute(select(AuditRow.action, AuditRow.subject).order_by(AuditRow.id.desc())).all()
    assert [tuple(each) for each in noted[:2]] == [("export", "pupil record"), ("pupil's record seen", "P1")]
    assert 'href="/pupil.csv?id=P1"' in senior.get("/pupil?id=P1").text
