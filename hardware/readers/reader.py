"""The words every card reader shares: a tap, a reader's state, and what a device family must provide."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

_EM4100 = re.compile(r"em4100:([0-9A-F]{8})")
_EM4100_MAX = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Tap:
    """A card was held to a reader."""

    card: str
    """The card's canonical name, such as `em4100:0012D687`. It names a pupil: keep it out of logs."""
    at: datetime
    """Aware, UTC: when the first byte of the card's frame arrived."""


class ReaderState(StrEnum):
    """How a reader's port stands."""

    READY = "ready"
    ABSENT = "absent"
    """Nothing there, or unplugged."""
    BUSY = "busy"
    """Another process holds the port."""
    FORBIDDEN = "forbidden"
    """This account may not open the port."""
    BABBLING = "babbling"
    """Bytes arrive and no card can be made of them."""
    STOPPED = "stopped"


class Parser(Protocol):
    """One device family: its line speed, and how its bytes become taps. Pure: no I/O, no clock.

    A new family is one file with such a class and one test; the supervisor does the rest.
    """

    @property
    def baud(self) -> int:
        """Line speed in bits a second; 8 data bits, no parity, 1 stop bit."""

    def feed(self, data: bytes, at: datetime) -> Iterable[Tap]:
        """Take the next bytes from the line; give a tap for each whole frame, repeats included.

        Args:
            data: the bytes, in order; a frame may be spread over many calls.
            at: when they arrived (aware, UTC). A frame's instant is that of the call with its first byte.
        """

    def reset(self) -> None:
        """Forget half a frame: the line fell silent, or is another line now."""


def em4100_card(number: int) -> str:
    """The canonical name of an EM4100 card.

    Args:
        number: the card's last four bytes, which is what is printed on it in decimal. The version byte before
            them is left out, so that the printed number is enough to enrol a card.

    Raises:
        ValueError: the number does not fit in four bytes.
    """
    if not 0 <= number <= _EM4100_MAX:
        raise ValueError(f"An EM4100 card's number is from 0 to {_EM4100_MAX}: got {number}.")
    return f"em4100:{number:08X}"


def em4100_number(card: str) -> int:
    """The number printed on the card with this canonical name: the way back from `em4100_card`.

    Raises:
        ValueError: not the canonical name of an EM4100 card.
    """
    match = _EM4100.fullmatch(card)
    if match is None:
        raise ValueError("An EM4100 card is named em4100: and 8 upper-case hex digits, as em4100:0012D687.")
    return int(match[1], 16)
