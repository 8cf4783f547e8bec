from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.readers.drivers.barcode import LONGEST, Barcode
from hardware.readers.drivers.check_digits import (
    code39_check,
    mod10_check,
    strip_code39_check,
    strip_mod10_check,
)
from hardware.readers.family import CheckDigit, Ending
from hardware.readers.reader import Tap

START = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)
UPN = "B801200005001"


def cards(*codes: bytes, parser: Barcode | None = None, pause: float = 1.0) -> list[str]:
    """The cards read when these codes arrive with `pause` seconds of silence after each."""
    parser = parser or Barcode()
    taps = []
    for code in codes:
        taps += parser.feed(code, START)
        left = pause
        while parser.patience is not None and parser.patience <= left:
            left -= parser.patience
            taps += parser.silence()
    return [tap.card for tap in taps]


@pytest.mark.parametrize("ending", [b"\r", b"\n", b"\r\n", b"\n\r", b""])
def test_cr_lf_both_or_a_pause_end_a_text_once(ending: bytes) -> None:
    assert cards(*[UPN.encode() + ending] * 2) == [f"barcode:{UPN}"] * 2


def test_a_card_is_read_a_tenth_of_a_second_after_its_last_byte() -> None:
    parser = Barcode()
    assert parser.patience is None
    assert parser.feed(UPN.encode() + b"\r\n", START) == []
    assert parser.patience == pytest.approx(0.1)
    assert parser.silence() == [Tap(f"barcode:{UPN}", START)]
    parser.silence()
    assert parser.patience is None


TRANSFER = b"BCD\n002\n2\nSCT\n\nOak Lane School\nDE00123456789\nEUR12.30\n\n\nTrip to the zoo\n"
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:M\xfcller;Ann\r\nTEL:004321\r\nEND:VCARD\r\n"


@pytest.mark.parametrize("code", [TRANSFER, CARD, b"004321\r005678\r", b"004321\t7A\r", b"Stra\xdfe\r2\r"])
@pytest.mark.parametrize("size", [1, 7, 64, 4096])
def test_a_code_of_several_lines_is_no_card(code: bytes, size: int) -> None:
    parser = Barcode()
    for place in range(0, len(code), size):
        assert parser.feed(code[place : place + size], START) == []
    assert cards(b"", b"004321\r", parser=parser) == ["barcode:004321"]
    assert parser.malformed == 1


@pytest.mark.parametrize("pause", [0.12, 0.25, 0.45])
@pytest.mark.parametrize("code", [TRANSFER * 2, b"x" * 512 + b"\r", b"12345678" * 16, b"9" * 65 + b"\r"])
def test_the_pieces_of_a_long_code_are_no_cards(code: bytes, pause: float) -> None:
    pieces = [code[place : place + 64] for place in range(0, len(code), 64)]
    for ending in Ending:
        assert cards(*pieces, parser=Barcode(ending=ending), pause=pause) == []


def test_a_long_text_in_two_pieces_is_one_card() -> None:
    text, parser = "A1" * 35, Barcode()
    assert cards(text[:64].encode(), text[64:].encode() + b"\r", parser=parser, pause=0.3) == []
    assert cards(b"", parser=parser) == [f"barcode:{text}"]


def test_another_text_without_a_humans_pause_is_the_rest_of_the_last_one() -> None:
    assert cards(b"BCD\n", b"004321\n", b"2\n", pause=0.2) == ["barcode:BCD"]
    assert cards(b"BCD\n002\n", b"004321\n", pause=0.2) == []


def test_a_held_code_may_be_sent_again() -> None:
    parser = Barcode()
    assert cards(b"004321\r", b"004321\r", parser=parser, pause=0.2) == ["barcode:004321"]
    assert cards(b"", parser=parser) == ["barcode:004321"]


def test_with_line_endings_required_a_partial_text_before_a_pause_is_dropped() -> None:
    parser = Barcode(ending=Ending.LINE)
    assert cards(b"B8012", b"00005001\r", parser=parser, pause=0.2) == []
    assert cards(b"", UPN.encode() + b"\r", parser=parser) == [f"barcode:{UPN}"]


@pytest.mark.parametrize("prefix", ["]C0", "]A0", "]Q1", "]C1", "]E0"])
def test_an_aim_prefix_is_removed(prefix: str) -> None:
    assert cards(f"{prefix}{UPN}\r".encode()) == [f"barcode:{UPN}"]


def test_code_39s_start_and_stop_characters_are_removed() -> None:
    assert cards(b"*004321*\r") == ["barcode:004321"]


def test_a_qr_code_with_other_letters_is_read() -> None:
    assert cards("Łukasz-7\r".encode()) == ["barcode:Łukasz-7"]


@pytest.mark.parametrize(
    "line",
    [
        b"\x80\x81\x82\x83",
        b"AB",
        b"12\x0045",
        b"\x020A0012D68749",
        b"x" * (LONGEST + 1),
        b"x" * 5000,
        b"   1   ",
    ],
)
def test_invalid_text_is_skipped_and_the_next_text_found(line: bytes) -> None:
    parser = Barcode()
    assert cards(line + b"\r", b"004321\r", parser=parser) == ["barcode:004321"]
    assert parser.malformed == 1


def test_the_longest_text_is_read_with_its_prefix() -> None:
    assert cards(("]Q1" + "ß" * LONGEST + "\r").encode()) == ["barcode:" + "ß" * LONGEST]


def test_stray_bytes_of_the_cable_before_a_code_do_no_harm() -> None:
    assert cards(b"\x80\x81\r004321\r") == ["barcode:004321"]
    assert cards(b"\xff", b"004321\r", pause=0.2) == ["barcode:004321"]


def test_an_endless_text_uses_no_memory() -> None:
    parser = Barcode()
    for _ in range(100):
        parser.feed(b"x" * 4096, START)
    assert len(parser._code) < 400


def test_a_text_in_pieces_has_the_instant_of_its_first_byte() -> None:
    parser = Barcode()
    parser.feed(b"\r\n0043", START)
    parser.feed(b"21\r", START + timedelta(seconds=1))
    assert parser.silence() == [Tap("barcode:004321", START)]


@pytest.mark.parametrize(
    ("check", "text", "card"),
    [
        (CheckDigit.CODE39, "CODE39W", "barcode:CODE39"),
        (CheckDigit.MOD10, "4006381333931", "barcode:400638133393"),
        (CheckDigit.CODE39, "CODE39X", None),
        (CheckDigit.CODE39, "code39w", None),
        (CheckDigit.MOD10, "4006381333932", None),
        (CheckDigit.MOD10, "B801200005001", None),
    ],
)
def test_a_check_digit_is_verified_and_removed(check: CheckDigit, text: str, card: str | None) -> None:
    parser = Barcode(check=check)
    assert cards(text.encode() + b"\r", parser=parser) == ([] if card is None else [card])
    assert parser.bad_checksum == (card is None)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%", min_size=1, max_size=30), st.integers(0, 29))
def test_code_39s_check_character_finds_any_single_wrong_character(text: str, place: int) -> None:
    whole = text + code39_check(text)
    assert strip_code39_check(whole) == text
    place %= len(text)
    wrong = "0" if whole[place] != "0" else "1"
    assert strip_code39_check(whole[:place] + wrong + whole[place + 1 :]) is None


@given(st.text("0123456789", min_size=1, max_size=20), st.integers(0, 19))
def test_the_mod_10_digit_finds_any_single_wrong_digit(digits: str, place: int) -> None:
    whole = digits + mod10_check(digits)
    assert strip_mod10_check(whole) == digits
    place %= len(digits)
    wrong = str((int(whole[place]) + 1) % 10)
    assert strip_mod10_check(whole[:place] + wrong + whole[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "7", "0", "x", "12x", "١٢٣"])
def test_text_too_short_or_foreign_has_no_check_digit(text: str) -> None:
    assert strip_mod10_check(text) is None
    assert strip_code39_check(text) is None


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_any_bytes_give_only_printable_texts(pieces: list[bytes]) -> None:
    parser = Barcode()
    for piece in pieces:
        for tap in parser.feed(piece, START) + parser.silence():
            text = tap.card.removeprefix("barcode:")
            assert text.isprintable()
            assert 0 < len(text) <= LONGEST
