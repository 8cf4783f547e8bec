import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from hardware.printers.connection import Connection, network_printer, serial_printer, usb_printer
from hardware.printers.escpos_devices import endpoints
from hardware.printers.printer import MOST_SLIPS, STALE_SECONDS, Printer
from hardware.printers.slip import Paper, Slip
from hardware.states import PrinterState
from tests.hardware.printers.printer_bench import READY, SLIP, NetworkPrinter, SerialPrinter
from tests.hardware.readers.reader_bench import open_files, wait_for


class PrinterRecorder:
    def __init__(self, connection: Connection) -> None:
        self.states: list[tuple[PrinterState, str]] = []
        self.seconds = 1000.0
        self.printer = Printer(
            connection,
            Paper.MM_80,
            on_state=lambda state, detail: self.states.append((state, detail)),
            monotonic=lambda: self.seconds,
            look=0.02,
            retry=0.02,
        )
        self.printer.start()

    def until(self, state: PrinterState) -> str:
        wait_for(lambda: self.printer.state is state and bool(self.states), state.value)
        return self.states[-1][1]


Watch = Callable[[Connection], PrinterRecorder]


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching: list[PrinterRecorder] = []

    def begin(connection: Connection) -> PrinterRecorder:
        watching.append(PrinterRecorder(connection))
        return watching[-1]

    yield begin
    for watched in watching:
        watched.printer.stop()


@pytest.fixture
def on_serial() -> Iterator[SerialPrinter]:
    printer = SerialPrinter()
    yield printer
    printer.close()


@pytest.fixture
def on_network() -> Iterator[NetworkPrinter]:
    printer = NetworkPrinter()
    yield printer
    printer.close()


def numbered_slips(count: int) -> list[Slip]:
    return [dataclasses.replace(SLIP, form=f"form-{n}-", entry_id=f"entry-{n}") for n in range(count)]


def test_a_slip_is_printed_over_a_serial_line(on_serial: SerialPrinter, watch: Watch) -> None:
    watched = watch(serial_printer(on_serial.path))
    watched.printer.print(SLIP)
    wait_for(lambda: on_serial.printed.endswith(b"\x1dV\x01"), "a whole slip")
    assert b"Amira Beispiel" in on_serial.printed
    watched.until(PrinterState.READY)


def test_a_slip_is_printed_over_the_network_and_the_connection_closed(
    on_network: NetworkPrinter, watch: Watch
) -> None:
    watched = watch(network_printer("127.0.0.1", port=on_network.port))
    watched.printer.print(SLIP)
    wait_for(lambda: on_network.printed.endswith(b"\x1dV\x01"), "a whole slip")
    wait_for(lambda: on_network.connections >= 2, "another status query on another connection")


@pytest.mark.parametrize(
    ("answers", "state", "words"),
    [
        ({4: 0x1E}, PrinterState.PAPER_LOW, "nearly used up"),
        ({4: 0x7E}, PrinterState.NO_PAPER, "put in a new roll"),
        ({2: 0x16}, PrinterState.COVER_OPEN, "close it"),
        ({1: 0x1A}, PrinterState.BUSY, "offline"),
    ],
)
def test_the_printers_state_is_described_in_a_sentence(
    on_serial: SerialPrinter, watch: Watch, answers: dict[int, int], state: PrinterState, words: str
) -> None:
    on_serial.answers = READY | answers
    assert words in watch(serial_printer(on_serial.path)).until(state)


@pytest.mark.parametrize("trouble", [{4: 0x7E}, {2: 0x16}, {1: 0x1A}])
def test_slips_that_wait_for_the_printer_are_printed_afterwards(
    on_network: NetworkPrinter, watch: Watch, trouble: dict[int, int]
) -> None:
    on_network.answers = READY | trouble
    watched = watch(network_printer("127.0.0.1", port=on_network.port))
    watched.printer.print(SLIP)
    wait_for(lambda: on_network.connections >= 3, "some status queries")
    assert on_network.printed == b""
    on_network.answers = dict(READY)
    wait_for(lambda: b"Amira" in on_network.printed, "the slip")
    watched.until(PrinterState.READY)


def test_a_printer_that_never_answers_counts_as_ready(on_serial: SerialPrinter, watch: Watch) -> None:
    on_serial.answers = None
    watched = watch(serial_printer(on_serial.path))
    watched.printer.print(SLIP)
    wait_for(lambda: b"Amira" in on_serial.printed, "the slip")
    watched.until(PrinterState.READY)


def test_a_missing_printer_is_absent_until_it_is_plugged_in(tmp_path: Path, watch: Watch) -> None:
    link = tmp_path / "printer"
    watched = watch(serial_printer(link))
    assert "switch it on" in watched.until(PrinterState.ABSENT)
    watched.printer.print(SLIP)
    printer = SerialPrinter()
    link.symlink_to(printer.path)
    wait_for(lambda: b"Amira" in printer.printed, "the slip")
    watched.until(PrinterState.READY)
    watched.printer.stop()
    printer.close()


def test_a_printer_unplugged_is_absent(watch: Watch) -> None:
    printer = SerialPrinter()
    watched = watch(serial_printer(printer.path))
    watched.until(PrinterState.READY)
    printer.close()
    watched.until(PrinterState.ABSENT)


def test_a_serial_printer_held_by_another_program_is_busy(on_serial: SerialPrinter, watch: Watch) -> None:
    watch(serial_printer(on_serial.path)).until(PrinterState.READY)
    assert "another program" in watch(serial_printer(on_serial.path)).until(PrinterState.BUSY)


def test_a_missing_usb_printer_is_described_in_a_sentence(watch: Watch) -> None:
    assert "switch it on" in watch(usb_printer(0xFFFF, 0xFFFF)).until(PrinterState.ABSENT)


class Interface(list[SimpleNamespace]):
    """An interface as in pyusb: a list of its endpoints."""

    def __init__(self, kind: int, *endpoints: tuple[int, int]) -> None:
        super().__init__(SimpleNamespace(bEndpointAddress=at, bmAttributes=how) for at, how in endpoints)
        self.bInterfaceClass = kind


BULK, INTERRUPT = 2, 3


@pytest.mark.parametrize(
    ("interfaces", "found"),
    [
        ([Interface(7, (0x82, BULK), (0x01, BULK))], (0x82, 0x01)),
        ([Interface(7, (0x81, BULK), (0x03, BULK))], (0x81, 0x03)),
        ([Interface(3, (0x83, INTERRUPT)), Interface(0xFF, (0x02, BULK), (0x81, BULK))], (0x81, 0x02)),
        ([Interface(8, (0x81, BULK), (0x02, BULK)), Interface(7, (0x84, BULK), (0x05, BULK))], (0x84, 0x05)),
        ([Interface(7, (0x01, BULK))], (None, 0x01)),
        ([Interface(7, (0x81, BULK))], None),
        ([Interface(7, (0x01, BULK)), Interface(7, (0x82, BULK), (0x02, BULK))], (0x82, 0x02)),
        ([], None),
    ],
)
def test_a_usb_printers_endpoints_are_read_from_its_descriptor(
    interfaces: list[Interface], found: tuple[int | None, int] | None
) -> None:
    assert endpoints(interfaces) == found


def test_a_refused_connection_is_reported_at_once(watch: Watch) -> None:
    printer = NetworkPrinter()
    printer.close()
    watched = watch(network_printer("127.0.0.1", port=printer.port))
    sentence = watched.until(PrinterState.BUSY)  # the machine is up, but refuses
    assert f"127.0.0.1:{printer.port}) refuses the connection: check that its address is right" in sentence


def test_queueing_a_slip_never_waits_for_the_printer(watch: Watch) -> None:
    hanging, go_on = threading.Event(), threading.Event()

    class Hangs(Connection):
        def status(self) -> dict[int, int]:
            hanging.set()
            assert go_on.wait(60)
            return {}

    watched = watch(Hangs(lambda: None, "hangs", keeps_open=True))  # never made
    assert hanging.wait(60)
    began = time.monotonic()
    for slip in numbered_slips(MOST_SLIPS * 2):
        watched.printer.print(slip)
    assert time.monotonic() - began < 0.5
    go_on.set()


def test_of_too_many_slips_the_oldest_are_dropped_and_logged(on_serial: SerialPrinter, watch: Watch) -> None:
    on_serial.answers = READY | {4: 0x7E}
    watched = watch(serial_printer(on_serial.path))
    watched.until(PrinterState.NO_PAPER)
    with capture_logs() as logs:
        for slip in numbered_slips(MOST_SLIPS + 2):
            watched.printer.print(slip)
        on_serial.answers = dict(READY)
        wait_for(lambda: f"form-{MOST_SLIPS + 1}-".encode() in on_serial.printed, "the last slip")
    dropped = [entry["entry_id"] for entry in logs if entry["event"] == "printer.slip_left_out"]
    assert dropped == ["entry-0", "entry-1"]
    assert b"form-1-" not in on_serial.printed
    assert b"form-2-" in on_serial.printed
    assert "Amira" not in repr(logs)


def test_a_stale_slip_is_not_printed(on_serial: SerialPrinter, watch: Watch) -> None:
    on_serial.answers = READY | {4: 0x7E}
    watched = watch(serial_printer(on_serial.path))
    watched.until(PrinterState.NO_PAPER)
    old, new = numbered_slips(2)
    watched.printer.print(old)
    watched.seconds += STALE_SECONDS + 1
    watched.printer.print(new)
    on_serial.answers = dict(READY)
    wait_for(lambda: b"form-1-" in on_serial.printed, "the new slip")
    assert b"form-0-" not in on_serial.printed


def test_stop_leaves_no_thread_and_no_open_file(on_serial: SerialPrinter) -> None:
    files, threads = open_files(), set(threading.enumerate())
    watched = PrinterRecorder(serial_printer(on_serial.path))
    watched.until(PrinterState.READY)
    watched.printer.stop()
    watched.printer.stop()
    assert set(threading.enumerate()) == threads
    assert open_files() == files


def test_a_failing_callback_loses_no_slip(on_serial: SerialPrinter) -> None:
    def fails(state: PrinterState, detail: str) -> None:
        raise LookupError

    printer = Printer(
        serial_printer(on_serial.path), Paper.MM_58, on_state=fails, monotonic=time.monotonic, look=0.02
    )
    with capture_logs() as logs:
        printer.start()
        printer.print(SLIP)
        wait_for(lambda: b"Amira" in on_serial.printed, "the slip")
        printer.stop()
    assert {entry["error"] for entry in logs if entry["event"] == "printer.callback_failed"} == {
        "LookupError"
    }
