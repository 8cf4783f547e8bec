"""The staff screen: who gets in, what is to be seen and done there, and how it locks."""

import pytest

from kiosk.attendance.reasons import Reason
from kiosk.journey import CLEANING_S, IDLE_S, STAFF_S, CardResult
from kiosk.pins import FIRST_LOCK_S, FREE_TRIES
from kiosk.views import (
    CardStep,
    CardView,
    CleaningView,
    ConfirmView,
    DoneView,
    FindView,
    HomeView,
    LeftView,
    Link,
    PinState,
    PinView,
    PresenceView,
    Progress,
    Purpose,
    Question,
    ReasonView,
    ReleaseView,
    SavingView,
    Sound,
    StaffView,
    Status,
    Trouble,
    What,
)
from sync.wire import CardAssignment, CardRevocation, Kind, card_hash
from tests.kiosk.reception import (
    KEY,
    bundle,
    card_of,
    closed_on_wednesday,
    london,
    reception,
)
from tests.kiosk.walking import collecting, to_staff, walk

SIGN_IN = [(("tap", "P1"), ReasonView), (("choose_reason", Reason.TRAFFIC), SavingView), ("settle", DoneView)]


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def wrong(desk, times: int) -> None:
    for _ in range(times):
        desk.pin("0000")


# --- the PIN -------------------------------------------------------------------------------------


def test_a_pin_opens_and_says_whose_it_is(desk):
    walk(desk, [("choose_staff", PinView), (("pin", "190283"), StaffView)])
    assert desk.journey.view.who == "M. Lindqvist"


def test_figures_are_counted_and_never_shown(desk):
    walk(desk, [("choose_staff", PinView)])
    for figure in "471":
        desk.journey.press_digit(figure)
    assert (desk.journey.view.typed, desk.journey.view.whole) == (3, False)
    walk(desk, [("pin_done", None)])
    desk.journey.press_digit("1")
    assert desk.journey.view.whole
    desk.journey.erase()
    assert desk.journey.view.typed == 3
    desk.journey.press_digit("x")
    assert desk.journey.view.typed == 3
    for figure in "2345678":
        desk.journey.press_digit(figure)
    assert desk.journey.view.typed == 8
    assert not any("4711" in repr(frame) for frame in desk.frames)


def test_a_wrong_pin_is_said_and_heard(desk):
    walk(desk, [("choose_staff", PinView), (("pin", "0000"), PinView)])
    assert desk.journey.view.state is PinState.WRONG
    assert desk.frames[-1].sound is Sound.ATTENTION
    walk(desk, [(("pin", "4711"), StaffView)])


def test_five_wrong_ones_lock_and_the_right_one_is_not_looked_at(desk):
    walk(desk, [("choose_staff", PinView)])
    wrong(desk, FREE_TRIES)
    assert (desk.journey.view.state, desk.journey.view.locked_s) == (PinState.LOCKED, 15)
    walk(desk, [("back", HomeView), ("choose_staff", PinView)])
    assert (desk.journey.view.state, desk.journey.view.locked_s) == (PinState.LOCKED, 15)
    for figure in "4711":
        desk.journey.press_digit(figure)
    assert desk.journey.view.typed == 0
    desk.waits(5)
    assert desk.journey.view.locked_s == 10
    desk.waits(FIRST_LOCK_S - 5)
    assert desk.journey.view.state is PinState.TYPING
    walk(desk, [(("pin", "4711"), StaffView)])


def test_a_pad_that_is_locked_is_left_at_idle_all_the_same(desk):
    walk(desk, [("choose_staff", PinView)])
    wrong(desk, FREE_TRIES + 2)
    for _ in range(int(IDLE_S)):
        desk.waits(1)
    assert isinstance(desk.journey.view, HomeView)


def test_each_wrong_one_more_locks_twice_as_long(desk):
    walk(desk, [("choose_staff", PinView)])
    wrong(desk, FREE_TRIES)
    for seconds in (15, 30, 60, 120):
        assert desk.pins.locked_s == seconds
        desk.clock.passes(seconds)
        walk(desk, [("go_home", HomeView), ("choose_staff", PinView)])
        wrong(desk, 1)


def test_a_lock_is_never_longer_than_half_an_hour(desk):
    walk(desk, [("choose_staff", PinView)])
    wrong(desk, FREE_TRIES)
    for _ in range(20):
        desk.clock.passes(desk.pins.locked_s)
        walk(desk, [("go_home", HomeView), ("choose_staff", PinView)])
        wrong(desk, 1)
    assert desk.pins.locked_s == 1800


def test_a_right_one_forgets_the_wrong_ones(desk):
    walk(desk, [("choose_staff", PinView)])
    wrong(desk, FREE_TRIES - 1)
    walk(desk, [(("pin", "4711"), StaffView), ("lock", HomeView), ("choose_staff", PinView)])
    wrong(desk, FREE_TRIES - 1)
    assert desk.pins.locked_s == 0


def test_a_restart_forgets_no_wrong_pin(tmp_path):
    with reception(tmp_path) as desk:
        walk(desk, [("choose_staff", PinView)])
        wrong(desk, FREE_TRIES)
        clock = desk.clock
    clock.passes(5)
    with reception(tmp_path, clock=clock) as desk:
        assert desk.pins.locked_s == 10
    clock.boot, clock.seconds = "another boot", 3.0
    with reception(tmp_path, clock=clock) as desk:
        assert desk.pins.locked_s == 15, "nobody knows how long it was off"
        clock.passes(15)
        walk(desk, [("choose_staff", PinView), (("pin", "0000"), PinView)])
        assert desk.pins.locked_s == 30


def test_a_plug_that_is_pulled_while_a_pin_is_looked_at_gives_no_try_for_nothing(tmp_path):
    with reception(tmp_path) as desk:
        walk(desk, [("choose_staff", PinView)])
        for figure in "0000":
            desk.journey.press_digit(figure)
        desk.journey.pin_done()  # and nothing that comes of it is heard any more
        desk.journal.state().result(5)
        assert desk.journal.pin_tries().result(5)[0] == 1


def test_a_try_that_cannot_be_counted_is_not_looked_at(desk):
    from concurrent.futures import Future

    def no_space(*_tries: object) -> Future:
        failed: Future = Future()
        failed.set_exception(OSError(28, "No space left on device"))
        return failed

    desk.journal.keep_pin_tries = no_space
    walk(desk, [("choose_staff", PinView), (("pin", "4711"), PinView)])
    assert desk.journey.view.state is PinState.NOT_CHECKED


def test_a_pin_that_is_right_after_the_pad_was_left_opens_nothing(desk):
    walk(desk, [("choose_staff", PinView)])
    for figure in "4711":
        desk.journey.press_digit(figure)
    desk.journey.pin_done()
    walk(desk, [("back", HomeView), ("hear", HomeView), ("choose_staff", PinView)])


def test_where_nobody_has_a_pin_it_is_said(tmp_path):
    with reception(tmp_path, school=bundle(staff=[])) as desk:
        walk(desk, [("choose_staff", Trouble.NO_PINS)])


def test_staff_get_in_on_a_closed_day_and_from_a_result(tmp_path):
    school = bundle(calendar=closed_on_wednesday())
    with reception(tmp_path, at="2026-11-25T09:07", school=school) as desk:
        assert desk.frames[-1].staff_door
        walk(desk, [*to_staff(), ("lock", HomeView), (("tap", "P1"), Trouble.CLOSED_DAY), *to_staff()])


def test_there_is_no_door_in_the_midst_of_somebody_s_visit(desk):
    walk(desk, [("choose_late", FindView)])
    assert not desk.frames[-1].staff_door
    walk(desk, [("choose_staff", None)])


def test_a_card_at_the_pad_goes_first(desk):
    walk(
        desk, [("choose_staff", PinView), (("tap", "P1"), ReasonView), (("choose_reason", None), SavingView)]
    )


# --- the screen ----------------------------------------------------------------------------------


def test_todays_entries_with_the_state_of_each(desk):
    walk(desk, [*SIGN_IN, ("done", HomeView)])
    desk.clock.passes(60)
    walk(desk, [*collecting("P5", "TO"), (("releases", "P5"), ReleaseView), ("settle", LeftView)])
    walk(desk, [("done", HomeView), *to_staff()])
    newest, first = desk.journey.view.lines
    assert (newest.what, newest.pupil.name, newest.reason) == (What.DEPARTURE, "Tom B.", Reason.MEDICAL)
    assert (first.what, first.code, first.reason, first.progress) == (
        What.ARRIVAL,
        "L",
        Reason.TRAFFIC,
        Progress.SAVED,
    )
    desk.journey.settled({first.entry: Progress.SENT, newest.entry: Progress.WITH_OFFICE})
    assert [line.progress for line in desk.journey.view.lines] == [Progress.WITH_OFFICE, Progress.SENT]


def test_states_and_entries_are_known_after_a_restart(tmp_path):
    with reception(tmp_path) as desk:
        walk(desk, SIGN_IN)
        [entry] = desk.entries()
    with reception(tmp_path, at="09:30") as desk:
        desk.journey.settled({entry.id: Progress.SENT})
        desk.journey.opened()
        desk.waits(1)
        walk(desk, to_staff())
        assert [(line.entry, line.progress) for line in desk.journey.view.lines] == [
            (entry.id, Progress.SENT)
        ]


def test_how_the_kiosk_is(desk):
    desk.journey.link_changed(Status(Link.OFFLINE, 3))
    walk(desk, to_staff())
    health = desk.journey.view.health
    assert (health.link, health.waiting, health.clock) == (Link.OFFLINE, 3, "synced")
    assert health.link_since.strftime("%H:%M") == "09:07"
    assert health.readers == (("rdm6300", "ready"),)
    assert health.oldest_min == 0
    desk.clock.trust = "held"
    desk.waits(1)
    assert desk.journey.view.health.clock == "held"


def test_it_locks_by_a_button_and_after_a_minute_though_the_clock_goes_on(desk):
    walk(desk, [*to_staff(), ("lock", HomeView), *to_staff()])
    for _ in range(int(STAFF_S) - 1):
        desk.waits(1)
    walk(desk, [(("waits", 0.5), StaffView), (("waits", 0.5), HomeView), ("choose_staff", PinView)])


def test_nothing_behind_the_pin_is_done_without_it(desk):
    walk(desk, SIGN_IN)
    [entry] = desk.entries()
    walk(desk, [("done", HomeView), ("choose_staff", PinView)])
    for choice in (
        "show_presence",
        "send_now",
        "clean_screen",
        "find_card_pupil",
        "leave_app",
        "confirm",
        "assign_card",
        "revoke_cards",
        "lock",
    ):
        walk(desk, [(choice, None)])
    walk(desk, [(("undo", entry.id), None)])
    desk.settle()
    assert (len(desk.entries()), desk.done) == (1, [])


# --- undo ----------------------------------------------------------------------------------------


def test_undo_asks_once_and_is_an_entry_that_names_the_first(desk):
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    walk(desk, [("done", HomeView), *to_staff(), (("undo", first.id), ConfirmView)])
    assert desk.journey.view.question is Question.UNDO
    assert desk.journey.view.line.entry == first.id
    walk(desk, [("confirm", StaffView), ("settle", StaffView)])
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
    walk(desk, [("lock", HomeView), (("tap", "P1"), ReasonView)])


def undo(desk, entry) -> None:
    desk.journey.done()
    walk(desk, [*to_staff(), (("undo", entry), ConfirmView), ("confirm", StaffView), ("settle", StaffView)])


def test_an_undone_sign_out_is_no_sign_out_also_after_a_restart(tmp_path):
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("settle", LeftView)])
        undo(desk, desk.entries()[0].id)
        walk(desk, [("lock", HomeView), ("choose_returning", Trouble.NOBODY_OUT)])
        clock = desk.clock
    with reception(tmp_path, clock=clock) as desk:
        walk(desk, [("choose_returning", Trouble.NOBODY_OUT), *to_staff()])
        assert [line.undone for line in desk.journey.view.lines] == [True]


def test_an_undone_return_leaves_the_pupil_out(desk):
    desk.clock.passes(3600)
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("settle", LeftView), ("done", HomeView)])
    desk.clock.passes(3600)
    walk(desk, [(("tap", "P5"), SavingView), ("settle", DoneView)])
    undo(desk, desk.entries()[-1].id)
    walk(desk, [("show_presence", PresenceView)])
    assert [each.pupil.id for each in desk.journey.view.outside] == ["P5"]


def test_a_void_cannot_be_taken_back_and_neither_can_the_same_twice(desk):
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    undo(desk, first.id)
    void = desk.entries()[-1].id
    walk(desk, [(("undo", void), None), (("undo", first.id), None)])
    for entry in (void, first.id):
        with pytest.raises(ValueError, match="not one that can be taken back"):
            desk.desk.undo(entry, "somebody", saved=lambda _: None, failed=lambda _: None)


def test_a_question_can_be_answered_with_no(desk):
    walk(desk, SIGN_IN)
    walk(desk, [("done", HomeView), *to_staff(), (("undo", desk.entries()[0].id), ConfirmView)])
    walk(desk, [("back", StaffView), ("confirm", None)])
    desk.settle()
    assert len(desk.entries()) == 1


def test_yesterdays_entries_are_not_undone(desk):
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    desk.clock.passes(24 * 3600)
    walk(desk, [("done", HomeView), *to_staff()])
    assert desk.journey.view.lines == ()
    walk(desk, [(("undo", first.id), None)])


def test_an_undo_that_the_disk_does_not_take_is_said(desk):
    walk(desk, SIGN_IN)
    [first] = desk.entries()
    desk.disk_is_full()
    undo(desk, first.id)
    assert desk.journey.view.not_undone
    assert [line.undone for line in desk.journey.view.lines] == [False]


def test_an_undone_entry_in_doubt_is_not_set_right(tmp_path):
    with reception(tmp_path, at="1970-01-01T00:10", trust="unknown") as desk:
        walk(desk, [(("tap", "P1"), ReasonView), (("choose_reason", None), SavingView), ("settle", DoneView)])
        [doubted] = desk.journal.doubted("boot").result()
        undo(desk, doubted.id)
        assert desk.journal.doubted("boot").result() == []
        desk.clock.passes(60)
        desk.clock.at, desk.clock.trust = london("09:17"), "synced"
        desk.desk.set_right(desk.clock.reading())
        desk.settle()
        assert desk.entries() == []


# --- the rest ------------------------------------------------------------------------------------


def test_who_is_in_and_who_is_out(desk):
    walk(desk, [*SIGN_IN, ("done", HomeView)])
    walk(desk, [*collecting("P5", "TO"), (("releases", "P5"), ReleaseView), ("settle", LeftView)])
    walk(desk, [("done", HomeView), *to_staff(), ("show_presence", PresenceView)])
    assert [each.pupil.name for each in desk.journey.view.inside] == ["Amelia K."]
    assert [each.pupil.name for each in desk.journey.view.outside] == ["Tom B."]
    walk(desk, [("back", StaffView), ("show_presence", PresenceView), ("done", StaffView)])


def test_send_now_is_asked_for_and_said_for_a_moment(desk):
    walk(desk, [*to_staff(), ("send_now", StaffView)])
    assert desk.done == ["sent"]
    assert desk.journey.view.sending
    desk.waits(3)
    assert not desk.journey.view.sending


def test_the_screen_is_deaf_while_it_is_wiped(desk):
    walk(desk, [*to_staff(), ("clean_screen", CleaningView)])
    assert desk.journey.view.seconds_left == CLEANING_S
    for choice in ("back", "done", "lock", "show_presence", "choose_late", "leave_app"):
        walk(desk, [(choice, None)])
    desk.waits(10)
    assert desk.journey.view.seconds_left == 20
    walk(desk, [(("waits", 20), StaffView)])


def test_leaving_the_app_needs_the_pin_and_asks_once(desk):
    walk(desk, [("leave_app", None), *to_staff(), ("leave_app", ConfirmView), ("back", StaffView)])
    assert desk.done == []
    walk(desk, [("leave_app", ConfirmView), ("confirm", ConfirmView)])
    assert desk.done == ["left"]


def test_a_card_waits_behind_the_pin_and_is_seen_to_when_it_is_locked(desk):
    walk(desk, [*to_staff(), (("tap", "P1"), StaffView)])
    assert desk.frames[-1].cards_waiting == 1
    desk.clock.passes(20)
    walk(desk, [("lock", ReasonView), (("choose_reason", None), SavingView), ("settle", DoneView)])
    assert desk.entries()[0].at == london("09:07")


# --- cards ---------------------------------------------------------------------------------------

TO_P5 = [
    *to_staff(),
    ("find_card_pupil", FindView),
    (("type", "TO"), FindView),
    (("choose_pupil", "P5"), CardView),
]
NEW = "em4100:0BADCAFE"


def hold(desk, card: str) -> None:
    desk.journey.card([card], desk.clock.reading())


def test_a_card_is_given_by_tapping(desk):
    walk(desk, [*TO_P5, ("assign_card", CardView)])
    assert desk.journey.view.step is CardStep.TAP
    hold(desk, NEW)
    assert desk.journey.view.step is CardStep.SENDING
    assert desk.cards.calls == [(card_hash(KEY, NEW), CardAssignment(pupil="P5", by="S1"))]
    walk(desk, [("back", None), ("done", None)])
    desk.cards.answers(CardResult(cards=2))
    assert (desk.journey.view.step, desk.journey.view.cards) == (CardStep.GIVEN, 2)
    assert desk.frames[-1].sound is Sound.ACCEPTED
    walk(desk, [("done", StaffView)])


def test_a_card_of_somebody_else_says_whose_and_is_taken_only_when_meant(desk):
    walk(desk, [*TO_P5, ("assign_card", CardView), (("tap", "P2"), CardView)])
    assert (desk.journey.view.step, desk.journey.view.owner.name) == (CardStep.TAKEN, "Amelie R.")
    assert desk.cards.calls == []
    walk(desk, [("confirm", CardView)])
    [(card, assignment)] = desk.cards.calls
    assert card == card_hash(KEY, card_of("P2"))
    assert assignment == CardAssignment(pupil="P5", by="S1", instead_of="P2")


def test_a_card_that_is_theirs_already_changes_nothing(desk):
    walk(desk, [*TO_P5, ("assign_card", CardView), (("tap", "P5"), CardView)])
    assert desk.journey.view.step is CardStep.GIVEN
    assert desk.cards.calls == []


def test_a_lost_card_is_taken_back_with_all_the_others_after_a_question(desk):
    walk(desk, [*TO_P5, ("revoke_cards", ConfirmView), ("back", CardView), ("revoke_cards", ConfirmView)])
    assert desk.journey.view.question is Question.REVOKE_CARDS
    walk(desk, [("confirm", CardView)])
    assert desk.cards.calls == [("P5", CardRevocation(by="S1"))]
    desk.cards.answers(CardResult(cards=0))
    assert (desk.journey.view.step, desk.journey.view.cards) == (CardStep.REVOKED, 0)


def test_what_the_register_does_not_do_is_said_in_its_words(desk):
    walk(desk, [*TO_P5, ("assign_card", CardView)])
    hold(desk, NEW)
    desk.cards.answers(CardResult(said="The register cannot be reached, so nothing was changed."))
    assert desk.journey.view.step is CardStep.FAILED
    assert desk.journey.view.said.startswith("The register cannot be reached")
    walk(desk, [("back", CardView), ("assign_card", CardView)])


def test_cards_are_found_under_their_own_purpose_and_left_step_by_step(desk):
    walk(desk, TO_P5)
    walk(desk, [("back", FindView)])
    assert desk.journey.view.purpose is Purpose.CARD
    walk(desk, [("back", StaffView)])


def test_a_card_outside_its_step_waits(desk):
    walk(desk, [*TO_P5, (("tap", "P1"), CardView)])
    assert desk.frames[-1].cards_waiting == 1


def test_cards_lock_after_a_minute_and_a_late_answer_opens_nothing(desk):
    walk(desk, [*TO_P5, ("assign_card", CardView)])
    hold(desk, NEW)
    walk(desk, [(("waits", STAFF_S), HomeView)])
    desk.cards.answers(CardResult(cards=1))
    assert isinstance(desk.journey.view, HomeView)
    walk(desk, [("choose_staff", PinView)])


def test_cards_can_be_locked_by_hand(desk):
    walk(desk, [*TO_P5, ("lock", HomeView), ("choose_staff", PinView)])
