"""A roster uploaded at the office page: read, reviewed, then imported or discarded."""

import re
import uuid
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select

from sync.register.accounts.sessions import person
from sync.register.permissions import Role
from sync.register.roster import uploads
from sync.register.roster.applying import agreed_pupils
from sync.register.roster.files import MOST_BYTES, Source
from sync.register.roster.plan import Plan
from sync.register.roster.roll import RollPupil
from sync.register.roster.uploads import RosterUpload
from sync.register.schools.schools import bundle
from sync.register.storage.models import AuditRow, ImportRow, ImportState, PupilRow, SchoolRow
from tests.sync.register.office_client import Office, at_the_office, content
from tests.sync.register.roster.support import SCHOOL, csv, pupils, upn, zipped
from tests.sync.register.support import Kiosk, Running, wait_for

HEADING = "Adm No,UPN,Surname,Forename,NC Year,Reg Group,Date of Birth"


def roster(first: int, last: int, *more: str) -> Source:
    rows = [f"{n:04d},{upn(n)},Bell{n},Ida,7,7B,2014-01-01" for n in range(first, last + 1)]
    return csv(HEADING, *rows, *more)


@pytest.fixture
def office(register: Running) -> Iterator[Office]:
    with at_the_office(register) as it:
        yield it


@pytest.fixture
def thirty(office: Office) -> None:
    """Thirty pupils instead of the six that the school began with."""
    take(office, hand_in(office, roster(1, 30)), shrink="true")


def hand_in(office: Office, *sources: Source, **fields: str) -> httpx.Response:
    """Upload files, and wait until they have been read."""
    files = [("files", (each.name, each.content)) for each in sources]
    answer = office.submit("/roster", files=files, **fields)
    assert answer.status_code == 200, content(answer)
    where = answer.url.path
    wait_for(lambda: "HX-Refresh" in office.get(f"{where}/progress").headers, "the file to be read")
    return office.get(where)


def take(office: Office, preview: httpx.Response, **fields: str) -> httpx.Response:
    agreed = re.search(r'name="agreed" value="([^"]+)"', preview.text)
    where = re.search(r'action="(/roster/[^"]+/apply)"', preview.text)
    assert agreed, content(preview)
    assert where
    return office.submit(where[1], agreed=agreed[1], **fields)


def on_roll(register: Running) -> list[str]:
    return [each.id for each in pupils(register.database).values() if each.on_roll]


def test_a_roster_is_previewed_and_only_then_applied(office: Office, register: Running, kiosk: Kiosk) -> None:
    take(office, hand_in(office, roster(1, 29)), shrink="true")
    shown = hand_in(office, roster(2, 30, ",,,Leo,99,,"))
    text = content(shown)
    for words in (
        "CSV · UTF-8, comma",
        "admission number Adm No",
        "Not read: Date of Birth",
        "New 1 Changed 0 Gone 0 Unchanged 28 Rows not imported 1",
        "pupils.csv, line 31: not imported: there is no last name",
        "Kept: 1",
    ):
        assert words in text, words
    assert "0030" not in on_roll(register)
    done = content(take(office, shown))
    assert "Done: 1 new, 0 changed, 0 gone, 28 unchanged, 1 row not imported." in done
    assert "0030" in on_roll(register)
    assert len(kiosk.get("/bundle").json()["pupils"]) == 30
    with register.database.read() as session:
        action = select(AuditRow).where(AuditRow.action == "roster import").order_by(AuditRow.id.desc())
        row = session.scalars(action).first()
        assert row is not None
        assert (row.name, row.subject, row.detail["new"]) == ("J. Office", "pupils.csv", 1)


@pytest.mark.usefixtures("thirty")
def test_the_same_file_twice_changes_nothing(office: Office, kiosk: Kiosk) -> None:
    before = kiosk.get("/bundle").headers["etag"]
    text = content(hand_in(office, roster(1, 30)))
    assert "There is nothing to change" in text
    assert "Apply these changes" not in text
    assert kiosk.get("/bundle").headers["etag"] == before


@pytest.mark.usefixtures("thirty")
def test_a_roster_that_shrinks_needs_a_confirmation_of_its_own_and_kiosks_get_the_number(
    office: Office, register: Running, kiosk: Kiosk
) -> None:
    shown = hand_in(office, roster(1, 20))
    assert "30 → 20 pupils, 10 gone: yes, this is right" in content(shown)
    refused = take(office, shown)
    assert refused.status_code == 409
    assert "would take 10 of 30 pupils off the roll, more than a tenth" in content(refused)
    assert len(on_roll(register)) == 30
    take(office, shown, shrink="true")
    assert len(on_roll(register)) == 20
    assert kiosk.get("/bundle").json()["agreed_pupils"] == 20
    take(office, hand_in(office, roster(1, 21)))
    assert kiosk.get("/bundle").json()["agreed_pupils"] == 20, "a kiosk that was off may yet learn of it"
    take(office, hand_in(office, roster(1, 25)))
    assert kiosk.get("/bundle").json()["agreed_pupils"] is None


@pytest.mark.usefixtures("thirty")
def test_a_plan_that_has_changed_is_shown_again(office: Office, register: Running) -> None:
    first, second = hand_in(office, roster(1, 31)), hand_in(office, roster(1, 32))
    take(office, second)
    again = take(office, first)
    assert again.status_code == 409
    assert "The register has changed since you looked, so nothing was imported." in content(again)
    assert "Gone 1" in content(again)
    assert len(on_roll(register)) == 32
    take(office, again)
    assert len(on_roll(register)) == 31


@pytest.mark.usefixtures("thirty")
def test_a_discarded_import_is_deleted_and_cannot_be_decided_twice(office: Office, register: Running) -> None:
    shown = hand_in(office, roster(1, 31))
    assert "pupils.csv" in content(office.get("/roster"))
    office.submit(f"{shown.url.path}/discard")
    assert "Waiting for a decision" not in content(office.get("/roster"))
    late = take(office, shown)
    assert late.status_code == 409
    assert "This import is discarded" in content(late)
    with register.database.read() as session:
        rows = session.scalars(select(ImportRow)).all()
        assert [row.reading for row in rows] == [None] * len(rows)
    assert len(on_roll(register)) == 30


def test_only_the_fields_that_are_read_are_stored(office: Office, register: Running) -> None:
    hand_in(office, roster(1, 30))
    with register.database.read() as session:
        row = session.scalars(select(ImportRow)).one()
        whole = str({column.name: getattr(row, column.name) for column in row.__table__.columns})
        assert "2014-01-01" not in whole + str(uploads._reading(row))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (csv("Vorname,Name", "Leo,Price"), "has no column for"),
        (Source("x.zip", b"PK\x03\x04damaged"), "x.zip is a damaged zip file; export it again"),
        (Source("x.xls", b"\xd0\xcf\x11\xe0"), "is an Excel workbook; save it as"),
        (csv(HEADING), "no pupil in the roster can be imported"),
    ],
)
def test_a_file_that_cannot_be_imported_is_reported_in_one_sentence(
    office: Office, source: Source, expected: str
) -> None:
    text = content(hand_in(office, source))
    assert "This cannot be imported: " in text
    assert expected in text
    assert "--" not in text, "nothing of the command line"


def test_columns_can_be_named_and_a_zip_is_opened(office: Office, register: Running) -> None:
    odd = zipped({"odd.csv": "Surname,Vorname,Stage\nPrice,Nils,9\n"})
    shown = hand_in(office, odd, column_first="Vorname", column_year="Stage", whole="part")
    assert "first name Vorname" in content(shown)
    assert "Gone 0" in content(shown)
    take(office, shown)
    assert "n1" in on_roll(register)


def test_a_file_that_is_too_large_is_refused_and_a_large_one_is_not(office: Office) -> None:
    padding = b"0001,,Bell,Ida,7,7B," + b"x" * 4000 + b"\n"
    large = HEADING.encode() + b"\n" + padding * 1000  # more than any kiosk may send
    assert "New 1" in content(hand_in(office, Source("large.csv", large)))
    files = [("files", ("huge.csv", b"x" * (MOST_BYTES + 2 * 1024 * 1024)))]
    assert office.submit("/roster", files=files).status_code == 413
    assert "No file was chosen." in content(office.submit("/roster"))


def test_importing_needs_the_permission(register: Running) -> None:
    with at_the_office(register, Role.OFFICE) as office:
        assert office.get("/roster").status_code == 403
        files = [("files", ("pupils.csv", roster(1, 3).content))]
        assert office.submit("/roster", files=files).status_code == 403
        assert office.get(f"/roster/{uuid.uuid4()}").status_code == 403
    with register.database.read() as session:
        assert session.scalars(select(ImportRow)).all() == []


def begun(register: Running) -> uuid.UUID:
    with register.database.write() as session:
        handed_in = RosterUpload([roster(1, 3)], {}, None, None)
        return uploads.begin(session, person(session, "office"), handed_in, now=register.clock())


def test_a_reading_whose_worker_has_died_counts_as_failed(office: Office, register: Running) -> None:
    lost = begun(register)
    assert 'aria-label="Rows read"' in office.get(f"/roster/{lost}").text
    register.clock.forward(minutes=3)
    assert "the register was stopped while reading it; upload it again" in content(
        office.get(f"/roster/{lost}")
    )


def test_an_import_is_deleted_after_an_hour(office: Office, register: Running) -> None:
    shown = hand_in(office, roster(1, 3))
    register.clock.forward(minutes=20)
    office.get("/roster")
    register.clock.forward(minutes=20)
    office.get("/roster")
    register.clock.forward(minutes=21)
    assert office.get(shown.url.path).status_code == 404
    begun(register)
    with register.database.read() as session:
        assert [row.state for row in session.scalars(select(ImportRow))] == [ImportState.READING]


def test_another_schools_import_is_not_visible(office: Office, register: Running) -> None:
    theirs = begun(register)
    with register.database.write() as session:
        elm = SchoolRow(
            id="elm",
            name="Elm",
            zone="Europe/London",
            card_key="00",
            policy={},
            calendar={},
            bundle_version="",
        )
        session.add(elm)
        session.flush()
        session.get_one(ImportRow, theirs).school_id = "elm"
    for path in (f"/roster/{theirs}", f"/roster/{theirs}/progress"):
        assert office.get(path).status_code == 404
    assert office.submit(f"/roster/{theirs}/apply", agreed="x").status_code == 404
    assert office.submit(f"/roster/{theirs}/discard").status_code == 404


def test_progress_is_recorded_during_the_reading(register: Running) -> None:
    import_id, seen = begun(register), []

    def now() -> object:
        with register.database.read() as session:
            row = session.get_one(ImportRow, import_id)
            seen.append((row.done, row.expected))
        return register.clock()

    handed_in = RosterUpload([roster(1, 5000)], {}, None, None)
    uploads.read_upload(register.database, import_id, handed_in, now=now)  # type: ignore[arg-type]  # it looks, too
    numbers = [done for done, _ in seen]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) >= 5
    assert seen[-1][1] in (5000, 5001), "about as many as there are"


@pytest.mark.parametrize(
    ("before", "gone", "new", "after"),
    [
        (None, 0, 5, None),
        (None, 1, 0, None),
        (None, 20, 0, 80),
        (95, 7, 0, 93),
        (95, 0, 3, 95),
        (90, 0, 0, None),
    ],
)
def test_an_agreed_size_applies_while_the_roster_stays_about_as_small(
    before: int | None, gone: int, new: int, after: int | None
) -> None:
    one = RollPupil("1", "A", "B", None, "7", "7B", None, None, None)
    plan = Plan(
        school=SCHOOL,
        new=(one,) * new,
        changed=(),
        gone=(one,) * gone,
        unchanged=100 - gone,
        held=(),
        faults=(),
        on_roll=100,
        fingerprint="",
    )
    assert agreed_pupils(before, plan) == after


def test_the_bundle_has_the_agreed_size(register: Running) -> None:
    with register.database.write() as session:
        session.get_one(SchoolRow, SCHOOL).agreed_pupils = 6
        assert bundle(session, SCHOOL).agreed_pupils == 6
        assert session.get_one(PupilRow, (SCHOOL, "P1")).left_on is None
