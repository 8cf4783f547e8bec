"""Maps the many spellings of a card's number, as printed or as sent by readers, to canonical names. Pure.

An EM4100 card holds five bytes: a version or customer byte and the four of its number. For the card with
number 00 D5 07 D0 and version 0A, all of these spellings are in use, and no standard prefers one (makers of
readers call the formats 10D, 10H, 8H, 3+5 and 5+5; sources are suppliers' notes on "10-digit EM card to
8-digit card number" and Suprema's note "How to indicate EM4100 card"):

    0013961168      the four bytes in decimal, as printed; leading zeros may be missing
    0A00D507D0      all five bytes in hex                42963634128   and in decimal
    00D507D0        the four bytes in hex
    0A00D507D008    all five bytes and their exclusive or, in hex (EM-18)
    D007D500        the four bytes in reverse; also D007D5000A, all five
    213,02000       byte 2 and bytes 3–4, each in decimal (Wiegand 26): byte 1 is missing; also 21302000
    13961168        bytes 2–4 in decimal (24 bits): byte 1 is missing; also D507D0 in hex
    00213,02000     bytes 1–2 and 3–4, each in decimal
    0,213,7,208     the four bytes, each in decimal

An ISO 14443A card's UID has 4, 7 or 10 bytes. It is written in hex in transmission order, or reversed by
readers that treat it as a little-endian number, and in decimal of either; ISO/IEC 14443-3 defines only
transmission order. Some readers add the exclusive or of its bytes. A reader that can read only four bytes
sends the first half of a longer UID: the cascade tag 88, with which no whole UID begins, and three bytes.
Many cards share such a half, so it is no card (`is_half_a_number`).

`spellings` undoes what is written around and between the parts of any of them.

A barcode may also hold a pupil's number instead of a card's: a UPN, or the school's admission number. The
bundle lists both as if they were cards, `upn:…` and `admission:…`, hashed like card names. Spreadsheets drop
leading zeros and printers add some, but 002 must not be the pupil with number 2 where numbers have four
digits: `admission/4:0002` has zeros up to the length of the school's numbers, and a barcode stands for it
only with as many digits or more.

Several cards can share one spelling, so a text has several candidates: look each up, and enrol the first. If
they lead to two pupils, neither is taken, unless the first candidate is the full name of a card: 213,02000
fits one pupil's 00 D5 07 D0 and another's 01 D5 07 D0.
"""

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import xor

from hardware.readers.drivers.spellings import CASCADE_TAG, plain
from hardware.readers.reader import (
    barcode_card,
    em4100_card,
    em4100_number,
    iso14443a_card,
    iso14443a_uid,
)

_CANONICAL = re.compile(r"em4100:[0-9A-F]{8}|iso14443a:(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})")
_HEX = re.compile(r"[0-9A-Fa-f]{2}(?:[ :.,-]?[0-9A-Fa-f]{2})*")
_TWO_NUMBERS = re.compile(r"(\d{1,5})\s*[,/ -]\s*(\d{5})|(\d{1,3}),(\d{3,5})")
_FOUR_BYTES = re.compile(r"\d{1,3}(?:,\d{1,3}){3}")
_BARCODE = "barcode:"
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
"""The form of a unique pupil number. Its check letter is not verified here: the register keeps no UPN with a
wrong letter, so a misread one matches no pupil."""
_RANDOM_UID = "iso14443a:08"
_MAKERS = frozenset({0x02, 0x04, 0x05, 0x07, 0x16, 0x1D})
"""The first bytes of longer UIDs, which name the maker (ISO/IEC 7816-6): ST, NXP, Infineon, TI, EM, Fudan."""

FEWEST_DIGITS = 6
"""A decimal with fewer digits is a pupil's number, not a card's without its leading zeros."""
_DIGITS = 10
"""The digits of four bytes in decimal."""
_DIGITS_OF_24_BITS = 8
_FEWEST_BYTES = 4
"""The bytes of the shortest whole number of a card."""
_DIGITS_OF_FIVE_BYTES = 13
"""With leading zeros when the version byte is zero."""


def candidates(text: str) -> tuple[str, ...]:
    """The canonical names that a text can stand for, the most likely first.

    Args:
        text: text that a person typed, or the name of a tap. `barcode:TEXT` comes from a scanner or a reader
            that types, and may be a card's number in any spelling.

    Returns:
        Names without repeats; empty for empty text and for half a number. A card enrolled under the first of
        them is recognised by every reader, whichever spelling the reader uses; but text that could be hex and
        has no letter is taken as decimal.
    """
    text = text.strip()
    if is_half_a_number(text):
        return ()
    if _CANONICAL.fullmatch(text):
        return _without_halves([text, *_names_from_other_readers(text)])
    spelling = text.removeprefix(_BARCODE).strip()
    if not spelling:
        return ()
    number = plain(spelling)
    names = [*_numbers_apart(number), *_decimal(number), *_hex(number)]
    itself = barcode_card(spelling)
    if not text.startswith(_BARCODE):
        return _without_halves([*names, itself])
    certain = names[:1] if _is_full_number(number) else []
    # A pupil's number is exact; the other card numbers are guesses at the reader's spelling.
    return _without_halves([*certain, itself, *_pupil_numbers(spelling), *names])


def is_half_a_number(text: str) -> bool:
    """Whether a text is the first half of a longer UID, as readers send it that can read only four bytes.

    An EM4100 card whose number looks like such a half is still one when its own reader has read it
    (`em4100:…`).
    """
    spelling = text.strip().removeprefix(_BARCODE).strip()
    if spelling.startswith("em4100:"):
        return False
    if _CANONICAL.fullmatch(spelling):
        uid = iso14443a_uid(spelling)
        return len(uid) == 4 and uid[0] == CASCADE_TAG
    spelling = plain(spelling)
    if spelling.isascii() and spelling.isdecimal() and len(spelling) >= _DIGITS and int(spelling) < 1 << 32:
        return _is_half(int(spelling).to_bytes(4))
    if not _HEX.fullmatch(spelling):
        return False
    data = _bytes(spelling)
    if len(data) == 5 and _is_checked(data):
        data = data[:4]
    if spelling.isdecimal() and data[1:2] and data[1] not in _MAKERS:
        return False  # eight digits: rather a number in decimal
    return len(data) == 4 and _is_half(data)


def changes_each_time(card: str) -> bool:
    """Whether the card invents a UID for each tap, as telephones do, and so cannot be enrolled.

    ISO/IEC 14443-3, 6.5.4: a single size UID that begins with 08 is random.
    """
    return card.startswith(_RANDOM_UID) and len(card) == len(_RANDOM_UID) + 6


def _is_full_number(text: str) -> bool:
    """Whether the text has all digits of a card's number, so that it can hardly be anything else."""
    if text.isascii() and text.isdecimal():
        return len(text) >= _DIGITS
    if _HEX.fullmatch(text):
        return len(_bytes(text)) >= _FEWEST_BYTES
    return re.fullmatch(r"\d{5},\d{5}", text) is not None


def _without_halves(names: Iterable[str]) -> tuple[str, ...]:
    """The names without repeats, and without UIDs that cannot be."""
    return tuple(
        dict.fromkeys(
            name
            for name in names
            if not name.startswith(f"iso14443a:{CASCADE_TAG:02X}") or len(name) > len("iso14443a:") + 8
        )
    )


def _is_half(data: bytes) -> bool:
    """Whether four bytes are half a UID, in either order; backwards only with a maker's byte, because
    ordinary numbers end in 88 too."""
    return data[0] == CASCADE_TAG or (data[3] == CASCADE_TAG and data[2] in _MAKERS)


def _is_checked(data: bytes) -> bool:
    """Whether the last byte is the exclusive or of the others."""
    return not reduce(xor, data)


def _names_from_other_readers(card: str) -> Iterator[str]:
    """The card's names from readers that send less of its number, or take it for a card of the other kind."""
    if card.startswith("em4100:"):
        number = em4100_number(card)
        uid = number.to_bytes(4)
        high, low, last = number >> 16 & 0xFF, number & 0xFFFF, number & 0xFF_FFFF
        yield em4100_card(int.from_bytes(uid[::-1]))
        yield from map(
            barcode_card, (f"{number}", f"{high:03}{low:05}", f"{high:03},{low:05}", f"{high},{low}")
        )
        yield from map(barcode_card, (f"{last}", f"{last:0{_DIGITS_OF_24_BITS}}"))
        yield from map(barcode_card, (f"{last:06X}", f"{last:06x}"))
    else:
        uid = iso14443a_uid(card)
        if len(uid) == 4:
            yield from (em4100_card(int.from_bytes(order)) for order in (uid, uid[::-1]))
            yield barcode_card(f"{int.from_bytes(uid)}")
    if len(uid) == 4:
        # With a check byte the first byte passes for an EM4100 card's version.
        yield from (em4100_card(int.from_bytes([*order[1:], reduce(xor, uid)])) for order in (uid, uid[::-1]))
    yield from _both_orders(uid)


def _pupil_numbers(text: str) -> Iterator[str]:
    upn = text.upper()
    if _UPN.fullmatch(upn):
        yield f"upn:{upn}"
    yield f"admission:{text}"
    if text.isascii() and text.isdecimal():
        zeros = len(text) - len(text.lstrip("0") or "0")
        yield from (f"admission/{len(text) - cut}:{text[cut:]}" for cut in range(zeros + 1))


def _numbers_apart(text: str) -> Iterator[str]:
    """From two numbers, or four bytes, each in decimal."""
    if pair := _TWO_NUMBERS.fullmatch(text):
        first, second = (number for number in pair.groups() if number is not None)
        high, low = int(first), int(second)
        if low > 0xFFFF or len(first + second) < FEWEST_DIGITS - 1:
            return
        if len(first) > 3 and high <= 0xFFFF:
            yield em4100_card(high << 16 | low)
        elif len(first) <= 3:
            yield from _wiegand(high, low)
    elif _FOUR_BYTES.fullmatch(text):
        numbers = [int(each) for each in text.split(",")]
        if max(numbers) <= 0xFF:
            yield from _four_bytes(bytes(numbers))


def _wiegand(facility: int, number: int) -> Iterator[str]:
    """Every card with these three last bytes; for most cards the first byte is zero."""
    if facility <= 0xFF:
        yield from (em4100_card(first << 24 | facility << 16 | number) for first in range(0x100))


def _decimal(text: str) -> Iterator[str]:
    if not (text.isascii() and text.isdecimal()) or len(text) < FEWEST_DIGITS:
        return
    number = int(text)
    if number < 1 << 32:
        if len(text) <= _DIGITS or len(text) == _DIGITS_OF_FIVE_BYTES:
            yield from _four_bytes(number.to_bytes(4))
    elif number < 1 << 40:
        yield em4100_card(number & 0xFFFF_FFFF)  # with the version byte
    elif number < 1 << 56:
        yield from _both_orders(number.to_bytes(7))
    if len(text) > _DIGITS_OF_24_BITS:
        return
    if number < 1 << 24 and len(text) >= _DIGITS_OF_24_BITS - 1:  # fewer are rather a pupil's number
        yield from _wiegand(number >> 16, number & 0xFFFF)
    if len(text) == _DIGITS_OF_24_BITS and int(text[3:]) <= 0xFFFF:
        yield from _wiegand(int(text[:3]), int(text[3:]))


def _hex(text: str) -> Iterator[str]:
    if not _HEX.fullmatch(text):
        return
    data = _bytes(text)
    match len(data):
        case 3 if not text.isdecimal():  # six digits are a number in decimal
            yield from _wiegand(data[0], int.from_bytes(data[1:]))
        case 4:
            yield from _four_bytes(data)
        case 5:
            yield em4100_card(int.from_bytes(data[1:]))
            yield em4100_card(int.from_bytes(data[3::-1]))
            if _is_checked(data):
                yield from _four_bytes(data[:4])
        case 6 if _is_checked(data):
            yield em4100_card(int.from_bytes(data[1:5]))
        case 7 | 10:
            yield from _both_orders(data)
        case 8 if _is_checked(data):
            yield from _both_orders(data[:7])


def _bytes(text: str) -> bytes:
    return bytes.fromhex(re.sub(r"[ :.,-]", "", text))


def _four_bytes(data: bytes) -> Iterator[str]:
    """The cards of either kind with this number, in either order."""
    yield em4100_card(int.from_bytes(data))
    yield from _both_orders(data)
    yield em4100_card(int.from_bytes(data[::-1]))


def _both_orders(uid: bytes) -> Iterator[str]:
    yield iso14443a_card(uid)
    yield iso14443a_card(uid[::-1])
