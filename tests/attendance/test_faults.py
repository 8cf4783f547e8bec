"""A file that is no policy: every mistake with its line, its key, what was found and what was expected."""

import re
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.attendance.calendar import Calendar
from kiosk.attendance.check import check
from kiosk.attendance.policy import Policy, PolicyError, ReviewRule, SessionTimes, available, load_file, parse

SOUND = """\
name = "oak-lane"
title = "Oak Lane School"
years = ["7", "8"]
reasons = ["overslept", "traffic"]
codes_used = ["L", "U"]
provisional = ["am.opens"]

[am]
opens = "08:45"
closes = "09:15"
ends = "12:00"
ends_by_year = { 7 = "11:50" }

[pm]
opens = "13:00"
closes = "13:30"
ends = "15:00"

[review.school-transport]
before_close = "present"
after_close = "Y1"

[sources]
"am.closes" = "4.4"
"""

MISTAKES = [
    # was, now, line, key, found, expected
    ('opens = "08:45"', 'opens = "8.45"', 9, "am.opens", '"8.45"', 'a time as "HH:MM", for example "08:45"'),
    ('opens = "08:45"', "opens = 08:45:30", 9, "am.opens", "08:45:30", 'a time as "HH:MM"'),
    ('opens = "08:45"', "opens = 845", 9, "am.opens", "845", 'a time as "HH:MM"'),
    ('opens = "08:45"', "opens = 2026-11-24", 9, "am.opens", "2026-11-24", 'a time as "HH:MM"'),
    ('opens = "08:45"', 'opens = "24:00"', 9, "am.opens", '"24:00"', 'a time as "HH:MM"'),
    ('opens = "08:45"', 'opens = { at = "08:45" }', 9, "am.opens", "a table", 'a time as "HH:MM"'),
    ('closes = "09:15"\n', "", 8, "am.closes", "nothing", 'a time as "HH:MM"'),
    ('name = "oak-lane"\n', "", 1, "name", "nothing", "text in quotes"),
    ('"11:50"', '"11h50"', 12, "am.ends_by_year.7", '"11h50"', 'a time as "HH:MM"'),
    ("{ 7 =", "{ 0 =", 12, "am.ends_by_year.0", '"0"', 'a year, N, R or 1 to 14; the nearest is "1"'),
    ("{ 7 =", "{ 9 =", 12, "am.ends_by_year.9", '"9"', 'a year of this policy, "7", "8"'),
    ('"7", "8"', '"7", "15"', 3, "years[2]", '"15"', 'a year, N, R or 1 to 14; the nearest is "14"'),
    ('"7", "8"', '"7", "reception"', 3, "years[2]", '"reception"', 'the nearest is "R"'),
    ('"7", "8"', '"7", 8', 3, "years[2]", "8", "text in quotes"),
    ('["7", "8"]', '"7-8"', 3, "years", '"7-8"', "a list, each of it text in quotes"),
    ('"traffic"', '"trafic"', 4, "reasons[2]", '"trafic"', '"traffic"'),
    ('"traffic"', '"zzz"', 4, "reasons[2]", '"zzz"', "one of overslept, traffic, school-transport,"),
    ('"traffic"', "true", 4, "reasons[2]", "true", "one of overslept, traffic, school-transport,"),
    ('"L", "U"', '"L", "u"', 5, "codes_used[2]", '"u"', 'an attendance code, "U"'),
    ('"L", "U"', '"L", "C7"', 5, "codes_used[2]", '"C7"', 'an attendance code, "C'),
    ('"am.opens"]', '"am.opnes"]', 6, "provisional[1]", '"am.opnes"', '"am.opens"'),
    ('"am.opens"]', '"opens"]', 6, "provisional[1]", '"opens"', "the key of a value"),
    ('"am.closes" =', '"am.close" =', 24, "sources.am.close", "an unknown key", '"am.closes"'),
    ('"am.closes" =', "am.closes =", 24, "sources.am", "a table", "text in quotes"),
    ('title = "', 'titel = "', 2, "titel", "an unknown key", '"title"'),
    ('ends = "15:00"', 'ended = "15:00"', 17, "pm.ended", "an unknown key", '"ends"'),
    (
        "[review.school-transport]",
        "[review.school-bus]",
        19,
        "review.school-bus",
        '"school-bus"',
        '"school-tr',
    ),
    ('"present"', '"presnt"', 20, "review.school-transport.before_close", '"presnt"', '"present"'),
    ('"Y1"', '"Y"', 21, "review.school-transport.after_close", '"Y"', 'a code of today, "Y'),
    ('years = ["7", "8"]', "years = []", 3, "years", "a list", "at least 1 item"),
    ('title = "Oak Lane School"', "title = [1]", 2, "title", "a list", "text in quotes"),
    ("[am]\n", "retention_years = 5.5\n[am]\n", 8, "retention_years", "5.5", "a whole number"),
    ("[am]\n", 'retention_years = "6"\n[am]\n', 8, "retention_years", '"6"', "a whole number"),
    ("[am]\n", "retention_years = -1\n[am]\n", 8, "retention_years", "-1", "greater than or equal to 0"),
    ("[am]\n", f"retention_years = 0x{'f' * 5000}\n[am]\n", 8, "retention_years", "a very large number", ""),
    ("[am]\n", 'reason_required = "yes"\n[am]\n', 8, "reason_required", '"yes"', "true or false"),
]


def text_of(name: str) -> str:
    return resources.files("kiosk.attendance.policies").joinpath(f"{name}.toml").read_text("utf-8")


def refused(text: str) -> list[str]:
    """The sentences of the error, without the file's name."""
    with pytest.raises(PolicyError) as error:
        parse(text, "oak-lane.toml")
    lines = str(error.value).splitlines()
    assert all(line.startswith("oak-lane.toml") for line in lines)
    return [line.removeprefix("oak-lane.toml") for line in lines]


@pytest.mark.parametrize(("was", "now", "line", "key", "found", "expected"), MISTAKES)
def test_a_mistake_is_named_with_its_line_key_what_was_found_and_what_was_expected(
    was: str, now: str, *, line: int, key: str, found: str, expected: str
) -> None:
    assert SOUND.count(was) == 1, was

    sentences = refused(SOUND.replace(was, now))

    [sentence] = [each for each in sentences if f": {key}: " in each]
    where, its_found, its_expected = re.split(r": found |, expected ", sentence, maxsplit=2)
    assert where == f", line {line}: {key}"
    assert its_found == found
    assert expected in its_expected


def test_a_mistake_in_one_value_is_one_sentence_even_where_it_is_the_default_of_another() -> None:
    assert len(refused(SOUND.replace('opens = "08:45"', 'opens = "8.45"'))) == 1
    assert len(refused(SOUND.replace('closes = "13:30"', 'closes = "1330"'))) == 1


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = SOUND
    for was, now in [
        ("title", "titel"),
        ('"8"', '"88"'),
        ('"traffic"', '"trafic"'),
        ('"U"', '"u"'),
        ('"am.opens"]', '"am.x"]'),
        ('"08:45"', '"8.45"'),
        ('ends = "15:00"\n', ""),
        ('"Y1"', '"Y9"'),
        ('"am.closes"', '"am.cloes"'),
    ]:
        assert was in text
        text = text.replace(was, now, 1)

    lines = [int(re.findall(r"line (\d+)", sentence)[0]) for sentence in refused(text)]

    assert lines == [1, 2, 3, 4, 5, 6, 9, 14, 20, 23]  # on the first, that there is no title


def test_an_error_carries_its_faults() -> None:
    with pytest.raises(PolicyError) as error:
        parse(SOUND.replace('"8"', '"15"').replace('"traffic"', '"trafic"'), "oak-lane.toml")

    assert [fault.path for fault in error.value.faults] == [("years", 1), ("reasons", 1)]
    assert [fault.key for fault in error.value.faults] == ["years[2]", "reasons[2]"]


def test_the_line_is_that_of_the_item_in_a_list_over_several_lines() -> None:
    text = SOUND.replace('"overslept", "traffic"', '\n    "overslept",  # first\n    "trafic",\n')

    assert refused(text) == [', line 6: reasons[2]: found "trafic", expected "traffic"']


@pytest.mark.parametrize(
    ("was", "now", "place", "says"),
    [
        ("[am]", "[am", ", line 8, column 4", "found the end of the line: Expected ']'"),
        ('opens = "08:45"', "opens = 08:45", ", line 9, column 10", 'found "8:45": Expected newline'),
        ('opens = "08:45"', "opens 08:45", ", line 9, column 7", "found \"08:45\": Expected '='"),
        (
            'opens = "08:45"',
            'opens = "08:45',
            ", line 9, column 15",
            "found the end of the line: Illegal character",
        ),
        ('"4.4"\n', '"""4.4', ", line 24, column 21", "found the end of the line: Unterminated string"),
        ("[pm]", "[am]", ", line 14, column 4", "found \"]\": Cannot declare ('am',) twice"),
    ],
)
def test_what_is_not_toml_is_named_with_line_and_column(was: str, now: str, place: str, says: str) -> None:
    [sentence] = refused(SOUND.replace(was, now))

    assert sentence.startswith(f"{place}: not a TOML file: {says}")


def test_a_value_is_not_repeated_at_length_nor_with_what_moves_a_cursor() -> None:
    [sentence] = refused(SOUND.replace('"08:45"', f'"\\u001b[2J{"9" * 500}"'))

    assert len(sentence) < 200
    assert sentence.isprintable()


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "oak-lane.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())

    assert load_file(file) == parse(SOUND, "oak-lane.toml")


# --- Whatever the file holds: a policy or a PolicyError, and nothing else -------------------------


def read(text: str) -> Policy | None:
    """The policy, checked; or None after a PolicyError that says what it has to say."""
    try:
        policy = parse(text, "some.toml")
        text.encode()  # whatever is no text is no policy
    except PolicyError as error:
        refusal = str(error)
    else:
        assert re.fullmatch("[0-9a-f]{12}", policy.version)
        assert all(finding.message.isprintable() for finding in check(policy))
        return policy
    assert all(line.startswith("some.toml") and line.isprintable() for line in refusal.split("\n"))
    return None


@given(st.text())
@settings(deadline=None)  # tomllib itself takes its time with the strangest
@example("\ud800")
@example(SOUND.replace("Oak Lane School", "\ud800"))
@example(SOUND.replace('7 = "11:50"', '"\ud800" = "11:50"'))
@example("a = " + "9" * 5000)
@example("a = " + "[" * 5000)
@example("a = " + "[" * 100_000)
@example("a = " + "[" * 900 + "]" * 900)
@example("a" + ".a" * 3000 + " = 1")
@example("x = 9999-99-99")
@example(SOUND + '[am.ends_by_year]\n7 = "11:00"\n')
def test_any_text_is_a_policy_or_a_policy_error(text: str) -> None:
    read(text)


def test_a_file_nested_as_deep_as_the_stack_goes_is_refused() -> None:
    for depth in range(50, sys.getrecursionlimit(), 25):
        assert read("years = " + "[" * depth + "]" * depth) is None
        assert read(SOUND + "[extra]\nx = " + "{ a = " * depth + "1" + " }" * depth) is None


@given(st.binary())
def test_any_bytes_are_a_policy_or_a_policy_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes.toml"
    file.write_bytes(data)

    with pytest.raises(PolicyError):
        load_file(file)


words = st.sampled_from(
    [
        *(key for model in (Policy, SessionTimes, ReviewRule, Calendar) for key in model.model_fields),
        *("N", "R", "7", "15", "school-transport", "medical", "am.opens"),
    ]
)
scalars = (
    st.sampled_from(
        ['"08:45"', '"12:00"', '"7"', '"L"', '"H"', '"medical"', '"present"', "08:45:00", "6", "true"]
    )
    | st.integers().map(str)
    | st.floats().map(repr)
    | st.dates().map(str)
    | st.text(st.characters(exclude_categories=["C"], exclude_characters='"\\')).map('"{}"'.format)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(words, inner, max_size=3).map(
            lambda table: "{" + ", ".join(f'"{key}" = {value}' for key, value in table.items()) + "}"
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(words, values, max_size=12))
def test_any_toml_is_a_policy_or_a_policy_error(table: dict[str, str]) -> None:
    read("\n".join(f'"{key}" = {value}' for key, value in table.items()))


def _without_a_line(text: str, draw: Callable[[Any], Any]) -> str:
    lines = text.splitlines()
    del lines[draw(st.integers(0, len(lines) - 1))]
    return "\n".join(lines)


def _with_another_value(text: str, draw: Callable[[Any], Any]) -> str:
    pairs = list(re.finditer(r"(?m)(?<== )[^#\n]+", text))
    pair = draw(st.sampled_from(pairs))
    return text[: pair.start()] + draw(values) + text[pair.end() :]


def _with_other_characters(text: str, draw: Callable[[Any], Any]) -> str:
    start = draw(st.integers(0, len(text)))
    return text[:start] + draw(st.text(max_size=3)) + text[start + draw(st.integers(0, 3)) :]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_schools_file_with_mistakes_in_it_is_a_policy_or_a_policy_error(data: st.DataObject) -> None:
    text = text_of(data.draw(st.sampled_from(available())))
    mistakes = st.sampled_from([_without_a_line, _with_another_value, _with_other_characters])
    for mistake in data.draw(st.lists(mistakes, min_size=1, max_size=4)):
        text = mistake(text, data.draw)

    read(text)
