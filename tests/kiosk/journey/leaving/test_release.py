"""A request for release on the screen: every way that ends with a release, and every way that does not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.desk import DepartureDraft
from kiosk.journey import IDLE_S, RELEASE_S, SEAT_S, Journey, Parts
from kiosk.views import (
    SHORT_S,
    ConfirmView,
    FindView,
    HomeView,
    LeftView,
    PinState,
    PinView,
    ProblemView,
    Progress,
    ReleaseState,
    ReleaseView,
    ReleaseYesView,
    Sound,
    Trouble,
)
from kiosk.views.touches import (
    AskStaff,
    CancelRequest,
    ChooseLate,
    Confirm,
    EnterPin,
    Finish,
    GoBack,
    PressDigit,
    ShowRequests,
)
from sync.wire import DepartureAnswer, DepartureState
from tests.kiosk.reception import Reception, bundle, london, pupil, reception
from tests.kiosk.walking import Step, Steps, Visit, by_pin, cancel, collecting, present, run_visit, sees, walk

RELEASED: Steps = [(("releases", "P5"), sees(ReleaseView, state=ReleaseState.SAVING)), ("settle", LeftView)]
TOM_OUT = "departure P5 medical -"
WITHDRAWN = ("says", DepartureState.WITHDRAWN)
DONE: Step = (Finish(), HomeView)

ONE: dict[str, tuple[Steps, list[str]]] = {
    "the office releases": (
        [(("releases", "P5"), ReleaseView), ("settle", sees(LeftView, frame__sound=Sound.ACCEPTED))],
        [TOM_OUT],
    ),
    "the office refuses, and no reason is given": (
        [(("refuses", "P5"), Trouble.SPEAK_TO_OFFICE), ("settle", sees(object, detail=None))],
        [],
    ),
    "cancelled": ([*cancel(), ("settle", None)], []),
    "not cancelled after all": (
        [
            (CancelRequest(), sees(ConfirmView, pupils=("P5",))),
            (GoBack(), sees(ReleaseView, state=ReleaseState.SENDING)),
            *RELEASED,
        ],
        [TOM_OUT],
    ),
    "the question about a cancel is left open": (
        [
            (CancelRequest(), ConfirmView),
            (("waits", IDLE_S), HomeView),
            (ShowRequests(), ReleaseView),
            *RELEASED,
        ],
        [TOM_OUT],
    ),
    "the office releases while the cancel is asked about": (
        [(CancelRequest(), ConfirmView), (("releases", "P5"), None), ("settle", LeftView)],
        [TOM_OUT],
    ),
    "the register lets the request lapse": (
        [((*WITHDRAWN, "P5"), Trouble.NO_ANSWER), ("settle", None), DONE],
        [],
    ),
    "the register is offline for a while": (
        [
            (("reports", "P5", ReleaseState.WAITING), sees(ReleaseView, state=ReleaseState.WAITING)),
            (("reports", "P5", ReleaseState.OFFLINE), sees(ReleaseView, state=ReleaseState.OFFLINE)),
            (("reports", "P5", ReleaseState.WAITING), sees(ReleaseView, state=ReleaseState.WAITING)),
            *RELEASED,
        ],
        [TOM_OUT],
    ),
    "a wrong PIN releases no pupil, and the office still can": (
        [
            (AskStaff(), PinView),
            (("pin", "0000"), sees(PinView, state=PinState.WRONG)),
            ("settle", None),
            (GoBack(), ReleaseView),
            *RELEASED,
        ],
        [TOM_OUT],
    ),
    "an unused PIN pad leaves the request waiting": (
        [(AskStaff(), PinView), (("waits", IDLE_S), HomeView), (ShowRequests(), ReleaseView)],
        [],
    ),
    "a refusal while a PIN is typed ends it": (
        [(AskStaff(), PinView), (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE)],
        [],
    ),
    "the office releases while a PIN is typed": (
        [(AskStaff(), PinView), (("releases", "P5"), ReleaseView), ("settle", LeftView)],
        [TOM_OUT],
    ),
    "both release, and it is one entry": (
        [
            *by_pin(),
            (("releases", "P5"), ReleaseView),
            ("settle", sees(LeftView, released_by="R. Osei (Receptionist)")),
        ],
        [TOM_OUT],
    ),
    "a full disk": (
        [
            ("disk_is_full", None),
            (("releases", "P5"), ReleaseView),
            ("settle", Trouble.NOT_SAVED),
            ("disk_has_room", None),
            (("waits", 1), Trouble.NOT_SAVED),
            ("settle", Trouble.NOT_SAVED),
            (("waits", 1), sees(LeftView, pupils=("P5",))),
        ],
        [TOM_OUT],
    ),
    "a departure that waits for the disk is recorded after the adult has gone": (
        [
            ("disk_is_full", None),
            *by_pin(),
            ("settle", Trouble.NOT_SAVED),
            (Finish(), Trouble.DISK_FAILED),
            (("waits", 1800), Trouble.DISK_FAILED),
            ("settle", None),
            ("disk_has_room", None),
            (("waits", 1), None),
            ("settle", None),
            (("waits", 1), HomeView),
        ],
        [TOM_OUT],
    ),
    "a disk that answers late": (
        [
            (("releases", "P5"), sees(ReleaseView, state=ReleaseState.SAVING)),
            (CancelRequest(), sees(ReleaseView, state=ReleaseState.SAVING)),
            (("waits", SHORT_S - 1), ReleaseView),
            (("waits", 1), Trouble.NOT_SAVED),
            ("settle", sees(LeftView, pupils=("P5",))),
        ],
        [TOM_OUT],
    ),
    "a disk that answers after the adult has left": (
        [
            (("releases", "P5"), ReleaseView),
            (("waits", IDLE_S), Trouble.NOT_SAVED),
            DONE,
            ("settle", HomeView),
        ],
        [TOM_OUT],
    ),
    "a full disk that answers late is reported once": (
        [
            ("disk_is_full", None),
            (("releases", "P5"), ReleaseView),
            (("waits", IDLE_S), sees(ProblemView, frame__sound=Sound.ATTENTION)),
            (("waits", 1), Trouble.NOT_SAVED),
            ("settle", Trouble.NOT_SAVED),
            (("waits", IDLE_S - 1), Trouble.DISK_FAILED),
        ],
        [],
    ),
    "a release after a cancel is shown, and not acted on": (
        [*cancel(), (("releases", "P5"), Trouble.RELEASED_TOO_LATE), ("settle", None)],
        [],
    ),
    "a release after a cancel does not interrupt the next user": (
        [*cancel(), (ChooseLate(), FindView), (("releases", "P5"), None)],
        [],
    ),
    "a confirmed withdrawal shows nothing": ([*cancel(), ((*WITHDRAWN, "P5"), None)], []),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


@pytest.mark.parametrize(("steps", "recorded"), ONE.values(), ids=ONE)
def test_the_release_of_one_pupil(tmp_path: Path, steps: Steps, recorded: list[str]) -> None:
    run_visit(tmp_path, Visit([*collecting(), *steps], recorded, at="10:00"))


# --- Taking a seat -------------------------------------------------------------------------------


def test_an_adult_is_asked_to_take_a_seat_and_the_kiosk_is_home_again(desk: Reception) -> None:
    walk(desk, collecting())
    assert desk.view_as(ReleaseView).just_asked
    walk(
        desk, [(("waits", SEAT_S - 1), ReleaseView), (("waits", 1), HomeView), (ShowRequests(), ReleaseView)]
    )
    assert not desk.view_as(ReleaseView).just_asked


def test_an_adult_whose_request_the_office_cannot_see_has_longer_to_read_it(desk: Reception) -> None:
    walk(desk, [*collecting(), (("waits", SEAT_S - 1), ReleaseView)])
    walk(desk, [(("reports", "P5", ReleaseState.OFFLINE), ReleaseView), (("waits", SEAT_S), ReleaseView)])
    walk(desk, [(("waits", IDLE_S - SEAT_S), HomeView)])


def test_the_screen_shows_neither_the_adult_nor_the_reason(desk: Reception) -> None:
    walk(desk, [*collecting(), DONE, (ShowRequests(), ReleaseView)])
    shown = repr(desk.view_as(ReleaseView))
    assert "Okafor" not in shown
    assert "medical" not in shown


# --- The request ---------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [cancel(), [DONE, (("waits", RELEASE_S), HomeView)]], ids=["cancel", "time"])
def test_a_cancelled_or_unanswered_request_is_withdrawn(desk: Reception, end: Steps) -> None:
    walk(desk, [*collecting(), *end])
    assert desk.office.withdrawn == [desk.office.request_for("P5")]


def test_a_screen_that_fails_does_not_end_the_wait(desk: Reception) -> None:
    walk(desk, [*collecting(), ("screen_failed", Trouble.SCREEN_ERROR), DONE, (ShowRequests(), ReleaseView)])
    assert desk.office.withdrawn == []


def test_a_late_release_names_the_pupil(desk: Reception) -> None:
    walk(desk, [*collecting(), *cancel(), (("releases", "P5"), sees(object, detail="Tom B."))])


def test_an_answer_to_an_earlier_request_does_not_count_for_a_later_one(desk: Reception) -> None:
    walk(desk, [*collecting(), *cancel()])
    earlier = desk.office.request_for("P5")
    walk(desk, collecting())
    late = DepartureAnswer(state=DepartureState.RELEASED, released_by="A. Reed", released_at=london("10:02"))
    desk.office.journey.request_answered(earlier, late)
    walk(desk, [("settle", ReleaseView)])
    assert desk.entries() == []


def test_a_register_that_takes_no_requests_leaves_the_release_to_staff(desk: Reception) -> None:
    walk(desk, collecting())
    desk.journey.request_answered(desk.office.request_for("P5"), None)
    assert desk.view_as(ReleaseView).state is ReleaseState.STAFF_ONLY
    walk(desk, [*by_pin(), ("settle", LeftView)])


def test_a_kiosk_without_an_office_or_pins_releases_no_pupil(desk: Reception) -> None:
    journey = Journey(desk.desk, desk.frames.append, desk.clock.monotonic, Parts())
    journey.school_changed()
    desk.journey = journey
    steps = collecting()
    steps[-1] = (steps[-1][0], sees(ReleaseView, state=ReleaseState.STAFF_ONLY, staff_can_release=False))
    walk(desk, [*steps, (AskStaff(), None), *cancel(), ("settle", None)])
    assert desk.entries() == []


# --- The entry -----------------------------------------------------------------------------------


def test_a_pin_releases_without_the_register_and_the_entry_names_its_owner(desk: Reception) -> None:
    walk(desk, [*collecting(), (("reports", "P5", ReleaseState.OFFLINE), ReleaseView), (AskStaff(), PinView)])
    desk.clock.passes(7)
    walk(
        desk, [(("pin", "190283"), ReleaseYesView), (("waits", 1), ReleaseYesView), (Confirm(), ReleaseView)]
    )
    walk(desk, [("settle", LeftView)])
    [entry] = desk.entries()
    assert present(entry.departure).released_by == "M. Lindqvist (Head of year)"
    assert present(entry.departure).released_at == entry.at == london("10:00") + timedelta(seconds=8)
    assert desk.office.withdrawn == [desk.office.request_for("P5")], "the office need not answer any more"


def test_a_refusal_holds_though_a_pin_is_being_checked(desk: Reception) -> None:
    walk(desk, [*collecting(), (AskStaff(), PinView)])
    for digit in "4711":
        desk.journey.handle(PressDigit(digit))
    walk(desk, [(EnterPin(), sees(PinView, state=PinState.CHECKING))])
    walk(desk, [(("refuses", "P5"), Trouble.SPEAK_TO_OFFICE), ("deliver_next", None), ("settle", None)])
    assert desk.entries() == []


def test_the_desk_signs_no_pupil_out_without_a_releaser() -> None:
    with pytest.raises(ValueError, match="released"):
        DepartureDraft(pupil("P1", "Ben", "Ash"), Reason.FAMILY, None, "Ruth Okafor")


def test_the_entry_names_the_request_that_was_released(desk: Reception) -> None:
    walk(desk, [*collecting(), *RELEASED])
    [entry] = desk.entries()
    assert present(entry.departure).request == desk.office.request_for("P5")


def test_a_departure_is_shown_as_sent_only_when_the_register_has_answered(desk: Reception) -> None:
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView)])
    walk(desk, [("settle", sees(LeftView, progress=Progress.SAVED))])
    answer = {desk.entries()[0].id: Progress.SENT}
    walk(desk, [(("entries_settled", answer), sees(LeftView, progress=Progress.SENT))])


def test_the_words_after_a_refusal_name_no_person_and_no_reason(tmp_path: Path) -> None:
    from kiosk.screens.wording import common

    with reception(tmp_path, at="10:00", school=bundle()) as desk:
        walk(desk, [*collecting(), (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE)])
        view = desk.view_as(ProblemView)
        words = f"{common.problem(view)}. {common.what_to_do(view)}"
    assert words == "Please speak to the office. The office will help you. Nobody is signed out."


def test_the_releasers_job_title_is_kept_beside_the_name(desk: Reception) -> None:
    walk(desk, collecting())
    answer = DepartureAnswer(
        state=DepartureState.RELEASED,
        released_by="A. Reed",
        released_position="Attendance officer",
        released_at=london("10:01"),
    )
    desk.office.journey.request_answered(desk.office.request_for("P5"), answer)
    walk(desk, [("settle", LeftView)])
    departure = present(desk.entries()[0].departure)
    assert (departure.released_by, departure.released_position) == ("A. Reed", "Attendance officer")
