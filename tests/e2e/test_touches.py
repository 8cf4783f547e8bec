"""Touches through the kiosk at each of three display sizes: home → find → reason → done."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.running import product, until

Share = tuple[float, float]
"""A point in the window as shares of its width and height, from the top left."""


@dataclass(frozen=True)
class Places:
    """Where the tiles are, on a landscape or portrait display."""

    late: Share
    keys: dict[str, Share]
    first_found: Share
    first_reason: Share
    done: Share


LANDSCAPE = Places(
    late=(0.74, 0.26),
    keys={"A": (0.117, 0.776), "M": (0.786, 0.915), "E": (0.263, 0.635)},
    first_found=(0.7, 0.235),
    first_reason=(0.18, 0.37),
    done=(0.5, 0.88),
)
PORTRAIT = Places(
    late=(0.5, 0.6),
    keys={"A": (0.13, 0.837), "M": (0.78, 0.92), "E": (0.25, 0.75)},
    first_found=(0.4, 0.41),
    first_reason=(0.25, 0.245),
    done=(0.5, 0.753),
)


@pytest.mark.parametrize(
    ("size", "places"),
    [
        pytest.param((800, 480), LANDSCAPE, id="800x480"),
        pytest.param((1280, 800), LANDSCAPE, id="1280x800", marks=pytest.mark.slow),
        pytest.param((720, 1280), PORTRAIT, id="720x1280", marks=pytest.mark.slow),
    ],
)
def test_touches_walk_from_home_to_done_and_home_again(
    tmp_path: Path, size: tuple[int, int], places: Places
) -> None:
    with product(tmp_path, at="09:07", size=size) as running:
        running.screen("home")
        running.picture("1-home")
        running.touch(*places.late)
        running.screen("find")
        for letter in "AME":
            running.touch_and_see(*places.keys[letter])
        running.picture("2-find")
        running.touch(*places.first_found)
        running.screen("reason")
        running.picture("3-reason")
        running.touch(*places.first_reason)
        running.screen("done")
        mark = until(lambda: running.marks().get(running.pupil_id("Amelia")))
        assert (mark.code, mark.minutes_late) == ("L", 22)
        running.picture("4-done")
        running.touch(*places.done)
        running.screen("home", times=2)
        [entry] = running.entries()
        assert (entry.pupil, entry.reason) == (running.pupil_id("Amelia"), "overslept")
