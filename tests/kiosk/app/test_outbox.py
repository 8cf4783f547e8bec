"""The journal as the uplink sees it: a school is swapped whole, and one that lost its pupils not at once."""

from datetime import UTC, datetime

import pytest

from kiosk.app.outbox import JournalOutbox
from kiosk.journal.journal import Journal
from tests.kiosk.reception import HandClock, bundle, pupil


def roster(count):
    return tuple(pupil(f"P{n}", "Amelia", "Kent") for n in range(1, count + 1))


@pytest.fixture
def journal(tmp_path):
    journal = Journal(tmp_path / "journal.db", lambda: datetime(2026, 11, 24, tzinfo=UTC))
    yield journal
    journal.close()


@pytest.fixture
def taken():
    return []


@pytest.fixture
def outbox(journal, taken):
    clock = HandClock(datetime(2026, 11, 24, tzinfo=UTC))
    return JournalOutbox(journal, clock, dict, taken.append, None, enrolment="ours")


def kept(journal):
    return len(journal.bundle().result().bundle.pupils)


@pytest.mark.parametrize(("before", "now"), [(100, 90), (100, 100), (100, 200), (0, 5), (9, 9)])
def test_a_roster_that_has_not_shrunk_by_more_than_a_tenth_is_taken(journal, outbox, taken, before, now):
    outbox.keep_bundle(bundle(pupils=roster(before)), '"v1"')
    outbox.keep_bundle(bundle(pupils=roster(now)), '"v2"')
    assert (kept(journal), outbox.bundle_etag(), len(taken)) == (now, '"v2"', 2)
    assert outbox.vitals().held_back is None


def test_one_that_has_is_held_back_and_the_heartbeat_says_so(journal, outbox, taken):
    outbox.keep_bundle(bundle(pupils=roster(100)), '"v1"')
    with pytest.raises(ValueError, match="has 89 pupils and had 100"):
        outbox.keep_bundle(bundle(pupils=roster(89)), '"v2"')
    assert (kept(journal), outbox.bundle_etag(), len(taken)) == (100, '"v1"', 1)
    held = outbox.vitals().held_back
    assert (held.version, held.pupils, held.before) == ("v1", 89, 100)


@pytest.mark.parametrize(("agreed", "count"), [(50, 50), (50, 51), (50, 0), (None, 100)])
def test_it_is_taken_once_the_office_has_said_that_so_few_are_right(journal, outbox, agreed, count):
    outbox.keep_bundle(bundle(pupils=roster(100)), '"v1"')
    with pytest.raises(ValueError, match="the office is asked"):
        outbox.keep_bundle(bundle(pupils=roster(50)), '"v2"')
    if count == 0:  # a yes to another number is none to this one
        with pytest.raises(ValueError, match="the office is asked"):
            outbox.keep_bundle(bundle(pupils=roster(10), agreed_pupils=agreed), '"v3"')
        return
    outbox.keep_bundle(bundle(pupils=roster(count), agreed_pupils=agreed), '"v3"')
    assert (kept(journal), outbox.vitals().held_back) == (count, None)


def test_a_school_that_cannot_be_understood_leaves_the_one_in_use(journal, outbox, taken):
    outbox.keep_bundle(bundle(pupils=roster(3)), '"v1"')
    nowhere = bundle(pupils=roster(4)).model_copy(update={"policy": {}})
    with pytest.raises(ValueError, match="Policy"):
        outbox.keep_bundle(nowhere, '"v2"')
    assert (kept(journal), outbox.bundle_etag(), len(taken)) == (3, '"v1"', 1)


@pytest.mark.parametrize("printer", ["no_paper", None])
def test_the_office_is_told_how_readers_and_printer_stand(journal, taken, printer):
    clock = HandClock(datetime(2026, 11, 24, tzinfo=UTC))
    readers = {"usb:1a86:7523": "babbling"}
    vitals = JournalOutbox(
        journal, clock, lambda: readers, taken.append, None, enrolment="ours", printer=lambda: printer
    ).vitals()
    assert (vitals.readers, vitals.printer) == (readers, printer)


def test_the_heartbeat_says_what_the_kiosks_clock_shows(outbox):
    assert outbox.vitals().at == datetime(2026, 11, 24, tzinfo=UTC)
