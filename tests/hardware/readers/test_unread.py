"""What is said of a code that is no card, and what is line noise."""

from random import Random

import pytest

from hardware.readers.drivers import id12la
from hardware.readers.drivers.barcode import Barcode
from hardware.readers.drivers.rdm6300 import Rdm6300, frame
from hardware.readers.family import CheckDigit
from hardware.readers.reader import Parser
from hardware.readers.unread import MOST_BYTES, CodeKind, UnreadBytes, UnreadCode
from tests.hardware.readers.reader_bench import NINE_O_SEVEN

SPOILT = frame(7)[:11] + b"00\x03"


def read(parser: Parser, data: bytes, unread: UnreadBytes | None = None) -> UnreadCode | None:
    """Send the bytes and let the line be silent until the parser waits for nothing."""
    unread = unread or UnreadBytes(parser)
    unread.add(data, events=bool(list(parser.feed(data, NINE_O_SEVEN))), at=10.0)
    for _ in range(3):
        unread.add(b"", events=bool(list(parser.silence())), at=10.2)
        if parser.patience is None:
            break
    return unread.ended(10.2)


@pytest.mark.parametrize(
    ("parser", "data", "kind", "drivers"),
    [
        (Rdm6300(), id12la.frame(7), CodeKind.FRAMED, ("id12la",)),
        (id12la.Id12La(), frame(7), CodeKind.FRAMED, ("rdm6300",)),
        (Rdm6300(), b"0012345678\r\n", CodeKind.TEXT, ("barcode",)),
        (Rdm6300(), b"0012345678\r\n" * 3, CodeKind.TEXT, ("barcode",)),
        (Rdm6300(), SPOILT, CodeKind.CHECKSUM, ()),
        (Rdm6300(), bytes(byte | 0x80 for byte in frame(7)) * 4, CodeKind.BINARY, ()),
        (Barcode(), "\ufeff004321\r".encode(), CodeKind.TEXT, ()),
        (Barcode(), "004321\u200b\r".encode(), CodeKind.TEXT, ()),
        (Barcode(), frame(7), CodeKind.FRAMED, ("rdm6300",)),
        (Barcode(), b"\x02004321\x03", CodeKind.FRAMED, ()),
        (Barcode(), b"0043\x0021\r", CodeKind.ZEROS, ()),
        (Barcode(), b"0\x000\x004\x003\x00\r\x00", CodeKind.ZEROS, ()),
        (Barcode(), "Müller 7B\r".encode("latin-1"), CodeKind.NOT_UTF8, ()),
        (Barcode(), b"BCD\n002\n2\nSCT\n", CodeKind.LINES, ()),
        (Barcode(), b"A" * 200 + b"\r\n", CodeKind.TEXT, ()),
        (Barcode(check=CheckDigit.MOD10), b"12345670123\r", CodeKind.CHECKSUM, ()),
    ],
)
def test_a_code_that_is_no_card_is_described(
    parser: Parser, data: bytes, kind: CodeKind, drivers: tuple[str, ...]
) -> None:
    code = read(parser, data)
    assert code is not None
    assert (code.length, code.kind, code.drivers) == (len(data), kind, drivers)


@pytest.mark.parametrize(
    ("parser", "data"),
    [
        (Rdm6300(), frame(7)),
        (Rdm6300(), SPOILT + frame(7) + SPOILT),  # at the edge of the field
        (Barcode(), b"004321\r\n"),
        (Barcode(), b"\r\n"),
        (Rdm6300(), b"\xff"),
        (Rdm6300(), b"\x00\xff\x00"),
        (Barcode(), b"\x80\x9f\xfe\x00\xaa\xf8"),
    ],
)
def test_a_card_and_line_noise_are_not_reported(parser: Parser, data: bytes) -> None:
    assert read(parser, data) is None


def test_bytes_that_are_not_text_are_noise_unless_they_come_again() -> None:
    parser, frames = Barcode(), b"\xaa\x0f\x80\x91\xc3\xbb"
    unread = UnreadBytes(parser)
    assert read(parser, frames, unread) is None
    code = read(parser, frames, unread)
    assert code is not None
    assert code.kind is CodeKind.BINARY
    for _ in range(3):  # a broken cable
        assert read(parser, b"\xff\x00\xff\x00", unread) is None


def test_little_of_random_noise_is_taken_for_a_code() -> None:
    random = Random(1)  # noqa: S311 - noise, not a secret
    bursts = [random.randbytes(random.randint(1, 12)) for _ in range(2000)]
    assert sum(read(Rdm6300(), burst) is not None for burst in bursts) < 60  # 3 %


def test_the_sentence_has_the_port_the_speed_and_the_driver_but_not_the_number() -> None:
    code = read(Rdm6300(), id12la.frame(0x12D687))
    assert code is not None
    assert code.sentence("/dev/ttyUSB0", 9600) == (
        "/dev/ttyUSB0 sends bytes but no card can be read from them (16 at 9600 baud, beginning 02 30 41:"
        " text between control characters such as STX and ETX): this is what a reader of the kind id12la"
        " sends, so set that driver."
    )
    assert " baud" not in code.sentence("/dev/input/event3", None)


def test_of_a_short_code_even_fewer_bytes_are_told() -> None:
    code = read(Rdm6300(), b"4321\r\n")
    assert code is not None
    assert code.head == "34"


def test_a_long_code_is_counted_and_not_kept() -> None:
    parser = Barcode()
    unread = UnreadBytes(parser)
    for _ in range(1000):
        unread.add(b"0123456789", events=False, at=1.0)
    assert unread.so_far().length == 10_000
    assert len(unread._data) == MOST_BYTES
