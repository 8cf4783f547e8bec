"""The order in which tests run."""

from pathlib import Path

import pytest

SLOW = tuple(Path(__file__).parent / folder for folder in ("kiosk/screens", "e2e"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slow files first: a slow file that starts last keeps one worker busy while the others idle."""
    items.sort(key=lambda item: not any(item.path.is_relative_to(folder) for folder in SLOW))
