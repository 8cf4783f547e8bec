"""Ports and supervisors that are gone after each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware.readers.virtual.virtual import VirtualReader
from hardware.states import ReaderState
from tests.hardware.readers.reader_bench import PtyDevice, Watched


@pytest.fixture
def plug() -> Iterator[Callable[[], PtyDevice]]:
    """One more device."""
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
def watch(plug: Callable[[], PtyDevice]) -> Iterator[Callable[..., Watched]]:
    """Watch a port; by default until it is ready. Ends before the devices do."""
    watching: list[Watched] = []

    def begin(path: Path, *, until: ReaderState | None = ReaderState.READY, **options: Any) -> Watched:
        watching.append(Watched(path, **options))
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
