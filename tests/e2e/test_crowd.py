"""A short run of the crowd at the kiosk; `make crowd` is the long one."""

from pathlib import Path

import pytest

from tests.e2e.crowd import run

SEED = 7


@pytest.mark.parametrize("journeys", [60, pytest.param(600, marks=pytest.mark.slow)])
def test_every_tap_is_in_the_register_once_with_its_instant_and_no_reason_is_another_pupils(
    tmp_path: Path, journeys: int
) -> None:
    report = run(journeys, SEED, tmp_path)
    assert report.differences == [], str(report)
    assert report.taps > journeys / 2
    assert {"home", "find", "reason", "done"} <= set(report.views), str(report)
