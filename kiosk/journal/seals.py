"""Seals: a checksum beside a row's values, which shows whether the disk has changed them since.

SQLite notices a damaged page only when its structure is broken; a flipped bit in a text turns a pupil into
another one, unseen. A seal also depends on the journal, so that a row of another kiosk's journal never passes
for one of this.
"""

from zlib import crc32

ONE_FLIPPED_BIT = 1
"""A seal that differs in one bit was itself hit. A flipped bit in the values changes more of it: modulo the
polynomial of CRC-32, no x^n up to the length of any row equals an x^n below x^32."""


def seal(journal: int, *values: object) -> int:
    """The seal of the values in the journal with that number."""
    checksum = journal & 0xFFFFFFFF
    for value in values:
        data = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        checksum = crc32(b"\x1f", crc32(data, checksum))
    return checksum


def repaired(data: bytes, sealed: int, journal: int) -> bytes | None:
    """The data with the one bit turned back that makes it fit its seal; `None` if it was hit otherwise: such
    data, of some thousand bytes, fits by chance once in a hundred thousand times."""
    text = bytearray(data)
    for number in range(len(text)):
        for bit in range(8):
            text[number] ^= 1 << bit
            if seal(journal, bytes(text)) == sealed:
                return bytes(text)
            text[number] ^= 1 << bit
    return None


def is_intact(sealed: int | None, journal: int, *values: object) -> bool:
    """Whether the values are as they were written. Without a seal (another version wrote them), nothing
    speaks against it."""
    return sealed is None or (sealed ^ seal(journal, *values)).bit_count() <= ONE_FLIPPED_BIT
