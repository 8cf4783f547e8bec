from datetime import UTC, datetime

import pytest

from hardware.readers.drivers import rdm6300
from hardware.readers.drivers.id12la import Id12La, frame
from hardware.readers.reader import Tap

START = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)
FRAME = b"\x020A0012D68749\r\n\x03"
CARD = Tap("em4100:0012D687", START)


def test_a_frame_has_cr_and_lf_before_its_end() -> None:
    assert frame(1234567) == FRAME
    assert Id12La().feed(FRAME, START) == [CARD]


def test_a_card_has_the_same_name_at_both_kinds_of_reader() -> None:
    assert rdm6300.Rdm6300().feed(rdm6300.frame(1234567), START) == Id12La().feed(FRAME, START)


@pytest.mark.parametrize("data", [rdm6300.frame(1234567), FRAME[:-3] + b"\n\r\x03", FRAME[:-1], FRAME[:9]])
def test_a_frame_with_another_end_is_skipped_and_the_next_one_found(data: bytes) -> None:
    parser = Id12La()
    assert parser.feed(data + FRAME, START) == [CARD]
    assert parser.malformed == 1


def test_a_frame_in_single_bytes_is_read() -> None:
    parser = Id12La()
    assert [tap for n in range(len(FRAME)) for tap in parser.feed(FRAME[n : n + 1], START)] == [CARD]


def test_a_frame_with_a_wrong_checksum_is_skipped() -> None:
    parser = Id12La()
    assert parser.feed(FRAME.replace(b"49", b"48"), START) == []
    assert parser.bad_checksum == 1
