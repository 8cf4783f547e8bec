"""A member of staff releases with a PIN: never past the family's word unseen, and never another request."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.journey import IDLE_S
from kiosk.journey.leaving.pin_release import CHECK_S, DEAF_S
from kiosk.views import (
    HomeView,
    LeftView,
    PinState,
    PinView,
    ReleaseView,
    ReleaseYesView,
    RequestListView,
    Trouble,
)
from kiosk.views.touches import (
    AskStaff,
    ChooseLeaving,
    ChoosePupil,
    ChooseRequest,
    Confirm,
    EnterPin,
    Finish,
    GoBack,
    PressDigit,
    ShowRequests,
)
from tests.kiosk.reception import PUPILS, Reception, bundle, pupil, reception
from tests.kiosk.walking import (
    Step,
    Steps,
    Visit,
    by_pin,
    cancel,
    collecting,
    collecting_two,
    present,
    run_visit,
    sees,
    walk,
)

TOM_OUT = "departure P5 medical -"
ONLINE: Step = ("goes_online", ReleaseView)
MAY: Step = (("list_says", True), ReleaseView)
MAY_NOT: Step = (("list_says", False), ReleaseView)
NO_ANSWER: Step = (("list_says", None), ReleaseView)
SLOW: Step = ("list_is_slow", ReleaseView)
REFUSED = sees(ReleaseView, office_only=True)
CHECKED, UNCHECKED = (sees(PinView, list_unchecked=unchecked) for unchecked in (False, True))
PIN = ("pin", "4711")
OUT: Steps = [("settle", sees(LeftView, released_by="R. Osei (Receptionist)"))]
DEAF: Steps = [(Confirm(), ReleaseYesView), (("waits", DEAF_S), ReleaseYesView)]

WAYS: dict[str, tuple[Steps, list[str]]] = {
    "connected, and the PIN may": ([ONLINE, MAY, (AskStaff(), CHECKED), (PIN, ReleaseView), *OUT], [TOM_OUT]),
    "connected, and only the office may": ([ONLINE, MAY_NOT, (AskStaff(), REFUSED)], []),
    "no PIN helps, also after the link is lost": (
        [
            ONLINE,
            MAY_NOT,
            (AskStaff(), REFUSED),
            (Finish(), HomeView),
            ("goes_offline", HomeView),
            (ShowRequests(), sees(ReleaseView, office_only=False)),
            (AskStaff(), REFUSED),
        ],
        [],
    ),
    "no PIN helps on a new request after the link is lost": (
        [
            ONLINE,
            MAY_NOT,
            (AskStaff(), REFUSED),
            ("goes_offline", REFUSED),
            (Finish(), HomeView),
            *collecting(adult="SOMEONE ELSE"),
            (AskStaff(), REFUSED),
        ],
        [],
    ),
    "the register's yes to another adult counts again": (
        [
            ONLINE,
            MAY_NOT,
            (AskStaff(), REFUSED),
            (Finish(), HomeView),
            *collecting(adult="SOMEONE ELSE"),
            MAY,
            (AskStaff(), CHECKED),
            (PIN, ReleaseView),
            *OUT,
        ],
        [TOM_OUT],
    ),
    "no PIN without the register after the office has refused": (
        [
            (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE),
            (Finish(), HomeView),
            *collecting(),
            (AskStaff(), REFUSED),
        ],
        [],
    ),
    "the office releases after the PIN was refused": (
        [ONLINE, MAY_NOT, (AskStaff(), REFUSED), (("releases", "P5"), ReleaseView), ("settle", LeftView)],
        [TOM_OUT],
    ),
    "offline, with one more yes": (
        [
            (AskStaff(), UNCHECKED),
            (PIN, sees(ReleaseYesView, pupils=("P5",), collector="Ruth Okafor", member="R. Osei")),
            *DEAF,
            (Confirm(), ReleaseView),
            *OUT,
        ],
        [TOM_OUT],
    ),
    "offline, and no after all": ([*by_pin()[:2], (GoBack(), ReleaseView), ("settle", None)], []),
    "offline, and the question is left open": ([*by_pin()[:2], (("waits", IDLE_S), HomeView)], []),
    "offline, and the office releases while the question is open": (
        [*by_pin()[:2], (("releases", "P5"), ReleaseView), ("settle", sees(LeftView, released_by="A. Reed"))],
        [TOM_OUT],
    ),
    "offline, and the office refuses while the question is open": (
        [*by_pin()[:2], (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE), (Confirm(), None)],
        [],
    ),
    "connected, but no answer": (
        [ONLINE, NO_ANSWER, (AskStaff(), UNCHECKED), (PIN, ReleaseYesView), *DEAF, (Confirm(), ReleaseView)],
        [TOM_OUT],
    ),
    "connected, but no answer in time": (
        [
            ONLINE,
            SLOW,
            (AskStaff(), sees(PinView, state=PinState.CHECKING)),
            (("waits", CHECK_S - 1), sees(PinView, state=PinState.CHECKING)),
            (("waits", 1), sees(PinView, state=PinState.TYPING, list_unchecked=True)),
        ],
        [],
    ),
    "an answer that comes late is still a no": (
        [
            ONLINE,
            SLOW,
            (AskStaff(), PinView),
            (("waits", CHECK_S), UNCHECKED),
            (("list_answers", False), REFUSED),
        ],
        [],
    ),
    "an answer that comes after the screen was left is still a no": (
        [
            ONLINE,
            SLOW,
            (AskStaff(), PinView),
            (GoBack(), ReleaseView),
            (("list_answers", False), ReleaseView),
            (AskStaff(), REFUSED),
        ],
        [],
    ),
    "the link is back when the PIN is right, and only the office may": (
        [(AskStaff(), UNCHECKED), ("goes_online", PinView), (("list_says", False), PinView), (PIN, REFUSED)],
        [],
    ),
    "the link is back at the last yes, and only the office may": (
        [
            *by_pin()[:3],
            ("goes_online", ReleaseYesView),
            (("list_says", False), ReleaseYesView),
            (Confirm(), REFUSED),
        ],
        [],
    ),
    "the link is back at the last yes, and the register is slow": (
        [
            *by_pin()[:3],
            ("goes_online", ReleaseYesView),
            ("list_is_slow", ReleaseYesView),
            (Confirm(), sees(ReleaseYesView, checking=True)),
            (Confirm(), None),
            (("waits", CHECK_S), ReleaseView),
            *OUT,
        ],
        [TOM_OUT],
    ),
    "the list changes between the first question and the PIN": (
        [ONLINE, MAY, (AskStaff(), CHECKED), (("list_says", False), PinView), (PIN, REFUSED)],
        [],
    ),
    "the link is lost between the first question and the PIN": (
        [
            ONLINE,
            MAY,
            (AskStaff(), CHECKED),
            ("goes_offline", PinView),
            (PIN, ReleaseYesView),  # the earlier yes may be out of date
            *DEAF,
            (Confirm(), ReleaseView),
            *OUT,
        ],
        [TOM_OUT],
    ),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


@pytest.mark.parametrize(("steps", "recorded"), WAYS.values(), ids=WAYS)
def test_a_pin_never_goes_past_the_familys_word_unseen(
    tmp_path: Path, steps: Steps, recorded: list[str]
) -> None:
    run_visit(tmp_path, Visit([*collecting(), *steps], recorded, at="10:00"))


def test_the_register_is_asked_about_the_very_request(desk: Reception) -> None:
    walk(desk, [*collecting(), ONLINE, MAY, (AskStaff(), PinView)])
    [(request, message, _)] = desk.family_list.asked
    assert request == desk.office.request_for("P5")
    assert message == desk.office.requests[request]


def test_the_register_is_not_asked_while_it_cannot_be_reached(desk: Reception) -> None:
    walk(desk, [*collecting(), MAY, (AskStaff(), UNCHECKED)])
    assert desk.family_list.asked == []


def test_a_double_tap_on_ok_is_no_yes(desk: Reception) -> None:
    walk(
        desk,
        [
            *collecting(),
            *by_pin()[:2],
            (("waits", DEAF_S - 0.1), sees(ReleaseYesView, ready=False)),
            (Confirm(), None),
        ],
    )
    assert desk.entries() == []


def test_the_pin_screen_names_adult_relationship_and_reason(desk: Reception) -> None:
    walk(desk, [*collecting(), (AskStaff(), sees(PinView, collector="Ruth Okafor", relationship="mother"))])
    assert (desk.view_as(PinView).pupils[0].id, desk.view_as(PinView).reason) == ("P5", "medical")


# --- Several pupils and several requests ---------------------------------------------------------


TWO_ADULTS: Steps = [
    *collecting(),
    (Finish(), HomeView),
    *collecting("P3", "ZO", "NINA LARSEN"),
    (Finish(), HomeView),
]
"""Ruth waits for Tom, Nina for Zoë; back at home."""


def choose(desk: Reception, number: int) -> Step:
    """Open one of the requests in the list."""
    return ChooseRequest(desk.view_as(RequestListView).requests[number].id), ReleaseView


def test_a_pin_releases_only_the_request_that_it_was_typed_for(desk: Reception) -> None:
    walk(desk, [*TWO_ADULTS, (ShowRequests(), RequestListView)])
    walk(desk, [choose(desk, 1), *by_pin(), ("settle", sees(LeftView, pupils=("P3",)))])
    assert [entry.pupil for entry in desk.entries()] == ["P3"]


def test_a_pin_found_right_after_its_request_was_left_releases_no_other(desk: Reception) -> None:
    walk(desk, [*TWO_ADULTS, (ShowRequests(), RequestListView)])
    walk(desk, [choose(desk, 0), (AskStaff(), PinView)])
    for digit in "4711":
        desk.journey.handle(PressDigit(digit))
    walk(desk, [(EnterPin(), PinView), (GoBack(), ReleaseView), (Finish(), HomeView)])
    walk(desk, [(ShowRequests(), RequestListView)])
    walk(desk, [choose(desk, 1), (AskStaff(), PinView), ("deliver_next", PinView), ("settle", PinView)])
    assert desk.entries() == []


def test_a_pupil_of_the_family_who_must_stay_keeps_the_pin_from_all(desk: Reception) -> None:
    walk(desk, [*collecting_two(), ONLINE, SLOW, (AskStaff(), PinView), (("list_answers", True, "P5"), None)])
    walk(desk, [(("list_answers", False, "P3"), REFUSED)])
    assert not desk.desk.whereabouts()


def test_a_pupil_about_whom_no_was_said_is_guarded_and_a_sibling_is_not(desk: Reception) -> None:
    test_a_pupil_of_the_family_who_must_stay_keeps_the_pin_from_all(desk)
    walk(
        desk,
        [("goes_offline", REFUSED), (Finish(), HomeView), *collecting("P3", "ZO"), (AskStaff(), REFUSED)],
    )
    walk(desk, [(Finish(), HomeView), *collecting(adult="NINA LARSEN"), (AskStaff(), UNCHECKED)])


# --- Other ways out ------------------------------------------------------------------------------

ALONE = bundle(pupils=(*PUPILS[:4], pupil("P5", "Tom", "Black", "10C", year="10", leaves_alone=True)))
TOM_LEAVES: Steps = [(ChooseLeaving(), object), (("type", "TO"), object)]


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="10:00", school=ALONE) as at_ten:
        yield at_ten


def test_a_pupil_for_whom_an_adult_waits_does_not_sign_out_alone(alone: Reception) -> None:
    walk(alone, [*collecting(), (Finish(), HomeView), *TOM_LEAVES, (ChoosePupil("P5"), ReleaseView)])


def test_a_pupil_whose_release_was_refused_does_not_sign_out_alone(alone: Reception) -> None:
    walk(alone, [*collecting(), (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE), (Finish(), HomeView)])
    walk(alone, [*TOM_LEAVES, (ChoosePupil("P5"), Trouble.SPEAK_TO_OFFICE)])


def test_a_refusal_counts_for_that_day_only(alone: Reception) -> None:
    walk(alone, [*collecting(), (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE), (Finish(), HomeView)])
    alone.clock.passes(24 * 3600)
    walk(alone, [*TOM_LEAVES, (ChoosePupil("P5"), object)])
    assert not isinstance(alone.journey.view, ReleaseView)
    assert "ProblemView" not in type(alone.journey.view).__name__


def test_the_departure_names_its_request_so_that_the_register_knows_whether_it_was_asked(
    desk: Reception,
) -> None:
    walk(desk, [*collecting(), *by_pin(), ("settle", LeftView)])
    [entry] = desk.entries()
    assert present(entry.departure).request == desk.office.request_for("P5")


def test_a_cancelled_request_is_released_by_no_pin(desk: Reception) -> None:
    walk(desk, [*collecting(), *cancel(), (AskStaff(), None), (ShowRequests(), None)])
