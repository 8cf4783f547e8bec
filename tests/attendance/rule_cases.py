"""Worked examples of the rule in CSV files: the project's own, and the design's where they are at hand."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import paths

OWN = Path(__file__).parent / "cases"
SHARED = paths.SHARED / "cases"
"""Beside the project, where the design is kept. None of its rows is copied into the project."""

ANSWER_COLUMNS = ("outcome", "session", "code", "suggested", "minutes_late", "needs_office")


@dataclass(frozen=True)
class Case:
    """One row: what happened, and what the rule has to answer, all as text."""

    given: dict[str, str]
    expected: dict[str, str]


def case_files(name: str) -> list[object]:
    """The project's file of that name and the design's; the latter is skipped where it is not at hand."""
    shared = SHARED / name
    missing = pytest.mark.skipif(
        not shared.is_file(), reason=f"{name} of the design is not beside the project"
    )
    return [pytest.param(OWN / name, id="own"), pytest.param(shared, id="shared", marks=missing)]


def cases(name: str) -> list[object]:
    """Every row of those files, each a test of its own, named by its file and line."""
    rows: list[object] = []
    for source, path in (("own", OWN / name), ("shared", SHARED / name)):
        if not path.is_file():
            skipped = pytest.mark.skip(reason=f"{name} of the design is not beside the project")
            rows.append(pytest.param(None, id=source, marks=skipped))
            continue
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                expected = {column: row.pop(column) for column in ANSWER_COLUMNS}
                shows = row.get("shows", "")
                rows.append(
                    pytest.param(Case(row, expected), id=f"{source}-{reader.line_num} {shows}".strip())
                )
    return rows
