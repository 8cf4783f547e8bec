"""Text in English: a capital first letter, and one full stop."""

import pytest

from attendance.text import as_sentence, capitalise


@pytest.mark.parametrize(
    ("text", "capitalised"), [("the MIS", "The MIS"), ("élan", "Élan"), ("7B", "7B"), ("", "")]
)
def test_only_the_first_letter_changes(text: str, capitalised: str) -> None:
    assert capitalise(text) == capitalised


@pytest.mark.parametrize("text", ["the PIN is too short", "the PIN is too short."])
def test_a_sentence_has_one_full_stop(text: str) -> None:
    assert as_sentence(ValueError(text)) == "The PIN is too short."
