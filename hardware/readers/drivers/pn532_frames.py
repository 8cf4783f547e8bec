"""Splits and writes the frames of a PN532's serial line (NXP UM0701-02, section 6.2.1).

A frame is 00 00 FF, length, its complement, the body (sender, then content), a checksum that makes the body's
sum zero, and 00. Any number of zeros may precede a frame. An ACK, 00 00 FF 00 FF 00, has no body and is
skipped.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

HOST = 0xD4
"""First byte of a body sent by the host."""
DEVICE = 0xD5
"""First byte of a body sent by the chip."""
START = b"\x00\xff"
ACK = b"\x00\x00\xff\x00\xff\x00"
_EMPTY = ((0x00, 0xFF), (0xFF, 0x00))
"""The bytes of an ACK and a NACK where a frame has length and complement."""
_AROUND = 6
"""Bytes of a frame around its body: start (2), length (2), checksum, postamble."""


class Pn532Frame(NamedTuple):
    """An intact frame."""

    body: bytes
    at: datetime
    """When its start code arrived (aware, UTC)."""


class FrameSplitter:
    """Splits a stream into frames. Buffers at most the longest frame (261 bytes) between calls.

    A start code that proves false is discarded alone and the bytes after it are examined again, so noise that
    resembles the start of a long frame swallows no true frame.
    """

    def __init__(self) -> None:
        self.bad_checksum = 0
        self._bytes = bytearray()
        self._at: list[datetime] = []

    def add(self, data: bytes, at: datetime) -> None:
        """Buffer bytes that arrived at that instant."""
        self._bytes += data
        self._at += [at] * len(data)

    def take(self) -> Iterator[Pn532Frame]:
        """Yield and remove the frames that are complete."""
        while self._seek():
            length, complement = self._bytes[2], self._bytes[3]
            if (length, complement) in _EMPTY:
                self._drop(4)  # the ACK's last byte then counts as the next frame's preamble
                continue
            whole = length + _AROUND
            if (length + complement) & 0xFF:
                self._drop(1)
            elif len(self._bytes) < whole:
                return
            elif self._is_intact(whole):
                found = Pn532Frame(bytes(self._bytes[4 : whole - 2]), self._at[0])
                self._drop(whole)
                yield found
            else:
                self.bad_checksum += 1
                self._drop(1)

    def flush(self) -> Iterator[Pn532Frame]:
        """Yield the frames left when no more bytes will come: an incomplete frame was a false start."""
        yield from self.take()
        while self._bytes:
            self._drop(1)
            yield from self.take()

    def clear(self) -> None:
        """Discard all buffered bytes."""
        self._drop(len(self._bytes))

    def _seek(self) -> bool:
        """Discard bytes before the next start code; return whether it and its length are buffered."""
        place = self._bytes.find(START)
        if place < 0:
            kept = 1 if self._bytes.endswith(START[:1]) else 0
            self._drop(len(self._bytes) - kept)
            return False
        self._drop(place)
        return len(self._bytes) >= 4

    def _is_intact(self, whole: int) -> bool:
        """Whether body and checksum add up to zero and a zero byte follows.

        A frame with an ACK inside was cut short by the next answer. It is rejected, since one in 256 of those
        would pass the eight-bit checksum.
        """
        checked = self._bytes[4:whole]
        return not sum(checked) & 0xFF and not checked[-1] and ACK not in checked

    def _drop(self, count: int) -> None:
        del self._bytes[:count]
        del self._at[:count]


def frame(data: bytes, *, speaker: int = HOST) -> bytes:
    """The frame of a command or, with `speaker` DEVICE, of an answer; `data` excludes the speaker's byte.

    Raises:
        ValueError: `data` is longer than 254 bytes.
    """
    body = bytes([speaker]) + data
    if len(body) > 0xFF:
        raise ValueError(f"A PN532 frame carries up to 254 bytes: got {len(data)}.")
    length = bytes([len(body), -len(body) & 0xFF])
    return b"\x00" + START + length + body + bytes([-sum(body) & 0xFF, 0x00])
