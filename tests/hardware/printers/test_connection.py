"""The connection to a printer on USB, through pyusb: what it answers, and what it does not."""

import errno
from pathlib import Path

import pytest

from hardware.errors import PrinterError
from hardware.printers.connection import Connection, serial_printer, usb_printer
from hardware.printers.status import printer_state
from hardware.states import PrinterState
from tests.hardware.printers.usb_bench import PRODUCT, VENDOR, UsbPrinter


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> "Plug":
    return Plug(monkeypatch)


class Plug:
    """Puts a printer, or nothing, where pyusb looks for libusb."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, printer: UsbPrinter | None) -> Connection:
        for library in ("libusb1", "libusb0", "openusb"):
            self._monkeypatch.setattr(f"usb.backend.{library}.get_backend", lambda: printer)
        return usb_printer(VENDOR, PRODUCT)


def test_a_printer_that_only_listens_prints(plug: Plug) -> None:
    printer = UsbPrinter(0x01)
    connection = plug(printer)
    assert connection.status() == {}
    connection.send(b"a slip")
    assert printer.printed.endswith(b"a slip")


@pytest.mark.parametrize("number", [errno.EPIPE, errno.EIO, errno.EOVERFLOW])
def test_a_printer_whose_answers_cannot_be_read_prints(plug: Plug, number: int) -> None:
    printer = UsbPrinter(0x82, 0x01)
    printer.read_error = number
    connection = plug(printer)
    assert connection.status() == {}
    connection.send(b"a slip")
    assert printer.printed.endswith(b"a slip")
    assert printer.halts_cleared > 0


def test_a_printer_that_is_unplugged_meanwhile_is_absent(plug: Plug) -> None:
    printer = UsbPrinter(0x82, 0x01)
    connection = plug(printer)
    assert connection.status() == {}
    printer.is_plugged_in = False
    with pytest.raises(PrinterError, match="check its cable") as lost:
        connection.status()
    assert lost.value.state is PrinterState.ABSENT


@pytest.mark.parametrize(
    ("replies", "state"),
    [
        ([b"\x12", b"\x12", b"\x12"], PrinterState.READY),
        ([b"\x12", b"\x32\x12", b"\x12"], PrinterState.NO_PAPER),
        ([b"\x12", b"\x12\x32", b"\x12"], PrinterState.NO_PAPER),
        ([b"\x12", b"\x16\x12", b"\x12"], PrinterState.COVER_OPEN),
        ([b"\x12", b"\x12", b"\x72\x12\x12"], PrinterState.NO_PAPER),
        ([b"\x12", b"\x12", b"\xff\x72\x00"], PrinterState.NO_PAPER),
        ([b"\x1a\x12", b"\x12", b"\x12"], PrinterState.BUSY),
    ],
)
def test_of_several_answers_in_one_read_the_telling_one_counts(
    plug: Plug, replies: list[bytes], state: PrinterState
) -> None:
    printer = UsbPrinter(0x82, 0x01)
    printer.replies = list(replies)
    assert printer_state(plug(printer).status()) is state


def test_a_late_answer_belongs_to_the_earlier_query(plug: Plug) -> None:
    printer = UsbPrinter(0x82, 0x01)
    connection = plug(printer)
    printer.replies = [b"\x12", b"\x12"]
    connection.status()  # without an answer about the paper
    printer.replies = [b"\x1e\x12", b"\x12", b"\x12"]  # nearly used up: not "offline"
    assert printer_state(connection.status()) is PrinterState.READY
    printer.replies = [b"\x12", b"\x12"]
    connection.status()
    printer.replies = [b"\x72\x12", b"\x12"]
    assert printer_state(connection.status()) is PrinterState.NO_PAPER


def test_missing_libusb_is_named_and_no_cable_is_blamed(plug: Plug) -> None:
    with pytest.raises(PrinterError, match=r"no libusb-1\.0: install it") as missing:
        plug(None).status()
    assert "cable" not in str(missing.value)
    assert missing.value.is_plugged_in


def test_a_path_that_is_no_serial_port_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    path.touch()
    with pytest.raises(PrinterError, match="is not a serial port: set a USB printer as usb:VENDOR:PRODUCT"):
        serial_printer(path).status()
