"""`latebook policy new` with questions: what it asks, and how it treats a wrong answer."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from attendance.policy.files import load_file
from attendance.policy.model import KEY_GROUPS
from tests.kiosk.commands.policy.new_policy import REQUIRED, new, options


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


ABOUT = ["Oak Lane School", "", "7-9", "1.1"]
MORNING = ["08:45", "4.3", "", "", "09:15", "4.4", "", "", "12:00", ""]
AFTERNOON = ["13:00", "", "13:05", "", "13:30", "", "", "", "15:15", "", ""]
REST = [""] * 17


def test_answers_make_the_same_policy_as_options() -> None:
    from_questions = new("from_questions.toml", answers=[*ABOUT, *MORNING, *AFTERNOON, *REST])
    sources = ["--source", "years=1.1", "--source", "am.opens=4.3", "--source", "am.closes=4.4"]
    new("from_options.toml", *options(REQUIRED | {"--years": "7-9", "--pm-late-after": "13:05"}), *sources)

    assert from_questions.exit_code == 0
    assert Path("from_questions.toml").read_text() == Path("from_options.toml").read_text()
    assert (
        f"from_questions.toml written, version {load_file(Path('from_questions.toml')).version}"
        in from_questions.stdout
    )


def test_every_question_explains_its_key_and_shows_its_default() -> None:
    result = new(answers=[*ABOUT, *MORNING, *AFTERNOON, *REST]).stdout

    for group in KEY_GROUPS:
        assert group.title in result
        for key in group.keys:
            assert key.meaning in result
            assert key.hint in result
    assert "A short name [oak-lane-school]:" in result
    assert "Late after [08:45]:" in result
    assert "Unauthorised after [09:15]:" in result
    assert "Years that entries are kept [6]:" in result
    assert Path("oak-lane-school.toml").is_file()


def test_a_wrong_answer_gets_one_sentence_and_the_question_again() -> None:
    answers = ["", "Oak Lane School", "Oak Lane", "oak", "7-20", "7-9", "1.1", "8.45", *MORNING]

    result = new(answers=[*answers, *AFTERNOON, *REST])

    assert result.exit_code == 0
    assert "this cannot be left empty; write it in a few words." in result.stdout
    assert "'Oak Lane' is not a short name;" in result.stdout
    assert "'20' is not a year;" in result.stdout
    assert "'8.45' is not a time; write it as HH:MM, for example 08:45." in result.stdout
    assert load_file(Path("oak.toml")).years == ("7", "8", "9")


def test_a_session_with_findings_can_be_corrected_at_once() -> None:
    late = ["08:45", "4.3", "", "", "09:15", "4.4", "10:00", "4.5", "12:00", ""]
    again = ["", "", "", "", "", "", "09:15", "-", "", ""]

    result = new("mine.toml", answers=[*ABOUT, *late, "y", *again, *AFTERNOON, *REST])

    assert result.exit_code == 0
    assert (
        "error late-after-close the AM register closes at 09:15, but L is given until 10:00" in result.stdout
    )
    assert "The register opens [08:45]:" in result.stdout
    assert "Which paragraph states it? (- for none) [4.3]:" in result.stdout
    policy = load_file(Path("mine.toml"))
    assert f"{policy.am.unauthorised_after:%H:%M}" == "09:15"
    assert policy.sources["am.opens"] == "4.3"
    assert "am.unauthorised_after" in policy.provisional


def test_a_session_with_findings_can_be_kept_as_the_document_has_it() -> None:
    late = ["08:45", "4.3", "", "", "09:15", "4.4", "10:00", "4.5", "12:00", ""]

    result = new("mine.toml", answers=[*ABOUT, *late, "n", *AFTERNOON, *REST])

    assert result.exit_code == 1  # as `policy check` would end
    assert f"{load_file(Path('mine.toml')).am.unauthorised_after:%H:%M}" == "10:00"


def test_the_two_sessions_are_checked_against_each_other_after_the_second() -> None:
    early = ["11:30", *AFTERNOON[1:3], "", "12:00", *AFTERNOON[5:]]

    result = new("mine.toml", answers=[*ABOUT, *MORNING, *early, "n", *REST])

    morning, _, afternoon = result.stdout.partition("The afternoon register")
    assert "The checker found" not in morning
    assert "AM ends at 12:00, after the PM register opens at 11:30" in afternoon


def test_an_answer_can_be_cleared() -> None:
    rest = [
        "3",
        "2.1",
        "",
        "",
        "",
        "",
        "",
        "Detention",
        "5",
        "H",
        "6",
        "9",
        "7",
        "",
        "",
        "Bus 27",
        "",
        "",
        "",
        "",
        "y",
    ]
    again = ["6", "-", "", "", "", "", "", "-", "-", "-", "", "", "-", "", "", "", ""]

    result = new("mine.toml", answers=[*ABOUT, *MORNING, *AFTERNOON, *rest, *again])

    assert result.exit_code == 0
    policy = load_file(Path("mine.toml"))
    assert (policy.retention_years, policy.consequence, policy.codes_used) == (6, None, ())
    assert policy.leaves_alone == ()
    assert set(policy.sources) == {"years", "am.opens", "am.closes"}


def test_stopping_early_leaves_no_file() -> None:
    result = new("mine.toml", answers=[*ABOUT, *MORNING])

    assert result.exit_code == 1
    assert not list(Path().iterdir())


# --- At a terminal --------------------------------------------------------------------------------


def test_answers_typed_at_a_terminal_make_a_file() -> None:
    rest = [*REST[:-8], "9", "7.2", "", "", "", "", "", "", ""]
    typed = "".join(f"{answer}\n" for answer in [*ABOUT, *MORNING, *AFTERNOON, *rest])
    program = "from kiosk.commands.policy.main import app; app()"
    person, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", program, "new", "mine.toml"], stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)

    os.write(person, typed.encode())  # the terminal keeps it until the program reads
    output = _all_of(person)
    os.close(person)

    assert process.wait(timeout=30) == 0
    assert "Years who may sign themselves out: " in output
    policy = load_file(Path("mine.toml"))
    assert (policy.leaves_alone, policy.sources["leaves_alone"]) == (("9",), "7.2")
    assert f"mine.toml written, version {policy.version}" in output


def _all_of(terminal: int) -> str:
    output = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the other end of the terminal is closed
            return output.decode()
        output += part
