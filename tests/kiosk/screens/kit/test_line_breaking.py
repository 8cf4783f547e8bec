from hypothesis import given
from hypothesis import strategies as st

from kiosk.screens.kit.line_breaking import Style, TextLine, lines_of, one_line, words_of
from kiosk.screens.wording.sentence import join, plain, say


def measure(letters: str, style: Style) -> float:
    return len(letters) * (12.0 if style.bold else 10.0)


def texts_of(lines: list[TextLine]) -> list[str]:
    return ["".join(run.text for run in line.runs) for line in lines]


def flow(text: str, width: float) -> list[str]:
    return texts_of(lines_of(words_of(text, bold=False, bold_values=False), measure, width))


def test_words_that_fit_stay_on_one_line() -> None:
    assert flow("Go straight to 7B.", 180) == ["Go straight to 7B."]


def test_no_word_stands_alone_on_the_last_line() -> None:
    assert flow("School transport was late", 230) == ["School transport", "was late"]


def test_a_line_may_end_after_a_hyphen_and_only_there() -> None:
    assert flow("Oluwaseun-Bartholomew F.", 150) == ["Oluwaseun-", "Bartholomew F."]
    assert flow("Oluwaseun", 30) == ["Oluwaseun"]


def test_a_value_is_drawn_separately_and_keeps_its_punctuation() -> None:
    words = words_of(say("Go straight to {form}.", form="7B"), bold=False, bold_values=True)
    line = one_line(words, measure)
    assert [(run.text, run.style.bold) for run in line.runs] == [
        ("Go straight to ", False),
        ("7B", True),
        (".", False),
    ]
    assert [run.x for run in line.runs] == [0, 150, 174]
    assert texts_of(lines_of(words, measure, 120)) == ["Go straight", "to 7B."]


def test_a_right_to_left_line_starts_at_the_right_and_keeps_its_values_whole() -> None:
    words = words_of(say("آپ {time} پر آئے", time="09:07 AM"), bold=False, bold_values=False)
    line = lines_of(words, measure, 500)[0]
    assert [(run.text, run.x) for run in line.runs] == [("آپ", 160), ("09:07 AM", 70), ("پر آئے", 0)]
    assert [run.style.script.value for run in line.runs] == ["Arab", "Latn", "Arab"]
    assert line.width == 180


def test_a_foreign_name_does_not_reverse_an_english_sentence() -> None:
    words = words_of(say("Hello {name}, come in", name="زویا"), bold=False, bold_values=False)
    line = lines_of(words, measure, 500)[0]
    assert [run.text for run in line.runs] == ["Hello ", "زویا", ",", " come in"] or line.runs[0].x == 0


def test_joining_skips_empty_sentences() -> None:
    joined = join(say("{count} minutes", count=22), (), say("Something wrong?"))
    assert plain(joined) == "22 minutes · Something wrong?"


@given(st.lists(st.text("abc-", min_size=1, max_size=9), min_size=1, max_size=12), st.floats(100, 600))
def test_no_letter_is_lost_and_no_line_is_too_wide(words: list[str], width: float) -> None:
    text = " ".join(words)
    lines = lines_of(words_of(text, bold=False, bold_values=False), measure, width)
    assert "".join(texts_of(lines)).replace(" ", "") == text.replace(" ", "")
    assert all(line.width <= width for line in lines)
