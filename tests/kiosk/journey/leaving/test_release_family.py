"""Two pupils of a family are to be released: the result always mentions both."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiosk.journey import IDLE_S, RELEASE_S
from kiosk.views import ConfirmView, HomeView, LeftView, PinView, ReleaseView, Sound, Trouble
from kiosk.views.touches import AskStaff, CancelRequest, Confirm, Finish, ShowRequests
from sync.wire import DepartureState
from tests.kiosk.reception import reception
from tests.kiosk.walking import Steps, Visit, by_pin, cancel, collecting_two, run_visit, sees, walk

WITHDRAWN = ("says", DepartureState.WITHDRAWN)
TOM_OUT, ZO_OUT = "departure P5 medical -", "departure P3 medical -"
ONE_OF_TWO: Steps = [*collecting_two(), (("releases", "P5"), ReleaseView), ("settle", ReleaseView)]
TOM_ALONE = sees(LeftView, pupils=("P5",), not_released=("P3",), not_saved=())
"""Tom is signed out, and Zoë is not released."""
CANCELLED: Steps = [(CancelRequest(), ConfirmView)]
TIME_PASSES: Steps = [(Finish(), HomeView), (("waits", RELEASE_S), HomeView)]

TWO_PUPILS: dict[str, tuple[Steps, list[str]]] = {
    "both are released": (
        [
            *ONE_OF_TWO,
            (("releases", "P3"), ReleaseView),
            ("settle", sees(LeftView, pupils=("P5", "P3"), not_released=(), not_saved=())),
        ],
        [TOM_OUT, ZO_OUT],
    ),
    "one is released, one refused": ([*ONE_OF_TWO, (("refuses", "P3"), TOM_ALONE)], [TOM_OUT]),
    "one is released, and the wait for the other cancelled": (
        [*ONE_OF_TWO, *CANCELLED, (Confirm(), TOM_ALONE)],
        [TOM_OUT],
    ),
    "one is released, and the office does not answer for the other": (
        [*ONE_OF_TWO, TIME_PASSES[0], (("waits", RELEASE_S), TOM_ALONE)],
        [TOM_OUT],
    ),
    "one is released, and the register lets the other lapse": (
        [*ONE_OF_TWO, ((*WITHDRAWN, "P3"), TOM_ALONE)],
        [TOM_OUT],
    ),
    "cancelled while one is being saved": (
        [
            *collecting_two(),
            (("releases", "P5"), ReleaseView),
            *CANCELLED,
            (Confirm(), ReleaseView),
            ("settle", TOM_ALONE),
        ],
        [TOM_OUT],
    ),
    "a release after the wait was cancelled, while the other is being saved": (
        [
            *collecting_two(),
            (("releases", "P5"), ReleaseView),
            *CANCELLED,
            (Confirm(), ReleaseView),
            (("releases", "P3"), None),
            ("settle", TOM_ALONE),
        ],
        [TOM_OUT],
    ),
    "one is refused, and a PIN releases the other alone": (
        [
            *collecting_two(),
            (("refuses", "P3"), ReleaseView),
            (AskStaff(), sees(PinView, pupils=("P5",))),
            *by_pin()[1:],
            ("settle", TOM_ALONE),
        ],
        [TOM_OUT],
    ),
    "both are refused": (
        [*collecting_two(), (("refuses", "P5"), ReleaseView), (("refuses", "P3"), Trouble.SPEAK_TO_OFFICE)],
        [],
    ),
    "one is refused, and the office does not answer for the other": (
        [
            *collecting_two(),
            (("refuses", "P5"), ReleaseView),
            *TIME_PASSES,
            (ShowRequests(), Trouble.SPEAK_TO_OFFICE),
        ],
        [],
    ),
    "the office answers for neither": (
        [*collecting_two(), *TIME_PASSES, (ShowRequests(), Trouble.NO_ANSWER)],
        [],
    ),
    "both are cancelled": ([*collecting_two(), *cancel()], []),
    "one is saved, and the disk is full for the other": (
        [
            *ONE_OF_TWO,
            ("disk_is_full", None),
            (("releases", "P3"), ReleaseView),
            (
                "settle",
                sees(
                    LeftView, pupils=("P5",), not_released=(), not_saved=("P3",), frame__sound=Sound.ATTENTION
                ),
            ),
        ],
        [TOM_OUT],
    ),
    "one is saved, and the disk answers late for the other": (
        [
            *ONE_OF_TWO,
            (("releases", "P3"), ReleaseView),
            (("waits", IDLE_S), sees(LeftView, pupils=("P5",), not_saved=("P3",))),
            ("settle", sees(LeftView, pupils=("P5", "P3"), not_saved=())),
        ],
        [TOM_OUT, ZO_OUT],
    ),
    "the disk is full for one, and the other refused": (
        [
            *collecting_two(),
            ("disk_is_full", None),
            (("releases", "P5"), ReleaseView),
            ("settle", ReleaseView),
            (("refuses", "P3"), Trouble.NOT_SAVED),
        ],
        [],
    ),
}


@pytest.mark.parametrize(("steps", "recorded"), TWO_PUPILS.values(), ids=TWO_PUPILS)
def test_the_result_mentions_both_pupils(tmp_path: Path, steps: Steps, recorded: list[str]) -> None:
    run_visit(tmp_path, Visit(steps, recorded, at="10:00"))


def test_only_the_undecided_request_is_withdrawn(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, [*ONE_OF_TWO, *CANCELLED, (Confirm(), LeftView)])
        assert desk.office.withdrawn == [desk.office.request_for("P3")]


def test_a_release_after_a_cancel_is_logged_while_the_other_pupil_is_being_saved(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk, capture_logs() as logs:
        walk(desk, [*collecting_two(), (("releases", "P5"), ReleaseView), *CANCELLED])
        walk(desk, [(Confirm(), ReleaseView)])
        walk(desk, [(("releases", "P3"), None)])
    assert [each["id"] for each in logs if each["event"] == "release.too_late"] == [
        str(desk.office.request_for("P3"))
    ]
