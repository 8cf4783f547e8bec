"""What a scanner reads, through its parser, to the pupil whom a kiosk's roster has."""

from datetime import UTC, datetime

import pytest

from hardware.readers.barcode import Barcode, CheckDigit
from hardware.readers.card_names import candidates
from hardware.readers.check_digits import code39_check
from kiosk.journal.roster import Roster
from sync.wire import Cards, Pupil, card_hash
from tests.kiosk.reception import KEY, PUPILS

AT = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)
CARD = "em4100:00D507D0"
TOLD = {"upn:B801200005001": "P1", "admission:004321": "P2", "admission:1234": "P3", CARD: "P4"}


def scanned(text: str, parser: Barcode | None = None) -> Pupil | None:
    roster = Roster(PUPILS, Cards(key=KEY, pupils={card_hash(KEY, name): who for name, who in TOLD.items()}))
    (tap,) = (parser or Barcode()).feed(text.encode() + b"\r\n", AT)
    return roster.by_card(candidates(tap.card))


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("B801200005001", "P1"),
        ("b801200005001", "P1"),
        ("]C0B801200005001", "P1"),
        ("*B801200005001*", "P1"),
        ("004321", "P2"),
        ("001234", "P3"),  # the roster came through a spreadsheet, which took the zeros
        ("0013961168", "P4"),  # a reader that types the card's printed number
        ("0A00D507D0", "P4"),
        ("213,02000", "P4"),
    ],
)
def test_a_barcode_finds_its_pupil(text: str, who: str) -> None:
    found = scanned(text)
    assert found is not None
    assert found.id == who


@pytest.mark.parametrize("text", ["A801200005001", "B801200005002", "4322", "04321X"])
def test_a_number_misread_finds_nobody(text: str) -> None:
    assert scanned(text) is None


def test_a_check_character_is_no_part_of_a_number() -> None:
    found = scanned("004321" + code39_check("004321"), Barcode(check=CheckDigit.CODE39))
    assert found is not None
    assert found.id == "P2"
