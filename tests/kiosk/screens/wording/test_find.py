from dataclasses import replace

import pytest

from kiosk.screens import samples
from kiosk.screens.wording import find
from kiosk.screens.wording.sentence import plain
from kiosk.views import Purpose

EMPTY = samples.find("", "A")
NOBODY = samples.find("QX", "")
FOUND = samples.find("AM", "E", samples.SIX)


@pytest.mark.parametrize(
    ("purpose", "question", "started"),
    [
        (Purpose.LATE, "What is your name?", "Sign in late · 09:07"),
        (Purpose.COLLECTING, "Who are you collecting?", ""),
        (Purpose.LEAVING, "What is your name?", "Sign out · 09:07"),
        (Purpose.RETURNING, "What is your name?", "Sign back in · 09:07"),
        (Purpose.CARD, "Whose card is it?", ""),
    ],
)
def test_the_question_depends_on_the_purpose_of_the_visit(
    purpose: Purpose, question: str, started: str
) -> None:
    view = replace(EMPTY, purpose=purpose)
    assert (find.question(view), plain(find.visit_time(view))) == (question, started)


def test_after_a_first_pupil_the_question_asks_for_another() -> None:
    view = replace(EMPTY, purpose=Purpose.COLLECTING, chosen=(samples.AMELIA,))
    assert find.question(view) == "Who else are you collecting?"


def test_names_are_announced_only_after_two_letters() -> None:
    assert find.empty(EMPTY) == "Names appear here after two letters"
    assert find.empty(samples.find("A", "M")) == "Names appear here after two letters"
    assert find.empty(NOBODY) == "No name found"
    assert find.empty(FOUND) == ""


def test_the_hint_depends_on_the_results() -> None:
    assert find.hint(EMPTY).startswith("Type the first letters of your")
    assert find.hint(replace(EMPTY, purpose=Purpose.COLLECTING)).startswith(
        "Type the first letters of the pupil’s"
    )
    assert find.hint(replace(FOUND, has_more=True)) == "There are more. Type another letter."
    few = replace(FOUND, matches=FOUND.matches[:2], has_more=True)
    assert find.hint(few) == "Not listed? Type another letter."
    assert (
        find.hint(replace(FOUND, approximate=True))
        == "No name is spelt exactly like this. Is it one of these?"
    )
    assert "ask at the office" in find.hint(NOBODY)


def test_a_grey_letter_is_explained() -> None:
    assert find.hint(replace(EMPTY, letter_refused=True)) == "No name here starts with that letter."
    assert "erase it" in find.hint(replace(FOUND, letter_refused=True, has_more=True))
    assert "ask at the office" in find.hint(replace(NOBODY, letter_refused=True))
    back = replace(EMPTY, letter_refused=True, purpose=Purpose.RETURNING)
    assert find.hint(back) == "No pupil with this name is signed out here."
    assert find.hint(replace(EMPTY, letter_refused=True, year="3")) == "No pupil in this year has this name."


def test_the_hint_says_that_only_signed_out_pupils_are_found_for_a_return() -> None:
    assert "signed out" in find.empty(replace(EMPTY, purpose=Purpose.RETURNING))
    assert "signed out here today" in find.hint(replace(NOBODY, purpose=Purpose.RETURNING))


@pytest.mark.parametrize(
    ("group", "text"), [("N", "Nursery"), ("R", "Reception"), ("1", "Year 1"), ("13", "Year 13")]
)
def test_years_are_named_as_schools_name_them(group: str, text: str) -> None:
    assert plain(find.year(group)) == text


def test_the_number_of_a_year_is_a_separate_part() -> None:
    assert [part.text for part in find.year("7") if part.is_value] == ["7"]
