"""Requests that wait beside the screen: answers at any moment, several adults, time, and restarts."""

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.journey import IDLE_S, RELEASE_S
from kiosk.journey.at_home import FREE_S
from kiosk.journey.waiting.requests import RESULT_S, TAKEN_UP_S
from kiosk.journey.waiting.stored_request import read_stored
from kiosk.views import (
    DoneView,
    EvidenceView,
    FindView,
    HomeView,
    LeftView,
    Notice,
    ProblemView,
    ReasonView,
    Relationship,
    ReleaseState,
    ReleaseView,
    RequestListView,
    RequestProgress,
    SavingView,
    Sound,
    StaffView,
    Trouble,
)
from kiosk.views.touches import (
    AskStaff,
    ChooseLate,
    ChoosePupil,
    ChooseReason,
    ChooseRelationship,
    ChooseRequest,
    Finish,
    GoBack,
    ShowRequests,
)
from sync.wire import DepartureAnswer, DepartureState, Kind
from tests.kiosk.reception import HandClock, Reception, london, reception
from tests.kiosk.walking import (
    Step,
    Steps,
    Visit,
    collecting,
    collecting_two,
    present,
    run_visit,
    sees,
    to_staff,
    walk,
)

HOME: Step = (Finish(), HomeView)
WAITING, ASK_STAFF, OUT, SEE_OFFICE = (
    sees(HomeView, requests__0__progress=progress) for progress in RequestProgress
)
NOTHING = sees(HomeView, requests=())
TOM_OUT = "departure P5 medical -"
AMELIE_IN = "arrival P2 other U"
FREE: Step = (("waits", FREE_S), LeftView)
LATE: Steps = [(ChooseLate(), FindView), (("type", "AMELIE"), FindView), (ChoosePupil("P2"), ReasonView)]
SIGNED_IN: Steps = [(ChooseReason(Reason.OTHER), SavingView), ("settle", object), (Finish(), HomeView)]
LAPSED = ("says", DepartureState.WITHDRAWN, "P5")

FROM_HOME: dict[str, tuple[Steps, list[str]]] = {
    "the office releases while nobody is at the screen": (
        [
            (("waits", 60), WAITING),
            (("releases", "P5"), HomeView),
            ("settle", sees(LeftView, pupils=("P5",), frame__sound=Sound.ACCEPTED)),
            (Finish(), NOTHING),
        ],
        [TOM_OUT],
    ),
    "the office releases while a user is about to touch the home screen": (
        [(("releases", "P5"), HomeView), ("settle", OUT), FREE, (Finish(), NOTHING)],
        [TOM_OUT],
    ),
    "the adult looks at the chip first": (
        [(("releases", "P5"), HomeView), ("settle", OUT), (ShowRequests(), LeftView), (Finish(), NOTHING)],
        [TOM_OUT],
    ),
    "a result that was on the screen without a touch stays in the chip, and leaves it in the end": (
        [
            (("releases", "P5"), HomeView),
            ("settle", OUT),
            FREE,
            (("waits", IDLE_S), OUT),
            (("waits", FREE_S), OUT),
            (("waits", RESULT_S), NOTHING),
        ],
        [TOM_OUT],
    ),
    "the office refuses: the chip calls the adult and tells nobody else why": (
        [
            (("waits", 60), WAITING),
            (("refuses", "P5"), sees(HomeView, frame__sound=Sound.ATTENTION)),
            (("waits", FREE_S), SEE_OFFICE),
            (ShowRequests(), Trouble.SPEAK_TO_OFFICE),
            (Finish(), NOTHING),
        ],
        [],
    ),
    "the register lets it lapse": (
        [(LAPSED, SEE_OFFICE), (ShowRequests(), Trouble.NO_ANSWER), (Finish(), NOTHING)],
        [],
    ),
    "the office does not answer": (
        [(("waits", RELEASE_S), SEE_OFFICE), (ShowRequests(), Trouble.NO_ANSWER), (Finish(), NOTHING)],
        [],
    ),
    "a release after the withdrawal has no effect": (
        [
            (("waits", RELEASE_S), SEE_OFFICE),
            (("releases", "P5"), Trouble.RELEASED_TOO_LATE),
            ("settle", None),
        ],
        [],
    ),
    "the register cannot be reached": (
        [
            (("reports", "P5", ReleaseState.OFFLINE), ASK_STAFF),
            (("reports", "P5", ReleaseState.WAITING), WAITING),
        ],
        [],
    ),
    "released while another pupil types a name": (
        [
            *LATE[:2],
            (("releases", "P5"), None),
            ("settle", None),
            (ChoosePupil("P2"), ReasonView),
            *SIGNED_IN[:2],
            (Finish(), OUT),
            FREE,
        ],
        [TOM_OUT, AMELIE_IN],
    ),
    "released while another pupil is asked for a reason": (
        [*LATE, (("releases", "P5"), None), ("settle", None), *SIGNED_IN, (ShowRequests(), LeftView)],
        [TOM_OUT, AMELIE_IN],
    ),
    "refused while another pupil is asked for a reason": (
        [*LATE, (("refuses", "P5"), None), *SIGNED_IN, (ShowRequests(), Trouble.SPEAK_TO_OFFICE)],
        [AMELIE_IN],
    ),
    "lapsed while another pupil is asked for a reason": (
        [*LATE, (LAPSED, None), *SIGNED_IN, (ShowRequests(), Trouble.NO_ANSWER)],
        [AMELIE_IN],
    ),
    "released while another adult answers the questions": (
        [
            *collecting("P3", "ZO", "NINA LARSEN")[:-1],
            (("releases", "P5"), None),
            ("settle", EvidenceView),
            (GoBack(), object),
        ],
        [TOM_OUT],
    ),
    "released while staff are at work": (
        [*to_staff(), (("releases", "P5"), StaffView), ("settle", StaffView), (("waits", 60), OUT), FREE],
        [TOM_OUT],
    ),
    "released while another pupil stands at a problem": (
        [
            ("tap_unknown", Trouble.UNKNOWN_CARD),
            (("releases", "P5"), None),
            ("settle", None),
            (Finish(), OUT),
        ],
        [TOM_OUT],
    ),
    "released while cards wait for their turn": (
        [
            *LATE,
            (("tap", "P1"), object),
            (("releases", "P5"), None),
            ("settle", None),
            (ChooseReason(Reason.OTHER), SavingView),
            ("settle", object),
            (Finish(), sees(ReasonView, pupil="P1")),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", object),
            (Finish(), OUT),
        ],
        [TOM_OUT, AMELIE_IN, "arrival P1 traffic U"],
    ),
    "the pupil's own card on the way out is no arrival": (
        [
            (("tap", "P5"), sees(ReleaseView, just_asked=False)),
            (("tap", "P5"), None),
            HOME,
            (("releases", "P5"), HomeView),
            ("settle", OUT),
            (("tap", "P5"), LeftView),
        ],
        [TOM_OUT],
    ),
    "the pupil's own card while another pupil is busy is no arrival": (
        [
            *LATE,
            (("tap", "P5"), object),
            (ChooseReason(Reason.OTHER), SavingView),
            ("settle", object),
            (Finish(), WAITING),
        ],
        [AMELIE_IN],
    ),
    "another card takes the screen from an adult who looks at the chip": (
        [(ShowRequests(), ReleaseView), (("tap", "P2"), ReasonView), ("settle", None)],
        [],
    ),
    "a full disk": (
        [
            ("disk_is_full", None),
            (("releases", "P5"), HomeView),
            ("settle", Trouble.DISK_FAILED),
            ("disk_has_room", None),
            (("waits", 1), object),
            ("settle", object),
            (("waits", 1), OUT),
            (ShowRequests(), sees(LeftView, pupils=("P5",))),
        ],
        [TOM_OUT],
    ),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


@pytest.mark.parametrize(("steps", "recorded"), FROM_HOME.values(), ids=FROM_HOME)
def test_an_answer_counts_whatever_is_on_the_screen(
    tmp_path: Path, steps: Steps, recorded: list[str]
) -> None:
    run_visit(tmp_path, Visit([*collecting(), HOME, *steps], recorded, at="10:00"))


def test_the_time_of_the_release_is_the_offices(desk: Reception) -> None:
    walk(desk, [*collecting(), HOME, *LATE, (("releases", "P5"), None), ("settle", None)])
    assert present(desk.entries()[0].departure).released_at == london("10:01")


def test_a_request_made_before_school_ends_is_released_after_it(tmp_path: Path) -> None:
    with reception(tmp_path, at="15:12") as desk:
        steps = collecting()
        steps[6:8] = [(ChooseReason(Reason.MEDICAL), EvidenceView)]  # no time of return is left today
        walk(
            desk,
            [*steps, HOME, (("waits", 600), sees(HomeView, session=None)), (("releases", "P5"), HomeView)],
        )
        walk(desk, [("settle", sees(LeftView, pupils=("P5",)))])
        assert [entry.kind for entry in desk.entries()] == [Kind.DEPARTURE]


# --- Several adults ------------------------------------------------------------------------------


def test_several_adults_wait_and_each_finds_their_own_request(desk: Reception) -> None:
    walk(desk, [*collecting(), HOME, *collecting("P3", "ZO", "NINA LARSEN"), HOME])
    walk(desk, [(ShowRequests(), RequestListView)])
    first, second = desk.view_as(RequestListView).requests
    assert [each.id for each in (*first.pupils, *second.pupils)] == ["P5", "P3"]
    walk(desk, [(ChooseRequest(second.id), sees(ReleaseView, pupils__0__pupil="P3")), HOME])
    walk(desk, [(("refuses", "P3"), HomeView), (ShowRequests(), RequestListView)])
    walk(desk, [(ChooseRequest(second.id), Trouble.SPEAK_TO_OFFICE), (Finish(), WAITING)])
    walk(desk, [(ShowRequests(), sees(ReleaseView, pupils__0__pupil="P5"))])


def test_a_list_that_is_open_shows_the_news_and_goes_home_at_idle(desk: Reception) -> None:
    walk(desk, [*collecting(), HOME, *collecting("P3", "ZO", "NINA LARSEN"), HOME])
    walk(desk, [(ShowRequests(), RequestListView), (("refuses", "P3"), RequestListView)])
    assert desk.view_as(RequestListView).requests[1].progress is RequestProgress.SEE_OFFICE
    walk(desk, [(("waits", IDLE_S), HomeView)])


def test_an_adult_who_asks_twice_waits_once(desk: Reception) -> None:
    walk(desk, [*collecting(), HOME, *collecting(adult="Ruth Okafor".upper())])
    assert len(desk.office.requests) == 1
    assert len(desk.view_as(ReleaseView).pupils) == 1


def test_two_adults_who_ask_for_one_pupil_both_reach_the_office_and_one_is_released(desk: Reception) -> None:
    walk(desk, [*collecting(), HOME, *collecting(adult="NINA LARSEN"), HOME])
    ruth, nina = desk.office.requests
    answer = DepartureAnswer(
        state=DepartureState.RELEASED, released_by="A. Reed", released_at=london("10:01")
    )
    desk.journey.request_answered(nina, answer)
    walk(desk, [("settle", HomeView)])
    assert [present(each.departure).collector for each in desk.entries()] == ["Nina Larsen"]
    assert desk.office.withdrawn == [ruth]
    desk.journey.request_answered(ruth, answer)  # the office had released to Ruth before it saw that
    walk(desk, [("settle", HomeView), (ShowRequests(), RequestListView)])
    first = desk.view_as(RequestListView).requests[0]
    assert len(desk.entries()) == 1
    walk(desk, [(ChooseRequest(first.id), Trouble.ALREADY_OUT)])
    assert desk.view_as(ProblemView).detail == "Tom B."


# --- Restarts ------------------------------------------------------------------------------------


def restarted(desk: Reception) -> HandClock:
    """The clock for the next start, thirty seconds later; the kiosk has died without a word."""
    desk.journal.state().result(5)  # what was handed to the disk is on it
    desk.clock.passes(30)
    return desk.clock


def test_a_restart_takes_up_a_request_under_the_same_id(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, collecting())
        before, clock = desk.office.requests, restarted(desk)
    with reception(tmp_path, clock=clock) as desk:
        assert desk.office.requests == before, "the same content under the same id"
        walk(desk, [("go_home", WAITING), (ShowRequests(), ReleaseView), (("releases", "P5"), ReleaseView)])
        walk(desk, [("settle", LeftView)])
        detail = present(desk.entries()[0].departure)
        assert (detail.collector, detail.relationship, detail.evidence) == ("Ruth Okafor", "mother", "letter")
        assert detail.expected_back == london("11:30")
        assert desk.entries()[0].reason == "medical"


def test_a_release_that_came_while_the_kiosk_was_down_counts(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, collecting())
        clock = restarted(desk)
    clock.passes(RELEASE_S)
    with reception(tmp_path, clock=clock) as desk:
        walk(desk, [(("releases", "P5"), HomeView), ("settle", object)])
        assert [present(each.departure).released_by for each in desk.entries()] == ["A. Reed"]


def test_an_old_request_is_withdrawn_soon_after_a_restart(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, collecting())
        clock = restarted(desk)
    clock.passes(RELEASE_S)
    with reception(tmp_path, clock=clock) as desk:
        walk(desk, [(("waits", TAKEN_UP_S - 1), WAITING), (("waits", 1), SEE_OFFICE)])
        assert desk.office.withdrawn == [desk.office.request_for("P5")]


def test_a_restart_does_not_prolong_the_wait(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, [*collecting(), HOME, (("waits", RELEASE_S - 300), WAITING)])
        clock = restarted(desk)
    with reception(tmp_path, clock=clock) as desk:
        walk(desk, [(("waits", 269), WAITING), (("waits", 1), SEE_OFFICE)])


def test_a_machine_that_reboots_without_the_time_takes_the_request_up(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, collecting())
        clock = restarted(desk)
    clock.boot, clock.seconds, clock.trust = "another boot", 3.0, "unknown"
    with reception(tmp_path, clock=clock) as desk:
        walk(desk, [(("waits", RELEASE_S - 1), WAITING), (("waits", 1), SEE_OFFICE)])


def test_a_request_of_another_day_is_not_taken_up(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, collecting())
        clock = restarted(desk)
    clock.passes(24 * 3600)
    with reception(tmp_path, clock=clock) as desk:
        assert desk.office.requests == {}
        walk(desk, [("go_home", NOTHING)])
        assert desk.journal.requests().result(5) == []


def test_a_departure_that_was_recorded_before_the_restart_is_not_recorded_again(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, collecting())
        kept = desk.journal.requests().result(5)
        request = desk.office.request_for("P5")
        walk(desk, [(("releases", "P5"), ReleaseView), ("settle", LeftView)])
        assert desk.journal.requests().result(5) == [], "a recorded departure needs no request"
        [text] = kept
        desk.journal.keep_request(request, text).result(5)  # as if the kiosk had died before it was deleted
        clock = restarted(desk)
    with reception(tmp_path, clock=clock) as desk:
        walk(desk, [(("releases", "P5"), HomeView), ("settle", object)])
        assert len(desk.entries()) == 1
        walk(desk, [("go_home", HomeView), (ShowRequests(), sees(LeftView, pupils=("P5",)))])


def test_a_restart_remembers_whom_the_office_has_refused(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, [*collecting(), (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE)])
        [kept] = desk.journal.requests().result(5)
        assert "Okafor" not in kept, "the adult's name is not kept"
        clock = restarted(desk)
    with reception(tmp_path, clock=clock) as desk:
        refused = sees(ReleaseView, office_only=True)
        walk(desk, [("go_home", NOTHING), *collecting(), (AskStaff(), refused)])
    clock.passes(24 * 3600)
    with reception(tmp_path, clock=clock) as desk:
        assert desk.journal.requests().result(5) == []


def test_a_kiosk_that_is_stopped_in_order_keeps_its_requests_and_its_cards(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, [*collecting(), (("tap", "P2"), ReleaseView)])
        desk.journey.stop()
        desk.settle()
        assert [(entry.kind, entry.pupil) for entry in desk.entries()] == [(Kind.ARRIVAL, "P2")]
        clock = restarted(desk)
    with reception(tmp_path, clock=clock) as desk:
        walk(desk, [("go_home", WAITING)])


def test_a_full_disk_does_not_stop_a_request_from_waiting(desk: Reception) -> None:
    def no_space(*_request: object) -> "Future[None]":
        failed: Future[None] = Future()
        failed.set_exception(OSError(28, "No space left on device"))
        return failed

    desk.journal.__dict__["keep_request"] = no_space
    walk(desk, [*collecting(), HOME, (("releases", "P5"), HomeView), ("settle", OUT)])


def test_two_relatives_of_one_name_are_two_requests(desk: Reception) -> None:
    for relationship in (Relationship.MOTHER, Relationship.FATHER):
        steps = collecting(adult="JOHN SMITH")
        steps[5] = (ChooseRelationship(relationship), ReasonView)
        walk(desk, [*steps, ("go_home", HomeView)])
    asked = [request.relationship for request in desk.office.requests.values()]
    assert asked == ["mother", "father"]


def test_one_of_a_family_who_has_gone_may_be_back_while_the_other_waits(desk: Reception) -> None:
    walk(desk, [*collecting_two(), (("releases", "P5"), object), ("settle", object), ("go_home", HomeView)])
    desk.clock.passes(600)
    walk(desk, [("tick", HomeView), (ShowRequests(), ReleaseView), (("tap", "P5"), SavingView)])
    walk(desk, [("settle", DoneView)])
    assert [(entry.kind, entry.pupil) for entry in desk.entries()][-1] == (Kind.RETURN, "P5")


def test_the_card_of_a_pupil_who_is_to_be_collected_is_answered_beside_another_visit(desk: Reception) -> None:
    walk(desk, [*collecting(), ("go_home", HomeView), (ChooseLate(), FindView), (("type", "ZO"), FindView)])
    heard = sees(FindView, letters="ZO", frame__notice=Notice.TO_BE_COLLECTED, frame__sound=Sound.ATTENTION)
    walk(desk, [(("tap", "P5"), heard)])
    assert desk.journal.taps().result(5) == []


def test_requests_are_taken_up_when_the_school_comes_later_than_the_start(tmp_path: Path) -> None:
    with reception(tmp_path / "before", at="10:00") as desk:
        walk(desk, collecting())
        kept = read_stored(desk.journal.requests().result(5))
        clock = restarted(desk)
    with reception(tmp_path / "after", clock=clock) as desk:
        school, desk.desk._school = desk.desk.school, None
        desk.journey.take_up_requests(kept)
        walk(desk, [("school_changed", Trouble.NO_ROSTER)])
        desk.desk._school = school
        walk(desk, [("school_changed", WAITING)])
