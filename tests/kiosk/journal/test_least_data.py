"""What earlier versions kept on the disk is gone after the next start."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kiosk.journal.journal import Journal
from kiosk.journal.seals import seal
from sync.wire import Appointment
from tests.kiosk.reception import HandClock, bundle, london

AUNT = {"id": "C1", "pupil": "P5", "name": "Ottilie Featherstonehaugh", "relationship": "aunt"}


def journal_of_an_earlier_version(path: Path, bundles: int) -> None:
    """Write a journal whose bundles have contacts, each replaced by the next as earlier versions did."""
    with closing(Journal(path, HandClock(london("09:07")).now)) as journal:
        journal.keep_bundle(bundle(), '"v0"').result()
    with closing(sqlite3.connect(path)) as connection:
        [number] = connection.execute("SELECT journal FROM counter").fetchone()
        [text] = connection.execute("SELECT body FROM bundle").fetchone()
        for version in range(bundles):
            contacts = [AUNT | {"id": f"C{each}"} for each in range((bundles - version) * 300)]
            body = json.dumps(json.loads(text) | {"contacts": contacts})
            with connection:
                connection.execute(
                    "UPDATE bundle SET etag = ?, body = ?, seal = ?",
                    [f'"v{version}"', body, seal(number, f'"v{version}"', body)],
                )


def bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("bundles", [1, 3])
def test_contacts_of_an_earlier_version_are_gone_after_a_start_also_from_free_pages(
    tmp_path: Path, bundles: int
) -> None:
    path = tmp_path / "journal.db"
    journal_of_an_earlier_version(path, bundles)
    assert AUNT["name"].encode() in bytes_below(tmp_path)
    with closing(Journal(path, HandClock(london("09:08")).now)) as journal:
        stored = journal.bundle().result()
        assert stored is not None
        assert (stored.bundle.pupils, stored.etag) == (bundle().pupils, f'"v{bundles - 1}"')
        assert AUNT["name"].encode() not in bytes_below(tmp_path)
        assert journal.put_aside().result() is None
    assert AUNT["name"].encode() not in bytes_below(tmp_path)


def test_what_is_deleted_leaves_the_file(tmp_path: Path) -> None:
    clock = HandClock(london("09:07"))
    path = tmp_path / "journal.db"
    with closing(Journal(path, clock.now)) as journal:
        for version, count in (("Ottilie", 300), ("Nobody", 1)):
            pupil = bundle().pupils[0].model_copy(update={"first": version})
            journal.keep_bundle(bundle(pupils=(pupil,) * count), f'"{version}"').result()
    assert b"Ottilie" not in bytes_below(tmp_path)


def test_appointments_of_days_long_past_leave_the_stored_bundle(tmp_path: Path) -> None:
    days = [date(2026, 11, day) for day in (2, 16, 17, 24)]
    dentist = [Appointment(pupil="P5", date=day, kind="medical", until="10:30") for day in days]
    path = tmp_path / "journal.db"
    with closing(Journal(path, HandClock(london("09:07")).now)) as journal:
        journal.drop_appointments(days[2]).result()  # without a bundle
        journal.keep_bundle(bundle(appointments=dentist), '"v1"').result()
        for _ in range(2):
            journal.drop_appointments(days[2]).result()
            stored = journal.bundle().result()
            assert stored is not None
            assert (stored.bundle.appointments, stored.etag) == (dentist[2:], '"v1"')
            assert stored.bundle.pupils == bundle().pupils
    assert b"2026-11-02" not in bytes_below(tmp_path)
    with closing(Journal(path, HandClock(london("09:08")).now)) as journal:
        assert journal.put_aside().result() is None, "the bundle's seal fits"
