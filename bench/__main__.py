"""`make bench`."""

import logging
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import kiosk_side, register_pages, register_side, tap_side, window_side
from bench.measure import Result
from sync.logs import configure


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def _row(result: Result) -> list[str]:
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


def main() -> None:
    """Measure, and print a line as each figure is ready."""
    configure(logging.WARNING)
    heads = ("what", "median", "p99", "each a second", "budget (p99)", "yardstick", "median", "ratio")
    table = Table(*heads, box=None)
    # Beside the project and not in a folder in memory: what counts is the disk.
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        for side in (kiosk_side, tap_side, window_side, register_pages, register_side):
            for result in side.results(Path(folder)):
                table.add_row(*_row(result))
    Console(width=170).print(table)


if __name__ == "__main__":
    main()
