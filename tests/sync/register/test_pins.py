"""Which PINs are acceptable."""

import secrets

import pytest

from sync.register import pins
from sync.register.errors import PinError
from sync.register.pins import check


@pytest.mark.parametrize("pin", ["2468", "8305", "13579", "119988", "90210", "1224", "12341235"])
def test_other_pins_are_accepted(pin: str) -> None:
    check(pin)


@pytest.mark.parametrize(
    ("pin", "expected"),
    [
        ("0000", "repeats one digit"),
        ("77777777", "repeats one digit"),
        ("1234", "counts up or down"),
        ("7890", "counts up or down"),
        ("98765432", "counts up or down"),
        ("0101", "repeats a group of digits"),
        ("20482048", "repeats a group of digits"),
        ("1212", "repeats a group of digits"),
        ("123123", "repeats a group of digits"),
        ("121212", "repeats a group of digits"),
        ("123", "4 to 8 digits"),
        ("123456789", "4 to 8 digits"),
        ("12a4", "4 to 8 digits"),
        ("٢٤٦٨", "4 to 8 digits"),
        ("", "4 to 8 digits"),
    ],
)
def test_a_pin_that_is_easily_guessed_is_refused_with_the_reason(pin: str, expected: str) -> None:
    with pytest.raises(PinError, match=expected):
        check(pin)


def test_a_random_pin_is_never_an_easy_one(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = iter("123456" + "111111" + "830512")
    monkeypatch.setattr(secrets, "randbelow", lambda _: int(next(digits)))
    assert pins._random_pin() == "830512"
