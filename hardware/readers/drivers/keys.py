"""What a keyboard-wedge reader types: the kernel's key events, made into the text they stand for. Pure.

A wedge is a card reader or scanner that pretends to be a keyboard. It types the card's number and a return,
on a British or American layout: digits, letters and what stands on the same keys of both.
Source of the numbers: the kernel's include/uapi/linux/input.h and input-event-codes.h.
"""

import struct

EVENT = struct.Struct("@llHHi")
"""`struct input_event` on a 64-bit system: seconds, microseconds, type, code, value."""
EV_SYN = 0
EV_KEY = 1
SYN_DROPPED = 3
"""The kernel had to leave events out."""
KEY_DOWN = 1
_KEY_UP = 0
_SHIFTS = (42, 54)
RETURNS = (28, 96, 15)
"""KEY_ENTER, KEY_KPENTER and KEY_TAB: what readers type at the end."""

_ROWS = {
    2: "1234567890-=",
    16: "qwertyuiop[]",
    30: "asdfghjkl;",
    44: "zxcvbnm,./",
    57: " ",
    71: "789-456+1230.",
}
"""The characters of neighbouring keys, from the code of the first. 71 begins the number pad."""
_SHIFTED = dict(zip("1457890-=;,./", "!$%&*()_+:<>?", strict=True))
"""With shift; keys that differ between the two layouts (" £ # @ ~ \\ |) are no part of a card's number."""
PLAIN = {first + place: char for first, row in _ROWS.items() for place, char in enumerate(row)}
"""The character of each key, by its code."""


class Keys:
    """Makes text of key events. Holds less than one event between calls."""

    def __init__(self) -> None:
        self._rest = b""
        self._shifts: set[int] = set()

    def feed(self, data: bytes) -> bytes:
        """Take bytes as read from the device; give the text typed, in UTF-8, with CR for each return.

        Where events are missing, or a key has no character of a card, a zero byte stands: the line it is in
        is no card's.
        """
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        typed = [self._typed(*event[2:]) for event in EVENT.iter_unpack(data[:whole])]
        return "".join(typed).encode()

    def _typed(self, kind: int, code: int, value: int) -> str:
        if kind == EV_SYN and code == SYN_DROPPED:
            self._shifts.clear()
            return "\0"
        if kind != EV_KEY:
            return ""
        if code in _SHIFTS:
            (self._shifts.discard if value == _KEY_UP else self._shifts.add)(code)
            return ""
        if value != KEY_DOWN:  # key up, or a repeat of a key held too long
            return ""
        return "\r" if code in RETURNS else self._character(code)

    def _character(self, code: int) -> str:
        plain = PLAIN.get(code, "\0")
        if not self._shifts:
            return plain
        return plain.upper() if plain.isalpha() else _SHIFTED.get(plain, "\0")


def strokes(text: str) -> bytes:
    """The events of a keyboard on which somebody types this text and a return: the way back from `Keys`.

    Raises:
        ValueError: a character that is on no key here.
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
