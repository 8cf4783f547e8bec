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
def test_who_is_asked_for_follows_the_visit(purpose: Purpose, question: str, started: str) -> None:
    view = replace(EMPTY, purpose=purpose)
    assert (find.question(view), plain(find.visit_time(view))) == (question, started)


def test_with_one_of_the_family_chosen_another_is_asked_for() -> None:
    view = replace(EMPTY, purpose=Purpose.COLLECTING, chosen=(samples.AMELIA,))
    assert find.question(view) == "Who else are you collecting?"


def test_no_name_is_promised_before_two_letters() -> None:
    assert find.empty(EMPTY) == "Names appear here after two letters"
    assert find.empty(samples.find("A", "M")) == "Names appear here after two letters"
    assert find.empty(NOBODY) == "No name found"
    assert find.empty(FOUND) == ""


def test_the_hint_follows_what_was_found() -> None:
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


def test_a_grey_letter_is_answered_with_what_to_do() -> None:
    assert find.hint(replace(EMPTY, letter_refused=True)) == "No name here begins with that letter."
    assert "rub it out" in find.hint(replace(FOUND, letter_refused=True, has_more=True))
    assert "ask at the office" in find.hint(replace(NOBODY, letter_refused=True))
    back = replace(EMPTY, letter_refused=True, purpose=Purpose.RETURNING)
    assert find.hint(back) == "Nobody who is signed out here is called so."
    assert find.hint(replace(EMPTY, letter_refused=True, year="3")) == "Nobody in this year is called so."


def test_only_those_who_are_out_can_come_back_and_it_says_so() -> None:
    assert "signed out" in find.empty(replace(EMPTY, purpose=Purpose.RETURNING))
    assert "signed out here today" in find.hint(replace(NOBODY, purpose=Purpose.RETURNING))


@pytest.mark.parametrize(
    ("group", "said"), [("N", "Nursery"), ("R", "Reception"), ("1", "Year 1"), ("13", "Year 13")]
)
def test_years_are_called_as_schools_call_them(group: str, said: str) -> None:
    assert plain(find.year(group)) == said


def test_the_number_of_a_year_is_a_part_of_its_own() -> None:
    assert [part.text for part in find.year("7") if part.is_value] == ["7"]
