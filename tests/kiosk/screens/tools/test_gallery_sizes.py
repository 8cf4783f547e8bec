"""Texts and targets that are large enough to be read and touched at 60 cm (16 minutes of arc)."""

from collections.abc import Callable

import pytest

from tests.kiosk.screens.conftest import WindowDriver

Open = Callable[[int, int], WindowDriver]

pytestmark = pytest.mark.timeout(600)  # every screen is drawn

ARRIVING = ("home-", "home:", "reason", "done", "sibling", "problem", "saving")
"""Samples by the start of their name: what a pupil meets on the way in."""
SHRUNK = ("Oluwaseun-Bartholomew F.", "St Ethelburga’s", "reason-all", "home-request")
"""The longest names, which shrink, and screens with more in them than a small display has room for."""


@pytest.mark.parametrize(
    ("size", "text", "target", "samples"),
    [
        ((800, 480), "21", "64", (*ARRIVING, "find-three", "find-six", "find-one", "find-nobody")),
        ((1280, 800), "24", "84", (*ARRIVING, "find")),
        ((720, 1280), "32", "104", ("reason", "done", "problem", "home-late")),
    ],
    ids=str,
)
def test_nothing_on_the_way_in_is_too_small(
    open_window: Open, size: tuple[int, int], text: str, target: str, samples: tuple[str, ...]
) -> None:
    faults = open_window(*size).ask("sizes", text, target)["faults"]
    ordinary = [fault for fault in faults if "-look-" not in fault.partition(":")[0]]
    assert [
        fault
        for fault in ordinary
        if fault.startswith(samples) and not any(shrunk in fault for shrunk in SHRUNK)
    ] == []
