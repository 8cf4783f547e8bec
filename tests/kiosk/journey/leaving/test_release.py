"""An adult waits for somebody who lets the pupils go: every way to a release, and every way that is none."""

from datetime import timedelta

import pytest

from attendance.reasons import Reason
from kiosk.desk import Leaving
from kiosk.journey import IDLE_S, RELEASE_S, Journey, Parts
from kiosk.views import (
    FindView,
    HomeView,
    LeftView,
    PinState,
    PinView,
    Progress,
    ReleaseState,
    ReleaseView,
    Sound,
    Trouble,
)
from kiosk.views.touches import AskStaff, ChooseLate, EnterPin, Finish, GoBack, PressDigit
from sync.wire import DepartureAnswer, DepartureState, Kind
from tests.kiosk.reception import bundle, london, pupil, reception
from tests.kiosk.walking import Way, collecting, go, sees, walk

RELEASED = [(("releases", "P5"), sees(ReleaseView, state=ReleaseState.SAVING)), ("settle", LeftView)]
TOM_OUT = "departure P5 medical -"
WITHDRAWN = ("says", DepartureState.WITHDRAWN)

ONE = {
    "the office releases": (
        [(("releases", "P5"), ReleaseView), ("settle", sees(LeftView, frame__sound=Sound.ACCEPTED))],
        [TOM_OUT],
    ),
    "the office refuses, and no reason is given": (
        [(("refuses", "P5"), Trouble.SPEAK_TO_OFFICE), ("settle", sees(object, detail=None))],
        [],
    ),
    "cancelled": ([(GoBack(), HomeView), ("settle", None)], []),
    "nobody answers": (
        [(("waits", RELEASE_S - 1), ReleaseView), (("waits", 1), Trouble.NO_ANSWER), ("settle", None)],
        [],
    ),
    "the register lets it lapse": (
        [((*WITHDRAWN, "P5"), Trouble.NO_ANSWER), ("settle", None), (Finish(), HomeView)],
        [],
    ),
    "the register goes, and comes back": (
        [
            (("is_asked", "P5", ReleaseState.WAITING), sees(ReleaseView, state=ReleaseState.WAITING)),
            (("is_asked", "P5", ReleaseState.OFFLINE), sees(ReleaseView, state=ReleaseState.OFFLINE)),
            (("is_asked", "P5", ReleaseState.WAITING), sees(ReleaseView, state=ReleaseState.WAITING)),
            *RELEASED,
        ],
        [TOM_OUT],
    ),
    "the register goes, and a member of staff is there": (
        [
            (("is_asked", "P5", ReleaseState.OFFLINE), sees(ReleaseView, staff_can_release=True)),
            (AskStaff(), sees(PinView, pupils=("P5",), collector="Ruth Okafor")),
            (("pin", "4711"), ReleaseView),
            ("settle", sees(LeftView, released_by="R. Osei (Receptionist)")),
        ],
        [TOM_OUT],
    ),
    "the register goes for good": (
        [(("is_asked", "P5", ReleaseState.OFFLINE), ReleaseView), (("waits", RELEASE_S), Trouble.NO_ANSWER)],
        [],
    ),
    "a wrong PIN releases nobody, and the office still can": (
        [
            (AskStaff(), PinView),
            (("pin", "0000"), sees(PinView, state=PinState.WRONG)),
            ("settle", None),
            (GoBack(), ReleaseView),
            *RELEASED,
        ],
        [TOM_OUT],
    ),
    "a pad that nobody types on goes back to the wait": (
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
    "a disk that is full": (
        [
            ("disk_is_full", None),
            (("releases", "P5"), ReleaseView),
            ("settle", Trouble.NOT_SAVED),
            ("disk_has_room", None),
            (Finish(), HomeView),
            *collecting(),
            *RELEASED,
        ],
        [TOM_OUT],
    ),
    "a disk that does not answer, and then does": (
        [
            (("releases", "P5"), sees(ReleaseView, state=ReleaseState.SAVING)),
            (GoBack(), sees(ReleaseView, state=ReleaseState.SAVING)),
            (("waits", IDLE_S - 1), ReleaseView),
            (("waits", 1), Trouble.NOT_SAVED),
            ("settle", sees(LeftView, pupils=("P5",))),
        ],
        [TOM_OUT],
    ),
    "a disk that does not answer to anybody who is still here": (
        [
            (("releases", "P5"), ReleaseView),
            (("waits", IDLE_S), Trouble.NOT_SAVED),
            (Finish(), HomeView),
            ("settle", HomeView),
        ],
        [TOM_OUT],
    ),
    "a disk that does not answer, and the time to wait for the office is over": (
        [
            (("waits", RELEASE_S - 1), ReleaseView),
            (("releases", "P5"), ReleaseView),
            (("waits", 1), sees(ReleaseView, state=ReleaseState.SAVING)),
            (("waits", IDLE_S - 1), Trouble.NOT_SAVED),
        ],
        [TOM_OUT],
    ),
    "a disk that takes long to say that it is full says so once": (
        [
            ("disk_is_full", None),
            (("releases", "P5"), ReleaseView),
            (("waits", IDLE_S), sees(object, frame__sound=Sound.ATTENTION)),
            (("waits", 1), Trouble.NOT_SAVED),
            ("settle", Trouble.NOT_SAVED),
            (("waits", IDLE_S - 1), HomeView),
        ],
        [],
    ),
    "a release after a cancel is not acted on, and said": (
        [(GoBack(), HomeView), (("releases", "P5"), Trouble.RELEASED_TOO_LATE), ("settle", None)],
        [],
    ),
    "a release after a cancel disturbs nobody": (
        [(GoBack(), HomeView), (ChooseLate(), FindView), (("releases", "P5"), None)],
        [],
    ),
    "a withdrawal that is confirmed says nothing": ([(GoBack(), HomeView), ((*WITHDRAWN, "P5"), None)], []),
}


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


@pytest.mark.parametrize(("steps", "recorded"), ONE.values(), ids=ONE)
def test_one_pupil(tmp_path, steps, recorded):
    go(tmp_path, Way([*collecting(), *steps], recorded, at="10:00"))


# --- What becomes of the request -----------------------------------------------------------------


@pytest.mark.parametrize("end", [(GoBack(), HomeView), (("waits", RELEASE_S), Trouble.NO_ANSWER)])
def test_a_request_that_nobody_waits_for_is_withdrawn(desk, end):
    walk(desk, [*collecting(), end])
    assert desk.office.withdrawn == [desk.office.of("P5")]


@pytest.mark.parametrize("end", ["stop", "screen_failed"])
def test_a_kiosk_that_stops_or_fails_in_mid_release_withdraws(desk, end):
    walk(desk, collecting())
    getattr(desk.journey, end)()
    assert desk.office.withdrawn == [desk.office.of("P5")]


def test_a_kiosk_that_is_stopped_keeps_the_card_that_waits(desk):
    walk(desk, [*collecting(), (("tap", "P2"), ReleaseView)])
    desk.journey.stop()
    desk.settle()
    assert [(entry.kind, entry.pupil) for entry in desk.entries()] == [(Kind.ARRIVAL, "P2")]


def test_a_late_release_names_the_pupil(desk):
    walk(desk, [*collecting(), (GoBack(), HomeView), (("releases", "P5"), sees(object, detail="Tom B."))])


def test_an_answer_to_an_earlier_request_is_not_taken_for_the_one_that_waits(desk):
    walk(desk, [*collecting(), (GoBack(), HomeView)])
    earlier = desk.office.of("P5")
    walk(desk, collecting())
    late = DepartureAnswer(state=DepartureState.RELEASED, released_by="A. Reed", released_at=london("10:02"))
    desk.office.journey.request_answered(earlier, late)
    walk(desk, [("settle", ReleaseView)])
    assert desk.entries() == []


def test_a_register_that_takes_no_request_leaves_it_to_the_staff(desk):
    walk(desk, collecting())
    desk.journey.request_answered(desk.office.of("P5"), None)
    assert desk.journey.view.state is ReleaseState.STAFF_ONLY
    walk(desk, [(AskStaff(), PinView), (("pin", "4711"), ReleaseView), ("settle", LeftView)])


def test_a_kiosk_without_a_way_to_the_office_or_pins_releases_nobody(desk):
    journey = Journey(desk.desk, desk.frames.append, desk.clock.monotonic, Parts())
    journey.school_changed()
    desk.journey = journey
    steps = collecting()
    steps[-1] = (steps[-1][0], sees(ReleaseView, state=ReleaseState.STAFF_ONLY, staff_can_release=False))
    walk(desk, [*steps, (AskStaff(), None), (GoBack(), HomeView), ("settle", None)])
    assert desk.entries() == []


# --- The PIN -------------------------------------------------------------------------------------


def test_a_staff_pin_releases_without_the_register_and_is_recorded_with_whose_it_was(desk):
    walk(
        desk, [*collecting(), (("is_asked", "P5", ReleaseState.OFFLINE), ReleaseView), (AskStaff(), PinView)]
    )
    desk.clock.passes(7)
    walk(desk, [(("pin", "190283"), ReleaseView), ("settle", LeftView)])
    [entry] = desk.entries()
    assert entry.departure.released_by == "M. Lindqvist (Head of year)"
    assert entry.departure.released_at == entry.at == london("10:00") + timedelta(seconds=7)
    assert desk.office.withdrawn == [desk.office.of("P5")], "the office need not answer any more"


def test_a_refusal_while_a_pin_is_looked_at_holds(desk):
    walk(desk, [*collecting(), (AskStaff(), PinView)])
    for figure in "4711":
        desk.journey.handle(PressDigit(figure))
    walk(desk, [(EnterPin(), sees(PinView, state=PinState.CHECKING))])
    walk(desk, [(("refuses", "P5"), Trouble.SPEAK_TO_OFFICE), ("hear", None), ("settle", None)])
    assert desk.entries() == []


# --- What is written down ------------------------------------------------------------------------


def test_nobody_is_signed_out_by_the_desk_without_somebody_who_released_them():
    with pytest.raises(ValueError, match="released"):
        Leaving(pupil("P1", "Ben", "Ash"), Reason.FAMILY, None, "Ruth Okafor")


def test_a_pupil_who_is_signed_out_by_an_earlier_visit_meanwhile_is_signed_out_once(desk):
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView), ("go_home", HomeView), *collecting()])
    walk(desk, [("settle", ReleaseView), (AskStaff(), PinView), (("pin", "4711"), ReleaseView)])
    walk(desk, [("settle", LeftView)])
    [entry] = desk.entries()
    assert entry.departure.released_by == "A. Reed"


def test_signed_out_is_said_to_be_sent_only_when_the_register_has_answered(desk):
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView)])
    walk(desk, [("settle", sees(LeftView, progress=Progress.SAVED))])
    answer = {desk.entries()[0].id: Progress.SENT}
    walk(desk, [(("entries_settled", answer), sees(LeftView, progress=Progress.SENT))])


def test_the_words_for_a_family_that_is_sent_to_the_office_name_nobody_and_no_reason(tmp_path):
    from kiosk.screens.wording import common

    with reception(tmp_path, at="10:00", school=bundle()) as desk:
        walk(desk, [*collecting(), (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE)])
        said = f"{common.problem(desk.journey.view)}. {common.what_to_do(desk.journey.view)}"
    assert said == "Please speak to the office. The office will help you. Nobody is signed out."


def test_the_offices_position_is_kept_beside_the_name(desk):
    walk(desk, collecting())
    said = DepartureAnswer(
        state=DepartureState.RELEASED,
        released_by="A. Reed",
        released_position="Attendance officer",
        released_at=london("10:01"),
    )
    desk.office.journey.request_answered(desk.office.of("P5"), said)
    walk(desk, [("settle", LeftView)])
    departure = desk.entries()[0].departure
    assert (departure.released_by, departure.released_position) == ("A. Reed", "Attendance officer")
