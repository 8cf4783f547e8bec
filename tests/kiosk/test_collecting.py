"""An adult collects a pupil: every way to a release, and every way that is none."""

from datetime import time, timedelta

import pytest

from kiosk.attendance.reasons import Reason
from kiosk.journey import IDLE_S, RELEASE_S, Journey, Parts
from kiosk.views import (
    Asked,
    BackAtView,
    Evidence,
    EvidenceView,
    FindView,
    HomeView,
    LeftView,
    Listed,
    NameView,
    PinState,
    PinView,
    Progress,
    ReasonView,
    Relationship,
    RelationshipView,
    ReleaseView,
    Sound,
    Trouble,
)
from sync.wire import DepartureState, Kind
from tests.kiosk.reception import agreed, bundle, london, pupil, reception
from tests.kiosk.walking import collecting, walk


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


def test_the_office_releases_and_the_pupil_is_signed_out(desk):
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("settle", LeftView)])
    [entry] = desk.entries()
    assert (entry.kind, entry.pupil, entry.reason) == (Kind.DEPARTURE, "P5", "medical")
    assert (entry.decision.outcome, entry.decision.needs_office) == ("no_effect", False)
    departure = entry.departure
    assert (departure.collector, departure.relationship, departure.evidence) == (
        "Ruth Okafor",
        "mother",
        "letter",
    )
    assert departure.expected_back == london("11:30")
    assert (departure.released_by, departure.released_at) == ("A. Reed", london("10:01"))
    assert desk.journey.view.released_by == "A. Reed"
    assert desk.journey.view.back_at == time(11, 30)
    assert desk.frames[-1].sound is Sound.ACCEPTED


def test_what_the_office_is_asked_is_what_was_typed_and_nothing_is_recorded_before_it_answers(desk):
    walk(desk, collecting(adult="ANNE-MARIE O’KANE"))
    [request] = desk.office.asked.values()
    assert request.pupil == "P5"
    assert (request.collector, request.relationship) == ("Anne-Marie O’Kane", "mother")
    assert (request.reason, request.evidence, request.expected_back) == ("medical", "letter", london("11:30"))
    desk.waits(120)
    desk.settle()
    assert desk.entries() == []


def test_a_pupil_is_absent_in_the_afternoon_when_they_do_not_come_back(desk):
    steps = collecting()
    steps[-2] = (("choose_back_at", None), EvidenceView)
    walk(desk, [*steps, (("releases", "P5"), ReleaseView), ("settle", LeftView)])
    [entry] = desk.entries()
    assert (entry.decision.outcome, entry.decision.suggested, entry.session) == ("absent_pm", "M", "PM")
    assert entry.decision.needs_office
    assert entry.departure.expected_back is None


def test_an_agreed_appointment_decides_the_afternoon(tmp_path):
    with reception(tmp_path, at="10:00", school=bundle(appointments=[agreed("P5", "11:00")])) as desk:
        steps = collecting()
        steps[-2] = (("choose_back_at", None), EvidenceView)
        walk(desk, [*steps, (("releases", "P5"), ReleaseView), ("settle", LeftView)])
        [entry] = desk.entries()
        assert (entry.decision.code, entry.decision.needs_office, entry.decision.basis.agreed) == (
            "M",
            False,
            "medical",
        )


@pytest.mark.parametrize("state", [DepartureState.REFUSED])
def test_a_refusal_says_the_same_neutral_words_and_records_nothing(desk, state):
    walk(desk, [*collecting(), (("says", state, "P5"), Trouble.SPEAK_TO_OFFICE)])
    desk.settle()
    assert desk.entries() == []
    assert desk.journey.view.detail is None


def test_a_contact_a_stranger_and_somebody_who_may_not_collect_see_the_same(tmp_path):
    seen = []
    for number, adult in enumerate(("RUTH OKAFOR", "NOBODY KNOWN", "BARRED PERSON")):
        with reception(tmp_path / str(number), at="10:00") as desk:
            walk(desk, collecting(adult=adult))
            for asked in (Asked.WAITING, Asked.OFFLINE, Asked.WAITING):
                desk.office.is_asked("P5", asked)
            desk.office.refuses("P5")
            hidden = adult.title()
            seen.append([repr(frame.view).replace(hidden, "?") for frame in desk.frames][-6:])
    assert seen[0] == seen[1] == seen[2]


def test_the_name_is_typed_whole_and_nothing_is_suggested(desk):
    walk(desk, collecting()[:3])
    desk.type("RUTH")
    assert (desk.journey.view.name, desk.journey.view.whole) == ("Ruth", False)
    walk(desk, [("name_done", None), (("type", " O"), NameView)])
    assert desk.journey.view.whole
    walk(desk, [(("press", "’"), NameView), ("name_done", None)])
    assert not desk.journey.view.whole, "an apostrophe is not the end of a name"
    walk(desk, [("erase", NameView), ("name_done", RelationshipView)])
    assert desk.journey.view.collector == "Ruth O"


def test_a_reason_and_what_was_asked_before_can_be_seen_again_by_going_back(desk):
    steps = collecting()
    walk(desk, steps[:-1])
    walk(
        desk,
        [
            ("back", BackAtView),
            ("back", ReasonView),
            ("back", RelationshipView),
            ("back", NameView),
        ],
    )
    assert desk.journey.view.name == "Ruth Okafor"
    walk(desk, [("back", FindView), ("back", HomeView)])


def test_whoever_leaves_is_forgotten_and_nobody_is_asked(desk):
    walk(desk, [*collecting()[:-1], (("waits", IDLE_S), HomeView), *collecting()[:3]])
    assert desk.journey.view.name == ""
    assert desk.office.asked == {}


def test_more_than_one_pupil_of_a_family_goes_with_a_request_and_an_entry_each(desk):
    walk(desk, collecting()[:-1])
    walk(desk, [("add_pupil", FindView), (("type", "TO"), FindView)])
    assert desk.journey.view.found == (), "who is in the list already is not found again"
    assert [each.id for each in desk.journey.view.chosen] == ["P5"]
    desk.journey.erase()
    desk.journey.erase()
    walk(
        desk,
        [
            (("type", "ZO"), FindView),
            (("choose_pupil", "P3"), EvidenceView),
            (("choose_evidence", None), ReleaseView),
            (("releases", "P3"), ReleaseView),
            ("settle", ReleaseView),
        ],
    )
    assert [each.asked for each in desk.journey.view.pupils] == [Asked.SENDING, Asked.RELEASED]
    walk(desk, [(("releases", "P5"), ReleaseView), ("settle", LeftView)])
    assert {entry.pupil for entry in desk.entries()} == {"P3", "P5"}
    assert len(desk.journey.view.pupils) == 2
    assert desk.journey.view.stay == ()


def two_asked(desk) -> None:
    walk(desk, [*collecting()[:-1], ("add_pupil", FindView), (("type", "ZO"), FindView)])
    walk(desk, [(("choose_pupil", "P3"), EvidenceView), (("choose_evidence", None), ReleaseView)])


def test_of_two_pupils_one_may_be_released_and_one_refused(desk):
    two_asked(desk)
    walk(desk, [(("releases", "P5"), ReleaseView), ("settle", ReleaseView), (("refuses", "P3"), LeftView)])
    assert [each.id for each in desk.journey.view.pupils] == ["P5"]
    assert [each.id for each in desk.journey.view.stay] == ["P3"]
    assert [entry.pupil for entry in desk.entries()] == ["P5"]


def test_a_cancel_keeps_the_pupil_who_was_released_before_it_and_says_who_stays(desk):
    two_asked(desk)
    walk(desk, [(("releases", "P5"), ReleaseView), ("settle", ReleaseView), ("back", LeftView)])
    assert [each.id for each in desk.journey.view.pupils] == ["P5"]
    assert desk.office.withdrawn == [desk.office.of("P3")]
    assert [entry.pupil for entry in desk.entries()] == ["P5"]


def test_a_cancel_while_a_release_is_being_saved_waits_for_the_disk(desk):
    two_asked(desk)
    walk(desk, [(("releases", "P5"), ReleaseView), ("back", ReleaseView), ("settle", LeftView)])
    assert [entry.pupil for entry in desk.entries()] == ["P5"]


def test_a_cancel_withdraws_and_records_nothing(desk):
    walk(desk, [*collecting(), ("back", HomeView)])
    assert desk.office.withdrawn == [desk.office.of("P5")]
    desk.settle()
    assert desk.entries() == []


def test_nobody_answers_for_some_minutes(desk):
    walk(desk, [*collecting(), (("waits", RELEASE_S - 1), ReleaseView), (("waits", 1), Trouble.NO_ANSWER)])
    assert desk.office.withdrawn == [desk.office.of("P5")]
    desk.settle()
    assert desk.entries() == []


def test_a_release_that_comes_after_a_cancel_is_not_acted_on_and_said(desk):
    walk(desk, [*collecting(), ("back", HomeView), (("releases", "P5"), Trouble.RELEASED_TOO_LATE)])
    assert desk.journey.view.detail == "Tom B."
    desk.settle()
    assert desk.entries() == []


def test_a_late_release_disturbs_nobody_who_stands_here_meanwhile(desk):
    walk(desk, [*collecting(), ("back", HomeView), ("choose_late", FindView), (("releases", "P5"), None)])
    desk.settle()
    assert desk.entries() == []


def test_a_withdrawal_that_is_confirmed_says_nothing(desk):
    walk(desk, [*collecting(), ("back", HomeView), (("says", DepartureState.WITHDRAWN, "P5"), None)])


def test_an_answer_to_an_earlier_request_is_not_taken_for_the_one_that_waits(desk):
    walk(desk, [*collecting(), ("back", HomeView)])
    earlier = desk.office.of("P5")
    walk(desk, collecting())
    desk.office.journey.answered(earlier, released())
    desk.settle()
    assert isinstance(desk.journey.view, ReleaseView)
    assert desk.entries() == []


def released():
    from sync.wire import DepartureAnswer

    return DepartureAnswer(state=DepartureState.RELEASED, released_by="A. Reed", released_at=london("10:02"))


def test_the_register_goes_in_mid_release_and_comes_back(desk):
    walk(desk, [*collecting(), (("is_asked", "P5", Asked.WAITING), ReleaseView)])
    assert desk.journey.view.asked is Asked.WAITING
    walk(desk, [(("is_asked", "P5", Asked.OFFLINE), ReleaseView)])
    assert desk.journey.view.asked is Asked.OFFLINE
    assert desk.journey.view.staff_can_release
    walk(desk, [(("is_asked", "P5", Asked.WAITING), ReleaseView), (("releases", "P5"), ReleaseView)])
    walk(desk, [("settle", LeftView)])


def test_a_register_that_takes_no_request_leaves_it_to_the_staff(desk):
    walk(desk, collecting())
    desk.journey.answered(desk.office.of("P5"), None)
    assert desk.journey.view.asked is Asked.STAFF_ONLY
    walk(desk, [("ask_staff", PinView), (("pin", "4711"), ReleaseView), ("settle", LeftView)])


def test_a_request_that_the_register_gives_up_by_itself_releases_nobody(desk):
    walk(desk, [*collecting(), (("says", DepartureState.WITHDRAWN, "P5"), ReleaseView)])
    assert desk.journey.view.asked is Asked.STAFF_ONLY
    desk.settle()
    assert desk.entries() == []


def test_a_staff_pin_releases_without_the_register_and_is_recorded_with_whose_it_was(desk):
    walk(desk, [*collecting(), (("is_asked", "P5", Asked.OFFLINE), ReleaseView), ("ask_staff", PinView)])
    desk.clock.passes(7)
    walk(desk, [(("pin", "190283"), ReleaseView), ("settle", LeftView)])
    [entry] = desk.entries()
    assert entry.departure.released_by == "M. Lindqvist (Head of year)"
    assert entry.departure.released_at == entry.at == london("10:00") + timedelta(seconds=7)
    assert desk.office.withdrawn == [desk.office.of("P5")], "the office need not answer any more"


def test_a_wrong_pin_releases_nobody_and_the_office_still_can(desk):
    walk(desk, [*collecting(), ("ask_staff", PinView), (("pin", "0000"), PinView)])
    assert desk.journey.view.state is PinState.WRONG
    desk.settle()
    assert desk.entries() == []
    walk(desk, [("back", ReleaseView), (("releases", "P5"), ReleaseView), ("settle", LeftView)])


def test_a_pad_that_nobody_types_on_goes_back_to_the_wait(desk):
    walk(desk, [*collecting(), ("ask_staff", PinView), (("waits", IDLE_S), ReleaseView)])
    walk(desk, [(("waits", RELEASE_S - IDLE_S), Trouble.NO_ANSWER)])


def test_a_refusal_while_a_pin_is_typed_ends_it(desk):
    walk(desk, [*collecting(), ("ask_staff", PinView), (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE)])


def test_a_refusal_while_a_pin_is_looked_at_holds(desk):
    walk(desk, [*collecting(), ("ask_staff", PinView)])
    for figure in "4711":
        desk.journey.press_digit(figure)
    desk.journey.pin_done()
    assert desk.journey.view.state is PinState.CHECKING
    desk.office.refuses("P5")
    desk.hear()
    desk.settle()
    walk(desk, [("settle", Trouble.SPEAK_TO_OFFICE)])
    assert desk.entries() == []


def test_a_refusal_of_one_pupil_leaves_a_pin_to_release_the_other_alone(desk):
    two_asked(desk)
    walk(desk, [(("refuses", "P3"), ReleaseView), ("ask_staff", PinView)])
    assert [each.id for each in desk.journey.view.pupils] == ["P5"]
    walk(desk, [(("pin", "4711"), ReleaseView), ("settle", LeftView)])
    assert [entry.pupil for entry in desk.entries()] == ["P5"]
    assert [each.id for each in desk.journey.view.stay] == ["P3"]


def test_the_office_releases_while_a_pin_is_typed(desk):
    walk(desk, [*collecting(), ("ask_staff", PinView), (("releases", "P5"), None), ("settle", LeftView)])
    assert len(desk.entries()) == 1


def test_both_release_and_there_is_one_entry(desk):
    walk(desk, [*collecting(), ("ask_staff", PinView), (("pin", "4711"), ReleaseView)])
    walk(desk, [(("releases", "P5"), ReleaseView), ("settle", LeftView)])
    [entry] = desk.entries()
    assert entry.departure.released_by == "R. Osei (Receptionist)"


def test_a_full_disk_records_nothing_and_says_so_and_the_pupil_is_not_out(desk):
    make_room = desk.disk_is_full()
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("settle", Trouble.NOT_SAVED)])
    make_room()
    assert desk.entries() == []
    walk(desk, [("done", HomeView), *collecting(), (("releases", "P5"), ReleaseView), ("settle", LeftView)])
    assert len(desk.entries()) == 1


def test_a_pupil_who_is_out_is_not_found_and_not_signed_out_again(desk):
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("settle", LeftView), ("done", HomeView)])
    walk(desk, [("choose_collecting", FindView), (("type", "TO"), FindView)])
    assert desk.journey.view.found == ()
    walk(desk, [(("choose_pupil", "P5"), None)])


def test_a_pupil_who_left_meanwhile_is_said_to_be_out(desk):
    walk(desk, [("choose_collecting", FindView), (("type", "TO"), FindView)])
    sign_out(desk, "P5")
    walk(desk, [(("choose_pupil", "P5"), Trouble.ALREADY_OUT)])


def sign_out(desk, pupil_id):
    from kiosk.desk import Leaving

    who = desk.desk.school.roster.by_id(pupil_id)
    leaving = Leaving(
        who, Reason.FAMILY, None, "Ruth Okafor", released_by="A. Reed", released_at=desk.clock.at
    )
    desk.desk.sign_out(leaving, saved=lambda _out: None, failed=lambda _error: None)
    desk.settle()


def test_nobody_is_signed_out_by_the_desk_without_somebody_who_released_them():
    from kiosk.desk import Leaving

    with pytest.raises(ValueError, match="released"):
        Leaving(pupil("P1", "Ben", "Ash"), Reason.FAMILY, None, "Ruth Okafor")


def test_a_clock_in_doubt_asks_for_no_time_and_leaves_the_decision_to_the_office(tmp_path):
    with reception(tmp_path, at="1970-01-01T00:10", trust="unknown") as desk:
        steps = collecting()
        walk(desk, [*steps[:6], (("choose_reason", Reason.MEDICAL), EvidenceView)])
        walk(desk, [(("choose_evidence", Evidence.CARD), ReleaseView), (("releases", "P5"), ReleaseView)])
        walk(desk, [("settle", LeftView)])
        assert not desk.journey.view.clock_trusted
        [entry] = desk.journal.doubted("boot").result()
        assert (entry.decision.outcome, entry.decision.needs_office) == ("review", True)
        desk.clock.passes(600)
        desk.clock.at, desk.clock.trust = london("10:20"), "synced"
        desk.desk.set_right(desk.clock.reading())
        desk.settle()
        desk.settle()
        [corrected] = desk.entries()
        assert (corrected.kind, corrected.corrects, corrected.at) == (
            Kind.DEPARTURE,
            entry.id,
            london("10:10"),
        )
        assert corrected.departure.released_by == "A. Reed"
        assert corrected.decision.outcome == "absent_pm"
        desk.journey.done()
        walk(desk, [("choose_returning", FindView), (("type", "TO"), FindView)])
        assert [each.id for each in desk.journey.view.found] == ["P5"], "still out, and once"


@pytest.mark.parametrize("step", range(3, 8))
def test_a_card_that_is_tapped_in_the_midst_waits_and_loses_nothing(desk, step):
    walk(desk, collecting()[:step])
    desk.tap("P2")
    assert desk.frames[-1].cards_waiting == 1
    assert desk.frames[-1].sound is Sound.ATTENTION
    desk.clock.passes(5)
    walk(desk, [*collecting()[step:], (("releases", "P5"), ReleaseView), ("settle", LeftView)])
    walk(desk, [("done", ReasonView), (("choose_reason", Reason.OTHER), object), ("settle", object)])
    departed, arrived = desk.entries()
    assert (departed.pupil, arrived.pupil) == ("P5", "P2")
    assert arrived.at == london("10:00"), "the time of the tap counts"


def test_a_card_while_a_pupil_is_still_looked_for_goes_first(desk):
    walk(desk, [("choose_collecting", FindView), (("type", "T"), FindView), (("tap", "P2"), ReasonView)])
    walk(desk, [("back", HomeView), ("choose_collecting", FindView)])
    assert desk.journey.view.letters == ""


def test_the_card_of_the_pupil_who_is_collected_changes_nothing(desk):
    walk(desk, [*collecting(), (("tap", "P5"), None)])
    assert desk.frames[-1].cards_waiting == 0


def test_a_kiosk_that_is_stopped_in_mid_release_withdraws_and_keeps_the_card_that_waits(desk):
    walk(desk, collecting())
    desk.tap("P2")
    desk.journey.leave()
    desk.settle()
    assert desk.office.withdrawn == [desk.office.of("P5")]
    assert [(entry.kind, entry.pupil) for entry in desk.entries()] == [(Kind.ARRIVAL, "P2")]


def test_a_screen_that_fails_in_mid_release_withdraws(desk):
    walk(desk, [*collecting(), ("failed", Trouble.SCREEN_ERROR)])
    assert desk.office.withdrawn == [desk.office.of("P5")]


def test_after_school_nobody_is_collected_here(tmp_path):
    with reception(tmp_path, at="15:16") as desk:
        walk(desk, [("choose_collecting", Trouble.AFTER_SCHOOL)])


def test_a_pupil_whose_day_has_ended_is_not_signed_out(tmp_path):
    pupils = (pupil("P1", "Ben", "Ash", "N", year="N"), pupil("P2", "Mia", "Ash", "6", year="6"))
    with reception(tmp_path, at="15:05", school=bundle("kings-cross-academy", pupils)) as desk:
        walk(desk, [("choose_collecting", FindView), (("type", "BE"), FindView)])
        walk(desk, [(("choose_pupil", "P1"), Trouble.AFTER_SCHOOL)])


def test_a_kiosk_without_a_way_to_the_office_or_pins_releases_nobody(desk):
    journey = Journey(desk.desk, desk.frames.append, desk.clock.monotonic, Parts())
    journey.opened()
    desk.journey = journey
    walk(desk, collecting())
    assert desk.journey.view.asked is Asked.STAFF_ONLY
    assert not desk.journey.view.staff_can_release
    walk(desk, [("ask_staff", None), ("back", HomeView)])
    desk.settle()
    assert desk.entries() == []


def test_signed_out_is_said_to_be_sent_only_when_the_register_has_answered(desk):
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("settle", LeftView)])
    assert desk.journey.view.progress is Progress.SAVED
    desk.journey.settled({desk.entries()[0].id: Progress.SENT})
    assert desk.journey.view.progress is Progress.SENT


def test_a_relationship_need_not_be_told_and_a_name_is_only_ever_shown_as_typed(desk):
    steps = collecting()
    steps[5] = (("choose_relationship", None), ReasonView)
    walk(desk, steps)
    assert desk.office.asked[desk.office.of("P5")].relationship is None
    assert isinstance(desk.journey.view.pupils[0].pupil, Listed)
    assert Relationship.GRANDPARENT == "grandparent"


def test_a_pupil_who_is_signed_out_by_an_earlier_visit_meanwhile_is_signed_out_once(desk):
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("go_home", HomeView)])
    walk(
        desk, [*collecting(), ("settle", ReleaseView), ("ask_staff", PinView), (("pin", "4711"), ReleaseView)]
    )
    walk(desk, [("settle", LeftView)])
    [entry] = desk.entries()
    assert entry.departure.released_by == "A. Reed"
