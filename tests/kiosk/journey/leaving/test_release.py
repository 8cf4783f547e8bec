"""Waiting for a release: every way that ends with one, and every way that does not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.desk import DepartureDraft
from kiosk.journey import IDLE_S, RELEASE_S, Journey, Parts
from kiosk.views import (
    FindView,
    HomeView,
    LeftView,
    PinState,
    PinView,
    ProblemView,
    Progress,
    ReleaseState,
    ReleaseView,
    Sound,
    Trouble,
)
from kiosk.views.touches import AskStaff, ChooseLate, EnterPin, Finish, GoBack, PressDigit
from sync.wire import DepartureAnswer, DepartureState, Kind
from tests.kiosk.reception import Reception, bundle, london, pupil, reception
from tests.kiosk.walking import Step, Steps, Visit, collecting, present, run_visit, sees, walk

RELEASE: Steps = [(("releases", "P5"), sees(ReleaseView, state=ReleaseState.SAVING)), ("settle", LeftView)]
TOM_OUT = "departure P5 medical -"
WITHDRAWN = ("says", DepartureState.WITHDRAWN)

ONE_PUPIL: dict[str, tuple[Steps, list[str]]] = {
    "the office releases": (
        [(("releases", "P5"), ReleaseView), ("settle", sees(LeftView, frame__sound=Sound.ACCEPTED))],
        [TOM_OUT],
    ),
    "the office refuses, and no reason is given": (
        [(("refuses", "P5"), Trouble.SPEAK_TO_OFFICE), ("settle", sees(object, detail=None))],
        [],
    ),
    "cancelled": ([(GoBack(), HomeView), ("settle", None)], []),
    "the office does not answer": (
        [(("waits", RELEASE_S - 1), ReleaseView), (("waits", 1), Trouble.NO_ANSWER), ("settle", None)],
        [],
    ),
    "the register lets the request lapse": (
        [((*WITHDRAWN, "P5"), Trouble.NO_ANSWER), ("settle", None), (Finish(), HomeView)],
        [],
    ),
    "the register is offline for a while": (
        [
            (("reports", "P5", ReleaseState.WAITING), sees(ReleaseView, state=ReleaseState.WAITING)),
            (("reports", "P5", ReleaseState.OFFLINE), sees(ReleaseView, state=ReleaseState.OFFLINE)),
            (("reports", "P5", ReleaseState.WAITING), sees(ReleaseView, state=ReleaseState.WAITING)),
            *RELEASE,
        ],
        [TOM_OUT],
    ),
    "the register is offline, and a member of staff releases": (
        [
            (("reports", "P5", ReleaseState.OFFLINE), sees(ReleaseView, staff_can_release=True)),
            (AskStaff(), sees(PinView, pupils=("P5",), collector="Ruth Okafor")),
            (("pin", "4711"), ReleaseView),
            ("settle", sees(LeftView, released_by="R. Osei (Receptionist)")),
        ],
        [TOM_OUT],
    ),
    "the register stays offline": (
        [(("reports", "P5", ReleaseState.OFFLINE), ReleaseView), (("waits", RELEASE_S), Trouble.NO_ANSWER)],
        [],
    ),
    "a wrong PIN releases no pupil, and the office still can": (
        [
            (AskStaff(), PinView),
            (("pin", "0000"), sees(PinView, state=PinState.WRONG)),
            ("settle", None),
            (GoBack(), ReleaseView),
            *RELEASE,
        ],
        [TOM_OUT],
    ),
    "an unused PIN pad goes back to the wait": (
        [
            (AskStaff(), PinView),
            (("waits", IDLE_S), ReleaseView),
            (("waits", RELEASE_S - IDLE_S), Trouble.NO_ANSWER),
        ],
        [],
    ),
    "a refusal while a PIN is typed ends it": (
        [(AskStaff(), PinView), (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE)],
        [],
    ),
    "the office releases while a PIN is typed": (
        [(AskStaff(), PinView), (("releases", "P5"), None), ("settle", LeftView)],
        [TOM_OUT],
    ),
    "both release, and it is one entry": (
        [
            (AskStaff(), PinView),
            (("pin", "4711"), ReleaseView),
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
            ("settle", None),
            (Finish(), HomeView),
            *collecting(),
            *RELEASE,
        ],
        [TOM_OUT],
    ),
    "a disk that answers late": (
        [
            (("releases", "P5"), sees(ReleaseView, state=ReleaseState.SAVING)),
            (GoBack(), sees(ReleaseView, state=ReleaseState.SAVING)),
            (("waits", IDLE_S - 1), ReleaseView),
            (("waits", 1), Trouble.NOT_SAVED),
            ("settle", sees(LeftView, pupils=("P5",))),
        ],
        [TOM_OUT],
    ),
    "a disk that answers after the adult has left": (
        [
            (("releases", "P5"), ReleaseView),
            (("waits", IDLE_S), Trouble.NOT_SAVED),
            (Finish(), HomeView),
            ("settle", HomeView),
        ],
        [TOM_OUT],
    ),
    "a disk that does not answer while the wait for the office ends": (
        [
            (("waits", RELEASE_S - 1), ReleaseView),
            (("releases", "P5"), ReleaseView),
            (("waits", 1), sees(ReleaseView, state=ReleaseState.SAVING)),
            (("waits", IDLE_S - 1), Trouble.NOT_SAVED),
        ],
        [TOM_OUT],
    ),
    "a full disk that answers late is reported once": (
        [
            ("disk_is_full", None),
            (("releases", "P5"), ReleaseView),
            (("waits", IDLE_S), sees(object, frame__sound=Sound.ATTENTION)),
            (("waits", 1), Trouble.NOT_SAVED),
            ("settle", Trouble.NOT_SAVED),
            (("waits", IDLE_S - 1), Trouble.DISK_FAILED),
        ],
        [],
    ),
    "a release after a cancel is shown, and not acted on": (
        [(GoBack(), HomeView), (("releases", "P5"), Trouble.RELEASED_TOO_LATE), ("settle", None)],
        [],
    ),
    "a release after a cancel does not interrupt the next user": (
        [(GoBack(), HomeView), (ChooseLate(), FindView), (("releases", "P5"), None)],
        [],
    ),
    "a confirmed withdrawal shows nothing": ([(GoBack(), HomeView), ((*WITHDRAWN, "P5"), None)], []),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


@pytest.mark.parametrize(("steps", "recorded"), ONE_PUPIL.values(), ids=ONE_PUPIL)
def test_the_release_of_one_pupil(tmp_path: Path, steps: Steps, recorded: list[str]) -> None:
    run_visit(tmp_path, Visit([*collecting(), *steps], recorded, at="10:00"))


# --- The request ---------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [(GoBack(), HomeView), (("waits", RELEASE_S), Trouble.NO_ANSWER)])
def test_a_cancelled_or_unanswered_request_is_withdrawn(desk: Reception, end: Step) -> None:
    walk(desk, [*collecting(), end])
    assert desk.office.withdrawn == [desk.office.request_for("P5")]


@pytest.mark.parametrize("end", ["stop", "screen_failed"])
def test_a_kiosk_that_stops_or_fails_during_the_wait_withdraws_the_request(desk: Reception, end: str) -> None:
    walk(desk, collecting())
    getattr(desk.journey, end)()
    assert desk.office.withdrawn == [desk.office.request_for("P5")]


def test_a_kiosk_that_is_stopped_keeps_the_waiting_card(desk: Reception) -> None:
    walk(desk, [*collecting(), (("tap", "P2"), ReleaseView)])
    desk.journey.stop()
    desk.settle()
    assert [(entry.kind, entry.pupil) for entry in desk.entries()] == [(Kind.ARRIVAL, "P2")]


def test_a_late_release_names_the_pupil(desk: Reception) -> None:
    walk(desk, [*collecting(), (GoBack(), HomeView), (("releases", "P5"), sees(object, detail="Tom B."))])


def test_an_answer_to_an_earlier_request_does_not_count_for_a_later_one(desk: Reception) -> None:
    walk(desk, [*collecting(), (GoBack(), HomeView)])
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
    walk(desk, [(AskStaff(), PinView), (("pin", "4711"), ReleaseView), ("settle", LeftView)])


def test_a_kiosk_without_an_office_or_pins_releases_no_pupil(desk: Reception) -> None:
    journey = Journey(desk.desk, desk.frames.append, desk.clock.monotonic, Parts())
    journey.school_changed()
    desk.journey = journey
    steps = collecting()
    steps[-1] = (steps[-1][0], sees(ReleaseView, state=ReleaseState.STAFF_ONLY, staff_can_release=False))
    walk(desk, [*steps, (AskStaff(), None), (GoBack(), HomeView), ("settle", None)])
    assert desk.entries() == []


# --- The PIN -------------------------------------------------------------------------------------


def test_a_pin_releases_without_the_register_and_the_entry_names_its_owner(desk: Reception) -> None:
    walk(desk, [*collecting(), (("reports", "P5", ReleaseState.OFFLINE), ReleaseView), (AskStaff(), PinView)])
    desk.clock.passes(7)
    walk(desk, [(("pin", "190283"), ReleaseView), ("settle", LeftView)])
    [entry] = desk.entries()
    assert present(entry.departure).released_by == "M. Lindqvist (Head of year)"
    assert present(entry.departure).released_at == entry.at == london("10:00") + timedelta(seconds=7)
    assert desk.office.withdrawn == [desk.office.request_for("P5")], "the office no longer needs to answer"


def test_a_refusal_holds_though_a_pin_is_being_checked(desk: Reception) -> None:
    walk(desk, [*collecting(), (AskStaff(), PinView)])
    for digit in "4711":
        desk.journey.handle(PressDigit(digit))
    walk(desk, [(EnterPin(), sees(PinView, state=PinState.CHECKING))])
    walk(desk, [(("refuses", "P5"), Trouble.SPEAK_TO_OFFICE), ("deliver_next", None), ("settle", None)])
    assert desk.entries() == []


# --- The entry -----------------------------------------------------------------------------------


def test_the_desk_signs_no_pupil_out_without_a_releaser() -> None:
    with pytest.raises(ValueError, match="released"):
        DepartureDraft(pupil("P1", "Ben", "Ash"), Reason.FAMILY, None, "Ruth Okafor")


def test_a_pupil_whom_an_earlier_visit_signs_out_meanwhile_is_signed_out_once(desk: Reception) -> None:
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("go_home", HomeView), *collecting()])
    walk(desk, [("settle", ReleaseView), (AskStaff(), PinView), (("pin", "4711"), ReleaseView)])
    walk(desk, [("settle", LeftView)])
    [entry] = desk.entries()
    assert present(entry.departure).released_by == "A. Reed"


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
