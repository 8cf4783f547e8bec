import re
import subprocess
import sys

import pytest

from tests.paths import ROOT


@pytest.mark.timeout(600)
def test_journeys_at_the_window_leave_no_widget_behind() -> None:
    # Every errand twice, so that everything has been built; then twice again.
    command = [sys.executable, "-m", "bench.soak", "--journeys", "60", "--every", "30", "--no-budget"]
    output = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    counted = re.findall(r"(\d+) widgets, (\d+) event dispatchers, (\d+) drawing instructions", output)
    (widgets, dispatchers, instructions), last = ([int(each) for each in one] for one in counted)
    assert last[:2] == [widgets, dispatchers]
    assert last[2] <= instructions * 1.02  # a screen draws a few more or fewer for longer and shorter names
