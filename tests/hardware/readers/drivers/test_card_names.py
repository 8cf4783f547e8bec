from functools import reduce
from operator import xor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.readers.drivers.card_names import (
    FEWEST_DIGITS,
    candidates,
    changes_each_time,
    is_half_a_number,
)
from hardware.readers.reader import em4100_card, iso14443a_card

PRINTED = "em4100:00D507D0"
FEWEST_DIGITS_NUMBER = 10 ** (FEWEST_DIGITS - 1)


@pytest.mark.parametrize(
    "text",
    [
        "0013961168",
        "13961168",
        "00D507D0",
        "00d507d0",
        "00 D5 07 D0",
        "0A00D507D0",
        "0a:00:d5:07:d0",
        "42963634128",  # 0A00D507D0 in decimal
        "213,02000",
        "213,2000",
        "0,213,7,208",
        "000,213,007,208",
        "00,D5,07,D0",
        "D007D500",  # backwards
        "3490174208",  # and that in decimal
        "00D507D002",  # with a check byte
        "0A00D507D008",  # all five bytes with theirs, as an EM-18 sends them
        "213 02000",
        "213/02000",
        "21302000",
        "D507D0",  # without the first byte, in hex
        "0000013961168",  # five bytes in decimal, the version byte zero
        "00213,02000",
        " 0013961168 ",
        "em4100:00D507D0",
        "barcode:0013961168",
        "barcode:0A00D507D0",
    ],
)
def test_every_spelling_of_a_card_leads_to_it(text: str) -> None:
    assert PRINTED in candidates(text)


@pytest.mark.parametrize("text", ["0013961168", "00D507D0", "0A:00:D5:07:D0", "213,02000", "00213,02000"])
def test_the_printed_number_is_enrolled_under_the_name_that_readers_use(text: str) -> None:
    assert candidates(text)[0] == PRINTED


WHOLE = (
    "em4100:{number:08X}",
    "barcode:{number:010}",
    "barcode:0A{number:08X}",
    "barcode:0a{number:08x}",
    "barcode:{high:05},{low:05}",
    "{number:010}",  # typed from the print on the card
)
LESS = ("barcode:{number}", "barcode:{facility:03},{low:05}", "barcode:{facility:03}{low:05}")
"""Spellings without the leading zeros, or without the first byte."""


@given(st.integers(FEWEST_DIGITS_NUMBER, (1 << 32) - 1))
@settings(deadline=None)
def test_a_card_enrolled_with_one_reader_is_known_by_all_the_others(number: int) -> None:
    parts = {"number": number, "high": number >> 16, "facility": number >> 16 & 0xFF, "low": number & 0xFFFF}
    whole, less = ([spelling.format(**parts) for spelling in spellings] for spellings in (WHOLE, LESS))
    names = {text: candidates(text) for text in whole + less}
    for enrolled in whole:
        for tapped in whole + less:
            assert names[enrolled][0] in names[tapped], (enrolled, tapped)
    for enrolled in less:
        assert names[enrolled][0] in names[whole[0]], enrolled


@given(st.binary(min_size=4, max_size=4) | st.binary(min_size=7, max_size=7))
@settings(deadline=None)
def test_a_uid_enrolled_with_one_reader_is_known_by_all_the_others(uid: bytes) -> None:
    card = iso14443a_card(uid)
    if uid.hex().isdecimal() or uid[::-1].hex().isdecimal():
        return  # read as decimal
    if any(is_half_a_number(order.hex()) for order in (uid, uid[::-1])):
        return
    checked = [(order + bytes([reduce(xor, uid)])).hex() for order in (uid, uid[::-1])]
    for text in (
        f"barcode:{uid.hex()}",
        f"barcode:{uid[::-1].hex(':')}",
        *(f"barcode:{each}" for each in checked),
    ):
        assert candidates(text)[0] in candidates(card)
        assert candidates(card)[0] in candidates(text)


@given(st.binary(min_size=2, max_size=2), st.sampled_from([0x02, 0x04, 0x05, 0x07]))
@settings(deadline=None)
def test_half_a_uid_is_no_card_in_any_spelling(rest: bytes, maker: int) -> None:
    half = bytes([0x88, maker]) + rest
    checked = half + bytes([reduce(xor, half)])
    number, backwards = int.from_bytes(half), half[::-1].hex()
    spellings = [half.hex(), half.hex(":").upper(), checked.hex(), f"{number}", f"{number:012}"]
    if not backwards.isdecimal():  # otherwise it is rather a number in decimal
        spellings.append(backwards)
    if int(backwards, 16) >= 10**9:  # otherwise rather a card's printed number
        spellings.append(f"{int(backwards, 16)}")
    for text in spellings:
        for spelling in (text, f"barcode:{text}", f"iso14443a:{half.hex().upper()}"):
            assert is_half_a_number(spelling), spelling
            assert candidates(spelling) == (), spelling


def test_a_number_that_an_em4100_reader_has_read_is_a_card_though_it_looks_like_half_a_uid() -> None:
    assert candidates("em4100:8804A2B3")[0] == "em4100:8804A2B3"
    assert not [name for name in candidates("em4100:8804A2B3") if name.startswith("iso14443a:88")]
    assert candidates("0004259464")[0] == "em4100:0040FE88", "an ordinary number may end in 88"


@pytest.mark.parametrize("text", ["0A00D507D009", "04A2B3C4D5E6", "00D507D00"])
def test_a_wrong_check_byte_is_no_card(text: str) -> None:
    assert candidates(f"barcode:{text}") == (f"barcode:{text}", f"admission:{text}")


def test_the_byte_missing_from_24_bits_may_be_any() -> None:
    assert "em4100:7FD507D0" in candidates("13961168")
    assert "barcode:13961168" in candidates("em4100:7FD507D0")
    assert "barcode:00132048" in candidates("em4100:120203D0")
    assert "em4100:7F0203D0" not in candidates("132048"), "rather a pupil's number"
    assert "em4100:7FD507D0" in candidates("barcode:D507D0")
    assert {"barcode:D507D0", "barcode:d507d0"} < set(candidates("em4100:7FD507D0"))
    assert candidates("barcode:AB1234")[0] == "barcode:AB1234", "rather a pupil's number"


def test_the_byte_missing_from_the_3_5_format_may_be_any() -> None:
    assert "em4100:7FD507D0" in candidates("213,02000")


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("04A2B3C4", "iso14443a:04A2B3C4"),
        ("C4B3A204", "iso14443a:04A2B3C4"),
        ("04:a2:b3:c4:d5:e6:80", "iso14443a:04A2B3C4D5E680"),
        ("80E6D5C4B3A204", "iso14443a:04A2B3C4D5E680"),
        ("77771716", "iso14443a:04A2B3C4"),
        ("3300106756", "iso14443a:04A2B3C4"),  # C4B3A204: the bytes reversed
        (f"{0x04A2B3C4D5E680}", "iso14443a:04A2B3C4D5E680"),
        ("04A2B3C4D5E68001AABB", "iso14443a:04A2B3C4D5E68001AABB"),
    ],
)
def test_a_uid_is_known_in_both_orders_and_in_decimal(text: str, card: str) -> None:
    assert card in candidates(text)


def test_a_scanned_text_is_a_barcode_first_and_a_typed_text_last() -> None:
    assert candidates("barcode:004321")[0] == "barcode:004321"
    assert candidates("0013961168")[-1] == "barcode:0013961168"
    assert candidates("B801200005001") == ("barcode:B801200005001",)


@pytest.mark.parametrize("text", ["004321", "4321", "12345"])
def test_an_admission_number_is_looked_up_as_a_barcode(text: str) -> None:
    assert f"barcode:{text}" in candidates(text)


@pytest.mark.parametrize("text", ["B801200005001", "b801200005001", "R674123101121", "A80120000500B"])
def test_a_upn_in_a_barcode_is_recognised(text: str) -> None:
    assert f"upn:{text.upper()}" in candidates(f"barcode:{text}")


@pytest.mark.parametrize("text", ["8801200005001", "B80120000500", "B8012000050012", "B8012O0005001"])
def test_other_text_in_a_barcode_is_not_a_upn(text: str) -> None:
    assert not [name for name in candidates(f"barcode:{text}") if name.startswith("upn:")]


def test_an_admission_number_in_a_barcode_matches_with_and_without_leading_zeros() -> None:
    assert candidates("barcode:004321")[:5] == (
        "barcode:004321",
        "admission:004321",
        "admission/6:004321",
        "admission/5:04321",
        "admission/4:4321",
    )
    assert candidates("barcode:002")[1:] == (
        "admission:002",
        "admission/3:002",
        "admission/2:02",
        "admission/1:2",
    )
    assert candidates("barcode:A0021")[1:2] == ("admission:A0021",)


def test_typed_text_is_a_card_and_never_a_pupils_number() -> None:
    assert not [name for name in candidates("004321") if name.startswith(("upn:", "admission:"))]


def test_a_short_number_is_not_a_cards() -> None:
    assert candidates("12345") == ("barcode:12345",)


@pytest.mark.parametrize("text", ["", "  ", "barcode:", "barcode: "])
def test_empty_text_has_no_names(text: str) -> None:
    assert candidates(text) == ()


@given(st.integers(0, 2**32 - 1), st.integers(0, 255))
@settings(deadline=None)
def test_all_forms_of_any_em4100_card_are_one_card(number: int, version: int) -> None:
    card = em4100_card(number)
    high, low = number >> 16, number & 0xFFFF
    forms = [
        f"{number:010d}",
        f"{number:08X}",
        f"{version:02x}{number:08x}",
        f"{high & 0xFF:03d},{low:05d}",
        f"{high:05d},{low:05d}",
    ]
    for form in forms:
        assert card in candidates(form), form
        assert card in candidates(f"barcode:{form}"), form


@given(st.sampled_from([4, 7, 10]).flatmap(lambda size: st.binary(min_size=size, max_size=size)))
@settings(deadline=None)
def test_all_forms_of_any_iso_14443_card_are_one_card(uid: bytes) -> None:
    card = iso14443a_card(uid)
    if any(is_half_a_number(order.hex()) for order in (uid, uid[::-1])):
        return
    assert candidates(card)[0] == card
    for form in (uid.hex(), uid.hex(":").upper(), uid[::-1].hex(" ")):
        assert card in candidates(form), form
    if len(uid) == 4:
        assert card in candidates(f"{int.from_bytes(uid):010d}")
        assert card in candidates(f"{int.from_bytes(uid, 'little'):010d}")


@given(st.text())
@settings(deadline=None)
def test_any_text_gives_names_without_repeats(text: str) -> None:
    names = candidates(text)
    assert len(set(names)) == len(names)


def test_a_telephone_cannot_be_enrolled() -> None:
    assert changes_each_time("iso14443a:08A2B3C4")
    assert not changes_each_time("iso14443a:04A2B3C4")
    assert not changes_each_time("iso14443a:08A2B3C4D5E680")
