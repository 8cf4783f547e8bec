"""Touches through the kiosk at each of three display sizes: home → find → reason → done."""

from pathlib import Path

import pytest

from tests.e2e.hand import find, hand
from tests.e2e.running import until


@pytest.mark.parametrize(
    "size",
    [
        pytest.param((800, 480), id="800x480"),
        pytest.param((1280, 800), id="1280x800", marks=pytest.mark.slow),
        pytest.param((720, 1280), id="720x1280", marks=pytest.mark.slow),
    ],
)
def test_touches_walk_from_home_to_done_and_home_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    with hand(tmp_path, monkeypatch, size) as walking:
        running = walking.running
        running.picture("1-home")
        walking.touch("I’m late")
        running.screen("find")
        find(walking, "Amelia")
        running.screen("reason")
        running.picture("3-reason")
        walking.touch("Overslept")
        running.screen("done")
        mark = until(lambda: running.marks().get(running.pupil_id("Amelia")))
        assert (mark.code, mark.minutes_late) == ("L", 22)
        running.picture("4-done")
        walking.touch("Done")
        running.screen("home", times=2)
        [entry] = running.entries()
        assert (entry.pupil, entry.reason) == (running.pupil_id("Amelia"), "overslept")
