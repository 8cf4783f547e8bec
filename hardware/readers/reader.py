"""What all card readers share: their events, the parser of each family, and the canonical names of cards."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

_EM4100 = re.compile(r"em4100:([0-9A-F]{8})")
_EM4100_MAX = 0xFFFF_FFFF
ISO14443A_LENGTHS = (4, 7, 10)
"""The lengths of a UID in bytes: single, double and triple size (ISO/IEC 14443-3, 6.5.4)."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A card was presented to a reader."""

    card: str
    """The card's canonical name, such as `em4100:0012D687`. It identifies a pupil: keep it out of logs."""
    at: datetime
    """When the first byte of the card's frame arrived (aware, UTC)."""


@dataclass(frozen=True, slots=True)
class TwoCards:
    """Two cards were in front of a reader at once: neither is a tap, and the screen asks for one card.

    Only a reader that distinguishes cards in its field can report this (a PN532). At 125 kHz two cards garble
    each other's answers, and the reader sends nothing.
    """

    at: datetime
    """When the first byte of the reader's answer arrived (aware, UTC)."""


@dataclass(frozen=True, slots=True)
class Intact:
    """An intact frame without a card, such as an answer for an empty field: the line is not babbling."""


Event: TypeAlias = Tap | TwoCards | Intact
"""The events that a parser can produce."""


class Parser(Protocol):
    """Parses the bytes of one device family into events. Pure: no I/O, no clock.

    To add a family see `hardware.readers.families`.
    """

    @property
    def baud(self) -> int:
        """Line speed in bits a second; 8 data bits, no parity, 1 stop bit."""

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which to call `silence`; `None` after any read that returned nothing."""

    def feed(self, data: bytes, at: datetime) -> Iterable[Event]:
        """Parse the next bytes from the line; return an event for each whole frame, repeats included.

        Args:
            data: the bytes, in order; a frame may be spread over many calls.
            at: when the bytes arrived (aware, UTC). A frame has the instant of the call with its first byte.
        """

    def silence(self) -> Iterable[Event]:
        """Note that the line has been silent for `patience` seconds: a partial frame will not be finished.

        Returns:
            Events that the silence itself completes, such as a barcode without another ending.
        """

    def reset(self) -> None:
        """Discard a partial frame, because the line was opened again."""


@runtime_checkable
class PolledParser(Protocol):
    """What a parser also provides when its device sends only in answer to commands."""

    @property
    def is_answering(self) -> bool:
        """Whether the device has answered recent commands."""

    def ask(self, at: float) -> bytes:
        """The command to write to the device now; empty when none is due.

        Args:
            at: seconds of one monotonic clock.
        """


def em4100_card(number: int) -> str:
    """The canonical name of an EM4100 card.

    Args:
        number: the card's last four bytes, printed on it in decimal. The version byte before them is left
            out, so that the printed number is enough to enrol a card.

    Raises:
        ValueError: the number does not fit in four bytes.
    """
    if not 0 <= number <= _EM4100_MAX:
        raise ValueError(f"An EM4100 card's number is from 0 to {_EM4100_MAX}: got {number}.")
    return f"em4100:{number:08X}"


def em4100_number(card: str) -> int:
    """The number printed on the card with this canonical name; the inverse of `em4100_card`.

    Raises:
        ValueError: not the canonical name of an EM4100 card.
    """
    match = _EM4100.fullmatch(card)
    if match is None:
        raise ValueError("An EM4100 card is named em4100: and 8 upper-case hex digits, as em4100:0012D687.")
    return int(match[1], 16)


def iso14443a_card(uid: bytes) -> str:
    """The canonical name of an ISO 14443A card: `iso14443a:` and its UID in hex, in transmission order.

    Args:
        uid: 4, 7 or 10 bytes.

    Raises:
        ValueError: another number of bytes.
    """
    if len(uid) not in ISO14443A_LENGTHS:
        raise ValueError(f"An ISO 14443A card's UID has 4, 7 or 10 bytes: got {len(uid)}.")
    return f"iso14443a:{uid.hex().upper()}"


def iso14443a_uid(card: str) -> bytes:
    """The UID of the card with this canonical name, or with its hex alone; the inverse of `iso14443a_card`.

    Raises:
        ValueError: not the canonical name of an ISO 14443A card.
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
    """The canonical name of a text from a barcode or a reader that types: `barcode:` and the text."""
    return f"barcode:{text}"
