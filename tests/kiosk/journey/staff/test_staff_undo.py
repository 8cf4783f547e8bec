"""Taking back what was entered by mistake, at the staff screen."""

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
    london,
    reception,
)
from tests.kiosk.walking import collecting, to_staff, walk

SIGN_IN = [(("tap", "P1"), ReasonView), (ChooseReason(Reason.TRAFFIC), SavingView), ("settle", DoneView)]


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def test_undo_asks_once_and_is_an_entry_that_names_the_first(desk):
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    walk(desk, [(Finish(), HomeView), *to_staff(), (UndoEntry(first.id), ConfirmView)])
    assert desk.journey.view.question is ConfirmQuestion.UNDO
    assert desk.journey.view.line.entry == first.id
    walk(desk, [(Confirm(), StaffView), ("settle", StaffView)])
    kept, void = desk.entries()
    assert kept == first
    assert (void.kind, void.voids, void.pupil, void.decision.outcome) == (Kind.VOID, first.id, "P1", "void")
    assert void.note == "Taken back at the kiosk by R. Osei (Receptionist)"
    [line] = desk.journey.view.lines
    assert (line.undone, line.may_undo) == (True, False)


def test_what_is_undone_is_as_if_it_had_not_been(desk):
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    undo(desk, first.id)
    walk(desk, [(Lock(), HomeView), (("tap", "P1"), ReasonView)])


def undo(desk, entry) -> None:
    desk.journey.handle(Finish())
    walk(desk, [*to_staff(), (UndoEntry(entry), ConfirmView), (Confirm(), StaffView), ("settle", StaffView)])


def test_an_undone_sign_out_is_no_sign_out_also_after_a_restart(tmp_path):
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("settle", LeftView)])
        undo(desk, desk.entries()[0].id)
        walk(desk, [(Lock(), HomeView), (ChooseReturning(), Trouble.NOBODY_OUT)])
        clock = desk.clock
    with reception(tmp_path, clock=clock) as desk:
        walk(desk, [(ChooseReturning(), Trouble.NOBODY_OUT), *to_staff()])
        assert [line.undone for line in desk.journey.view.lines] == [True]


def test_an_undone_return_leaves_the_pupil_out(desk):
    desk.clock.passes(3600)
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("settle", LeftView), (Finish(), HomeView)])
    desk.clock.passes(3600)
    walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView)])
    undo(desk, desk.entries()[-1].id)
    walk(desk, [(ShowPresence(), PresenceView)])
    assert [each.pupil.id for each in desk.journey.view.outside] == ["P5"]


def test_a_void_cannot_be_taken_back_and_neither_can_the_same_twice(desk):
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    undo(desk, first.id)
    void = desk.entries()[-1].id
    walk(desk, [(UndoEntry(void), None), (UndoEntry(first.id), None)])
    for entry in (void, first.id):
        with pytest.raises(ValueError, match="not one that can be taken back"):
            desk.desk.undo(entry, "somebody", saved=lambda _: None, failed=lambda _: None)


def test_a_question_can_be_answered_with_no(desk):
    walk(desk, SIGN_IN)
    walk(desk, [(Finish(), HomeView), *to_staff(), (UndoEntry(desk.entries()[0].id), ConfirmView)])
    walk(desk, [(GoBack(), StaffView), (Confirm(), None)])
    desk.settle()
    assert len(desk.entries()) == 1


def test_an_undo_that_the_disk_does_not_take_is_said(desk):
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    desk.disk_is_full()
    undo(desk, first.id)
    assert desk.journey.view.not_undone
    assert [line.undone for line in desk.journey.view.lines] == [False]


def test_an_undone_entry_in_doubt_is_not_set_right(tmp_path):
    with reception(tmp_path, at="1970-01-01T01:10", trust="unknown") as desk:
        walk(desk, [(("tap", "P1"), ReasonView), (ChooseReason(None), SavingView), ("settle", DoneView)])
        [doubted] = desk.journal.doubted("boot").result()
        undo(desk, doubted.id)
        assert desk.journal.doubted("boot").result() == []
        desk.clock.passes(60)
        desk.clock.at, desk.clock.trust = london("09:17"), "synced"
        desk.desk.set_right(desk.clock.reading())
        desk.settle()
        assert desk.entries() == []
