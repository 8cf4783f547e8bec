from dataclasses import replace

import pytest

from kiosk.screens import samples
from kiosk.screens.wording import find
from kiosk.screens.wording.sentence import plain
from kiosk.views import FindView, Purpose

EMPTY = samples.find("", "A")
NOBODY = samples.find("QX", "")
FOUND = samples.find("AM", "E", samples.SIX)


def hint(view: FindView) -> str:
    return plain(find.hint(view))


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
    assert hint(EMPTY).startswith("Type the first letters of your")
    assert hint(replace(EMPTY, purpose=Purpose.COLLECTING)).startswith("Type the first letters of their name")
    assert hint(replace(FOUND, has_more=True)) == "There are more. Type another letter."
    few = replace(FOUND, matches=FOUND.matches[:2], has_more=True)
    assert hint(few) == "Not listed? Type another letter."
    nearly = hint(replace(FOUND, approximate=True))
    assert nearly == "Nearly. No name here is spelt like this; one letter may be wrong."
    assert "ask at the office" in hint(NOBODY)


def test_a_grey_letter_is_explained() -> None:
    assert hint(replace(EMPTY, refused_letter="Q")) == "No name here starts with Q."
    refused = replace(FOUND, refused_letter="Q", has_more=True)
    assert hint(refused) == "No name here has Q next."
    assert hint(replace(refused, approximate=True)) == "No name here has Q next."
    assert "ask at the office" in hint(replace(NOBODY, refused_letter="Q"))
    back = replace(EMPTY, refused_letter="Q", purpose=Purpose.RETURNING)
    assert hint(back) == "No pupil with this name is signed out here."
    assert hint(replace(EMPTY, refused_letter="Q", year="3")) == "No pupil in this year has this name."


def test_the_hint_says_that_only_signed_out_pupils_are_found_for_a_return() -> None:
    assert "signed out" in find.empty(replace(EMPTY, purpose=Purpose.RETURNING))
    assert "signed out here today" in hint(replace(NOBODY, purpose=Purpose.RETURNING))


@pytest.mark.parametrize(
    ("group", "text"), [("N", "Nursery"), ("R", "Reception"), ("1", "Year 1"), ("13", "Year 13")]
)
def test_years_are_named_as_schools_name_them(group: str, text: str) -> None:
    assert plain(find.year(group)) == text


def test_the_number_of_a_year_is_a_separate_part() -> None:
    assert [part.text for part in find.year("7") if part.is_value] == ["7"]


@pytest.mark.parametrize(
    ("purpose", "question", "yes"),
    [
        (Purpose.LATE, "Is this you?", "Yes, that’s me"),
        (Purpose.RETURNING, "Is this you?", "Yes, that’s me"),
        (Purpose.COLLECTING, "Is this the pupil?", "Yes, this pupil"),
        (Purpose.CARD, "Is this the pupil?", "Yes, this pupil"),
    ],
)
def test_a_forgiven_name_is_confirmed_in_the_words_of_the_visit(
    purpose: Purpose, question: str, yes: str
) -> None:
    assert (find.is_this(purpose), find.yes(purpose)) == (question, yes)


def test_a_pupil_who_is_not_listed_is_asked_for_name_and_form() -> None:
    name, form = samples.unlisted("Jamie", "A"), samples.unlisted("7", "A", "Jamie O’Neill")
    assert find.unlisted_question(name) == "What is your name?"
    assert "surname" in plain(find.unlisted_hint(name))
    assert find.unlisted_question(form) == "Which form are you in?"
    assert plain(find.unlisted_hint(form)).startswith("Type the form, such as 7B.")
    assert plain(find.visit_time(form)) == "Sign in late · 09:07"


def test_an_adult_who_brings_an_unlisted_child_is_asked_for_the_childs_name_and_form() -> None:
    name = replace(samples.unlisted("Jamie", "A"), purpose=Purpose.BRINGING)
    assert find.not_here(Purpose.BRINGING) == "The name isn’t here"
    assert find.not_here(Purpose.LATE) == "My name isn’t here"
    assert find.unlisted_question(name) == "What is the pupil’s name?"
    assert plain(find.unlisted_hint(name)).endswith("The office will find the pupil on its list.")
    assert find.unlisted_question(replace(name, form_of="Jamie")) == "Which form is the pupil in?"
