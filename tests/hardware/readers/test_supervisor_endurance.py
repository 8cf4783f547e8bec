"""Over months a reader must neither leak files or threads nor use up the processor."""

import gc
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.readers.families import family
from hardware.readers.family import Options
from hardware.readers.simulation import ReaderFault
from hardware.readers.virtual.virtual import VirtualReader
from hardware.states import ReaderState
from tests.hardware.readers.reader_bench import SupervisorRecorder, open_files, wait_for

Watch = Callable[..., SupervisorRecorder]

CYCLES = 500
WATCHED_SECONDS = 1.5
SHARE = 0.01
"""Of a core."""


@pytest.mark.parametrize("cycles", [50, pytest.param(CYCLES, marks=pytest.mark.slow)])
def test_many_unpluggings_leak_no_file_and_no_thread(tmp_path: Path, cycles: int) -> None:
    link = tmp_path / "reader"
    with VirtualReader(link) as reader:
        watched = SupervisorRecorder(link, pause=0.0005, longest_pause=0.001, patience=5.0)
        watched.until(ReaderState.READY)
        gc.collect()
        files, threads = open_files(), threading.active_count()
        for number in range(cycles):
            reader.unplug()
            watched.until(ReaderState.ABSENT)
            reader.replug()
            watched.until(ReaderState.READY)
            if number % 50 == 0:
                reader.tap(number, repeats=0)
                watched.until_taps(number // 50 + 1)
        assert open_files() == files
        assert threading.active_count() == threads
        watched.supervisor.stop()


def cpu_seconds(thread: threading.Thread) -> float:
    """Processor time that a thread of this process has used."""
    assert thread.ident is not None
    return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))


def share_of_a_core(watched: SupervisorRecorder, seconds: float = WATCHED_SECONDS) -> float:
    thread = watched.supervisor._thread
    before, began = cpu_seconds(thread), time.monotonic()
    wait_for(lambda: time.monotonic() - began >= seconds, "the time to pass")
    return (cpu_seconds(thread) - before) / (time.monotonic() - began)


@pytest.mark.parametrize(
    "name",
    ["rdm6300", *(pytest.param(each, marks=pytest.mark.slow) for each in ("id12la", "pn532", "barcode"))],
)
def test_a_reader_that_waits_for_a_card_costs_under_a_hundredth_of_a_core(
    name: str, tmp_path: Path, watch: Watch
) -> None:
    kind = family(name)
    assert kind.simulated is not None
    with VirtualReader(tmp_path / "reader", device=kind.simulated()):
        watched = watch(tmp_path / "reader", parser=kind.parser(Options()), patience=1.0)
        assert share_of_a_core(watched) < SHARE


def test_a_reader_that_babbles_costs_under_a_hundredth_of_a_core(tmp_path: Path, watch: Watch) -> None:
    with VirtualReader(tmp_path / "reader") as reader:
        watched = watch(tmp_path / "reader", patience=1.0)
        reader.switch(ReaderFault.BABBLE, on=True)
        watched.until(ReaderState.BABBLING)
        assert share_of_a_core(watched) < SHARE


def test_a_card_left_on_the_reader_costs_under_a_hundredth_of_a_core(tmp_path: Path, watch: Watch) -> None:
    with VirtualReader(tmp_path / "reader") as reader:
        watched = watch(tmp_path / "reader", patience=1.0)
        holding = threading.Thread(target=reader.tap, args=(1,), kwargs={"repeats": 1000})
        holding.start()
        watched.until_taps(1)
        share = share_of_a_core(watched)
        reader.close()
        holding.join()
    assert share < SHARE
    assert len(watched.cards) == 1


def test_an_absent_reader_costs_under_a_hundredth_of_a_core(tmp_path: Path) -> None:
    watched = SupervisorRecorder(tmp_path / "reader", pause=0.25)
    watched.until(ReaderState.ABSENT)
    try:
        assert share_of_a_core(watched) < SHARE
    finally:
        watched.supervisor.stop()
