"""Timing: two things in turn, so that a change of the machine's speed meets both."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Figures:
    """How long something took, in seconds: once for each time that it was done."""

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
class Result:
    """One line of the report."""

    what: str
    ours: Figures
    yardstick: str
    theirs: Figures
    per: int = 1
    """How many things were done each time."""
    budget_s: float | None = None
    """What an issue allows, for the 99th percentile of one time; None where none is set."""


def in_turn(times: int, ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[Figures, Figures]:
    """Do both, one after the other, that many times."""
    first, second = [], []
    for _ in range(times):
        first.append(_timed(ours))
        second.append(_timed(theirs))
    return Figures(first), Figures(second)


def _timed(do: Callable[[], object]) -> float:
    begin = time.perf_counter()
    do()
    return time.perf_counter() - begin
