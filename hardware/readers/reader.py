"""The words every card reader shares: what it hears, a reader's state, and what a device family provides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

_EM4100 = re.compile(r"em4100:([0-9A-F]{8})")
_EM4100_MAX = 0xFFFF_FFFF
ISO14443A_LENGTHS = (4, 7, 10)
"""Bytes of a UID: single, double and triple size (ISO/IEC 14443-3, 6.5.4)."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A card was held to a reader."""

    card: str
    """The card's canonical name, such as `em4100:0012D687`. It names a pupil: keep it out of logs."""
    at: datetime
    """Aware, UTC: when the first byte of the card's frame arrived."""


@dataclass(frozen=True, slots=True)
class TwoCards:
    """Two cards were in front of a reader at once: neither is taken, and people are told in words.

    Only a reader that tells cards apart can say so (a PN532). At 125 kHz two cards spoil each other's
    answers, and such a reader sends nothing at all.
    """

    at: datetime
    """Aware, UTC: when the first byte of the reader's answer arrived."""


@dataclass(frozen=True, slots=True)
class Intact:
    """A whole frame that is about no card, such as a reader's answer that none is there: no babble."""


Event: TypeAlias = Tap | TwoCards | Intact
"""What a parser can make of bytes."""


class Parser(Protocol):
    """One device family: its line speed, and how its bytes become taps. Pure: no I/O, no clock.

    A new family is one file with such a class, a line in `families`, and one test; the supervisor does the
    rest.
    """

    @property
    def baud(self) -> int:
        """Line speed in bits a second; 8 data bits, no parity, 1 stop bit."""

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which `silence` should be called; None: whenever the line is looked at."""

    def feed(self, data: bytes, at: datetime) -> Iterable[Event]:
        """Take the next bytes from the line; give an event for each whole frame, repeats included.

        Args:
            data: the bytes, in order; a frame may be spread over many calls.
            at: when they arrived (aware, UTC). A frame's instant is that of the call with its first byte.
        """

    def silence(self) -> Iterable[Event]:
        """The line has been silent for as long as `patience`: half a frame will not be finished.

        Gives what the silence itself completes, such as a barcode that has no other ending.
        """

    def reset(self) -> None:
        """Forget half a frame: the line is another line now."""


@runtime_checkable
class Asking(Protocol):
    """What a parser has besides, whose device speaks only when it is spoken to."""

    @property
    def answers(self) -> bool:
        """Whether the device has answered of late."""

    def ask(self, at: float) -> bytes:
        """What to write to the device now; nothing when it is not due.

        Args:
            at: seconds of one monotonic clock.
        """


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


def iso14443a_card(uid: bytes) -> str:
    """The canonical name of an ISO 14443A card: `iso14443a:` and its UID in hex, in the order of the air.

    Args:
        uid: 4, 7 or 10 bytes.

    Raises:
        ValueError: another number of bytes.
    """
    if len(uid) not in ISO14443A_LENGTHS:
        raise ValueError(f"An ISO 14443A card's UID has 4, 7 or 10 bytes: got {len(uid)}.")
    return f"iso14443a:{uid.hex().upper()}"


def iso14443a_uid(card: str) -> bytes:
    """The UID of the card with this canonical name, or of its hex alone: the way back from `iso14443a_card`.

    Raises:
        ValueError: no such card can be.
    """
    try:
        uid = bytes.fromhex(card.removeprefix("iso14443a:"))
        iso14443a_card(uid)
    except ValueError as error:
        raise ValueError(
            "An ISO 14443A card is named iso14443a: and 8, 14 or 20 hex digits, as iso14443a:04A2B3C4."
        ) from error
    return uid


def barcode_card(text: str) -> str:
    """The canonical name of what a barcode, or a reader that types, says: `barcode:` and the text itself."""
    return f"barcode:{text}"
