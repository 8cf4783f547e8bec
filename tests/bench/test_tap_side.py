"""The benchmark of a tap still finds its way through the journey."""

from pathlib import Path

from bench.tap_side import results


def test_every_tap_is_committed_and_measured(tmp_path: Path) -> None:
    (measurement,) = results(tmp_path, taps=3)
    assert measurement.ours.middle > 0
