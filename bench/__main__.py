"""`make bench`: runs every benchmark and prints one table."""

import logging
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import kiosk_side, register_pages, register_side, tap_side, window_side
from bench.measure import Measurement
from sync.logs import configure


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def _row(result: Measurement) -> list[str]:
    budget = f"≤ {_time(result.budget_s)}" if result.budget_s else "–"
    return [
        result.what,
        _time(result.ours.middle),
        _time(result.ours.p99),
        f"{result.per / result.ours.middle:,.0f}" if result.per > 1 else "–",
        budget,
        result.yardstick,
        _time(result.theirs.middle),
        f"{result.ours.middle / result.theirs.middle:.3g}",
    ]


def over_budget(results: Iterable[Measurement]) -> list[str]:
    """A sentence for each figure that took longer than its budget."""
    return [
        f"{each.what}: {_time(each.ours.p99)}, allowed: {_time(each.budget_s)}"
        for each in results
        if each.budget_s is not None and each.ours.p99 > each.budget_s
    ]


def main() -> int:
    """Measure and print; return 1 when a figure exceeds its budget, and print which."""
    configure(logging.WARNING)
    measurements: list[Measurement] = []
    heads = ("what", "median", "p99", "per second", "budget (p99)", "yardstick", "median", "ratio")
    table = Table(*heads, box=None)
    # Beside the project, because /tmp may be in memory: commits must reach the disk.
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        for side in (kiosk_side, tap_side, window_side, register_pages, register_side):
            for result in side.results(Path(folder)):
                measurements.append(result)
                table.add_row(*_row(result))
    console = Console(width=170)
    console.print(table)
    too_slow = over_budget(measurements)
    for sentence in too_slow:
        console.print(f"Over budget: {sentence}.", markup=False)
    return 1 if too_slow else 0


if __name__ == "__main__":
    sys.exit(main())
