"""The codes, their meanings, and the marks that a kiosk may replace."""

import pytest

from attendance.codes import (
    CODES,
    CODES_BY_MEANING,
    MEANING,
    WITHDRAWN,
    CodeMeaning,
    code_and_name,
    kiosk_may_replace,
)
from attendance.reasons import APPOINTMENT_CODE, DEPARTURE_SUGGESTION


def test_every_code_has_the_statistical_meaning_of_the_guidance() -> None:
    codes = {meaning: {code for code, its in MEANING.items() if its is meaning} for meaning in CodeMeaning}

    assert codes == {
        CodeMeaning.ATTENDING: {"/", "\\", "L"},
        CodeMeaning.EDUCATED_OFF_SITE: {"K", "V", "P", "W", "B"},
        CodeMeaning.AUTHORISED: {"C", "C1", "C2", "E", "I", "J1", "M", "R", "S", "T"},
        CodeMeaning.UNAUTHORISED: {"G", "N", "O", "U"},
        CodeMeaning.NOT_POSSIBLE: {"D", "Q", "X", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"},
        CodeMeaning.NOT_COLLECTED: {"Z", "#"},
    }


def test_every_code_has_a_name_of_its_own_and_its_place_in_the_regulations() -> None:
    assert len({each.code for each in CODES}) == len({each.name for each in CODES}) == len(CODES) == 34
    assert code_and_name("I") == "I – Illness"
    assert code_and_name("N") == "N – Reason not yet established"
    assert code_and_name("M") == "M – Medical or dental appointment"
    assert code_and_name("?") == "?"
    assert all(each.law.startswith("reg. 10") for each in CODES)
    assert {each.code for each in CODES if each.law.endswith("Table 1")} == {"/", "\\", "L"}
    assert {each.code for each in CODES if each.nature} == {"B", "Y7"}


def test_a_choice_has_every_code_once_in_its_group() -> None:
    groups = CODES_BY_MEANING

    assert [each for group in groups.values() for each in group] == list(CODES)
    assert {each.meaning for each in groups[CodeMeaning.AUTHORISED]} == {CodeMeaning.AUTHORISED}


def test_no_withdrawn_code_has_a_meaning_now() -> None:
    assert not WITHDRAWN & set(MEANING)


def test_an_agreed_or_suggested_absence_is_one_the_school_may_authorise() -> None:
    codes = [*APPOINTMENT_CODE.values(), *set(DEPARTURE_SUGGESTION.values()) - {"N"}]

    assert {MEANING[code] for code in codes} == {CodeMeaning.AUTHORISED}


@pytest.mark.parametrize("mark", [None, "N"])
def test_a_kiosk_may_replace_an_empty_mark_and_n(mark: str | None) -> None:
    assert kiosk_may_replace(mark)


@pytest.mark.parametrize("mark", sorted(set(MEANING) - {"N"}))
def test_a_kiosk_may_not_replace_any_other_mark(mark: str) -> None:
    assert not kiosk_may_replace(mark)
