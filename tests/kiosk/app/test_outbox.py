"""The outbox: a new bundle replaces the school, but a much smaller roster is held back for the office."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.app.outbox import JournalOutbox
from kiosk.journal.journal import Journal
from kiosk.school.school import School
from sync.wire import Appointment, DiskState, Pupil
from tests.kiosk.reception import HandClock, bundle, pupil


def roster(count: int) -> tuple[Pupil, ...]:
    return tuple(pupil(f"P{n}", "Amelia", "Kent") for n in range(1, count + 1))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db", lambda: datetime(2026, 11, 24, tzinfo=UTC))
    yield journal
    journal.close()


@pytest.fixture
def schools() -> list[School]:
    return []


@pytest.fixture
def outbox(journal: Journal, schools: list[School]) -> JournalOutbox:
    clock = HandClock(datetime(2026, 11, 24, tzinfo=UTC))
    return JournalOutbox(journal, clock, dict, schools.append, None, enrolment="ours")


def stored_pupils(journal: Journal) -> int:
    stored = journal.bundle().result()
    assert stored is not None
    return len(stored.bundle.pupils)


@pytest.mark.parametrize(("before", "now"), [(100, 90), (100, 100), (100, 200), (0, 5), (9, 9)])
def test_a_roster_that_has_not_shrunk_by_more_than_a_tenth_is_used(
    journal: Journal, outbox: JournalOutbox, schools: list[School], before: int, now: int
) -> None:
    outbox.keep_bundle(bundle(pupils=roster(before)), '"v1"')
    outbox.keep_bundle(bundle(pupils=roster(now)), '"v2"')
    assert (stored_pupils(journal), outbox.bundle_etag(), len(schools)) == (now, '"v2"', 2)
    assert outbox.vitals().held_back is None


def test_a_roster_that_has_shrunk_more_is_held_back_and_reported_in_the_heartbeat(
    journal: Journal, outbox: JournalOutbox, schools: list[School]
) -> None:
    outbox.keep_bundle(bundle(pupils=roster(100)), '"v1"')
    with pytest.raises(ValueError, match="has 89 pupils and had 100"):
        outbox.keep_bundle(bundle(pupils=roster(89)), '"v2"')
    assert (stored_pupils(journal), outbox.bundle_etag(), len(schools)) == (100, '"v1"', 1)
    held = outbox.vitals().held_back
    assert held is not None
    assert (held.version, held.pupils, held.before) == ("v1", 89, 100)


@pytest.mark.parametrize(("agreed", "count"), [(50, 50), (50, 51), (50, 0), (None, 100)])
def test_a_smaller_roster_is_used_once_the_office_has_confirmed_its_size(
    journal: Journal, outbox: JournalOutbox, agreed: int | None, count: int
) -> None:
    outbox.keep_bundle(bundle(pupils=roster(100)), '"v1"')
    with pytest.raises(ValueError, match="the office must confirm it first"):
        outbox.keep_bundle(bundle(pupils=roster(50)), '"v2"')
    if count == 0:  # a confirmation of another number does not count
        with pytest.raises(ValueError, match="the office must confirm it first"):
            outbox.keep_bundle(bundle(pupils=roster(10), agreed_pupils=agreed), '"v3"')
        return
    outbox.keep_bundle(bundle(pupils=roster(count), agreed_pupils=agreed), '"v3"')
    assert (stored_pupils(journal), outbox.vitals().held_back) == (count, None)


def test_an_invalid_bundle_leaves_the_present_school_in_use(
    journal: Journal, outbox: JournalOutbox, schools: list[School]
) -> None:
    outbox.keep_bundle(bundle(pupils=roster(3)), '"v1"')
    invalid = bundle(pupils=roster(4)).model_copy(update={"policy": {}})
    with pytest.raises(ValueError, match="Policy"):
        outbox.keep_bundle(invalid, '"v2"')
    assert (stored_pupils(journal), outbox.bundle_etag(), len(schools)) == (3, '"v1"', 1)


def test_why_a_child_was_away_long_ago_is_not_kept(journal: Journal, outbox: JournalOutbox) -> None:
    days = [date(2026, 9, 7), date(2026, 11, 23), date(2026, 12, 1)]
    outbox.keep_bundle(
        bundle(appointments=[Appointment(pupil="P5", date=day, kind="medical") for day in days]), '"v1"'
    )
    stored = journal.bundle().result()
    assert stored is not None
    assert [each.date for each in stored.bundle.appointments] == days[1:]


@pytest.mark.parametrize("printer", ["no_paper", None])
def test_the_heartbeat_reports_the_state_of_readers_and_printer(
    journal: Journal, schools: list[School], printer: str | None
) -> None:
    clock = HandClock(datetime(2026, 11, 24, tzinfo=UTC))
    readers = {"usb:1a86:7523": "babbling"}
    vitals = JournalOutbox(
        journal, clock, lambda: readers, schools.append, None, enrolment="ours", printer=lambda: printer
    ).vitals()
    assert (vitals.readers, vitals.printer) == (readers, printer)


def test_the_heartbeat_has_the_state_of_the_disk(journal: Journal, schools: list[School]) -> None:
    clock = HandClock(datetime(2026, 11, 24, tzinfo=UTC))
    disk = DiskState(free=5, read_only=True)
    vitals = JournalOutbox(
        journal, clock, dict, schools.append, None, enrolment="ours", storage=lambda: disk
    ).vitals()
    assert vitals.disk == disk


def test_the_heartbeat_has_the_kiosks_time(outbox: JournalOutbox) -> None:
    assert outbox.vitals().at == datetime(2026, 11, 24, tzinfo=UTC)
