"""Everything that readers and people write around and between the parts of a number."""

import pytest

from hardware.readers.drivers.card_names import candidates, is_half_a_number
from hardware.readers.drivers.spellings import plain

EM4100 = "em4100:00D507D0"
UID = "iso14443a:04A2B3C4D5E6F7"


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("0x00D507D0", EM4100),
        ("0x00 0xD5 0x07 0xD0", EM4100),
        ("00d507d0h", EM4100),
        ("EM: 0A 00 D5 07 D0", EM4100),
        (";0013961168?", EM4100),
        ("#0013961168", EM4100),
        ("0013961168 213,02000", EM4100),
        ("001396116821302000", EM4100),
        ("213:02000", EM4100),
        ("213.02000", EM4100),
        ("213;02000", EM4100),
        ("0.213.7.208", EM4100),
        ("0 213 7 208", EM4100),
        ("10,0,213,7,208", EM4100),
        ("D007D5000A", EM4100),
        ("0x04,0xA2,0xB3,0xC4,0xD5,0xE6,0xF7", UID),
        ("UID: 04 A2 B3 C4 D5 E6 F7", UID),
        ("UID=04A2B3C4D5E6F7", UID),
        ("4:162:179:196:213:230:247", UID),
        ("8804A2B39DC4D5E6F700", UID),
        ("04A2B39DC4D5E6F7", UID),
        ("8804A2B3C4D5E6F7", UID),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, card: str) -> None:
    names = candidates(card)
    for scanned in (f"barcode:{text}", text):
        assert set(candidates(scanned)) & set(names), scanned


@pytest.mark.parametrize(
    "text",
    [
        "0013961168 213,02001",  # the two numbers on the card's face differ
        "8804A2B39CC4D5E6F700",  # a wrong check byte
        "300.213.7.208",
        "ID card",
        "EM:12",
        "Noah",
        "004321",
        "B801200005001",
        "12:34:56:78",
    ],
)
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("text", ["0x8804A2B3", "UID: 88 04 A2 B3", "8804A2B3h", "136.4.162.179"])
def test_half_a_uid_is_no_card_however_it_is_written(text: str) -> None:
    assert is_half_a_number(text)
    assert candidates(f"barcode:{text}") == ()
