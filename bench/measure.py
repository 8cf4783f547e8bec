"""Timing: two functions alternate, so that a change in the machine's speed affects both alike."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Figures:
    """Durations of repeated runs, in seconds."""

    seconds: Sequence[float]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.seconds)

    @property
    def p99(self) -> float:
        """The 99th percentile."""
        return quantiles(self.seconds, n=100, method="inclusive")[98]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the report: our durations beside the yardstick's."""

    what: str
    ours: Figures
    yardstick: str
    theirs: Figures
    per: int = 1
    """Operations in one run."""
    budget_s: float | None = None
    """Upper bound for the 99th percentile of one run; `None` when there is no budget."""


def in_turn(times: int, ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[Figures, Figures]:
    """Time both functions `times` times, alternating between them."""
    first, second = [], []
    for _ in range(times):
        first.append(_timed(ours))
        second.append(_timed(theirs))
    return Figures(first), Figures(second)


def _timed(do: Callable[[], object]) -> float:
    begin = time.perf_counter()
    do()
    return time.perf_counter() - begin
