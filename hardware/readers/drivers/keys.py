"""Decodes the kernel's key events from a keyboard-wedge reader into text. Pure.

A wedge is a card reader or scanner that acts as a keyboard. It types the card's number and a return, on a
British or American layout: only characters on the same keys of both layouts are decoded.
Source of the numbers: the kernel's include/uapi/linux/input.h and input-event-codes.h.
"""

import struct

EVENT = struct.Struct("@llHHi")
"""`struct input_event` on a 64-bit system: seconds, microseconds, type, code, value."""
EV_SYN = 0
EV_KEY = 1
SYN_DROPPED = 3
"""The kernel's buffer overflowed and events were lost."""
KEY_DOWN = 1
_KEY_UP = 0
_SHIFTS = (42, 54)
RETURNS = (28, 96, 15)
"""KEY_ENTER, KEY_KPENTER and KEY_TAB: the keys that readers type after a number."""

_ROWS = {
    2: "1234567890-=",
    16: "qwertyuiop[]",
    30: "asdfghjkl;",
    44: "zxcvbnm,./",
    57: " ",
    71: "789-456+1230.",
}
"""Characters of adjacent keys, by the code of the first. 71 begins the number pad."""
_SHIFTED = dict(zip("1457890-=;,./", "!$%&*()_+:<>?", strict=True))
"""Characters with shift. Keys that differ between the layouts (" £ # @ ~ \\ |) occur in no card's number."""
PLAIN = {first + place: char for first, row in _ROWS.items() for place, char in enumerate(row)}
"""The character of each key, by its code."""


class KeyDecoder:
    """Decodes key events into text. Buffers less than one event between calls."""

    def __init__(self) -> None:
        self._rest = b""
        self._shifts: set[int] = set()

    def feed(self, data: bytes) -> bytes:
        """Decode bytes read from the device; return the typed text in UTF-8, with CR for each return.

        A zero byte marks lost events and keys without a decoded character; the line that contains it is then
        not taken for a card.
        """
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        texts = [self._decode(*event[2:]) for event in EVENT.iter_unpack(data[:whole])]
        return "".join(texts).encode()

    def _decode(self, kind: int, code: int, value: int) -> str:
        if kind == EV_SYN and code == SYN_DROPPED:
            self._shifts.clear()
            return "\0"
        if kind != EV_KEY:
            return ""
        if code in _SHIFTS:
            (self._shifts.discard if value == _KEY_UP else self._shifts.add)(code)
            return ""
        if value != KEY_DOWN:  # key up, or the repeat of a held key
            return ""
        return "\r" if code in RETURNS else self._character(code)

    def _character(self, code: int) -> str:
        plain = PLAIN.get(code, "\0")
        if not self._shifts:
            return plain
        return plain.upper() if plain.isalpha() else _SHIFTED.get(plain, "\0")


def strokes(text: str) -> bytes:
    """The key events that type this text and a return; the inverse of `KeyDecoder`.

    Raises:
        ValueError: no key types one of the characters.
    """
    codes = {char: (code, False) for code, char in reversed(PLAIN.items())}
    codes |= {char.upper(): (code, True) for char, (code, _) in codes.items() if char.isalpha()}
    codes |= {_SHIFTED[char]: (code, True) for char, (code, _) in codes.items() if char in _SHIFTED}
    events = b""
    for char in text:
        if char not in codes:
            raise ValueError(f"No key of a keyboard-wedge reader types {char!r}.")
        code, shifted = codes[char]
        events += _press(_SHIFTS[0], 1) * shifted + _press(code, 1) + _press(code, 0)
        events += _press(_SHIFTS[0], 0) * shifted
    return events + _press(RETURNS[0], 1) + _press(RETURNS[0], 0)


def _press(code: int, value: int) -> bytes:
    return EVENT.pack(0, 0, EV_KEY, code, value) + EVENT.pack(0, 0, EV_SYN, 0, 0)
