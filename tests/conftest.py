"""The order of a run."""

from pathlib import Path

import pytest

SLOW = tuple(Path(__file__).parent / folder for folder in ("kiosk/screens", "e2e"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow files first: one that is begun last has a worker to itself, and the others wait for it."""
    items.sort(key=lambda item: not any(item.path.is_relative_to(folder) for folder in SLOW))
