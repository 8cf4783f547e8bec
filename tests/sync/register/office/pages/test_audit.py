"""The Audit page: its lines, filters and pages, and the export."""

import csv
import io
import uuid
from collections.abc import Iterator

import httpx
import pytest

from sync.register import audit
from sync.register.actor import Actor, Person
from sync.register.departures.release import refuse
from sync.register.office.views.audit import NOT_SHOWN, PAGE
from sync.register.permissions import Role
from sync.register.schools.pupil_record import ContactDetails, RecordChange, add_contact
from tests.sync.register.pages import Office, office
from tests.sync.register.support import LOGIN, Clock, Kiosk, Running

DEPARTURE = uuid.UUID("0193a000-0000-7000-8000-000000000001")
HEAD = Actor("Head Name", "Deputy head", "oak-lane", "head", address="192.0.2.1")


@pytest.fixture
def senior(register: Running) -> Iterator[Office]:
    with office(register, "head", Role.SENIOR) as it:
        yield it


def note(register: Running, action: audit.Action, actor: Actor = HEAD, **more: object) -> None:
    with register.database.write() as session:
        audit.note(session, actor, action, now=register.clock(), **more)  # type: ignore[arg-type]  # detail is JSON


def lines(page: httpx.Response) -> list[str]:
    return page.text.split('<tbody role="rowgroup">')[-1].split("</tbody>")[0].split("<tr ")[1:]


def table(answer: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_lines_are_newest_first_with_user_action_time_and_address(
    senior: Office, register: Running, clock: Clock
) -> None:
    clock.forward(minutes=5)
    note(register, audit.Action.PUPIL_SEEN, subject="P1", page="pupil")
    newest = lines(senior.get("/audit"))[0]
    for words in ("24 Nov 2026, 09:38:00", "Head Name", "Deputy head", "192.0.2.1", "record seen"):
        assert words in newest
    assert "Amelia Kaur (7B)" in newest


def barred_collector_released(register: Running, kiosk: Kiosk) -> None:
    """The office lists a barred contact, refuses the release and gives the reason."""
    office_person = Person(LOGIN, "J. Office", "Attendance officer", "oak-lane", Role.OFFICE)
    request = {"pupil": "P1", "collector": "Barred Person", "reason": "medical"}
    kiosk.post(f"/departures/{DEPARTURE}/request", request)
    change = RecordChange(office_person.actor("192.0.2.1"), "P1", register.clock())
    with register.database.write() as session:
        add_contact(session, change, ContactDetails("Uncle Barred", "uncle", may_collect=False))
    with register.database.write() as session:
        refuse(session, DEPARTURE, office_person.actor("192.0.2.1"), "court order", now=register.clock())


SECRET = ("Amelia", "Barred", "uncle", "may_collect", "court order")


def test_an_administrator_sees_no_pupils_name_and_no_barred_contact(register: Running, kiosk: Kiosk) -> None:
    barred_collector_released(register, kiosk)
    with office(register, "admin", Role.ADMINISTRATOR) as admin:
        for path in ("/audit", "/audit.csv"):
            page = admin.get(path).text
            assert ("P1" in page, NOT_SHOWN in page) == (True, True)
            assert [secret for secret in SECRET if secret in page] == []
        assert lines(admin.get("/audit?pupil=Amelia")) == []
        assert len(lines(admin.get("/audit?pupil=P1"))) == 2
    with office(register, "head", Role.SENIOR) as senior:
        for path in ("/audit", "/audit.csv"):
            page = senior.get(path).text
            assert [secret for secret in SECRET if secret not in page] == []
            assert NOT_SHOWN not in page


def test_a_detail_that_the_table_does_not_list_is_withheld(register: Running) -> None:
    for action in audit.Action:
        note(register, action, subject="P1", remark="Uncle Barred")
    with office(register, "admin", Role.ADMINISTRATOR) as admin:
        page = admin.get("/audit?pupil=P1")
    assert ("Uncle Barred" in page.text, page.text.count(NOT_SHOWN)) == (False, len(audit.Action))


def test_an_administrator_sees_details_without_pupils(register: Running) -> None:
    note(register, audit.Action.SETTINGS_CHANGED, what="language", before="en", after="ur")
    with office(register, "admin", Role.ADMINISTRATOR) as admin:
        assert "what: language; before: en; after: ur" in admin.get("/audit").text


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("person=office", 1),
        ("person=Head+Na", 3),
        ("action=export", 1),
        ("pupil=amelia+k", 1),
        ("pupil=P2", 1),
        ("pupil=Nobody", 0),
        ("day=2026-11-23", 1),
        ("day=2026-11-22", 0),
        ("person=head&action=export&day=2026-11-24", 1),
        ("person=100%25", 0),
    ],
)
def test_lines_are_filtered_by_user_action_pupil_and_day(
    senior: Office, register: Running, clock: Clock, query: str, found: int
) -> None:
    before = clock.instant
    clock.instant = before.replace(day=23, hour=23, minute=59)
    other = Actor("J. Office", "Attendance officer", "oak-lane", LOGIN, address="192.0.2.2")
    note(register, audit.Action.PUPIL_SEEN, other, subject="P1")
    clock.instant = before
    note(register, audit.Action.PUPIL_SEEN, subject="P2")
    note(register, audit.Action.EXPORT, subject="today")
    assert len(lines(senior.get(f"/audit?{query}"))) == found


@pytest.mark.both_databases
def test_an_older_page_continues_where_the_newer_one_ended(senior: Office, register: Running) -> None:
    for number in range(PAGE + 5):
        note(register, audit.Action.EXPORT, subject=f"list {number:03}")
    first = senior.get("/audit")
    older = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = senior.get(older.replace("&amp;", "&"))
    assert len(lines(first)) == PAGE
    assert "list 004" in lines(second)[0]
    assert "Newer" in second.text


def test_the_file_has_every_matching_line_and_no_formula(senior: Office, register: Running) -> None:
    visitor = Actor("=HYPERLINK(1)", "kiosk", "oak-lane", None, address="192.0.2.3")
    note(register, audit.Action.ENROLMENT, visitor, subject="+44", whose="@SUM(A1)")
    answer = senior.get("/audit.csv?person=HYPERLINK")
    assert answer.headers["content-disposition"].startswith('attachment; filename="oak-lane-school-audit-')
    header, row = table(answer)
    assert header[0] == "When"
    assert row[1] == "'=HYPERLINK(1)"
    assert row[5] == "'+44"
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "<strong>" not in answer.text
    assert "export" in lines(senior.get("/audit"))[0]


def test_another_schools_audit_is_not_shown(senior: Office, register: Running) -> None:
    stranger = Actor("unknown", "", address="192.0.2.9")
    note(register, audit.Action.SIGN_IN_FAILED, stranger)
    assert "a login that does not exist" not in senior.get("/audit").text  # it is a line of the list
    assert "192.0.2.9" in senior.get("/audit").text
    with office(register, "elsewhere", Role.SENIOR, school="elm") as other:
        for browser, own in ((senior, "Head Name"), (other, "Elsewhere Name")):
            page = browser.get("/audit").text + browser.get("/audit.csv").text
            assert own in page
            assert "192.0.2.9" not in page  # with two schools, the attempt belongs to neither
            assert (
                "someone tried once to log in to this register with a user name that does not exist" in page
            )
        assert "Head Name" not in other.get("/audit").text
        assert "Elsewhere Name" not in senior.get("/audit.csv").text


def test_a_kiosk_is_shown_by_its_name(senior: Office, kiosk: Kiosk) -> None:
    assert kiosk.id not in senior.get("/audit").text
    assert "Main reception" in senior.get("/audit?action=kiosk+enrolled").text
