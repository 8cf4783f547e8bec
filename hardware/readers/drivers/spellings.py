"""Undoes what readers, and people who copy a card's face, write around and between the parts of its number.

The plain number is in decimal, or in hex with a colon between its bytes so that it is not taken for decimal:

    0x00D507D0  00D507D0h  UID: 00 D5 07 D0     a mark of hex, or a label
    ;0013961168?                                the sentinels of a magnetic stripe
    0013961168 213,02000                        both numbers on a card's face; also 001396116821302000
    213:02000  213.02000                        facility and number, with another sign between them
    0.213.7.208  0:213:7:208                    the bytes, each in decimal
    88 u0 u1 u2 B0 u3 u4 u5 u6 B1               a UID of seven bytes as it is sent, in two halves: the cascade
    u0 u1 u2 B0 u3 u4 u5 u6                     tag 88 and the exclusive or of each half; as an NTAG keeps it;
    88 u0 u1 u2 u3 u4 u5 u6                     and with the cascade tag alone (ISO/IEC 14443-3, 6.5.4)
"""

import re
from functools import reduce
from operator import xor

CASCADE_TAG = 0x88
"""The first byte of a UID's first half when more follows (ISO/IEC 14443-3, 6.5.4)."""
_ISO15693 = 0xE0
"""The first byte of the eight of a card of another kind."""

_SENTINELS = re.compile(r"[;%](\d{6,})\?")
_LABEL = re.compile(r"(?:UID|CSN|ID|EM|CARD|NO\.?|#)\s*[:=#]?\s*(?=[0-9A-F])", re.IGNORECASE)
_MARKED = re.compile(
    r"(?:0x[0-9A-F]{2}[ :,-]*)+(?:[ :,-]*[0-9A-F]{2})*|[0-9A-F]{2}(?:[ :,-]?[0-9A-F]{2}){3,9}h", re.I
)
_NUMBER = re.compile(r"[0-9A-F]{2}(?:[ :.,-]?[0-9A-F]{2}){2,}", re.IGNORECASE)
_FACE = re.compile(r"(\d{10})\s*(\d{3})\s*,?\s*(\d{5})")
_FACILITY = re.compile(r"(\d{1,3})\s*[:.;]\s*(\d{5})")
_DECIMAL_BYTES = re.compile(r"\d{1,3}(?:([.: ,])\d{1,3})(?:\1\d{1,3}){2,5}")


def plain(text: str) -> str:
    """The number that a text spells, without what is around and between it; the text if it is none."""
    if sentinels := _SENTINELS.fullmatch(text):
        return sentinels[1]
    if (label := _LABEL.match(text)) and _NUMBER.fullmatch(text, label.end()):
        text = text[label.end() :]
    if _MARKED.fullmatch(text):
        return _whole(bytes.fromhex(re.sub(r"0x|[ :,h-]", "", text, flags=re.IGNORECASE)))
    if _NUMBER.fullmatch(text) and not _FACE.fullmatch(text):
        data = bytes.fromhex(re.sub(r"[ :.,-]", "", text))
        return text if _uid(data) is None else _whole(data)
    return _in_decimal(text)


def _in_decimal(text: str) -> str:
    if face := _FACE.fullmatch(text):
        number, facility, last = map(int, face.groups())
        return face[1] if number & 0xFF_FFFF == facility << 16 | last else text
    if facility_and_number := _FACILITY.fullmatch(text):
        return ",".join(facility_and_number.groups())
    if _DECIMAL_BYTES.fullmatch(text):
        numbers = [int(each) for each in re.findall(r"\d+", text)]
        return bytes(numbers).hex(":") if len(numbers) in (4, 5, 7) and max(numbers) <= 0xFF else text
    return text


def _whole(data: bytes) -> str:
    return (_uid(data) or data).hex(":").upper()


def _uid(data: bytes) -> bytes | None:
    """The UID of seven bytes that was sent in two halves; `None` if these bytes are none."""
    if len(data) == 8 and not reduce(xor, data):
        return None  # seven bytes, of which the first or the last may be 88, and their check byte
    if len(data) in (8, 10) and data[0] == CASCADE_TAG:
        if len(data) == 8:
            return data[1:]
        first, second = data[:5], data[5:]
        return first[1:4] + second[:4] if not reduce(xor, first) and not reduce(xor, second) else None
    if len(data) == 8 and data[0] != _ISO15693 and reduce(xor, data[:4]) == CASCADE_TAG:
        return data[:3] + data[4:]
    return None
