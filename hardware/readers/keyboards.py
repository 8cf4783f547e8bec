"""Lists this machine's keyboards, among them the readers that type.

Not every reader has a link that ends in `-event-kbd`: without a serial number two share one, and some have
only a link by their place at the machine, or none.
"""

from pathlib import Path

_INPUT = Path("/dev/input")
_SYSTEM = Path("/sys/class/input")
_BITS = 64
"""Bits in each word of a capability, which the kernel writes in hex, the highest word first."""
_NEEDED_KEYS = (*range(2, 12), 28)
"""The digits and return: a reader has them, a power button or a mouse has not."""


def keyboards(devices: Path = _INPUT, system: Path = _SYSTEM) -> list[Path]:
    """This machine's keyboards, each by its most lasting path: by its name, by its place, or by its number.

    Args:
        devices: the folder of input devices with their links.
        system: the folder in which the kernel describes them.
    """
    found: dict[Path, Path] = {}
    for folder in ("by-id", "by-path"):
        for link in sorted((devices / folder).glob("*-event-kbd")):
            found.setdefault(link.resolve(), link)
    for folder in ("by-id", "by-path"):  # links such as -event-if01
        for link in sorted((devices / folder).glob("*event*")):
            if _types_digits(system / link.resolve().name):
                found.setdefault(link.resolve(), link)
    for device in sorted(devices.glob("event*"), key=lambda each: (len(each.name), each.name)):
        if _types_digits(system / device.name):
            found.setdefault(device.resolve(), device)
    return sorted(found.values())


def _types_digits(entry: Path) -> bool:
    try:
        words = (entry / "device" / "capabilities" / "key").read_text(encoding="ascii").split()
        keys = sum(int(word, 16) << _BITS * place for place, word in enumerate(reversed(words)))
    except (OSError, ValueError):
        return False
    return all(keys >> key & 1 for key in _NEEDED_KEYS)
