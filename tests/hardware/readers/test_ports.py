from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.errors import PortError
from hardware.readers.drivers.rdm6300 import frame
from hardware.readers.ports import FixedPort, SerialPort, keyboards, lasting_path, parse_port
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


def test_a_lasting_link_is_preferred_to_a_changing_number(tmp_path: Path) -> None:
    device, folder = tmp_path / "ttyUSB0", tmp_path / "by-id"
    device.touch()
    assert lasting_path(device, folder) == device
    folder.mkdir()
    (folder / "usb-reader").symlink_to(device)
    assert lasting_path(device, folder) == folder / "usb-reader"
    assert lasting_path(tmp_path / "other", folder) == tmp_path / "other"


def test_keyboards_are_listed_and_mice_are_not(tmp_path: Path) -> None:
    for name in ("usb-reader-event-kbd", "usb-mouse-event-mouse"):
        (tmp_path / name).touch()
    assert keyboards(tmp_path) == [tmp_path / "usb-reader-event-kbd"]
    assert keyboards(tmp_path / "none") == []
