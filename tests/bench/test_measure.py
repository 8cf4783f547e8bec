"""`make bench` names every figure over its budget."""

import pytest

from bench.__main__ import over_budget
from bench.measure import Figures, Measurement


@pytest.mark.parametrize(("slowest_s", "budget_s", "named"), [(0.3, 0.2, 1), (0.1, 0.2, 0), (9.0, None, 0)])
def test_a_figure_over_its_budget_is_named(slowest_s: float, budget_s: float | None, named: int) -> None:
    measurement = Measurement(
        "Today", Figures([slowest_s] * 3), "bare", Figures([0.01] * 3), budget_s=budget_s
    )
    sentences = over_budget([measurement])
    assert len(sentences) == named
    assert all("Today: 300 ms, allowed: 200 ms" in sentence for sentence in sentences)
