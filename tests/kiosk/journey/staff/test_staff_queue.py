"""The staff screen's list: today's entries, and pending ones of earlier days."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.desk.pending import MOST_PENDING
from kiosk.school.school import School
from kiosk.views import ConfirmView, HomeView, Progress, StaffView
from kiosk.views.touches import ChooseReason, Finish, GoBack, LeaveApp, Lock, UndoEntry
from sync.wire import EntryResult, EntryStatus
from tests.kiosk.reception import PUPILS, Reception, bundle, pupil, reception
from tests.kiosk.walking import all_entries, sees, to_staff, walk

A_DAY = 24 * 3600


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def sign_in(desk: Reception, *pupils: str) -> None:
    for pupil_id in pupils:
        desk.tap(pupil_id)
        desk.journey.handle(ChooseReason(Reason.OTHER))
        desk.settle()
        desk.journey.handle(Finish())


def settle(desk: Reception, **status: EntryStatus) -> None:
    """Let the register answer for the entries of these pupils."""
    results = [
        EntryResult(id=str(entry.id), status=status[entry.pupil])
        for entry in all_entries(desk)
        if entry.pupil in status
    ]
    desk.journal.settle(results, "ours").result(5)


def listed_lines(desk: Reception) -> list[tuple[str, Progress, bool, bool]]:
    walk(desk, [*to_staff(), ("settle", StaffView)])
    return [
        (line.pupil.id, line.progress, line.earlier, line.may_undo) for line in desk.view_as(StaffView).lines
    ]


def test_waiting_and_rejected_entries_are_listed_on_later_days(desk: Reception) -> None:
    sign_in(desk, "P1", "P2", "P5")
    settle(desk, P1=EntryStatus.REJECTED, P2=EntryStatus.ACCEPTED)
    desk.clock.passes(2 * A_DAY)
    sign_in(desk, "P3")
    assert listed_lines(desk) == [
        ("P3", Progress.SAVED, False, True),
        ("P5", Progress.SAVED, True, False),
        ("P1", Progress.REJECTED, True, False),
    ]
    assert [line.at.day for line in desk.view_as(StaffView).lines] == [26, 24, 24]
    assert desk.view_as(StaffView).more_pending == 0


def test_a_pupil_who_has_left_the_roster_is_listed_by_id(desk: Reception) -> None:
    sign_in(desk, "P1")
    desk.clock.passes(A_DAY)
    desk.desk.open(School.of(bundle(pupils=PUPILS[1:])))
    listed_lines(desk)
    assert [line.pupil.name for line in desk.view_as(StaffView).lines] == ["P1"]


def test_a_restart_remembers_pending_entries(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        sign_in(desk, "P1")
        settle(desk, P1=EntryStatus.REJECTED)
    with reception(tmp_path, at="2026-11-26T09:07") as desk:
        assert listed_lines(desk) == [("P1", Progress.REJECTED, True, False)]


def test_an_entry_of_today_is_listed_once(desk: Reception) -> None:
    sign_in(desk, "P1")
    settle(desk, P1=EntryStatus.REJECTED)
    assert len(listed_lines(desk)) == 1


def test_an_entry_of_a_clock_in_doubt_is_listed_once(desk: Reception) -> None:
    desk.clock.trust = "unknown"
    sign_in(desk, "P1")
    desk.clock.passes(60)
    desk.clock.at = desk.clock.at.replace(day=29)
    desk.clock.trust = "synced"
    assert len(listed_lines(desk)) == 1


def test_an_accepted_entry_leaves_the_list(desk: Reception) -> None:
    sign_in(desk, "P1")
    desk.clock.passes(A_DAY)
    assert len(listed_lines(desk)) == 1
    [entry] = all_entries(desk)
    settle(desk, P1=EntryStatus.ACCEPTED)
    walk(
        desk,
        [(("entries_settled", {entry.id: Progress.SENT}), StaffView), ("settle", sees(StaffView, lines=()))],
    )


def test_an_entry_of_an_earlier_day_cannot_be_undone(desk: Reception) -> None:
    sign_in(desk, "P1")
    [entry] = all_entries(desk)
    desk.clock.passes(A_DAY)
    listed_lines(desk)
    walk(desk, [(UndoEntry(entry.id), None), (LeaveApp(), ConfirmView), (GoBack(), StaffView)])


def test_a_void_has_no_line_of_its_own(desk: Reception) -> None:
    sign_in(desk, "P1")
    desk.desk.undo(all_entries(desk)[0].id, "R. Osei", on_saved=lambda _: None, on_failed=lambda _: None)
    desk.settle()
    desk.clock.passes(A_DAY)
    assert [line[0] for line in listed_lines(desk)] == ["P1"]
    assert desk.view_as(StaffView).lines[0].undone


def test_the_newest_pending_entries_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    many = tuple(pupil(f"P{number}", "Mia", f"Ash{number}") for number in range(1, MOST_PENDING + 4))
    with reception(tmp_path, at="08:40", school=bundle(pupils=many)) as desk:
        sign_in(desk, *(each.id for each in many))
        desk.clock.passes(A_DAY)
        lines = listed_lines(desk)
        assert [line[0] for line in lines[:2]] == [many[-1].id, many[-2].id]
        assert (len(lines), desk.view_as(StaffView).more_pending) == (MOST_PENDING, 3)


def test_a_list_that_arrives_after_the_lock_shows_nothing(desk: Reception) -> None:
    sign_in(desk, "P1")
    desk.clock.passes(A_DAY)
    walk(desk, [*to_staff(), (Lock(), HomeView), ("settle", HomeView)])


def test_an_entry_of_another_version_is_counted(desk: Reception) -> None:
    sign_in(desk, "P1")

    def write_another_version() -> None:
        desk.journal._db.execute('UPDATE entries SET body = \'{"kind": "of tomorrow"}\'')
        desk.journal._db.conn.commit()

    desk.journal._writer.submit(write_another_version).result(5)
    desk.clock.passes(A_DAY)
    assert listed_lines(desk) == []
    assert desk.view_as(StaffView).more_pending == 1
