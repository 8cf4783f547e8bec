"""Which input devices are keyboards, and under which path they are listed."""

from pathlib import Path

from hardware.readers.keyboards import keyboards

KEYBOARD = "e080ffdf01cfffff fffffffffffffffe"
MOUSE = "1f0000 0 0 0 0"
POWER_BUTTON = "10000000000000 0"


class Inputs:
    """The folders in which the kernel and udev show input devices."""

    def __init__(self, folder: Path) -> None:
        self.devices, self.system = folder / "input", folder / "class"
        for each in ("by-id", "by-path"):
            (self.devices / each).mkdir(parents=True)

    def plug(self, name: str, keys: str, *links: str) -> None:
        (self.devices / name).touch()
        described = self.system / name / "device" / "capabilities"
        described.mkdir(parents=True)
        (described / "key").write_text(keys + "\n")
        for link in links:
            (self.devices / link).symlink_to(self.devices / name)

    def listed(self) -> list[str]:
        return [str(path.relative_to(self.devices)) for path in keyboards(self.devices, self.system)]


def test_a_keyboard_is_listed_once_by_its_most_lasting_path(tmp_path: Path) -> None:
    inputs = Inputs(tmp_path)
    inputs.plug("event0", KEYBOARD, "by-id/usb-reader-event-kbd", "by-path/pci-1-event-kbd")
    inputs.plug("event1", KEYBOARD, "by-path/pci-2-event-kbd")
    inputs.plug("event2", KEYBOARD, "by-id/usb-combined-event-if01")
    inputs.plug("event11", KEYBOARD)
    assert inputs.listed() == [
        "by-id/usb-combined-event-if01",
        "by-id/usb-reader-event-kbd",
        "by-path/pci-2-event-kbd",
        "event11",
    ]


def test_mice_and_buttons_are_not_listed(tmp_path: Path) -> None:
    inputs = Inputs(tmp_path)
    inputs.plug("event0", MOUSE, "by-id/usb-mouse-event-mouse")
    inputs.plug("event1", POWER_BUTTON)
    inputs.plug("event2", "not hex")
    assert inputs.listed() == []


def test_a_machine_without_input_devices_has_no_keyboards(tmp_path: Path) -> None:
    assert keyboards(tmp_path / "none", tmp_path / "none") == []
