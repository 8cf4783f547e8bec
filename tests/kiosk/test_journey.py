"""Journeys at the kiosk, without a window: what each touch and card leads to."""

import pytest

from kiosk.attendance.decide import Outcome
from kiosk.attendance.reasons import Reason
from kiosk.journey import DONE_S, IDLE_S, NEXT_S
from kiosk.school import School
from kiosk.views import (
    DoneView,
    FindView,
    HomeView,
    Link,
    ProblemView,
    Progress,
    ReasonView,
    SavingView,
    Status,
    Trouble,
)
from sync.wire import Entry, Trust
from tests.kiosk.reception import (
    PUPILS,
    agreed,
    bundle,
    card_of,
    closed_on_wednesday,
    london,
    pupil,
    reception,
)


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def test_by_name_home_find_reason_done(desk):
    assert isinstance(desk.journey.view, HomeView)
    desk.journey.choose_late()
    for letter in "AME":
        desk.journey.press(letter)
    assert isinstance(desk.journey.view, FindView)
    assert [found.name for found in desk.journey.view.found] == ["Amelia K.", "Amelia K.", "Amelie R."]
    desk.journey.choose_pupil("P1")
    assert isinstance(desk.journey.view, ReasonView)
    desk.journey.choose_reason(Reason.TRAFFIC)
    assert isinstance(desk.journey.view, SavingView)
    desk.settle()
    done = desk.journey.view
    assert isinstance(done, DoneView)
    assert (done.decision.code, done.decision.minutes_late, done.progress) == ("L", 22, Progress.SAVED)
    [entry] = desk.entries()
    assert (entry.id, entry.pupil, entry.reason, entry.decision.code) == (done.entry, "P1", "traffic", "L")


def test_nothing_is_said_to_be_done_before_the_commit(desk):
    desk.tap("P1")
    desk.journey.choose_reason(Reason.OTHER)
    assert isinstance(desk.journey.view, SavingView)
    desk.settle()
    assert isinstance(desk.journey.view, DoneView)


def test_the_first_touch_counts_however_long_the_name_takes(tmp_path):
    with reception(tmp_path, at="09:14:58") as desk:
        desk.journey.choose_late()
        desk.clock.passes(15)
        desk.journey.press("T")
        desk.journey.press("O")
        desk.journey.choose_pupil("P5")
        desk.clock.passes(10)
        desk.journey.choose_reason(Reason.OTHER)
        desk.settle()
        assert desk.journey.view.decision.code == "L"
        assert desk.entries()[0].at == london("09:14:58")


def test_a_card_goes_straight_to_reason(desk):
    desk.tap("P2")
    assert isinstance(desk.journey.view, ReasonView)
    assert desk.journey.view.pupil.name == "Amelie R."


def test_a_card_on_time_goes_straight_to_done(tmp_path):
    with reception(tmp_path, at="08:50") as desk:
        desk.tap("P2")
        desk.settle()
        assert desk.journey.view.decision.outcome is Outcome.ON_TIME


def test_an_agreed_appointment_is_not_asked_about(tmp_path):
    school = bundle(appointments=[agreed("P1", "10:30")])
    with reception(tmp_path, at="10:00", school=school) as desk:
        desk.tap("P1")
        desk.settle()
        assert (desk.journey.view.decision.code, desk.journey.view.reason) == ("M", Reason.MEDICAL)


def test_a_card_works_from_every_screen_but_waits_for_one_that_is_being_saved(desk):
    desk.journey.choose_late()
    desk.tap("P1")
    desk.journey.choose_reason(Reason.OTHER)
    desk.tap("P2")
    assert isinstance(desk.journey.view, SavingView)
    desk.settle()
    assert isinstance(desk.journey.view, DoneView), "the first pupil sees what was recorded"
    desk.clock.passes(NEXT_S)
    desk.journey.tick()
    assert isinstance(desk.journey.view, ReasonView)
    assert desk.journey.view.pupil.name == "Amelie R."


def test_a_pupil_who_tapped_and_walked_on_is_signed_in_without_a_reason(desk):
    desk.tap("P1")
    desk.clock.passes(IDLE_S)
    desk.journey.tick()
    desk.settle()
    assert isinstance(desk.journey.view, DoneView), "whoever still stands there is told"
    [entry] = desk.entries()
    assert (entry.pupil, entry.reason, entry.at) == ("P1", None, london("09:07"))


def test_a_second_card_keeps_the_first_pupil_who_had_not_answered(desk):
    desk.tap("P1")
    desk.tap("P2")
    desk.journey.choose_reason(Reason.OTHER)
    desk.settle()
    assert [(entry.pupil, entry.reason) for entry in desk.entries()] == [("P1", None), ("P2", "other")]


def test_a_name_that_was_chosen_and_left_is_forgotten(desk):
    desk.journey.choose_late()
    desk.journey.press("T")
    desk.journey.press("O")
    desk.journey.choose_pupil("P5")
    desk.clock.passes(IDLE_S)
    desk.journey.tick()
    desk.settle()
    assert isinstance(desk.journey.view, HomeView)
    assert desk.entries() == []


def test_the_same_card_again_changes_nothing_while_the_reason_is_asked(desk):
    desk.tap("P1")
    desk.tap("P1")
    assert isinstance(desk.journey.view, ReasonView)
    desk.settle()
    assert desk.entries() == []


def test_a_second_tap_says_already_signed_in_and_writes_nothing(desk):
    desk.tap("P1")
    desk.journey.choose_reason(Reason.OTHER)
    desk.settle()
    desk.clock.passes(30)
    desk.tap("P1")
    desk.settle()
    assert desk.journey.view.already
    assert desk.journey.view.at.strftime("%H:%M") == "09:07"
    assert len(desk.entries()) == 1


def test_already_signed_in_is_known_after_a_restart(tmp_path):
    with reception(tmp_path) as desk:
        desk.tap("P1")
        desk.journey.choose_reason(Reason.OTHER)
        desk.settle()
        recorded = desk.journal.on(london("09:07").date()).result()
    with reception(tmp_path, at="09:08") as desk:
        desk.desk.open(desk.desk.school, recorded)
        desk.tap("P1")
        assert desk.journey.view.already


def test_late_in_the_morning_and_again_in_the_afternoon_are_two_sign_ins(desk):
    desk.tap("P1")
    desk.journey.choose_reason(Reason.OTHER)
    desk.settle()
    desk.clock.at = london("14:12")
    desk.tap("P1")
    assert isinstance(desk.journey.view, ReasonView)


def test_an_unknown_card_is_said_in_words_and_leaves_no_entry(desk):
    desk.journey.card(["em4100:DEADBEEF"], desk.clock.reading())
    assert desk.journey.view == ProblemView(Trouble.UNKNOWN_CARD)
    desk.settle()
    assert desk.entries() == []


@pytest.mark.parametrize("touch", ["card", "late"])
def test_a_closed_day_says_why(tmp_path, touch):
    school = bundle(calendar=closed_on_wednesday())
    with reception(tmp_path, at="2026-11-25T09:07", school=school) as desk:
        assert desk.journey.view.closed_because == "INSET day"
        desk.tap("P1") if touch == "card" else desk.journey.choose_late()
        assert desk.journey.view == ProblemView(Trouble.CLOSED_DAY, "INSET day")


def test_after_school_nobody_is_signed_in(tmp_path):
    with reception(tmp_path, at="15:20") as desk:
        desk.tap("P1")
        assert desk.journey.view == ProblemView(Trouble.AFTER_SCHOOL)


def test_a_year_whose_day_has_ended_is_not_signed_in(tmp_path):
    youngest = (pupil("P1", "Ben", "Ash", "N", year="N"),)
    with reception(tmp_path, at="15:05", school=bundle("kings-cross-academy", youngest)) as desk:
        desk.tap("P1")
        desk.settle()
        assert desk.journey.view == ProblemView(Trouble.AFTER_SCHOOL)
        assert desk.entries() == []


def test_a_year_that_the_policy_lacks_is_recorded_for_the_office(tmp_path):
    with reception(tmp_path, school=bundle("psa", (pupil("P1", "Ben", "Ash", year="R"),))) as desk:
        desk.tap("P1")
        desk.settle()
        [entry] = desk.entries()
        assert (entry.decision.code, entry.decision.needs_office) == (None, True)


def test_a_clock_that_is_not_trusted_gives_no_code(tmp_path):
    with reception(tmp_path, at="09:31", trust="unknown") as desk:
        desk.tap("P1")
        desk.journey.choose_reason(Reason.OTHER)
        desk.settle()
        assert not desk.journey.view.clock_trusted
        [entry] = desk.entries()
        assert (entry.decision.code, entry.decision.needs_office) == (None, True)
        assert (entry.session, entry.clock.trust) == (None, Trust.UNKNOWN)


@pytest.mark.parametrize(
    "at",
    ["2026-11-28T10:00", "23:00", "1970-01-01T00:00", "2038-01-19T03:14"],
    ids=["Saturday", "night", "1970", "2038"],
)
def test_nobody_is_turned_away_by_a_clock_that_does_not_know_the_day(tmp_path, at):
    """A Pi without a network is sure that it is last Friday evening: a pupil signs in all the same."""
    with reception(tmp_path, at=at, trust="unknown") as desk:
        assert desk.journey.view == HomeView(
            now=desk.journey.view.now, card_reader=False, clock_trusted=False
        )
        desk.journey.choose_late()
        assert isinstance(desk.journey.view, FindView)
        desk.tap("P1")
        desk.journey.choose_reason(Reason.OTHER)
        desk.settle()
        assert isinstance(desk.journey.view, DoneView)
        assert len(desk.journal.doubted("boot").result()) == 1


def test_when_the_clock_is_set_the_true_instant_is_worked_out_and_decided_again(tmp_path):
    with reception(tmp_path, at="1970-01-01T00:10", trust="unknown") as desk:
        desk.tap("P1")
        desk.journey.choose_reason(Reason.TRAFFIC)
        desk.settle()
        [doubted] = desk.journal.doubted("boot").result()
        desk.clock.seconds += 600  # ten minutes later the network sets the clock
        desk.clock.at, desk.clock.trust = london("09:17:42"), "synced"
        desk.desk.set_right(desk.clock.reading())
        desk.settle()
        desk.settle()
        [corrected] = desk.entries()
        assert (corrected.corrects, corrected.pupil, corrected.reason) == (doubted.id, "P1", "traffic")
        assert corrected.at == london("09:07:42")
        assert (corrected.decision.code, corrected.decision.minutes_late) == ("L", 22)
        assert corrected.clock.trust is Trust.SYNCED
        assert desk.journal.find(doubted.id).result().entry == doubted, "both are kept"
        desk.desk.set_right(desk.clock.reading())
        desk.settle()
        assert len(desk.entries()) == 1, "once"
        desk.tap("P1")
        assert desk.journey.view.already


def in_doubt(desk, pupil_id, at, boot="boot"):
    """That pupil's card while the clock says that, and is not to be trusted."""
    desk.clock.at, desk.clock.trust = london(at), "unknown"
    reading = desk.clock.reading()._replace(boot_id=boot)
    desk.journey.card([card_of(pupil_id)], reading)
    if isinstance(desk.journey.view, ReasonView):
        desk.journey.choose_reason(Reason.OTHER)
    desk.settle()


def all_entries(desk):
    return [
        entry for _, body in desk.journal.waiting(50).result() for entry in [Entry.model_validate_json(body)]
    ]


def test_the_same_wrong_date_after_another_start_turns_nobody_away(desk):
    in_doubt(desk, "P1", "1970-01-01T00:10", boot="first")
    in_doubt(desk, "P1", "1970-01-01T00:11", boot="second")
    assert len(all_entries(desk)) == 2


def test_a_pupil_who_comes_again_hours_later_is_signed_in_though_the_clock_is_still_in_doubt(desk):
    in_doubt(desk, "P1", "1970-01-01T00:10")
    desk.clock.passes(60)
    in_doubt(desk, "P1", "1970-01-01T00:11")
    assert len(all_entries(desk)) == 1, "the same arrival"
    desk.clock.passes(5 * 3600)
    in_doubt(desk, "P1", "1970-01-01T05:11")
    assert len(all_entries(desk)) == 2


def test_a_second_tap_in_doubt_makes_nobody_later_than_the_first(tmp_path):
    with reception(tmp_path, at="08:40") as desk:
        desk.tap("P1")
        desk.settle()
        desk.clock.passes(3600)
        in_doubt(desk, "P1", "1970-01-01T00:10")
        desk.clock.at, desk.clock.trust = london("09:41"), "synced"
        desk.desk.set_right(desk.clock.reading())
        desk.settle()
        desk.settle()
        first, doubted, corrected = all_entries(desk)
        assert first.decision.outcome == "on_time"
        assert corrected.corrects == doubted.id
        assert (corrected.decision.code, corrected.decision.suggested) == (None, "U")
        assert corrected.decision.needs_office


def test_two_taps_in_doubt_are_one_arrival_and_a_question_for_the_office(desk):
    in_doubt(desk, "P1", "1970-01-01T23:59")
    desk.clock.passes(120)
    in_doubt(desk, "P1", "1970-01-02T00:01")
    desk.clock.at, desk.clock.trust = london("09:10"), "synced"
    desk.desk.set_right(desk.clock.reading())
    desk.settle()
    desk.settle()
    codes = [entry.decision.code for entry in all_entries(desk) if entry.corrects]
    assert codes == ["L", None]


def test_one_wrong_date_forgets_nobody_who_is_in(tmp_path):
    with reception(tmp_path, at="08:40") as desk:
        desk.tap("P1")
        desk.settle()
        in_doubt(desk, "P2", "1970-01-01T00:10")
        desk.clock.at, desk.clock.trust = london("09:40"), "synced"
        desk.journey.done()
        desk.tap("P1")
        assert desk.journey.view.already


def test_an_arrival_of_another_boot_is_left_to_the_office(tmp_path):
    with reception(tmp_path, at="1970-01-01T00:10", trust="unknown") as desk:
        desk.tap("P1")
        desk.journey.choose_reason(Reason.TRAFFIC)
        desk.settle()
        desk.clock.at, desk.clock.trust = london("09:17"), "synced"
        desk.desk.set_right(desk.clock.reading()._replace(boot_id="another boot"))
        desk.settle()
        assert desk.entries() == []


def test_a_kiosk_left_running_over_midnight_begins_a_new_day(desk):
    desk.tap("P1")
    desk.journey.choose_reason(Reason.OTHER)
    desk.settle()
    desk.journey.done()
    desk.clock.passes(24 * 3600)
    desk.journey.tick()
    assert desk.journey.view.now.date() == london("2026-11-25T09:07").date()
    desk.tap("P1")
    assert isinstance(desk.journey.view, ReasonView), "yesterday's sign-in is not today's"


@pytest.mark.parametrize(
    ("at", "code"), [("2026-03-30T09:07", "L"), ("2026-10-26T09:07", "L"), ("2026-03-27T09:07", "L")]
)
def test_the_hour_is_the_schools_on_either_side_of_a_change_to_or_from_summer_time(tmp_path, at, code):
    with reception(tmp_path, at=at) as desk:
        desk.tap("P1")
        desk.journey.choose_reason(Reason.OTHER)
        desk.settle()
        assert (desk.journey.view.decision.code, desk.journey.view.decision.minutes_late) == (code, 22)
        assert desk.journey.view.at.strftime("%H:%M") == "09:07"


def test_the_same_card_before_the_disk_has_answered_makes_one_entry(desk):
    desk.tap("P1")
    desk.journey.go_home()  # kept without a reason; the journal has not answered yet
    desk.tap("P1")
    desk.journey.choose_reason(Reason.OTHER)
    desk.settle()
    assert isinstance(desk.journey.view, DoneView)
    assert len(desk.entries()) == 1


def test_a_screen_that_fails_keeps_the_pupil_who_came_by_card(desk):
    desk.tap("P1")
    desk.journey.failed()
    desk.settle()
    assert [entry.pupil for entry in desk.entries()] == ["P1"]


def test_a_kiosk_that_is_stopped_keeps_every_pupil_who_came_by_card(desk):
    desk.tap("P1")
    desk.journey.choose_reason(Reason.OTHER)
    desk.tap("P2")
    desk.tap("P5")
    desk.journey.leave()
    desk.settle()
    assert sorted(entry.pupil for entry in desk.entries()) == ["P1", "P2", "P5"]


def test_a_disk_that_does_not_answer_is_said_and_the_result_shown_if_it_does(desk):
    desk.tap("P1")
    desk.journey.choose_reason(Reason.OTHER)
    desk.clock.passes(IDLE_S)
    desk.journey.tick()
    assert desk.journey.view == ProblemView(Trouble.NOT_SAVED)
    desk.settle()
    assert isinstance(desk.journey.view, DoneView)


def test_a_name_that_has_left_the_roster_meanwhile_is_shown_as_gone(desk):
    desk.journey.choose_late()
    desk.journey.press("T")
    desk.journey.press("O")
    desk.desk.open(School.of(bundle(pupils=PUPILS[:2])))
    desk.journey.choose_pupil("P5")
    assert isinstance(desk.journey.view, FindView)
    assert desk.journey.view.found == ()


def test_a_new_school_leaves_a_problem_on_the_screen_to_be_read(desk):
    desk.journey.failed()
    desk.journey.opened()
    assert desk.journey.view == ProblemView(Trouble.SCREEN_ERROR)


def test_a_disk_that_fails_is_said_and_nothing_is_called_recorded(desk):
    def no_space(_seq):
        raise OSError(28, "No space left on device")

    commit = desk.journal.commit
    desk.journal.commit = lambda _entry_with: commit(no_space)
    desk.tap("P1")
    desk.journey.choose_reason(Reason.OTHER)
    desk.settle()
    assert desk.journey.view == ProblemView(Trouble.NOT_SAVED)
    desk.journal.commit = commit
    desk.journey.done()
    desk.tap("P1")
    assert isinstance(desk.journey.view, ReasonView), "not remembered as signed in"


def test_done_closes_by_itself_and_at_a_touch(desk):
    for leave in (lambda: desk.clock.passes(DONE_S), desk.journey.done):
        desk.journey.card(["em4100:DEADBEEF"], desk.clock.reading())
        leave()
        desk.journey.tick()
        assert isinstance(desk.journey.view, HomeView)


def test_done_says_sent_only_when_the_register_has_answered(desk):
    desk.tap("P1")
    desk.journey.choose_reason(Reason.OTHER)
    desk.settle()
    assert desk.journey.view.progress is Progress.SAVED
    desk.journey.settled({desk.journey.view.entry: Progress.SENT})
    assert desk.journey.view.progress is Progress.SENT


def test_the_link_shows_on_every_screen(desk):
    desk.journey.link_changed(Status(Link.OFFLINE, 3))
    assert desk.frames[-1].status == Status(Link.OFFLINE, 3)


def test_home_is_drawn_anew_only_when_there_is_something_new_to_see(desk):
    before = len(desk.frames)
    for _ in range(30):
        desk.clock.passes(1)
        desk.journey.tick()
    assert len(desk.frames) == before
    desk.clock.passes(31)
    desk.journey.tick()
    assert len(desk.frames) == before + 1


def test_seconds_are_shown_in_the_last_two_minutes(tmp_path):
    with reception(tmp_path, at="09:12:59") as desk:
        desk.journey.tick()
        assert desk.journey.view.now.second == 0
        desk.clock.passes(5)
        desk.journey.tick()
        assert desk.journey.view.now.second == 4


def test_back_goes_one_step_at_a_time_and_forgets(desk):
    desk.journey.choose_late()
    desk.journey.press("T")
    desk.journey.press("O")
    desk.journey.choose_pupil("P5")
    desk.journey.back()
    assert isinstance(desk.journey.view, FindView)
    assert desk.journey.view.letters == ""
    desk.journey.back()
    assert isinstance(desk.journey.view, HomeView)
    desk.settle()
    assert desk.entries() == []


def test_a_grey_letter_does_nothing(desk):
    desk.journey.choose_late()
    desk.journey.press("Q")
    assert desk.journey.view.letters == ""


def test_a_screen_that_fails_leaves_the_kiosk_going(desk):
    desk.journey.choose_late()
    desk.journey.failed()
    assert desk.journey.view == ProblemView(Trouble.SCREEN_ERROR)
    desk.tap("P1")
    assert isinstance(desk.journey.view, ReasonView)


def test_two_cards_at_once_are_refused_in_words(desk):
    desk.journey.two_cards()
    assert desk.journey.view == ProblemView(Trouble.TWO_CARDS)


def test_without_a_school_a_card_is_told_so(tmp_path):
    with reception(tmp_path) as desk:
        desk.desk._school = None
        desk.journey.card(["em4100:00000001"], desk.clock.reading())
        assert desk.journey.view == ProblemView(Trouble.NO_ROSTER)


def test_a_pupil_whose_first_entry_comes_to_the_disk_late_is_signed_in_once(desk):
    desk.tap("P1")
    desk.journey.go_home()  # kept without a reason; the disk is slow
    desk.tap("P1")
    desk.settle()
    desk.journey.choose_reason(Reason.OTHER)
    desk.settle()
    assert desk.journey.view.already
    assert len(desk.entries()) == 1
