"""A wrong policy file: every mistake with its line, its key, what was found and what was expected."""

import re
from pathlib import Path

import pytest

from attendance.errors import PolicyError
from attendance.policy.files import load_file, parse

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

ONCE = ", expected each key and table once"
CLOSED = ", expected ] after the last item"

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
    ("ends_by_year = { 7", "doors_by_year = { 9", 12, "am.doors_by_year.9", '"9"', "a year of this policy"),
    ('"7", "8"', '"7", "8", "7"', 3, "years[3]", '"7" a second time', "each once"),
    ('"traffic"', '"overslept"', 4, "reasons[2]", '"overslept" a second time', "each once"),
    ("[am]\n", 'leaves_alone = ["8", "9"]\n[am]\n', 8, "leaves_alone[2]", '"9"', "a year of this policy"),
    ("[am]\n", 'leaves_alone = ["8", "88"]\n[am]\n', 8, "leaves_alone[2]", '"88"', "a year, N, R or 1 to 14"),
    ("[am]\n", 'leaves_alone = ["8", "8"]\n[am]\n', 8, "leaves_alone[2]", '"8" a second time', "each once"),
    ("[am]\n", 'leaves_alone = "8"\n[am]\n', 8, "leaves_alone", '"8"', "a list, each item text in quotes"),
    ('"Oak Lane School"', '""', 2, "title", '""', "the school's name, as people know it"),
    ('"Oak Lane School"', '"  "', 2, "title", '""', "the school's name"),
    (
        '"oak-lane"',
        '"oak/lane"',
        1,
        "name",
        '"oak/lane"',
        "a short name of small letters, digits and hyphens;",
    ),
    ('"oak-lane"', '"Oak Lane"', 1, "name", '"Oak Lane"', 'the nearest is "oak-lane"'),
    ('"oak-lane"', '""', 1, "name", '""', 'digits and hyphens, for example "oak-lane"'),
    ('"4.4"', '""', 24, "sources.am.closes", '""', "the paragraph of the document, or no such key"),
    ("[am]\n", 'opens = "08:45"\n[am]\n', 8, "opens", "an unknown key", '"am.opens" or "pm.opens"'),
    ("[am]\n", 'late-after = "8"\n[am]\n', 8, "late-after", "an unknown key", '"am.late_after" or "pm.late'),
    ("[pm]\n", "[pm]\nretention_years = 6\n", 15, "pm.retention_years", "an unknown key", "above the first"),
    ("[am]", "[am_session]", 8, "am_session", "an unknown key", '"am"'),
    ("[review.school-transport]", "[review-rule.x]", 19, "review-rule", "an unknown key", '"review"'),
    (
        "[am]\n",
        'calendar.closures = [\n{ first = 2026-11-24, reason = "x", years = ["9"] }]\n[am]\n',
        9,
        "calendar.closures[1].years[1]",
        '"9"',
        "a year of this policy",
    ),
    (
        "[am]\n",
        'calendar.closures = [{ first = "soon", reason = "x" }]\n[am]\n',
        8,
        "calendar.closures[1].first",
        '"soon"',
        "a date, for example 2026-11-24",
    ),
    (
        "[am]\n",
        'calendar.closures = [{ first = 2026-11-24, reason = "x", last = 2026-11-23 }]\n[am]\n',
        8,
        "calendar.closures[1]",
        "that 'x' ends on 2026-11-23, before it starts on 2026-11-24",
        "a last day at or after the first",
    ),
    ('"7", "8"', '"7", "15"', 3, "years[2]", '"15"', 'a year, N, R or 1 to 14; the nearest is "14"'),
    ('"7", "8"', '"7", "reception"', 3, "years[2]", '"reception"', 'the nearest is "R"'),
    ('"7", "8"', '"7", 8', 3, "years[2]", "8", "text in quotes"),
    ('["7", "8"]', '"7-8"', 3, "years", '"7-8"', "a list, each item text in quotes"),
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
    ('"Y1"', '"Y"', 21, "review.school-transport.after_close", '"Y"', 'a current code, "Y'),
    ('years = ["7", "8"]', "years = []", 3, "years", "a list", "at least 1 item"),
    ('title = "Oak Lane School"', "title = [1]", 2, "title", "a list", "text in quotes"),
    ("[am]\n", "retention_years = 5.5\n[am]\n", 8, "retention_years", "5.5", "a whole number"),
    ("[am]\n", 'retention_years = "6"\n[am]\n', 8, "retention_years", '"6"', "a whole number"),
    ("[am]\n", "retention_years = -1\n[am]\n", 8, "retention_years", "-1", "greater than or equal to 0"),
    ("[am]\n", f"retention_years = 0x{'f' * 5000}\n[am]\n", 8, "retention_years", "a very large number", ""),
    ("[am]\n", 'reason_required = "yes"\n[am]\n', 8, "reason_required", '"yes"', "true or false"),
]


def errors_in(text: str) -> list[str]:
    """The sentences of the error, without the file's name."""
    with pytest.raises(PolicyError) as error:
        parse(text, "oak-lane.toml")
    lines = str(error.value).splitlines()
    assert all(line.startswith("oak-lane.toml") for line in lines)
    return [line.removeprefix("oak-lane.toml") for line in lines]


@pytest.mark.parametrize(("was", "now", "line", "key", "found", "expected"), MISTAKES)
def test_a_mistake_is_reported_with_its_line_its_key_what_was_found_and_what_was_expected(
    was: str, now: str, *, line: int, key: str, found: str, expected: str
) -> None:
    assert SOUND.count(was) == 1, was

    sentences = errors_in(SOUND.replace(was, now))

    [sentence] = [each for each in sentences if f": {key}: " in each]
    where, its_found, its_expected = re.split(r": found |, expected ", sentence, maxsplit=2)
    assert where == f", line {line}: {key}"
    assert its_found == found
    assert expected in its_expected


def test_a_mistake_is_reported_once_even_if_another_key_copies_the_value() -> None:
    assert len(errors_in(SOUND.replace('opens = "08:45"', 'opens = "8.45"'))) == 1
    assert len(errors_in(SOUND.replace('closes = "13:30"', 'closes = "1330"'))) == 1


def test_a_missing_table_is_reported_with_its_required_keys_only() -> None:
    without_closes = SOUND.replace('closes = "09:15"\n', "")
    without_am = re.sub(r"(?s)\[am\].*?(?=\[pm\])", "", SOUND).replace('["am.opens"]', "[]")

    assert errors_in(without_closes) == [
        ', line 8: am.closes: found nothing, expected a time as "HH:MM", for example "08:45"'
    ]
    assert errors_in(without_am) == [", line 1: am: found nothing, expected a table with opens, closes, ends"]


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

    lines = [int(re.findall(r"line (\d+)", sentence)[0]) for sentence in errors_in(text)]

    assert lines == [1, 2, 3, 4, 5, 6, 9, 14, 20, 23]  # line 1 because the title is missing


def test_a_policy_error_carries_its_mistakes() -> None:
    with pytest.raises(PolicyError) as error:
        parse(SOUND.replace('"8"', '"15"').replace('"traffic"', '"trafic"'), "oak-lane.toml")

    assert [mistake.path for mistake in error.value.mistakes] == [("years", 1), ("reasons", 1)]
    assert [mistake.key for mistake in error.value.mistakes] == ["years[2]", "reasons[2]"]
    assert [mistake.line for mistake in error.value.mistakes] == [3, 4]


def test_a_wrong_item_of_a_multi_line_list_is_reported_on_its_own_line() -> None:
    text = SOUND.replace('"overslept", "traffic"', '\n    "overslept",  # first\n    "trafic",\n')

    assert errors_in(text) == [', line 6: reasons[2]: found "trafic", expected "traffic"']


@pytest.mark.parametrize(
    ("was", "now", "place", "found", "written"),
    [
        ('opens = "08:45"', "opens = 08:45", "9: am.opens", "08:45", "08:45"),
        ('opens = "08:45"', "opens = 8:45 # 4.4", "9: am.opens", "8:45", "08:45"),
        ('"11:50"', "11:50", "12: am.ends_by_year.7", "11:50", "11:50"),
        ('["L", "U"]', "[\n09:15, 'U']", "6: codes_used[1]", "09:15", "09:15"),
    ],
)
def test_a_time_without_quotes_is_reported_with_its_key_and_how_to_write_it(
    was: str, now: str, *, place: str, found: str, written: str
) -> None:
    sentence, *_ = errors_in(SOUND.replace(was, now))

    assert sentence == f', line {place}: found {found}, expected the time in quotes: "{written}"'


def test_a_toml_time_with_zero_seconds_is_accepted() -> None:
    times = SOUND.replace('opens = "08:45"', "opens = 08:45:00")

    assert parse(times, "oak-lane.toml") == parse(SOUND, "oak-lane.toml")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_times_without_quotes_hide_no_other_mistake(newline: str) -> None:
    text = re.sub(r'"(\d\d:\d\d)"', r"\1", SOUND)
    text = text.replace('"8"', '"88"').replace('after_close = "Y1"\n', "").replace("\n", newline)
    by_line = {
        line: f'{key}: found {time}, expected the time in quotes: "{time}"'
        for line, key, time in [
            (9, "am.opens", "08:45"),
            (10, "am.closes", "09:15"),
            (11, "am.ends", "12:00"),
            (12, "am.ends_by_year.7", "11:50"),
            (15, "pm.opens", "13:00"),
            (16, "pm.closes", "13:30"),
            (17, "pm.ends", "15:00"),
        ]
    } | {
        3: 'years[2]: found "88", expected a year, N, R or 1 to 14; the nearest is "14"',
        19: "review.school-transport.after_close: found nothing, expected text in quotes",
    }

    assert errors_in(text) == [f", line {line}: {by_line[line]}" for line in sorted(by_line)]


def test_a_syntax_error_is_reported_together_with_times_without_quotes() -> None:
    text = SOUND.replace('{ 7 = "11:50" }', "{ 7 = 11:50, 8: 11:40 }").replace('"09:15"', "09:15")

    assert errors_in(text) == [
        ', line 10: am.closes: found 09:15, expected the time in quotes: "09:15"',
        ', line 12: am.ends_by_year.7: found 11:50, expected the time in quotes: "11:50"',
        ', line 12, column 30: am.ends_by_year: found ": 11:40 }", expected = after the key',
    ]


BARE = "a number, true or false; write a time or other text in quotes"


@pytest.mark.parametrize(
    ("was", "now", "place", "says"),
    [
        ("[am]", "[am", "8, column 4: not a TOML file", "found the end of the line, expected ] at the end"),
        ('opens = "08:45"', "opens 08:45", "9, column 7: not a TOML file", 'found "08:45", expected = after'),
        (
            "[pm]",
            "[pm] opens",
            "14, column 6: not a TOML file",
            'found "opens", expected the end of the line',
        ),
        (
            'opens = "08:45"',
            'opens = "08:45',
            "9, column 15: am.opens",
            "found the end of the line, expected",
        ),
        ('opens = "08:45"', "opens = 25:00", "9: am.opens", f"found 25:00, expected {BARE}"),
        ('opens = "08:45"', "opens = 0845", "9: am.opens", f"found 0845, expected {BARE}"),
        ('opens = "08:45"', "opens = 08.45 # 4.4", "9: am.opens", f"found 08.45, expected {BARE}"),
        (
            'opens = "08:45"',
            "opens =",
            "9, column 8: am.opens",
            "found the end of the line, expected a value",
        ),
        ('"Oak Lane School"', "Oak Lane School", "2: title", f"found Oak Lane School, expected {BARE}"),
        ('"Oak Lane School"', "2026-02-30", "2: title", "found 2026-02-30, expected a date or a time that"),
        ('"4.4"\n', '"""4.4', "24, column 21: sources.am.closes", "found the end of the line, expected the"),
        ('["7", "8"]', '["7" "8"]', "3, column 14: years[1]", 'found "\\"8\\"]", expected a comma or ]'),
        ('["7", "8"]', "[seven, 8]", "3: years[1]", f"found seven, expected {BARE}"),
        ('"Oak Lane School"', "\x01", "2: title", f"found a character that cannot be shown, expected {BARE}"),
        ("{ 7 =", "{ 7:", "12, column 19: am.ends_by_year", 'found ": \\"11:50\\" }", expected = after the'),
    ],
)
def test_a_syntax_error_is_reported_with_its_place_and_the_key_of_the_value(
    was: str, now: str, place: str, says: str
) -> None:
    [sentence] = errors_in(SOUND.replace(was, now))

    assert sentence.startswith(f", line {place}: {says}")


@pytest.mark.parametrize("number", ["9" * 5000, f"-{'9_' * 4999}9 # of years", "9" * 5000 + " years"])
def test_a_number_of_thousands_of_digits_is_reported_like_any_other_mistake(number: str) -> None:
    text = SOUND.replace("[am]\n", f"retention_years = {number}\n[am]\n").replace('"13:00"', "13:00")

    assert errors_in(text) == [
        ", line 8: retention_years: found a number of 5000 digits, expected a smaller one",
        ', line 16: pm.opens: found 13:00, expected the time in quotes: "13:00"',
    ]


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        (
            "[pm]",
            "[am]",
            f"line 14: am: found it a second time, the first on line 8{ONCE}",
        ),
        (
            "[am]\n",
            '[am]\nopens = "08:40"\n',
            f"line 10: am.opens: found it a second time, the first on line 9{ONCE}",
        ),
        (
            'title = "Oak Lane School"\n',
            'title = "Oak Lane School"\nname = [\n"oak",\n"lane",\n]\n',
            f"line 3: name: found it a second time, the first on line 1{ONCE}",
        ),
        (
            '{ 7 = "11:50" }',
            '{ 7 = "11:50", 7 = "11:55" }',
            "line 12: am.ends_by_year.7: found it a second time, the first on line 12,"
            " expected each key and table once",
        ),
        (
            '["overslept", "traffic"]',
            '["overslept", "traffic"',
            f"line 4: reasons: found a list that has not ended before line 5{CLOSED}",
        ),
        (
            '["overslept", "traffic"]',
            '[\n    "overslept",\n    "traffic",',
            f"line 4: reasons: found a list that has not ended before line 7{CLOSED}",
        ),
        (
            '["am.opens"]',
            '["am.opens",',
            f"line 6: provisional: found a list that has not ended before line 8{CLOSED}",
        ),
        (
            '"am.closes" = "4.4"\n',
            '"am.closes" = ["4.4",\n# that is all\n',
            f"line 24: sources.am.closes: found a list that never ends{CLOSED}",
        ),
        (
            'title = "Oak Lane School"',
            'title = """Oak Lane School',
            'line 2: title: found text in """ that never ends, expected """ after the last word',
        ),
    ],
)
def test_a_mistake_that_tomllib_notices_later_is_reported_where_it_was_made(
    was: str, now: str, sentence: str
) -> None:
    assert SOUND.count(was) == 1, was

    assert errors_in(SOUND.replace(was, now)) == [f", {sentence}"]


def test_a_quoted_value_is_shortened_and_has_no_control_characters() -> None:
    [sentence] = errors_in(SOUND.replace('"08:45"', f'"\\u001b[2J{"9" * 500}"'))

    assert len(sentence) < 200
    assert sentence.isprintable()


def test_a_byte_order_mark_is_not_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "oak-lane.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())

    assert load_file(file) == parse(SOUND, "oak-lane.toml")
