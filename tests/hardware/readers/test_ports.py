from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.errors import PortError
from hardware.readers.drivers.rdm6300 import frame
from hardware.readers.ports import FixedPort, SerialPort, lasting_path, parse_port
from hardware.states import ReaderState
from tests.hardware.readers.reader_bench import PtyDevice, SupervisorRecorder

Watch = Callable[..., SupervisorRecorder]

ADAPTER = SerialPort(Path("/dev/ttyUSB0"), 0x1A86, 0x7523, None, "USB Serial")
SCANNER = SerialPort(Path("/dev/ttyACM0"), 0x0C2E, 0x0901, "S1", "Scanner")
TWIN = SerialPort(Path("/dev/ttyACM1"), 0x0C2E, 0x0901, "S2", "Scanner")
UART = SerialPort(Path("/dev/ttyAMA0"))


def locate(text: str, *ports: SerialPort) -> Path:
    return parse_port(text, ports=lambda: ports).find()


def test_a_path_is_used_as_it_is() -> None:
    assert parse_port("/dev/serial/by-id/usb-x") == FixedPort(Path("/dev/serial/by-id/usb-x"))


def test_a_port_is_found_by_its_usb_vendor_and_product() -> None:
    assert locate("usb:1a86:7523", UART, SCANNER, ADAPTER) == ADAPTER.path
    assert locate("usb:1A86:7523", ADAPTER) == ADAPTER.path


def test_two_alike_ports_are_distinguished_by_serial_number() -> None:
    assert locate("usb:0c2e:0901:S2", SCANNER, TWIN) == TWIN.path


def test_the_only_usb_port_is_found_and_the_machines_own_ignored() -> None:
    assert locate("found", UART, SCANNER) == SCANNER.path


@pytest.mark.parametrize(
    ("text", "ports", "sentence"),
    [
        ("usb:1a86:7523", (SCANNER,), "plugged in as usb:1a86:7523"),
        ("found", (UART,), "plugged in as found"),
        ("usb:0c2e:0901", (SCANNER, TWIN), r"Several ports fit usb:0c2e:0901 \(/dev/ttyACM0, /dev/ttyACM1\)"),
    ],
)
def test_no_match_or_several_is_reported_as_absent(
    text: str, ports: tuple[SerialPort, ...], sentence: str
) -> None:
    with pytest.raises(PortError, match=sentence) as refused:
        locate(text, *ports)
    assert refused.value.state is ReaderState.ABSENT


@pytest.mark.parametrize("text", ["", "ttyUSB0", "usb:1a86", "usb:xyz:1", "usb:1a86:7523:"])
def test_an_invalid_port_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="usb:1a86:7523, or found"):
        parse_port(text)


def test_a_reader_replugged_under_another_port_name_is_found_again(
    plug: Callable[[], PtyDevice], watch: Watch
) -> None:
    before, after = plug(), plug()
    here = [before.path]

    def ports() -> list[SerialPort]:
        return [SerialPort(path, 0x1A86, 0x7523) for path in here]

    watched = watch(parse_port("usb:1a86:7523", ports=ports))
    here.clear()
    before.hang_up()
    watched.until(ReaderState.ABSENT)
    here.append(after.path)
    watched.until(ReaderState.READY)
    after.write(frame(1))
    watched.until_taps(1)


class Links:
    """The folders of links that udev keeps, with two alike adapters that share a link by id."""

    def __init__(self, folder: Path) -> None:
        self.by_id, self.by_path = folder / "by-id", folder / "by-path"
        self.devices = [folder / name for name in ("ttyUSB0", "ttyUSB1")]
        for each in (self.by_id, self.by_path):
            each.mkdir()
        for number, device in enumerate(self.devices):
            device.touch()
            (self.by_path / f"usb-socket-{number}").symlink_to(device)
        (self.by_id / "usb-1a86_USB_Serial").symlink_to(self.devices[1])

    def lasting(self, device: Path, *serial_numbers: str | None) -> Path:
        ports = [
            SerialPort(each, 0x1A86, 0x7523, number)
            for each, number in zip(self.devices, serial_numbers, strict=False)
        ]
        return lasting_path(device, self.by_id, self.by_path, lambda: ports)


def test_a_lasting_link_is_preferred_to_a_changing_number(tmp_path: Path) -> None:
    links = Links(tmp_path)
    one, two = links.devices
    assert links.lasting(two, "A", "B") == links.by_id / "usb-1a86_USB_Serial"
    assert links.lasting(one, "A", "B") == links.by_path / "usb-socket-0"
    assert links.lasting(tmp_path / "other") == tmp_path / "other"
    assert lasting_path(one, tmp_path / "no", tmp_path / "none", list) == one


def test_two_alike_adapters_without_serial_numbers_are_told_apart_by_their_sockets(tmp_path: Path) -> None:
    links = Links(tmp_path)
    assert [links.lasting(each, None, None) for each in links.devices] == [
        links.by_path / "usb-socket-0",
        links.by_path / "usb-socket-1",
    ]


def test_the_message_about_alike_ports_names_the_folder_that_tells_them_apart() -> None:
    other = replace(ADAPTER, path=Path("/dev/ttyUSB1"))
    with pytest.raises(PortError, match="give the reader's path in /dev/serial/by-path instead"):
        locate("usb:1a86:7523", ADAPTER, other)
    with pytest.raises(PortError, match="give the reader's path in /dev/serial/by-id instead"):
        locate("usb:0c2e:0901", SCANNER, TWIN)
