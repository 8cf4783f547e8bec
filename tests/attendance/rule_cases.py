"""Worked examples of the rule in CSV files: the project's own and, if present, the shared ones."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import paths

OWN = Path(__file__).parent / "cases"
SHARED = paths.SHARED / "cases" / "v2"
"""Kept beside the project. None of these rows is copied into the project."""

ANSWER_COLUMNS = ("outcome", "session", "code", "suggested", "minutes_late", "needs_office")


@dataclass(frozen=True)
class Case:
    """One row: what happened and the expected answer, all as text."""

    given: dict[str, str]
    expected: dict[str, str]


def case_files(name: str) -> list[object]:
    """The project's file of that name and the shared one, which is skipped if it is not present."""
    shared = SHARED / name
    missing = pytest.mark.skipif(not shared.is_file(), reason=f"the shared {name} is not beside the project")
    return [pytest.param(OWN / name, id="own"), pytest.param(shared, id="shared", marks=missing)]


def cases(name: str) -> list[object]:
    """Every row of those files as a separate test, named by its file and line."""
    rows: list[object] = []
    for source, path in (("own", OWN / name), ("shared", SHARED / name)):
        if not path.is_file():
            skipped = pytest.mark.skip(reason=f"the shared {name} is not beside the project")
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
