"""`tests/` mirrors the code: `kiosk/desk/day.py` is tested in `tests/kiosk/desk/test_day.py`."""

from pathlib import Path

import pytest

from tests.paths import ROOT

CODE = ("attendance", "bench", "demo", "deploy", "hardware", "kiosk", "sync")
WHOLE_PRODUCT = "e2e"
"""Tests of several parts together, which belong to no single folder of the code."""

TESTS = sorted(
    path.relative_to(ROOT / "tests")
    for path in (ROOT / "tests").rglob("test_*.py")
    if len(path.relative_to(ROOT / "tests").parts) > 1
)


@pytest.mark.parametrize("test", [t for t in TESTS if t.parts[0] != WHOLE_PRODUCT], ids=str)
def test_a_test_is_named_for_what_it_tests(test: Path) -> None:
    # test_intake.py, or test_intake_clock_set.py where one file would hold two subjects.
    folder = ROOT / test.parent
    subject = test.stem.removeprefix("test_")
    assert test.parts[0] in CODE
    assert folder.is_dir(), f"{test.parent}/ is no folder of the code"
    names = {path.stem for path in folder.iterdir() if not path.stem.startswith("__")}
    assert any(subject == name or subject.startswith(f"{name}_") for name in names), (
        f"{test} is named for none of the files or folders of {test.parent}/"
    )


def test_every_folder_of_tests_is_a_folder_of_the_code() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    ours = {folder.relative_to(ROOT / "tests") for folder in folders}
    assert not [
        str(folder)
        for folder in ours
        if folder.parts and folder.parts[0] != WHOLE_PRODUCT and not (ROOT / folder).is_dir()
    ]


def test_no_folder_has_more_than_28_python_files() -> None:
    # A longer folder cannot be taken in at a glance (docs/architecture.md).
    crowded = {}
    for code in CODE:
        for folder in {path.parent for path in (ROOT / code).rglob("*.py")}:
            count = sum(1 for _ in folder.glob("*.py"))
            if count > 28:
                crowded[str(folder.relative_to(ROOT))] = count
    assert crowded == {}
