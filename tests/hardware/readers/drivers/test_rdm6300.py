import re
import tracemalloc
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.readers.drivers.rdm6300 import Rdm6300, frame
from hardware.readers.reader import Tap, em4100_card, em4100_number

START = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)
CARD = "em4100:0012D687"
FRAME = b"\x020A0012D68749\x03"


def later(pieces: int) -> datetime:
    return START + timedelta(milliseconds=pieces)


def parse(*pieces: bytes) -> list[Tap]:
    parser = Rdm6300()
    return [tap for place, piece in enumerate(pieces) for tap in parser.feed(piece, later(place))]


def test_a_card_is_named_by_the_number_printed_on_it() -> None:
    assert em4100_card(1234567) == CARD
    assert em4100_number(CARD) == 1234567
    assert parse(frame(1234567, version=0x00)) == parse(frame(1234567, version=0xFF)) == [Tap(CARD, START)]


@pytest.mark.parametrize("number", [-1, 2**32])
def test_a_number_that_no_card_has_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 4294967295"):
        em4100_card(number)


@pytest.mark.parametrize("name", ["0012D687", "em4100:0012d687", "em4100:12D687", "em4100:0012D687 "])
def test_a_name_that_is_not_canonical_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="em4100:0012D687"):
        em4100_number(name)


def test_a_frame_is_read_as_the_device_sends_it() -> None:
    assert frame(1234567) == FRAME
    assert parse(FRAME) == [Tap(CARD, START)]


def test_lower_case_hex_is_read() -> None:
    assert parse(FRAME.lower()) == [Tap(CARD, START)]


def test_a_frame_in_pieces_has_the_instant_of_its_first_byte() -> None:
    assert parse(b"noise", FRAME[:1], FRAME[1:6], b"", FRAME[6:13], FRAME[13:]) == [Tap(CARD, later(1))]


def test_two_frames_in_one_piece_are_two() -> None:
    assert parse(FRAME + frame(2)) == [Tap(CARD, START), Tap(em4100_card(2), START)]


def test_a_start_byte_within_a_frame_starts_a_new_frame() -> None:
    assert parse(FRAME[:9], FRAME) == [Tap(CARD, later(1))]


def test_a_bad_checksum_is_counted_and_makes_no_tap() -> None:
    parser = Rdm6300()
    assert parser.feed(FRAME.replace(b"49", b"48"), START) == []
    assert (parser.frames, parser.bad_checksum, parser.malformed) == (0, 1, 0)


@pytest.mark.parametrize(
    "data",
    [
        b"\x020A0012D6874G\x03",  # not hex
        b"\x020A 012D68749\x03",  # bytes.fromhex would ignore the space
        b"\x020A0012D68749\x04",  # another byte instead of the end byte
        b"\x020A0012D6\x03",  # too short
        b"\x020A0012D6874900\x03",  # too long
        b"\x020A0012D6\xff\xff49\x03",
    ],
)
def test_bytes_that_are_not_a_frame_are_skipped_and_the_next_frame_found(data: bytes) -> None:
    parser = Rdm6300()
    assert parser.feed(data + FRAME, START) == [Tap(CARD, START)]
    assert (parser.frames, parser.bad_checksum, parser.malformed) == (1, 0, 1)


def test_a_reset_discards_a_partial_frame() -> None:
    parser = Rdm6300()
    assert parser.feed(FRAME[:7], START) == []
    parser.reset()
    assert parser.feed(FRAME[7:], START) == []
    assert parser.feed(FRAME, START) == [Tap(CARD, START)]


def test_endless_bytes_use_no_memory() -> None:
    parser = Rdm6300()
    parser.feed(b"\x02", START)
    tracemalloc.start()
    for _ in range(200):
        parser.feed(b"A" * 1000, START)
        parser.feed(b"\x02" * 1000, START)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 20_000


CUT = re.compile(rb"\x02([0-9A-Fa-f]{12})\x03")

true_frames = st.integers(0, 2**32 - 1).map(frame)
spoilt_frames = st.builds(
    lambda whole, place, byte: whole[:place] + bytes([byte]) + whole[place + 1 :],
    true_frames,
    st.integers(0, 13),
    st.integers(0, 255),
)
cut_frames = st.builds(lambda whole, length: whole[:length], true_frames, st.integers(1, 13))
streams = st.lists(st.one_of(st.binary(max_size=20), true_frames, spoilt_frames, cut_frames), max_size=12)


@given(stream=streams.map(b"".join), sizes=st.lists(st.integers(1, 40), max_size=60))
def test_any_stream_in_any_pieces_gives_exactly_its_intact_frames(stream: bytes, sizes: list[int]) -> None:
    pieces, begins, place = [], [], 0
    for size in [*sizes, len(stream) + 1]:
        pieces.append(stream[place : place + size])
        begins.append(place)
        place += size

    def piece_of(byte: int) -> int:
        return max(number for number, begin in enumerate(begins) if begin <= byte)

    intact = [
        Tap(em4100_card(int(found[1][2:10], 16)), later(piece_of(found.start())))
        for found in CUT.finditer(stream)
        if reduce(xor, bytes.fromhex(found[1].decode())) == 0
    ]
    assert parse(*pieces) == intact


@given(
    noise=st.binary(max_size=60).map(lambda data: data.replace(b"\x02", b"")),
    number=st.integers(0, 2**32 - 1),
)
def test_a_frame_after_noise_is_found(noise: bytes, number: int) -> None:
    assert parse(noise + frame(number)) == [Tap(em4100_card(number), START)]
