"""The frames of a PN532's serial line, cut and written (NXP UM0701-02, section 6.2.1).

00 00 FF, length, its complement, the body (who speaks, then what), a checksum that makes the body's sum zero,
and 00. Zeros may stand before a frame in any number. An ACK, 00 00 FF 00 FF 00, carries nothing and is passed
over.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

HOST = 0xD4
"""First byte of a body from the host."""
DEVICE = 0xD5
"""First byte of a body from the chip."""
START = b"\x00\xff"
ACK = b"\x00\x00\xff\x00\xff\x00"
_EMPTY = ((0x00, 0xFF), (0xFF, 0x00))
"""Where length and complement would be: an ACK and a NACK."""
_AROUND = 6
"""Bytes of a frame beside its body: start (2), length (2), checksum, postamble."""


class Frame(NamedTuple):
    """An intact frame."""

    body: bytes
    at: datetime
    """When its start code arrived."""


class Frames:
    """Cuts a stream into frames. Holds no more than the longest frame (261 bytes) between calls.

    A start code that turns out to begin no frame costs only itself: what came after it is looked at again, so
    noise that looks like the beginning of a long frame swallows nothing.
    """

    def __init__(self) -> None:
        self.bad_checksum = 0
        self._bytes = bytearray()
        self._at: list[datetime] = []

    def add(self, data: bytes, at: datetime) -> None:
        """Bytes came at that instant."""
        self._bytes += data
        self._at += [at] * len(data)

    def take(self) -> Iterator[Frame]:
        """The frames that are whole by now."""
        while self._seek():
            length, complement = self._bytes[2], self._bytes[3]
            if (length, complement) in _EMPTY:
                self._drop(4)  # its last byte is taken for the next frame's preamble
                continue
            whole = length + _AROUND
            if (length + complement) & 0xFF:
                self._drop(1)
            elif len(self._bytes) < whole:
                return
            elif self._is_intact(whole):
                found = Frame(bytes(self._bytes[4 : whole - 2]), self._at[0])
                self._drop(whole)
                yield found
            else:
                self.bad_checksum += 1
                self._drop(1)

    def flush(self) -> Iterator[Frame]:
        """No more bytes will come: what still waits for the rest of its frame began none."""
        yield from self.take()
        while self._bytes:
            self._drop(1)
            yield from self.take()

    def clear(self) -> None:
        """Forget what is held."""
        self._drop(len(self._bytes))

    def _seek(self) -> bool:
        """Drop what is before the next start code; whether there is one, with its length."""
        place = self._bytes.find(START)
        if place < 0:
            kept = 1 if self._bytes.endswith(START[:1]) else 0
            self._drop(len(self._bytes) - kept)
            return False
        self._drop(place)
        return len(self._bytes) >= 4

    def _is_intact(self, whole: int) -> bool:
        """Whether body and checksum, which follow start and length, add up to zero, and a zero ends it.

        An ACK inside means that the frame was cut short and the next answer has begun: the sum has only eight
        bits, so that one in 256 of those would pass.
        """
        checked = self._bytes[4:whole]
        return not sum(checked) & 0xFF and not checked[-1] and ACK not in checked

    def _drop(self, count: int) -> None:
        del self._bytes[:count]
        del self._at[:count]


def frame(data: bytes, *, speaker: int = HOST) -> bytes:
    """The frame of a command, or with `speaker` DEVICE of an answer; `data` is without the speaker's byte.

    Raises:
        ValueError: more than 254 bytes do not fit.
    """
    body = bytes([speaker]) + data
    if len(body) > 0xFF:
        raise ValueError(f"A PN532 frame carries up to 254 bytes: got {len(data)}.")
    length = bytes([len(body), -len(body) & 0xFF])
    return b"\x00" + START + length + body + bytes([-sum(body) & 0xFF, 0x00])
