"""Ports and supervisors that are closed after each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware.readers.virtual.virtual import VirtualReader
from hardware.states import ReaderState
from tests.hardware.readers.reader_bench import PtyDevice, SupervisorRecorder


@pytest.fixture
def plug() -> Iterator[Callable[[], PtyDevice]]:
    """Plugs in another device."""
    lines: list[PtyDevice] = []

    def another() -> PtyDevice:
        lines.append(PtyDevice())
        return lines[-1]

    yield another
    for line in lines:
        line.close()


@pytest.fixture
def line(plug: Callable[[], PtyDevice]) -> PtyDevice:
    return plug()


@pytest.fixture
def watch(plug: Callable[[], PtyDevice]) -> Iterator[Callable[..., SupervisorRecorder]]:
    """Supervise a port and wait until it is ready, by default. Supervisors stop before the devices close."""
    watching: list[SupervisorRecorder] = []

    def begin(
        path: Path, *, until: ReaderState | None = ReaderState.READY, **options: Any
    ) -> SupervisorRecorder:
        watching.append(SupervisorRecorder(path, **options))
        if until is not None:
            watching[-1].until(until)
        return watching[-1]

    yield begin
    for watched in watching:
        watched.supervisor.stop()


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualReader]:
    with VirtualReader(tmp_path / "reader") as reader:
        yield reader
