"""Barcodes, from the scanner's bytes through its parser to the pupil in the roster."""

from datetime import UTC, datetime

import pytest

from hardware.readers.drivers.barcode import Barcode
from hardware.readers.drivers.card_names import candidates
from hardware.readers.drivers.check_digits import code39_check
from hardware.readers.family import CheckDigit
from kiosk.school.roster import Roster
from sync.wire import BundleCards, Pupil, card_hash
from tests.kiosk.reception import KEY, PUPILS

AT = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)
CARD = "em4100:00D507D0"
CARDS = {
    "upn:B801200005001": "P1",
    "admission:004321": "P2",
    "admission:1234": "P3",
    "admission/6:001234": "P3",  # the school's numbers have six digits
    CARD: "P4",
}


def scan(text: str, parser: Barcode | None = None) -> Pupil | None:
    parser = parser or Barcode()
    parser.feed(text.encode() + b"\r\n", AT)
    (tap,) = parser.silence()
    return roster(CARDS).by_card(candidates(tap.card))


def roster(cards: dict[str, str]) -> Roster:
    return Roster(
        PUPILS, BundleCards(key=KEY, pupils={card_hash(KEY, name): who for name, who in cards.items()})
    )


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("B801200005001", "P1"),
        ("b801200005001", "P1"),
        ("]C0B801200005001", "P1"),
        ("*B801200005001*", "P1"),
        ("004321", "P2"),
        ("001234", "P3"),  # a spreadsheet dropped the roster's leading zeros
        ("00001234", "P3"),  # a printer added some
        ("1234", "P3"),
        ("0013961168", "P4"),  # a reader that types the card's printed number
        ("0A00D507D0", "P4"),
        ("213,02000", "P4"),
    ],
)
def test_a_barcode_finds_its_pupil(text: str, who: str) -> None:
    owner = scan(text)
    assert owner is not None
    assert owner.id == who


@pytest.mark.parametrize("text", ["A801200005001", "B801200005002", "4322", "04321X", "01234", "0001235"])
def test_a_misread_number_finds_no_pupil(text: str) -> None:
    assert scan(text) is None


def test_a_check_character_is_no_part_of_a_number() -> None:
    owner = scan("004321" + code39_check("004321"), Barcode(check=CheckDigit.CODE39))
    assert owner is not None
    assert owner.id == "P2"


@pytest.mark.parametrize(
    ("name", "cards"),
    [
        ("barcode:213,02000", {CARD: "P1", "em4100:01D507D0": "P2"}),
        ("barcode:21302000", {CARD: "P1", "em4100:01D507D0": "P2"}),
        ("barcode:213,02000", {"barcode:213,02000": "P1", "em4100:01D507D0": "P2"}),
        ("barcode:12345678", {"em4100:00BC614E": "P1", "em4100:007BB26E": "P2"}),  # decimal, or 123,45678
        ("barcode:4321", {"barcode:4321": "P1", "admission:4321": "P2"}),
        ("em4100:02D507D0", {"barcode:213,02000": "P1", "barcode:47515600": "P2"}),
    ],
)
def test_a_card_that_may_be_two_pupils_is_refused(name: str, cards: dict[str, str]) -> None:
    assert len(roster(cards).owners(candidates(name))) == 2
    assert roster(cards).by_card(candidates(name)) is None


@pytest.mark.parametrize("name", [CARD, "barcode:0013961168", "barcode:0A00D507D0", "barcode:00213,02000"])
def test_a_card_read_in_full_is_its_owners_despite_other_names(name: str) -> None:
    cards = {CARD: "P1", "barcode:213,02000": "P2", "iso14443a:00D507D0": "P3"}
    assert roster(cards).owners(candidates(name)) == (PUPILS[0],)


def test_several_names_of_one_card_give_one_pupil() -> None:
    cards = {CARD: "P1", "barcode:213,02000": "P1"}
    assert roster(cards).owners(candidates("barcode:213,02000")) == (PUPILS[0],)
