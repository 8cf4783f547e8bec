"""A key of a policy file follows from its field alone."""

from typing import Annotated

from pydantic import Field

from attendance.errors import Mistake
from attendance.policy.consistency import inconsistencies
from attendance.policy.keys import OUTSIDE_VERSION, KeyGuide, key_groups, outside_version
from attendance.policy.model import KEYS, Policy, SessionTimes
from attendance.years import Year

WITHOUT_QUESTION = {"document", "am", "pm", "calendar", "sources", "provisional", "doors_by_year"}


class LargerPolicy(Policy, use_attribute_docstrings=True):
    """A policy with one more key."""

    clubs: Annotated[tuple[Year, ...], KeyGuide("Years with a breakfast club"), OUTSIDE_VERSION] = Field(
        default=()
    )
    """Year groups that may come early."""


LARGER_KEYS = [key for group in key_groups(LargerPolicy) for key in group.keys]


def test_a_new_field_is_a_new_key_with_its_question_its_option_and_its_reader() -> None:
    assert [key.name for key in LARGER_KEYS] == [*(key.name for key in KEYS), "clubs"]
    clubs = LARGER_KEYS[-1]
    assert (clubs.question, clubs.meaning) == (
        "Years with a breakfast club",
        "Year groups that may come early.",
    )
    assert (clubs.option, clubs.default({}), clubs.is_required) == ("--clubs", "", False)
    assert clubs.read("7-8", {"years": "7-9"}) == ["7", "8"]
    assert outside_version(LargerPolicy)["clubs"] is True


def test_a_new_field_of_years_is_checked_for_repeats_and_for_years_that_the_policy_does_not_have() -> None:
    values = {"years": ["7", "8"], "clubs": ["7", "9", "7"]}

    assert list(inconsistencies(values, LargerPolicy, LARGER_KEYS)) == [
        Mistake(("clubs", 2), '"7" a second time', "each once"),
        Mistake(("clubs", 1), '"9"', 'a year of this policy, "7", "8"'),
    ]


def test_every_field_of_a_policy_has_a_question_or_is_listed_without_one() -> None:
    fields = {*Policy.model_fields, *SessionTimes.model_fields}

    assert {key.name.rpartition(".")[2] for key in KEYS} == fields - WITHOUT_QUESTION
