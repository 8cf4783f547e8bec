from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.register.support import Clock, Kiosk, Running, running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(tmp_path: Path, clock: Clock) -> Iterator[Running]:
    with running(tmp_path, clock) as it:
        yield it


@pytest.fixture
def kiosk(register: Running) -> Kiosk:
    return register.enrol()
