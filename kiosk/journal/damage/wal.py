"""Reads a write-ahead log by hand: what SQLite sees of it, and what lies behind a place that it cannot read.

SQLite reads a log up to the first frame that is damaged and takes that for its end, without a word: one bit
hides every transaction after it. The format is SQLite's (sqlite.org/fileformat2.html, section 4).
"""

import struct
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kiosk.journal.damage.files import PAGE

HEADER, FRAME_HEADER = 32, 24
MAGIC = {b"\x37\x7f\x06\x82": "<", b"\x37\x7f\x06\x83": ">"}
"""The first bytes of a log, with the order of the bytes in its checksums."""
_SALTS = slice(8, 16)
_WORD = 0xFFFFFFFF


class WalFrame(NamedTuple):
    """One page as a transaction left it."""

    page: int
    """The page's number, from 1."""
    ends_transaction: bool
    data: bytes


class WriteAheadLog(NamedTuple):
    """The frames of a log, each in the order of the file."""

    committed: list[WalFrame]
    """The frames that SQLite reads: up to the last transaction that is whole."""
    behind: list[WalFrame]
    """The frames of the same generation behind them. After a power cut, they are of the transaction that was
    being written; after damage, also of whole ones."""
    older: list[WalFrame]
    """Frames of earlier generations, whose pages have been copied into the database since."""
    broken: bool
    """Whether a whole transaction lies behind the end that SQLite sees."""


def read_wal(data: bytes) -> WriteAheadLog:
    """Read a log. Never fails: what is not a frame is left out."""
    header = data[:HEADER]
    order = MAGIC.get(header[:4], "<")
    is_whole = (
        len(header) == HEADER
        and header[:4] in MAGIC
        and int.from_bytes(header[8:12], "big") == PAGE
        and _checksum(header[:24], (0, 0), order) == _pair(header[24:])
    )
    frames = [
        data[at : at + FRAME_HEADER + PAGE]
        for at in range(HEADER, len(data) - FRAME_HEADER, FRAME_HEADER + PAGE)
    ]
    salts = header[16:24]
    if not is_whole:  # the salts that most frames have
        seen = Counter(frame[_SALTS] for frame in frames)
        salts = seen.most_common(1)[0][0] if seen else b""
    end = _end(frames, salts, _pair(header[24:]), order) if is_whole else 0
    rest = frames[end:]
    behind = [_frame(frame) for frame in rest if frame[_SALTS] == salts]
    whole = [number for number, frame in enumerate(behind) if frame.ends_transaction]
    return WriteAheadLog(
        committed=[_frame(frame) for frame in frames[:end]],
        behind=behind,
        older=[_frame(frame) for frame in rest if frame[_SALTS] != salts],
        broken=bool(whole) and (not is_whole or whole[0] < len(behind) - 1),
    )


def pages_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The pages in a log with their numbers, whatever their frames say; the last may be cut off."""
    for at in range(HEADER, len(data) - FRAME_HEADER, FRAME_HEADER + PAGE):
        page = data[at + FRAME_HEADER : at + FRAME_HEADER + PAGE]
        yield int.from_bytes(data[at : at + 4], "big"), page.ljust(PAGE, b"\0")


def with_pages(data: bytes, page_of: Callable[[int, bytes], bytes]) -> bytes:
    """The log with other pages. A frame whose checksum was right has a right one, and no other frame.

    Args:
        data: the log.
        page_of: the new page for a page's number and bytes.
    """
    header = data[:HEADER]
    order = MAGIC.get(header[:4], "<")
    was = now = _pair(header[24:])
    is_right = True
    parts = [header]
    for at in range(HEADER, len(data), FRAME_HEADER + PAGE):
        frame = data[at : at + FRAME_HEADER + PAGE]
        page = page_of(int.from_bytes(frame[:4], "big"), frame[FRAME_HEADER:].ljust(PAGE, b"\0"))
        start, sums = frame[: FRAME_HEADER - 8], frame[FRAME_HEADER - 8 : FRAME_HEADER]
        is_right = is_right and len(frame) == FRAME_HEADER + PAGE and start[8:] == header[16:24]
        if is_right:
            was = _checksum(frame[:8] + frame[FRAME_HEADER:], was, order)
            now = _checksum(frame[:8] + page, now, order)
            is_right = was == _pair(sums)
        if is_right:
            sums = b"".join(number.to_bytes(4, "big") for number in now)
        parts.append((start + sums + page)[: len(frame)])
    return b"".join(parts)


def _end(frames: list[bytes], salts: bytes, seed: tuple[int, int], order: str) -> int:
    """The number of frames up to the last transaction that SQLite finds whole."""
    end = 0
    for number, frame in enumerate(frames, 1):
        if len(frame) < FRAME_HEADER + PAGE or frame[_SALTS] != salts or frame[:4] == bytes(4):
            break
        seed = _checksum(frame[:8] + frame[FRAME_HEADER:], seed, order)
        if seed != _pair(frame[16:24]):
            break
        if frame[4:8] != bytes(4):
            end = number
    return end


def _frame(frame: bytes) -> WalFrame:
    """The frame; one that the end of the file cuts off is filled up with zeros."""
    data = frame[FRAME_HEADER:].ljust(PAGE, b"\0")
    return WalFrame(int.from_bytes(frame[:4], "big"), frame[4:8] != bytes(4), data)


def _pair(data: bytes) -> tuple[int, int]:
    return (int.from_bytes(data[:4], "big"), int.from_bytes(data[4:8], "big"))


def _checksum(data: bytes, seed: tuple[int, int], order: str) -> tuple[int, int]:
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    one, two = seed
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & _WORD
        two = (two + second + one) & _WORD
    return one, two
