"""The Changes page: its list, filters and pages, and the export."""

from datetime import date

import httpx
import pytest
from sqlalchemy import select

from sync.register.actor import Actor
from sync.register.marks.marks import Place, amend_mark
from sync.register.office.views.changes import PAGE
from sync.register.storage.models import AuditRow
from tests.sync.register.support import TUESDAY, Clock, Kiosk, Running, entry


def amend(register: Running, code: str | None, *, pupil: str = "P1", name: str = "T. Teacher") -> None:
    with register.database.write() as session:
        place = Place("oak-lane", pupil, TUESDAY, "AM")
        amend_mark(
            session, place, code, at=register.clock(), reason="seen in class", actor=Actor(name, "Teacher")
        )


@pytest.fixture
def history(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    """Amelia's L by the kiosk, amended by a teacher on the next day; Maja's M by another."""
    kiosk.send(entry())
    clock.forward(days=1)
    amend(register, "/")
    amend(register, "M", pupil="P4", name="A. Head")


@pytest.mark.usefixtures("history")
def test_a_change_shows_original_amended_mark_reason_time_and_author(office: httpx.Client) -> None:
    text = office.get("/changes").text
    for words in (
        "Amelia Kaur",
        "Tuesday 24 November, AM",
        "L, 22 min",
        "seen in class",
        "T. Teacher (Teacher)",
        "Wednesday 25 November 2026, 09:33:00",
        "Main reception (kiosk)",
    ):
        assert words in text
    assert "2026-11-25 09:33:00,Amelia Kaur" in office.get("/changes.csv").text, (
        "for a spreadsheet to sort by"
    )


@pytest.mark.both_databases
@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("criteria", "pupils"),
    [
        ({}, ["Maja Wójcik", "Amelia Kaur", "Amelia Kaur"]),
        ({"pupil": "P1"}, ["Amelia Kaur", "Amelia Kaur"]),
        ({"pupil": "wojcik"}, ["Maja Wójcik"]),
        ({"pupil": "nobody"}, []),
        ({"day": "2026-11-25"}, ["Maja Wójcik", "Amelia Kaur"]),
        ({"day": "2026-11-24"}, ["Maja Wójcik", "Amelia Kaur", "Amelia Kaur"]),
        ({"day": "2026-11-23"}, []),
        ({"by": "T. Teacher"}, ["Amelia Kaur"]),
        ({"by": "people"}, ["Maja Wójcik", "Amelia Kaur"]),
        ({"by": "kiosks"}, ["Amelia Kaur"]),
    ],
)
def test_changes_are_filtered_by_pupil_day_and_author(
    office: httpx.Client, criteria: dict[str, str], pupils: list[str]
) -> None:
    found = office.get("/changes.csv", params=criteria).text.splitlines()[1:]
    assert [next(name for name in ("Maja Wójcik", "Amelia Kaur") if name in line) for line in found] == pupils


def test_a_long_list_has_pages_and_the_file_has_every_change(office: httpx.Client, register: Running) -> None:
    for number in range(PAGE + 3):
        amend(register, "M" if number % 2 else "I")
    first = office.get("/changes").text
    assert first.count('<tr role="row">') == PAGE + 1
    address = first.split('rel="next"')[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    second = office.get(address).text
    assert second.count('<tr role="row">') == 3 + 1
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second
    assert len(office.get("/changes.csv").text.splitlines()) == PAGE + 3 + 1


@pytest.mark.usefixtures("history")
def test_viewing_one_pupils_changes_and_exporting_are_audited(
    office: httpx.Client, register: Running
) -> None:
    office.get("/changes")
    office.get("/changes", params={"pupil": "Amelia"})
    office.get("/changes.csv")
    with register.database.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action.in_(["export", "pupil's record seen"])))
        assert [(row.action, row.subject) for row in rows] == [
            ("pupil's record seen", "P1"),
            ("export", "changes"),
        ]


def test_the_file_is_named_after_the_school_and_the_day(office: httpx.Client) -> None:
    answer = office.get("/changes.csv")
    assert answer.headers["content-disposition"].endswith('"oak-lane-school-changes-2026-11-24.csv"')
    assert date.fromisoformat("2026-11-24") == TUESDAY


@pytest.mark.parametrize("before", ["99999999999999999999", "0", "-1"])
def test_an_unknown_change_id_shows_an_empty_page(office: httpx.Client, before: str) -> None:
    assert office.get("/changes", params={"before": before}).status_code == 200
