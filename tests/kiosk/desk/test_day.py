"""Today's entries and whereabouts, rebuilt from the journal after a restart, a new bundle or a set clock."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from attendance.reasons import Reason
from hardware.clock.clock import Reading
from kiosk.app.open_journal import open_journal, todays_entries
from kiosk.desk import SignIn, SignOut
from kiosk.journal.journal import Journal
from kiosk.journal.place import JournalPlace
from kiosk.school.school import School
from kiosk.views import DoneView, HomeView, LeftView, ReasonView, ReleaseView, SavingView
from kiosk.views.touches import ChooseEvidence, ChooseReason, Finish
from sync.wire import Kind
from tests.kiosk.reception import Reception, bundle, london, reception
from tests.kiosk.walking import collecting, to_staff, walk


def release_pupil(desk: Reception, pupil: str = "P5", letters: str = "TO") -> None:
    walk(desk, [*collecting(pupil, letters), (("releases", pupil), ReleaseView), ("settle", LeftView)])
    walk(desk, [(Finish(), HomeView)])


def lines(desk: Reception) -> list[tuple[type, str, bool]]:
    return [(type(each.visit), each.visit.pupil.id, each.undone) for each in desk.desk.today()]


def test_a_new_bundle_keeps_todays_entries(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        release_pupil(desk)
        before = lines(desk)
        school = School.of(bundle())
        desk.desk.open(school, todays_entries(desk.journal, desk.clock, school))
        assert lines(desk) == before == [(SignOut, "P5", False)]


def test_a_corrected_entry_is_listed_once_even_after_a_restart_and_a_new_bundle(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:00", trust="unknown") as desk:
        walk(desk, [(("tap", "P1"), ReasonView), (ChooseReason(Reason.OTHER), SavingView)])
        walk(desk, [("settle", DoneView)])
        desk.clock.passes(60)
        desk.clock.trust = "synced"
        desk.desk.correct_times(desk.clock.reading())
        desk.settle()
        desk.settle()
        assert lines(desk) == [(SignIn, "P1", False)]
        school, clock = School.of(bundle()), desk.clock
        desk.desk.open(school, todays_entries(desk.journal, clock, school))
        assert lines(desk) == [(SignIn, "P1", False)]
    with reception(tmp_path, clock=clock) as desk:
        assert lines(desk) == [(SignIn, "P1", False)]


def test_a_corrected_sign_out_stays_before_the_return_that_followed_it(tmp_path: Path) -> None:
    with reception(tmp_path, at="1970-01-01T01:10", trust="unknown") as desk:
        steps = collecting()
        walk(desk, [*steps[:6], (ChooseReason(Reason.MEDICAL), object)])
        walk(desk, [(ChooseEvidence(None), ReleaseView), (("releases", "P5"), ReleaseView)])
        walk(desk, [("settle", LeftView), (Finish(), HomeView)])
        desk.clock.passes(3600)
        desk.clock.at, desk.clock.trust = london("11:00"), "synced"
        walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView)])
        assert desk.view_as(DoneView).returning
        desk.desk.correct_times(desk.clock.reading())
        desk.settle()
        desk.settle()
        assert [type(each) for each in desk.desk.whereabouts()] == [SignIn], "back, and not out again"
        clock = desk.clock
    with reception(tmp_path, clock=clock) as desk:
        assert [type(each) for each in desk.desk.whereabouts()] == [SignIn]


def test_a_pupil_who_has_left_the_roster_is_still_listed(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        release_pupil(desk)
    with reception(tmp_path, at="10:30", school=bundle(pupils=(bundle().pupils[0],))) as desk:
        [entry] = desk.desk.today()
        assert entry.visit.pupil.id == "P5"


def test_opening_the_journal_gives_todays_entries_and_the_pin_tries(
    tmp_path: Path,
) -> None:
    with reception(tmp_path, at="10:00") as desk:
        release_pupil(desk)
        desk.journal.keep_bundle(bundle(), "tag").result(5)
        desk.journal.keep_pin_tries(3, 17, "boot").result(5)
        offset = desk.clock.at
    opened = open_journal(JournalPlace(tmp_path / "journal.db"), offset - datetime.now(UTC))
    try:
        assert [record.entry.kind for record in opened.today] == [Kind.DEPARTURE]
        assert (opened.etag, opened.pin_tries) == ("tag", (3, 17, "boot"))
        assert opened.school is not None
    finally:
        opened.journal.close()


def test_a_sign_out_from_another_version_without_a_collector_is_skipped(
    tmp_path: Path,
) -> None:
    with reception(tmp_path, at="10:00") as desk:
        release_pupil(desk)
        school = desk.desk.school
        [record] = desk.journal.on(london("10:00").date()).result(5)
        record = record._replace(entry=record.entry.model_copy(update={"departure": None}))
    with reception(tmp_path / "other", at="10:30") as desk:
        assert school is not None
        desk.desk.open(school, [record])
        assert desk.desk.today() == ()


def test_untrusted_readings_of_another_boot_match_no_entry_of_today(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        release_pupil(desk)
        assert desk.desk.school is not None
        who = desk.desk.school.roster.by_id("P5")
        assert who is not None
        elsewhere = Reading(london("2026-11-20T10:00"), "unknown", "another boot", 0)
        assert desk.desk.out_since(who, elsewhere) is None
        here = elsewhere._replace(boot_id="boot", monotonic_ns=60 * 10**9)
        assert desk.desk.out_since(who, here) is not None


# --- the journal's file ---------------------------------------------------------------------------


def undo_the_newest_migration(path: Path) -> None:
    """Turn the file into one of the previous version."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE entries DROP COLUMN voids")
        connection.execute("DROP TABLE pin_tries")
        connection.execute(
            "DELETE FROM _sqlite_migrations WHERE name = 'what_is_taken_back_and_pins_that_were_tried'"
        )


@pytest.mark.parametrize("damaged", [False, True], ids=["sound", "damaged"])
def test_a_file_of_the_previous_version_is_migrated_without_loss(tmp_path: Path, damaged: bool) -> None:
    with reception(tmp_path, at="10:00") as desk:
        release_pupil(desk)
        clock = desk.clock
    path = tmp_path / "journal.db"
    undo_the_newest_migration(path)
    if damaged:
        with closing(sqlite3.connect(path)) as connection:
            find = "SELECT rootpage FROM sqlite_master WHERE name = 'entries_by_date'"
            [page] = connection.execute(find).fetchone()
            [size] = connection.execute("PRAGMA page_size").fetchone()
        with path.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
    journal = Journal(path, clock.now)
    try:
        assert [record.entry.kind for record in journal.newest(10).result(5)] == [Kind.DEPARTURE]
        assert journal.pin_tries().result(5) is None
    finally:
        journal.close()
    assert bool(list(tmp_path.glob("*.damaged-*"))) is damaged


def test_the_newest_entries_are_in_order_and_limited_in_number(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        for letters, pupil in (("TO", "P5"), ("ZO", "P3"), ("AM", "P1")):
            release_pupil(desk, pupil, letters)
        newest = desk.journal.newest(2).result(5)
        assert [record.entry.pupil for record in newest] == ["P3", "P1"]
        walk(desk, to_staff())
