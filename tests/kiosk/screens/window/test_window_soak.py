import re
import subprocess
import sys

import pytest

from tests.paths import ROOT

ERRANDS = 15


@pytest.mark.slow  # in every run: `test_window.test_a_long_session_makes_no_new_widgets`
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rounds", [1, 2])
def test_journeys_at_the_window_leave_no_widget_behind(rounds: int) -> None:
    # Every errand once or twice, so that everything has been built; then as often again.
    every = rounds * ERRANDS
    journeys = ["--journeys", str(2 * every), "--every", str(every)]
    command = [sys.executable, "-m", "bench.soak", *journeys, "--no-budget"]
    output = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    counted = re.findall(r"(\d+) widgets, (\d+) event dispatchers, (\d+) drawing instructions", output)
    (widgets, dispatchers, instructions), last = ([int(each) for each in one] for one in counted)
    assert last[:2] == [widgets, dispatchers]
    assert last[2] <= instructions * 1.02  # a screen draws a few more or fewer for longer and shorter names
