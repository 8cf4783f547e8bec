"""`latebook policy new`: from questions and from options, and what it will not do to a file."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from kiosk.attendance.codes import MEANING, WITHDRAWN
from kiosk.attendance.policy import Policy, load_file, parse
from kiosk.attendance.reasons import Reason
from kiosk.attendance.years import YEARS
from kiosk.policy_cli import app
from kiosk.policy_draft import Draft
from kiosk.policy_questions import GROUPS, QUESTIONS

NEEDED = {
    "--title": "Oak Lane School",
    "--years": "R-2",
    "--am-opens": "08:45",
    "--am-closes": "09:15",
    "--am-ends": "12:00",
    "--pm-opens": "13:00",
    "--pm-closes": "13:30",
    "--pm-ends": "15:15",
}
MORE = {
    "--name": "oak-lane-primary",
    "--am-late-after": "08:50",
    "--am-unauthorised-after": "09:20",
    "--pm-late-after": "13:05",
    "--pm-unauthorised-after": "13:35",
    "--pm-ends-by-year": "R=15:00,1=15:05",
    "--retention-years": "7",
    "--reasons": "traffic,overslept",
    "--review": "school-transport=present:Y1",
    "--consequence": 'A "friendly" letter',
    "--codes-used": "/ \\ L U H",
}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(*arguments: str, answers: Iterable[str] = ()) -> Result:
    """Run it; `answers` are what is typed, a line each."""
    typed = "".join(f"{answer}\n" for answer in answers)
    result = CliRunner().invoke(app, ["new", *arguments], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def options(*sets: dict[str, str]) -> list[str]:
    return [part for each in sets for option in each.items() for part in option]


def meaning(policy: Policy) -> dict[str, Any]:
    return policy.model_dump(mode="json")


# --- From options ---------------------------------------------------------------------------------


def test_the_least_that_is_needed_makes_a_policy_with_the_rules_defaults() -> None:
    result = new(*options(NEEDED))

    policy = load_file(Path("oak-lane-school.toml"))
    assert result.exit_code == 0
    assert result.stdout.startswith(f"oak-lane-school.toml written, version {policy.version}\n")
    assert (policy.name, policy.years) == ("oak-lane-school", ("R", "1", "2"))
    assert policy.am.late_after == policy.am.opens
    assert policy.am.unauthorised_after == policy.am.closes
    assert (policy.retention_years, policy.reason_required) == (6, False)
    assert policy.reasons == tuple(Reason)


def test_every_option_reaches_the_file() -> None:
    sources = ["--source", "am.opens=4.3", "--source", "pm.ends_by_year=12", "--source", "codes_used=6.3"]

    result = new("mine.toml", *options(NEEDED, MORE), "--reason-required", *sources)

    assert result.exit_code == 0
    written = meaning(load_file(Path("mine.toml")))
    assert (written["name"], written["title"]) == ("oak-lane-primary", "Oak Lane School")
    assert written["am"] == {
        "opens": "08:45",
        "late_after": "08:50",
        "closes": "09:15",
        "unauthorised_after": "09:20",
        "ends": "12:00",
        "ends_by_year": {},
        "doors_by_year": {},
    }
    assert list(written["pm"].values()) == [
        "13:00",
        "13:05",
        "13:30",
        "13:35",
        "15:15",
        {"R": "15:00", "1": "15:05"},
        {},
    ]
    assert (written["retention_years"], written["reason_required"]) == (7, True)
    assert written["reasons"] == ["traffic", "overslept"]
    assert written["review"] == {"school-transport": {"before_close": "present", "after_close": "Y1"}}
    assert written["consequence"] == 'A "friendly" letter'
    assert written["codes_used"] == ["/", "\\", "L", "U", "H"]
    assert written["sources"] == {
        "am.opens": "4.3",
        "pm.ends_by_year.R": "12",
        "pm.ends_by_year.1": "12",
        "codes_used": "6.3",
    }
    assert "am.opens" not in written["provisional"]
    assert "pm.ends_by_year.R" not in written["provisional"]
    assert {"am.late_after", "pm.ends"} < set(written["provisional"])


def test_every_question_has_an_option() -> None:
    text = CliRunner().invoke(app, ["new", "--help"], terminal_width=200).stdout

    for question in QUESTIONS:
        assert question.option in text


def test_what_the_checker_finds_is_told_and_the_file_is_written_all_the_same() -> None:
    result = new(*options(NEEDED, MORE))

    assert result.exit_code == 0
    assert "error late-after-close the AM register closes at 09:15" in result.stdout
    assert "error withdrawn-code the document uses code H" in result.stdout
    assert "warning unstated am.opens (08:45)" in result.stdout


def test_all_that_is_missing_is_listed_at_once_with_all_that_is_wrong() -> None:
    result = new("--name", "Oak Lane", "--am-opens", "8.45", "--reasons", "trafic", "--source", "am.opns=4.3")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "missing: --title, --years, --am-closes, --am-ends, --pm-opens, --pm-closes, --pm-ends;"
        " give them, or no options at all to be asked",
        "--name: 'Oak Lane' is not a short name; write small letters, digits and hyphens: oak-lane",
        "--am-opens: '8.45' is not a time; write it as HH:MM, for example 08:45",
        "--reasons: 'trafic' is not a reason; write \"traffic\"",
        "--source: 'am.opns' is nothing that a document states; expected \"am.opens\"",
    ]
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("option", "answer", "says"),
    [
        ("--title", "  ", "this cannot be left empty"),
        ("--years", "6-N", "'6-N' runs backwards"),
        ("--years", "7-15", "'15' is not a year; years are N, R and 1 to 14; the nearest is 14"),
        ("--years", ",", "a school has at least one year"),
        ("--retention-years", "six", "'six' is not a number of years"),
        ("--pm-ends-by-year", "R", "'R' is not a year with its end"),
        ("--pm-ends-by-year", "7=15:00", "the school has no year 7; its years are R, 1, 2"),
        ("--pm-ends-by-year", "R=15", "'15' is not a time"),
        ("--review", "medical", "'medical' is not a reason with two codes"),
        ("--review", "medical=L:Y", "'Y' is not a code of today"),
        ("--codes-used", "L,Z9", "'Z9' is not an attendance code"),
    ],
)
def test_a_wrong_answer_is_one_sentence_and_nothing_is_written(option: str, answer: str, says: str) -> None:
    result = new(*options(NEEDED | {option: answer}))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{option}: {says}")
    assert result.stderr.count("\n") == 1
    assert not list(Path().iterdir())


# --- The file -------------------------------------------------------------------------------------


def test_a_file_that_is_there_is_kept_unless_it_may_go() -> None:
    file = Path("mine.toml")
    file.write_text("precious")

    refused = new("mine.toml", *options(NEEDED))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == "mine.toml is there already; give another FILE, or --force to replace it\n"
    assert file.read_text() == "precious"

    assert new("mine.toml", "--force", *options(NEEDED)).exit_code == 0
    assert load_file(file).title == "Oak Lane School"
    assert list(Path().iterdir()) == [file]


def test_nobody_is_asked_twenty_questions_about_a_file_that_cannot_be_written() -> None:
    Path("mine.toml").write_text("precious")

    result = new("mine.toml", answers=["Oak Lane School"])

    assert result.exit_code == 2
    assert "is there already" in result.stderr
    assert result.stdout == ""


def test_a_folder_that_is_not_there_is_one_sentence() -> None:
    result = new("no/such/mine.toml", *options(NEEDED))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be written: No such file or directory" in result.stderr


def test_a_file_is_written_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path("mine.toml")
    file.write_text("precious")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device", "mine.toml")

    monkeypatch.setattr(os, "fsync", full)
    result = new("mine.toml", "--force", *options(NEEDED))

    assert result.exit_code == 2
    assert result.stderr == "mine.toml: cannot be written: No space left on device\n"
    assert file.read_text() == "precious"
    assert list(Path().iterdir()) == [file]


def test_every_key_has_a_comment_that_explains_it_and_says_where_it_is_from() -> None:
    new("mine.toml", *options(NEEDED, MORE), "--source", "am.opens=4.3")

    lines = Path("mine.toml").read_text("utf-8").splitlines()
    assert 'opens = "08:45"  # stated in 4.3' in lines
    assert 'closes = "09:15"  # to be confirmed by the school' in lines
    assert "retention_years = 7  # not stated in the document" in lines
    for number, line in enumerate(lines):
        if line.startswith(
            ("opens", "late_after", "closes", "unauthorised", "ends", "years", "name", "title")
        ):
            assert lines[number - 1].startswith("# "), line
    assert max(map(len, lines)) <= 120


# --- From questions -------------------------------------------------------------------------------

ABOUT = ["Oak Lane School", "", "7-9", "1.1"]
MORNING = ["08:45", "4.3", "", "", "09:15", "4.4", "", "", "12:00", ""]
AFTERNOON = ["13:00", "", "13:05", "", "13:30", "", "", "", "15:15", "", ""]
REST = ["", "", "", "", "", ""]


def test_answers_make_the_same_policy_as_options() -> None:
    asked = new("asked.toml", answers=[*ABOUT, *MORNING, *AFTERNOON, *REST])
    sources = ["--source", "years=1.1", "--source", "am.opens=4.3", "--source", "am.closes=4.4"]
    new("told.toml", *options(NEEDED | {"--years": "7-9", "--pm-late-after": "13:05"}), *sources)

    assert asked.exit_code == 0
    assert Path("asked.toml").read_text() == Path("told.toml").read_text()
    assert f"asked.toml written, version {load_file(Path('asked.toml')).version}" in asked.stdout


def test_every_question_says_what_its_term_means_and_shows_its_default() -> None:
    said = new(answers=[*ABOUT, *MORNING, *AFTERNOON, *REST]).stdout

    for group in GROUPS:
        assert group.title in said
        for question in group.questions:
            assert question.means in said
            assert question.like in said
    assert "A short name [oak-lane-school]:" in said
    assert "Late after [08:45]:" in said
    assert "Unauthorised after [09:15]:" in said
    assert "Years that entries are kept [6]:" in said
    assert Path("oak-lane-school.toml").is_file()


def test_a_wrong_answer_is_answered_with_one_sentence_and_asked_again() -> None:
    answers = ["", "Oak Lane School", "Oak Lane", "oak", "7-20", "7-9", "1.1", "8.45", *MORNING]

    said = new(answers=[*answers, *AFTERNOON, *REST])

    assert said.exit_code == 0
    assert "this cannot be left empty; write it in a few words." in said.stdout
    assert "'Oak Lane' is not a short name;" in said.stdout
    assert "'20' is not a year;" in said.stdout
    assert "'8.45' is not a time; write it as HH:MM, for example 08:45." in said.stdout
    assert load_file(Path("oak.toml")).years == ("7", "8", "9")


def test_what_is_found_in_a_session_can_be_corrected_at_once() -> None:
    late = ["08:45", "4.3", "", "", "09:15", "4.4", "10:00", "4.5", "12:00", ""]
    again = ["", "", "", "", "", "", "09:15", "-", "", ""]

    said = new("mine.toml", answers=[*ABOUT, *late, "y", *again, *AFTERNOON, *REST])

    assert said.exit_code == 0
    assert "error late-after-close the AM register closes at 09:15, but L is given until 10:00" in said.stdout
    assert "The register opens [08:45]:" in said.stdout
    assert "Which paragraph says so? (- for none) [4.3]:" in said.stdout
    policy = load_file(Path("mine.toml"))
    assert f"{policy.am.unauthorised_after:%H:%M}" == "09:15"
    assert policy.sources["am.opens"] == "4.3"
    assert "am.unauthorised_after" in policy.provisional


def test_what_is_found_in_a_session_can_be_kept_since_the_document_may_say_so() -> None:
    late = ["08:45", "4.3", "", "", "09:15", "4.4", "10:00", "4.5", "12:00", ""]

    said = new("mine.toml", answers=[*ABOUT, *late, "n", *AFTERNOON, *REST])

    assert said.exit_code == 0
    assert f"{load_file(Path('mine.toml')).am.unauthorised_after:%H:%M}" == "10:00"


def test_the_two_sessions_are_checked_against_each_other_after_the_second() -> None:
    early = ["11:30", *AFTERNOON[1:3], "", "12:00", *AFTERNOON[5:]]

    said = new("mine.toml", answers=[*ABOUT, *MORNING, *early, "n", *REST])

    morning, _, afternoon = said.stdout.partition("The afternoon register")
    assert "The checker says" not in morning
    assert "AM ends at 12:00, after the PM register opens at 11:30" in afternoon


def test_an_answer_can_be_taken_back() -> None:
    rest = ["3", "2.1", "", "", "", "Detention", "5", "H", "6", "y"]
    again = ["6", "", "", "", "-", "-"]

    said = new("mine.toml", answers=[*ABOUT, *MORNING, *AFTERNOON, *rest, *again])

    assert said.exit_code == 0
    policy = load_file(Path("mine.toml"))
    assert (policy.retention_years, policy.consequence, policy.codes_used) == (6, None, ())
    assert set(policy.sources) == {"years", "am.opens", "am.closes"}


def test_whoever_stops_leaves_no_trace() -> None:
    said = new("mine.toml", answers=[*ABOUT, *MORNING])

    assert said.exit_code == 1
    assert not list(Path().iterdir())


# --- Whatever is answered -------------------------------------------------------------------------

clocks = st.times().map(lambda value: f"{value:%H:%M}")
words = st.text(min_size=1).filter(lambda text: any(c.isprintable() and not c.isspace() for c in text))
answers_of = {
    "title": words,
    "name": st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)?", fullmatch=True),
    "years": st.lists(st.sampled_from(YEARS), min_size=1).map(" ".join),
    "pm.ends_by_year": st.just(""),
    "retention_years": st.integers(0, 99).map(str),
    "reasons": st.lists(st.sampled_from(list(Reason))).map(",".join),
    "reason_required": st.sampled_from(["yes", "no"]),
    "review": st.sampled_from(["", "medical=L:M", "weather=present:Y2 other=/:U"]),
    "consequence": st.text(),
    "codes_used": st.lists(st.sampled_from([*MEANING, *WITHDRAWN])).map(" ".join),
}


@given(
    st.fixed_dictionaries({question.key: answers_of.get(question.key, clocks) for question in QUESTIONS}),
    st.dictionaries(st.sampled_from([each.key for each in QUESTIONS if each.has_source]), st.text()),
)
@settings(deadline=None)
def test_whatever_is_answered_is_what_the_file_says(answers: dict[str, str], stated: dict[str, str]) -> None:
    draft = Draft()
    for question in QUESTIONS:
        draft.answer(question, answers[question.key])
        if question.key in stated:
            draft.state(question, stated[question.key])

    policy = parse(draft.text(), "the answers")

    for question in QUESTIONS:
        expected = question.read(answers[question.key], answers)
        written: Any = meaning(policy)
        for part in question.key.split("."):
            written = written[part]
        if expected or question.key == "retention_years":
            assert written == expected, question.key
    assert policy.sources == draft.sources
    assert not set(policy.provisional) & set(policy.sources)
