"""Texts and targets that are large enough to be read and touched at 60 cm (16 minutes of arc).

Every sample of every screen, at the three displays of the design.
"""

from collections.abc import Callable

import pytest

from tests.kiosk.screens.conftest import WindowDriver

Open = Callable[[int, int], WindowDriver]

pytestmark = pytest.mark.timeout(600)  # every screen is drawn

LEAST = {(1280, 800): ("24", "84"), (800, 480): ("21", "64"), (720, 1280): ("32", "104")}
"""The smallest text and target of each display, in pixels."""
LARGER = [(1280, 800), (720, 1280)]

LONGEST = ("Oluwaseun", "Featherstonehaugh", "St Ethelburga’s")
"""The longest names of the samples, which may shrink: cut short they could be another’s."""
OVERFULL = {
    (1280, 800): (),
    (800, 480): (
        "bring-all-reasons",  # all eleven reasons; a school offers fewer
        "bring-four: the tile",  # an adult with four children: 58 px, so that all are in sight
        "evidence-family",  # four facts about four children
        "find-approximate-many: the text 'Nearly",
        "find-returning-nobody",  # a hint of four lines beside the keyboard
        "known here",  # a notice in the bar
    ),
    (720, 1280): ("bring-all-reasons", "evidence-family"),
}
"""What a display has no room for at full size, and why."""


def is_allowed(fault: str, size: tuple[int, int]) -> bool:
    name = fault.partition(":")[0]
    if "-look-" in name or name.endswith("-large"):  # large text: see test_gallery_places
        return True
    return any(part in fault for part in (*LONGEST, *OVERFULL[size]))


@pytest.mark.parametrize(
    "size", [(800, 480), *(pytest.param(size, marks=pytest.mark.slow) for size in LARGER)], ids=str
)
def test_no_text_and_no_target_is_too_small(open_window: Open, size: tuple[int, int]) -> None:
    faults = open_window(*size).ask("sizes", *LEAST[size])["faults"]
    assert [fault for fault in faults if not is_allowed(fault, size)] == []
