from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.readers.drivers.pn532 import (
    ANSWER_SECONDS,
    IN_LIST_PASSIVE_TARGET,
    POLL_SECONDS,
    WAKE_UP,
    Pn532,
    SimulatedPn532,
)
from hardware.readers.drivers.pn532_frames import ACK, DEVICE, frame
from hardware.readers.reader import Event, Intact, Tap, TwoCards

START = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)
UIDS = ["04A2B3C4", "04A2B3C4D5E680", "04A2B3C4D5E68001AABB"]
SAM_ANSWER = frame(b"\x15", speaker=DEVICE)
NO_CARD = frame(bytes([IN_LIST_PASSIVE_TARGET + 1, 0]), speaker=DEVICE)


def answer(*uids: str) -> bytes:
    device = SimulatedPn532()
    device.show(uids)
    return device.answer(WAKE_UP + frame(bytes([IN_LIST_PASSIVE_TARGET, 2, 0])))[0][0]


def later(pieces: int) -> datetime:
    return START + timedelta(milliseconds=pieces)


def parse(*pieces: bytes) -> list[Event]:
    parser = Pn532()
    events = [event for n, piece in enumerate(pieces) for event in parser.feed(piece, later(n))]
    return events + list(parser.silence())


@pytest.mark.parametrize("uid", UIDS)
def test_a_card_of_each_length_is_named_by_its_uid(uid: str) -> None:
    assert parse(answer(uid)) == [Tap(f"iso14443a:{uid}", START)]


def test_a_recorded_answer_is_read() -> None:
    recorded = "00 00 FF 00 FF 00 00 00 FF 0C F4 D5 4B 01 01 00 04 08 04 92 2E 58 32 84 00"
    assert parse(bytes.fromhex(recorded)) == [Tap("iso14443a:922E5832", START)]


def test_a_card_with_an_ats_after_its_uid_is_read() -> None:
    body = bytes.fromhex("4B 01 01 0344 20 07 04A2B3C4D5E680 06 75 77 81 02 80")
    assert parse(frame(body, speaker=DEVICE)) == [Tap("iso14443a:04A2B3C4D5E680", START)]


def test_two_cards_at_once_are_reported_as_two_and_not_as_a_tap() -> None:
    assert parse(answer(UIDS[0], UIDS[1])) == [TwoCards(START)]


def test_an_answer_without_a_card_is_an_intact_frame() -> None:
    assert parse(NO_CARD) == [Intact()]


@pytest.mark.parametrize("zeros", [0, 1, 7, 300])
def test_extra_zeros_before_the_preamble_are_skipped(zeros: int) -> None:
    assert parse(bytes(zeros) + answer(UIDS[0])) == [Tap(f"iso14443a:{UIDS[0]}", START)]


def test_acknowledgement_and_answer_may_arrive_separately_or_byte_by_byte() -> None:
    whole = answer(UIDS[1])
    assert parse(whole[:6], whole[6:]) == [Tap(f"iso14443a:{UIDS[1]}", later(1))]
    one_by_one = [whole[n : n + 1] for n in range(len(whole))]
    first_byte = whole.index(b"\x00\xff", 4)
    assert parse(*one_by_one) == [Tap(f"iso14443a:{UIDS[1]}", later(first_byte))]


@pytest.mark.parametrize("place", [-3, -2, -1])
def test_a_frame_with_a_wrong_byte_is_skipped(place: int) -> None:
    spoilt = bytearray(answer(UIDS[0]))
    spoilt[place] ^= 0x10
    parser = Pn532()
    assert list(parser.feed(bytes(spoilt), START)) == []
    assert parser.bad_checksum == 1


def test_a_truncated_answer_is_not_completed_by_the_next_one() -> None:
    cut = bytes.fromhex("0000FF12EED54B01010084080A0ECB7C72A9DA")  # four bytes of its UID are missing
    assert parse(cut + answer(UIDS[0])) == [Tap(f"iso14443a:{UIDS[0]}", START)]


def test_a_false_start_swallows_no_true_frame() -> None:
    false = b"\x00\xff\xf0\x10\xd5"  # announces 240 bytes
    assert parse(false + answer(UIDS[0])) == [Tap(f"iso14443a:{UIDS[0]}", START)]


@pytest.mark.parametrize(
    "body", ["4B", "4B01", "4B0101000408", "4B010100040805AABBCCDDEE", "4B01010004080AAABB"]
)
def test_a_malformed_answer_is_skipped(body: str) -> None:
    parser = Pn532()
    assert list(parser.feed(frame(bytes.fromhex(body), speaker=DEVICE), START)) == [Intact()]
    assert parser.frames == 0


def test_the_chip_is_woken_configured_and_then_polled_ten_times_a_second() -> None:
    parser, device, polled_at = Pn532(), SimulatedPn532(), []
    for tick in range(100):
        command = parser.ask(tick / 100)
        if command:
            polled_at.append(tick / 100)
        for frames, _ in device.answer(command):
            parser.feed(frames, START)
    assert parser.ask(2.0) == frame(bytes([IN_LIST_PASSIVE_TARGET, 2, 0]))
    assert polled_at[:2] == [0.0, 0.01]  # woken and configured at once
    assert 1 / POLL_SECONDS <= len(polled_at) <= 2 / POLL_SECONDS + 2


def test_a_silent_chip_is_woken_again_and_reported_as_not_answering() -> None:
    parser = Pn532()
    assert parser.ask(0.0).startswith(WAKE_UP)
    assert parser.ask(ANSWER_SECONDS / 2) == b""
    assert parser.is_answering
    assert parser.ask(ANSWER_SECONDS).startswith(WAKE_UP)
    assert not parser.is_answering
    parser.feed(ACK + SAM_ANSWER, START)
    assert parser.is_answering


def test_a_chip_that_lost_power_between_two_polls_is_configured_again() -> None:
    parser, device = Pn532(), SimulatedPn532()
    at = 0.0
    for _ in range(5):
        at += POLL_SECONDS
        for frames, _ in device.answer(parser.ask(at)):
            parser.feed(frames, START)
    asleep = SimulatedPn532()
    asleep.show([UIDS[0]])
    taps: list[Event] = []
    for _ in range(30):
        at += POLL_SECONDS
        for frames, _ in asleep.answer(parser.ask(at)):
            taps += [event for event in parser.feed(frames, START) if isinstance(event, Tap)]
    assert taps


def test_a_new_line_discards_a_partial_frame_and_wakes_the_chip() -> None:
    parser, whole = Pn532(), answer(UIDS[0])
    parser.ask(0.0)
    parser.feed(whole[:-4], START)
    parser.reset()
    assert list(parser.feed(whole[-4:], START)) == []
    assert parser.ask(0.0).startswith(WAKE_UP)


def test_a_frame_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="254 bytes"):
        frame(bytes(255))


uids = st.sampled_from([4, 7, 10]).flatmap(lambda size: st.binary(min_size=size, max_size=size))


@given(noise=st.binary(max_size=300), uid=uids, sizes=st.lists(st.integers(1, 40), max_size=20))
def test_a_card_after_noise_is_found_once_the_line_is_silent(
    noise: bytes, uid: bytes, sizes: list[int]
) -> None:
    stream, pieces = noise + answer(uid.hex()), []
    for size in [*sizes, len(stream) + 400]:
        pieces.append(stream[:size])
        stream = stream[size:]
    taps = [event for event in parse(*pieces) if isinstance(event, Tap)]
    assert taps[-1].card == f"iso14443a:{uid.hex().upper()}"


@given(st.lists(st.binary(max_size=600), max_size=5))
def test_any_bytes_are_parsed_without_an_exception_and_with_a_small_buffer(pieces: list[bytes]) -> None:
    parser = Pn532()
    for piece in pieces:
        list(parser.feed(piece, START))
        assert len(parser._splitter._bytes) <= 261
