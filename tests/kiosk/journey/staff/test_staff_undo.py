"""Undoing an entry at the staff screen."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from attendance.reasons import Reason
from kiosk.views import (
    ConfirmQuestion,
    ConfirmView,
    DoneView,
    HomeView,
    LeftView,
    PresenceView,
    ReasonView,
    ReleaseView,
    SavingView,
    StaffView,
    Trouble,
)
from kiosk.views.touches import (
    ChooseReason,
    ChooseReturning,
    Confirm,
    Finish,
    GoBack,
    Lock,
    ShowPresence,
    UndoEntry,
)
from sync.wire import Kind
from tests.kiosk.reception import (
    Reception,
    london,
    reception,
)
from tests.kiosk.walking import Steps, collecting, present, to_staff, walk

SIGN_IN: Steps = [
    (("tap", "P1"), ReasonView),
    (ChooseReason(Reason.TRAFFIC), SavingView),
    ("settle", DoneView),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def test_undo_is_confirmed_and_adds_a_void_of_the_entry(desk: Reception) -> None:
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    walk(desk, [(Finish(), HomeView), *to_staff(), (UndoEntry(first.id), ConfirmView)])
    assert desk.view_as(ConfirmView).question is ConfirmQuestion.UNDO
    assert present(desk.view_as(ConfirmView).line).entry == first.id
    walk(desk, [(Confirm(), StaffView), ("settle", StaffView)])
    kept, void = desk.entries()
    assert kept == first
    assert (void.kind, void.voids, void.pupil, void.decision.outcome) == (Kind.VOID, first.id, "P1", "void")
    assert void.note == "Taken back at the kiosk by R. Osei (Receptionist)"
    [line] = desk.view_as(StaffView).lines
    assert (line.undone, line.may_undo) == (True, False)


def test_a_pupil_whose_entry_was_undone_can_sign_in_again(desk: Reception) -> None:
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    undo(desk, first.id)
    walk(desk, [(Lock(), HomeView), (("tap", "P1"), ReasonView)])


def undo(desk: Reception, entry: UUID) -> None:
    desk.journey.handle(Finish())
    walk(desk, [*to_staff(), (UndoEntry(entry), ConfirmView), (Confirm(), StaffView), ("settle", StaffView)])


def test_an_undone_departure_stays_undone_after_a_restart(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("settle", LeftView)])
        undo(desk, desk.entries()[0].id)
        walk(desk, [(Lock(), HomeView), (ChooseReturning(), Trouble.NOBODY_OUT)])
        clock = desk.clock
    with reception(tmp_path, clock=clock) as desk:
        walk(desk, [(ChooseReturning(), Trouble.NOBODY_OUT), *to_staff()])
        assert [line.undone for line in desk.view_as(StaffView).lines] == [True]


def test_an_undone_return_leaves_the_pupil_out(desk: Reception) -> None:
    desk.clock.passes(3600)
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("settle", LeftView), (Finish(), HomeView)])
    desk.clock.passes(3600)
    walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView)])
    undo(desk, desk.entries()[-1].id)
    walk(desk, [(ShowPresence(), PresenceView)])
    assert [each.pupil.id for each in desk.view_as(PresenceView).outside] == ["P5"]


def test_neither_a_void_nor_an_undone_entry_can_be_undone(desk: Reception) -> None:
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    undo(desk, first.id)
    void = desk.entries()[-1].id
    walk(desk, [(UndoEntry(void), None), (UndoEntry(first.id), None)])
    for entry in (void, first.id):
        with pytest.raises(ValueError, match="cannot be undone"):
            desk.desk.undo(entry, "R. Osei", on_saved=lambda _: None, on_failed=lambda _: None)


def test_an_undo_that_is_not_confirmed_changes_nothing(desk: Reception) -> None:
    walk(desk, SIGN_IN)
    walk(desk, [(Finish(), HomeView), *to_staff(), (UndoEntry(desk.entries()[0].id), ConfirmView)])
    walk(desk, [(GoBack(), StaffView), (Confirm(), None)])
    desk.settle()
    assert len(desk.entries()) == 1


def test_an_undo_that_the_disk_does_not_take_is_shown_as_failed(desk: Reception) -> None:
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    desk.disk_is_full()
    undo(desk, first.id)
    assert desk.view_as(StaffView).undo_failed
    assert [line.undone for line in desk.view_as(StaffView).lines] == [False]


def test_an_undone_entry_with_a_doubtful_time_is_not_corrected(tmp_path: Path) -> None:
    with reception(tmp_path, at="1970-01-01T01:10", trust="unknown") as desk:
        walk(desk, [(("tap", "P1"), ReasonView), (ChooseReason(None), SavingView), ("settle", DoneView)])
        [doubted] = desk.journal.untrusted_entries("boot").result()
        undo(desk, doubted.id)
        assert desk.journal.untrusted_entries("boot").result() == []
        desk.clock.passes(60)
        desk.clock.at, desk.clock.trust = london("09:17"), "synced"
        desk.desk.correct_times(desk.clock.reading())
        desk.settle()
        assert desk.entries() == []
