"""UPNs and years in their usual forms, and what is wrong with others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.register.roster.errors import UnknownYearGroupError
from sync.register.roster.upn import LETTERS, check_letter, fault, tidy
from sync.register.roster.years import normal_year


@pytest.mark.parametrize("upn", ["B801200005001", "R674123101121"])
def test_published_upns_are_valid(upn: str) -> None:
    assert fault(upn) is None


def test_a_wrong_check_letter_is_named_with_the_right_one() -> None:
    assert fault("C801200005001") == "has the check letter C but should have B"


@pytest.mark.parametrize("upn", ["", "B80120000500", "B8012000050012", "I801200005001", "B80120000500O"])
def test_a_text_of_another_shape_is_not_a_upn(upn: str) -> None:
    assert fault(upn) == "is not a letter, 11 digits and a last digit or letter"


def test_a_temporary_upn_ends_with_a_letter() -> None:
    temporary = "80120000500A"
    assert fault(check_letter(temporary) + temporary) is None


def test_a_upn_is_tidied_of_case_and_gaps() -> None:
    assert tidy(" b801 2000-05001\t") == "B801200005001"


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_a_slip_in_one_digit_is_always_noticed(digits: str, place: int, slip: int) -> None:
    slipped = digits[:place] + str((int(digits[place]) + slip) % 10) + digits[place + 1 :]
    letter = check_letter(digits)
    assert letter in LETTERS
    assert fault(letter + digits) is None
    assert fault(letter + slipped) is not None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((text, "N") for text in ("N", "N1", "n2", "Nursery", "nursery 2", "Year N1", "E1")),
        *((text, "R") for text in ("R", "Reception", "reception", "0", "Year R", "Yr R", "00", "Rec")),
        *(
            (text, "7")
            for text in ("7", "07", "Year 7", "Y07", "Y7", "yr 7", "Year Group 7", "NC Year 7", "7.0")
        ),
        ("Year  13", "13"),
        ("14", "14"),
    ],
)
def test_years_are_understood_as_schools_write_them(written: str, meant: str) -> None:
    assert normal_year(written) == meant


@pytest.mark.parametrize(
    "written", ["", "15", "7B", "X", "Year", "seven", "-3", "²", "٧", "7, 8", "9" * 5000]
)
def test_a_text_that_is_not_a_year_is_refused(written: str) -> None:
    with pytest.raises(UnknownYearGroupError) as error:
        normal_year(written)
    assert len(str(error.value)) < 120
